"""What there is to do about a person's verdicts, and what they marked of it."""

import pytest

from conversations.errors import ChoiceError, NotYourCase, OldCard
from conversations.library import Library
from conversations.models import Case, Opinion
from conversations.service import Conversations
from conversations.store.protocol import Store
from tests.conversations.builders import ASKER, NOW, pick
from tests.conversations.test_impact import PATIENT, PUBLIC, Answers, finished

PERMITTED: Answers = {
    "openness": pick(shortcut="undecided"),
    "duties": pick(bound="personal"),
    "clearance": pick(personal="permitted"),
    "partners": pick(shortcut="nobody"),
    "service": pick(service="chatgpt_business", use="prompt"),
    "safeguards": pick(shortcut="unsure"),
}
"""Personal information in a service of which the catalogue knows something, with more to confirm first."""


@pytest.fixture
def conversations(store: Store, library: Library) -> Conversations:
    return Conversations(store, library, clock=lambda: NOW)


@pytest.fixture
def case(store: Store, library: Library) -> Case:
    return finished(store, library.common, PERMITTED)


def names(conversations: Conversations, case: Case) -> tuple[str, ...]:
    return conversations.insight(conversations.standing(case)).to_do


def test_what_is_done_is_no_more_to_do(conversations: Conversations, case: Case) -> None:
    offered = names(conversations, case)
    assert len(offered) > 2
    conversations.tick("T1", case.id, offered, [offered[1], "no measure"], ASKER)
    (told,) = conversations.to_do("T1", ASKER)
    assert (told.case, told.place, told.verdict) == (case.id, case.place, "confirm_first")
    assert (told.done, told.still) == ((offered[1],), (offered[0], *offered[2:]))
    conversations.tick("T1", case.id, offered, offered, ASKER)
    assert conversations.to_do("T1", ASKER) == ()


def test_only_conditions_of_ones_own_verdicts_are_to_do(
    conversations: Conversations, store: Store, library: Library, case: Case
) -> None:
    finished(store, library.common, PATIENT, "2.2")  # refused: what could be done instead is no condition
    finished(store, library.common, PUBLIC, "3.3")
    finished(store, library.common, {"openness": PUBLIC["openness"]}, "4.4")
    assert [told.case for told in conversations.to_do("T1", ASKER)] == [case.id]
    assert conversations.to_do("T1", "U9") == conversations.to_do("T2", ASKER) == ()


def test_a_tick_of_what_no_longer_applies_is_kept_but_counts_for_nothing(
    conversations: Conversations, case: Case
) -> None:
    conversations.tick("T1", case.id, ["anonymise"], ["anonymise"], ASKER)
    assert "anonymise" not in names(conversations, case)
    (told,) = conversations.to_do("T1", ASKER)
    assert (told.done, told.still) == ((), names(conversations, case))
    assert conversations.marks(case).ticked == {"anonymise"}


def test_only_the_asker_marks_and_only_a_verdict(
    conversations: Conversations, store: Store, library: Library, case: Case
) -> None:
    unfinished = finished(store, library.common, {"openness": PUBLIC["openness"]}, "2.2")
    for act in (
        lambda case, by: conversations.tick("T1", case.id, ["keep_record"], ["keep_record"], by),
        lambda case, by: conversations.judge_verdict("T1", case.id, Opinion("helpful"), by),
    ):
        with pytest.raises(NotYourCase):
            act(case, "U9")
        with pytest.raises(OldCard):
            act(unfinished, ASKER)
    assert conversations.marks(case).ticked == frozenset()


@pytest.mark.parametrize(
    "opinion", [Opinion("?"), Opinion("helpful", "other"), Opinion("wrong"), Opinion("wrong", "?"), Opinion("")]
)
def test_what_is_no_opinion_is_refused(conversations: Conversations, case: Case, opinion: Opinion) -> None:
    with pytest.raises(ChoiceError):
        conversations.judge_verdict("T1", case.id, opinion, ASKER)
    assert conversations.marks(case).opinion is None
