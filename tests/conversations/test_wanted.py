"""A card that the desk asks: it comes though the verdict does not need it, before others, and anew if answered."""

from conversations.interview import Interview
from conversations.models import AGAIN, WANTED
from conversations.newest import wanted
from tests.conversations.builders import case, counted, more, names, pick, waiting

PUBLIC = (("openness", pick(shortcut="public")), ("duties", pick(shortcut="none")))


def asked(card: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    return WANTED, {WANTED: (card,)}


def test_it_is_asked_after_the_verdict_and_leaves_that_standing(interview: Interview) -> None:
    settled = case(*PUBLIC)
    assert interview.progress(settled).current is None
    progress = interview.progress(more(settled, asked("content")))
    assert (waiting(progress), progress.settled) == ("content", True)
    assert progress.current is not None
    assert (progress.current.by_desk, progress.current.for_record) == (True, True)
    answered = more(settled, asked("content"), ("content", pick(content="novelty", fields="none")))
    progress = interview.progress(answered)
    assert (progress.current, names(progress)) == (None, ["openness", "duties", "content"])


def test_it_comes_before_what_is_not_answered_yet(interview: Interview) -> None:
    begun = case(("openness", pick(shortcut="undecided")))
    assert waiting(interview.progress(begun)) == "duties"
    wanting = more(begun, asked("content"))
    assert waiting(interview.progress(wanting)) == "content"
    assert counted(interview.progress(wanting)) == counted(interview.progress(begun))


def test_an_earlier_answer_to_it_counts_no_more(interview: Interview) -> None:
    progress = interview.progress(more(case(*PUBLIC), asked("duties")))
    assert (waiting(progress), names(progress)) == ("duties", ["openness", "duties"])


def test_starting_over_drops_it_and_a_card_that_is_not_shown_is_not_asked(interview: Interview) -> None:
    over = more(case(*PUBLIC, asked("content")), (AGAIN, {}))
    assert names(interview.progress(over)) == ["openness"]
    told = tuple((answer.card, tuple(sorted(answer.choice.items()))) for answer in over.answers)
    assert wanted(told) == ()
    assert interview.progress(more(case(*PUBLIC), asked("clearance"))).current is None
