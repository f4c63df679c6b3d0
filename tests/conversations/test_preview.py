"""What a change would do is what it does; and starting over."""

import random

import pytest

from conversations.errors import ChoiceError, NoSuchCase, NotYourCase, OldCard
from conversations.interview import Interview
from conversations.models import READ, Case, Choice
from conversations.preview import Preview, previewed
from conversations.service import Conversations
from tests.conversations.builders import ASKER, NOW, PLACE, answered, chooser, pick, random_choice, waiting

UNPUBLISHED: list[tuple[str, Choice]] = [
    ("openness", pick(shortcut="undecided")),
    ("duties", pick(shortcut="none")),
    ("partners", pick(shortcut="nobody")),
    ("content", pick(content="novelty", fields="none")),
    ("service", pick(service="chatgpt_free", use="prompt")),
    ("safeguards", pick(confirmed="access channel purpose person liability", place="japan")),
]


@pytest.fixture
def finished(conversations: Conversations) -> Case:
    case = conversations.start(PLACE, ASKER).case
    for card, choice in UNPUBLISHED:
        conversations.answer("T1", case.id, card, choice, ASKER)
    return conversations.case("T1", case.id)


def preview(conversations: Conversations, case: Case, card: str, choice: Choice) -> Preview:
    return previewed(conversations, conversations.standing(case), card, choice)


def told(preview: Preview) -> tuple[list[str], str | None, str | None, bool]:
    return [card.id for card in preview.withdrawn], preview.verdict, preview.new_verdict, preview.matters


@pytest.mark.parametrize(
    ("card", "choice", "withdrawn", "verdict", "matters"),
    [
        (
            "service",
            pick(service="claude_team", use="prompt"),
            ["partners", "safeguards"],
            None,
            True,
        ),
        (
            "openness",
            pick(shortcut="public"),
            ["partners", "content", "service", "safeguards"],
            "allowed",
            True,
        ),
        (
            "safeguards",
            pick(confirmed="access channel person liability", not_so="purpose", place="japan"),
            [],
            "public_data_only",
            True,
        ),
        ("content", pick(content="novelty", fields="water"), [], "allowed_with_conditions", False),
        ("content", dict(UNPUBLISHED)["content"], [], "allowed_with_conditions", False),
    ],
)
def test_it_tells_what_is_withdrawn_and_how_the_verdict_moves(
    card: str,
    choice: Choice,
    withdrawn: list[str],
    verdict: str | None,
    matters: bool,
    conversations: Conversations,
    finished: Case,
) -> None:
    found = preview(conversations, finished, card, choice)
    assert told(found) == (withdrawn, "allowed_with_conditions", verdict, matters)
    assert (found.at_most > 0) == (verdict is None)
    assert conversations.case("T1", finished.id) == finished


def test_before_a_verdict_only_what_is_withdrawn_matters(conversations: Conversations) -> None:
    case = conversations.start(PLACE, ASKER).case
    conversations.answer("T1", case.id, "openness", pick(shortcut="undecided"), ASKER)
    case = conversations.answer("T1", case.id, "duties", pick(bound="personal"), ASKER).case
    assert told(preview(conversations, case, "openness", pick(shortcut="unsure"))) == ([], None, None, False)
    case = conversations.answer("T1", case.id, "clearance", pick(personal="permitted"), ASKER).case
    assert told(preview(conversations, case, "duties", pick(shortcut="none"))) == (["clearance"], None, None, True)


def test_what_cannot_be_taken_is_refused(conversations: Conversations, finished: Case) -> None:
    with pytest.raises(ChoiceError):
        preview(conversations, finished, "content", pick(fields="none water"))
    with pytest.raises(OldCard):
        preview(conversations, finished, "clearance", pick(personal="permitted"))


@pytest.mark.parametrize("seed", range(40))
def test_what_is_predicted_is_what_happens(seed: int, conversations: Conversations) -> None:
    rng = random.Random(f"preview {seed}")
    case = conversations.start(PLACE, ASKER).case
    interview = conversations.book(case).interview
    done = answered(interview, chooser(rng), case)
    for answer in done.answers[: rng.randint(1, len(done.answers))]:
        conversations.answer("T1", case.id, answer.card, answer.choice, ASKER)
    for _ in range(3):
        before = conversations.standing(conversations.case("T1", case.id))
        step = rng.choice([step for step in before.progress.steps if step.choice is not None])
        found = preview(conversations, before.case, step.card.id, random_choice(step, rng))
        assert found.step.choice is not None
        after = conversations.change("T1", case.id, step.card.id, found.step.choice, ASKER)
        assert after.progress == found.after.progress
        assert after.evaluation == found.after.evaluation
        assert {card.id for card in found.withdrawn}.isdisjoint(counting_unasked(interview, after.case, rng))


def counting_unasked(interview: Interview, changed: Case, rng: random.Random) -> set[str]:
    """Return the cards that count in the end by an answer that was given before, whatever is answered from here on."""
    before = len(changed.answers)
    done = answered(interview, chooser(rng), changed)
    asked_anew = {answer.card for answer in done.answers[before - 1 :]}
    return {step.card.id for step in interview.progress(done).steps} - asked_anew


def test_starting_over_lets_no_answer_count_and_keeps_the_case(conversations: Conversations, finished: Case) -> None:
    conversations.want_whole_list("T1", finished.id, ASKER)
    receipts = conversations.store.receipts("T1", finished.id)
    standing = conversations.begin_again("T1", finished.id, ASKER)
    assert (standing.case.id, standing.case.whole_list, standing.evaluation) == (finished.id, False, None)
    assert waiting(standing.progress) == "openness"
    assert standing.case.answers[: len(finished.answers)] == finished.answers
    assert conversations.store.receipts("T1", finished.id) == receipts
    for card, choice in UNPUBLISHED:
        standing = conversations.answer("T1", finished.id, card, choice, ASKER)
    assert standing.progress == conversations.standing(finished).progress


def test_what_the_first_message_was_read_as_is_asked_again(conversations: Conversations) -> None:
    read = {"service": ("chatgpt_edu",), "use": ("prompt",), "already_public": ("no",), "personal_information": ("no",)}
    started = conversations.start(PLACE, ASKER, None, read)
    assert waiting(started.progress) == "reading"
    conversations.answer("T1", started.case.id, "reading", pick(shortcut="ask"), ASKER)
    again = conversations.begin_again("T1", started.case.id, ASKER)
    assert again.progress == started.progress
    assert again.case.answers[-1].card == READ
    assert again.case.answers[-1].at == NOW


def test_only_its_asker_starts_it_over(conversations: Conversations, finished: Case) -> None:
    with pytest.raises(NotYourCase):
        conversations.begin_again("T1", finished.id, "U2")
    with pytest.raises(NoSuchCase):
        conversations.begin_again("T1", "0" * 16, ASKER)
    assert conversations.case("T1", finished.id) == finished
