"""A new case from another one, and one that starts over: what counts in it, and what does not."""

from dataclasses import replace

import pytest

from conversations.errors import NoSuchCase, NotYourCase
from conversations.interview import Interview, Progress
from conversations.likeness import answers_kept
from conversations.models import AGAIN, READ, READING_CARD, SERVICE_CARD, Answer, Case, Place
from conversations.service import Conversations
from tests.conversations.builders import ASKER, NOW, PLACE, pick, random_case, random_heard_case

NUMBER = 150
ELSEWHERE = Place("T1", "D1", "9.9")


def cases(interview: Interview) -> list[Case]:
    return [make(interview, seed) for seed in range(NUMBER) for make in (random_case, random_heard_case)]


def test_nothing_of_the_service_is_taken_over(interview: Interview) -> None:
    renewed = [card for card in interview.cards if SERVICE_CARD in (card.id, card.renewed_by)]
    facts = {name for card in renewed for name in card.facts}
    taken = 0
    for done in cases(interview):
        kept = answers_kept(interview, done, "U2", NOW)
        assert not {card.id for card in renewed} & {answer.card for answer in kept}
        for answer in (a for a in kept if a.card in (READ, READING_CARD)):
            assert not (facts | {SERVICE_CARD}) & answer.choice.keys()
        assert {answer.by for answer in kept} <= {"U2", ""}
        progress = interview.progress(replace(done, answers=kept))
        assert progress.service is None
        taken += len(kept)
    assert taken > NUMBER


def test_answered_alike_it_comes_out_alike(interview: Interview) -> None:
    """Where nothing was read of a first message: that may have raised a concern about the service."""
    compared = 0
    for done in (random_case(interview, seed) for seed in range(NUMBER)):
        before = interview.progress(done)
        said = {step.card.id: step.choice for step in before.steps if step.choice is not None}
        like = replace(done, answers=answers_kept(interview, done, ASKER, NOW))
        after = interview.progress(like)
        while after.current and after.current.card.id in said:
            card = after.current.card.id
            like = replace(like, answers=(*like.answers, Answer(card, said[card], ASKER, NOW)))
            after = interview.progress(like)
        if after.settled:
            compared += 1
            assert _told(after) == _told(before)
    assert compared > NUMBER // 2


def _told(progress: Progress) -> object:
    return progress.facts, progress.service


def test_what_was_said_before_it_started_over_does_not_count(interview: Interview) -> None:
    everything = cases(interview)
    for first, second in zip(everything, reversed(everything), strict=True):
        again = Answer(AGAIN, {}, ASKER, NOW)
        both = replace(second, answers=(*first.answers, again, *second.answers))
        assert interview.progress(both) == interview.progress(second)


def test_only_the_asker_takes_their_case_as_a_pattern(conversations: Conversations) -> None:
    started = conversations.start(PLACE, ASKER).case
    conversations.answer("T1", started.id, "openness", pick(shortcut="undecided"), ASKER)
    with pytest.raises(NotYourCase):
        conversations.start_like(ELSEWHERE, "U2", started.id)
    with pytest.raises(NoSuchCase):
        conversations.start_like(ELSEWHERE, ASKER, "0" * 16)
    assert conversations.store.case_at(ELSEWHERE) is None
    for _ in range(2):
        like = conversations.start_like(ELSEWHERE, ASKER, started.id).case
        assert [answer.card for answer in like.answers] == ["openness"]
    assert like.id != started.id


def test_starting_over_keeps_the_receipts(conversations: Conversations) -> None:
    case = conversations.start(PLACE, ASKER).case
    for card, choice in (("openness", "public"), ("duties", "none")):
        conversations.answer("T1", case.id, card, pick(shortcut=choice), ASKER)
    standing = conversations.begin_again(
        "T1", case.id, ASKER, ("claude", {"personal_information": ("yes",), "x": ("y",)})
    )
    assert standing.evaluation is None
    assert standing.case.brand == "claude"
    assert dict(standing.case.answers[-1].choice) == {"personal_information": ("yes",)}
    for card, choice in (("openness", "public"), ("duties", "none")):
        conversations.answer("T1", case.id, card, pick(shortcut=choice), ASKER)
    assert len(conversations.store.receipts("T1", case.id)) == 1
    with pytest.raises(NotYourCase):
        conversations.begin_again("T1", case.id, "U2", (None, {}))


def test_the_channel_beside_a_pane_counts_for_the_programme(conversations: Conversations) -> None:
    required = Conversations(conversations.store, conversations.library, lambda place: f"in {place.channel}")
    for number, (beside, counts) in enumerate((("", "in D1"), ("C9", "in C9"))):
        started = required.start(Place("T1", "D1", f"{number}.1"), ASKER, beside=beside)
        assert started.case.programme == counts
