"""The use cases: one case a place, one asker a case, one answer a card, whatever is clicked how often."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest

from conversations.errors import ChoiceError, ConversationError, NoSuchCase, NotYourCase, OldCard
from conversations.library import Library
from conversations.models import Answer, Case, Choice, Place
from conversations.service import Conversations, Standing, utc_now
from conversations.store.protocol import Store
from rules.models import UNKNOWN
from tests.conversations.builders import ASKER, NOW, PLACE, pick, waiting

THREADS = 8
PUBLIC = pick(shortcut="public")
UNDECIDED = pick(shortcut="undecided")
FREE = pick(shortcut="none")


@pytest.fixture
def started(conversations: Conversations) -> Case:
    return conversations.start(PLACE, ASKER).case


def stored(conversations: Conversations, case: Case) -> tuple[Answer, ...]:
    return conversations.case("T1", case.id).answers


def say(conversations: Conversations, case: Case, card: str, choice: Choice) -> Standing:
    return conversations.answer("T1", case.id, card, choice, ASKER)


def test_a_new_case_waits_for_its_first_card(conversations: Conversations) -> None:
    standing = conversations.start(PLACE, ASKER, "chatgpt")
    case = standing.case
    assert (case.place, case.asker, case.brand, case.started_at) == (PLACE, ASKER, "chatgpt", NOW)
    assert (case.programme, case.answers, standing.evaluation) == (UNKNOWN, (), None)
    assert waiting(standing.progress) == "openness"
    assert conversations.case("T1", case.id) == case


def test_starting_again_at_a_place_returns_the_same_case(conversations: Conversations, started: Case) -> None:
    say(conversations, started, "openness", PUBLIC)
    again = conversations.start(PLACE, "U2", "claude")
    assert (again.case.id, again.case.asker, again.case.brand) == (started.id, ASKER, None)
    assert waiting(again.progress) == "duties"


@pytest.mark.parametrize(
    "place", [Place("T2", "C1", PLACE.thread), Place("T1", "C2", PLACE.thread), Place("T1", "C1", "2")]
)
def test_another_place_is_another_case(conversations: Conversations, started: Case, place: Place) -> None:
    assert conversations.start(place, ASKER).case.id != started.id


def test_the_setting_of_the_place_is_recorded(store: Store, library: Library) -> None:
    asked: list[Place] = []

    def programme(place: Place) -> str:
        asked.append(place)
        return "yes"

    conversations = Conversations(store, library, programme, lambda: NOW)
    case = conversations.start(PLACE, ASKER).case
    conversations.start(PLACE, ASKER)
    assert asked == [PLACE]
    assert conversations.case("T1", case.id).programme == "yes"
    assert conversations.standing(case).progress.facts["programme"] == "yes"


def test_an_answer_is_written_with_who_and_when(conversations: Conversations, started: Case) -> None:
    standing = say(conversations, started, "openness", PUBLIC)
    assert stored(conversations, started) == standing.case.answers == (Answer("openness", PUBLIC, ASKER, NOW),)
    assert (waiting(standing.progress), standing.evaluation) == ("duties", None)


def test_the_last_answer_brings_the_evaluation(conversations: Conversations, started: Case) -> None:
    say(conversations, started, "openness", PUBLIC)
    standing = say(conversations, started, "duties", FREE)
    assert standing.progress.current is None
    assert standing.evaluation is not None
    assert (standing.evaluation.verdict, standing.evaluation.disputed) == ("allowed", False)


def test_nobody_else_answers_or_changes(conversations: Conversations, started: Case) -> None:
    for take in (conversations.answer, conversations.change):
        with pytest.raises(NotYourCase):
            take("T1", started.id, "openness", PUBLIC, "U2")
    assert stored(conversations, started) == ()


@pytest.mark.parametrize("workspace", ["T1", "T2"])
def test_no_such_case_here(conversations: Conversations, started: Case, workspace: str) -> None:
    name = started.id if workspace == "T2" else "0" * 16
    for take in (conversations.answer, conversations.change):
        with pytest.raises(NoSuchCase):
            take(workspace, name, "openness", PUBLIC, ASKER)


def test_a_double_click_is_one_answer(conversations: Conversations, started: Case) -> None:
    first = say(conversations, started, "openness", PUBLIC)
    assert say(conversations, started, "openness", PUBLIC) == first
    assert len(stored(conversations, started)) == 1


def test_another_choice_on_an_answered_card_is_an_old_card(conversations: Conversations, started: Case) -> None:
    say(conversations, started, "openness", PUBLIC)
    with pytest.raises(OldCard):
        say(conversations, started, "openness", UNDECIDED)
    assert [answer.choice for answer in stored(conversations, started)] == [PUBLIC]


@pytest.mark.parametrize("card", ["duties", "partners", "no_such_card"])
def test_a_card_that_is_not_asked_is_an_old_card(conversations: Conversations, started: Case, card: str) -> None:
    for take in (conversations.answer, conversations.change):
        with pytest.raises(OldCard):
            take("T1", started.id, card, pick(shortcut="unsure"), ASKER)
    assert stored(conversations, started) == ()


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (pick(status=""), "empty"),
        (pick(status="decided_open decided_closed"), "contradiction"),
        (pick(status="nonsense"), "unknown_option"),
        (pick(shortcut="public", status="agreement"), "contradiction"),
        ({}, "empty"),
    ],
)
def test_a_choice_that_cannot_be_taken_leaves_nothing(
    conversations: Conversations, started: Case, choice: Choice, code: str
) -> None:
    for take in (conversations.answer, conversations.change):
        with pytest.raises(ChoiceError) as refused:
            take("T1", started.id, "openness", choice, ASKER)
        assert refused.value.code == code
    assert stored(conversations, started) == ()


def test_only_codes_of_the_card_are_stored(conversations: Conversations, started: Case) -> None:
    with suppress(ChoiceError):
        say(conversations, started, "openness", {"status": ("agreement",), "elsewhere": ("words of a person",)})
    assert "words of a person" not in str(stored(conversations, started))


def test_a_change_is_one_more_answer_and_recomputes(conversations: Conversations, started: Case) -> None:
    say(conversations, started, "openness", PUBLIC)
    done = say(conversations, started, "duties", FREE)
    changed = conversations.change("T1", started.id, "openness", UNDECIDED, ASKER)
    assert (waiting(changed.progress), changed.evaluation) == ("partners", None)
    assert [answer.choice for answer in stored(conversations, started)] == [PUBLIC, FREE, UNDECIDED]
    back = conversations.change("T1", started.id, "openness", PUBLIC, ASKER)
    assert (back.progress, back.evaluation) == (done.progress, done.evaluation)


def test_a_change_to_the_same_choice_is_none(conversations: Conversations, started: Case) -> None:
    before = say(conversations, started, "openness", PUBLIC)
    assert conversations.change("T1", started.id, "openness", PUBLIC, ASKER) == before
    assert len(stored(conversations, started)) == 1


def test_every_error_has_the_code_its_wording_is_found_by() -> None:
    assert {kind.code for kind in (NoSuchCase, NotYourCase, OldCard)} == {"no_such_case", "not_your_case", "old_card"}


def test_threads_answering_one_card_leave_one_answer(conversations: Conversations, started: Case) -> None:
    choices = (PUBLIC, UNDECIDED, pick(shortcut="unsure"), pick(status="decided_open"))
    together = Barrier(THREADS)

    def click(number: int) -> str:
        together.wait()
        choice = choices[number % len(choices)]
        try:
            say(conversations, started, "openness", choice)
        except ConversationError as error:
            return error.code
        return "taken"

    with ThreadPoolExecutor(THREADS) as pool:
        ends = sorted(pool.map(click, range(THREADS)))
    assert ends == ["old_card"] * 6 + ["taken"] * 2, "the same choice twice is a double click"
    assert len(stored(conversations, started)) == 1


def test_threads_starting_at_one_place_start_one_case(conversations: Conversations) -> None:
    together = Barrier(THREADS)

    def start(number: int) -> str:
        together.wait()
        return conversations.start(PLACE, f"U{number}").case.id

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(start, range(THREADS)))) == 1


def test_the_clock_is_in_utc() -> None:
    assert utc_now().utcoffset() == NOW.utcoffset()
