"""Confirmations, in both stores: asked once, answered once, ended once, and what goes with a person or a case."""

from dataclasses import replace
from datetime import date, timedelta

from conversations.models import WITHDRAWN, Confirmation, Delegation
from conversations.store.protocol import Asked, Posted, Store
from tests.conversations.builders import NOW
from tests.conversations.test_store_privacy import MINE, THEIRS, kept, week_of

LEADER = "U7"
LATER = NOW + timedelta(days=9)
ASKED = Confirmation("a1", "legal_clearance", "privacy", LEADER, MINE, NOW, part="personal")
ANSWERED = replace(
    ASKED, value="yes", by="U8", answered_at=LATER, until=date(2027, 3, 31), ends_at=LATER, words="Only pseudonyms."
)


def held(store: Store, case_id: str) -> tuple[Confirmation, ...]:
    found = store.case("T1", case_id)
    assert found is not None
    return found.confirmations


def test_it_is_asked_answered_and_ended_once(store: Store) -> None:
    kept(store, "a")
    assert [store.add_confirmation("T1", "a", ASKED) for _ in range(2)] == [True, False]
    assert held(store, "a") == (ASKED,)
    refused = replace(ANSWERED, value="no")
    assert [store.answer_confirmation("T1", "a", each) for each in (ANSWERED, refused)] == [True, False]
    assert held(store, "a") == (ANSWERED,)
    assert [store.end_confirmation("T1", "a", "a1", WITHDRAWN, LATER) for _ in range(2)] == [True, False]
    assert held(store, "a") == (replace(ANSWERED, ended=WITHDRAWN, ended_at=LATER),)


def test_what_is_called_back_or_only_claimed_is_not_answered(store: Store) -> None:
    kept(store, "a")
    claimed = replace(ASKED, id="a2", person="", claimed=True)
    for each in (ASKED, claimed):
        store.add_confirmation("T1", "a", each)
    store.end_confirmation("T1", "a", "a1", "recalled", LATER)
    assert not any(store.answer_confirmation("T1", "a", replace(ANSWERED, id=name)) for name in ("a1", "a2", "a3"))


def test_a_person_sees_what_waits_for_them_first_and_nothing_that_ended(store: Store) -> None:
    for name in ("a", "b", "c"):
        kept(store, name)
    waits = replace(ASKED, asked_at=NOW - timedelta(days=3))
    store.add_confirmation("T1", "a", ANSWERED)
    store.add_confirmation("T1", "b", waits)
    store.add_confirmation("T1", "c", replace(ASKED, ended=WITHDRAWN, ended_at=LATER))
    store.add_confirmation("T1", "c", replace(ASKED, id="other", person=THEIRS))
    assert store.confirmations_of("T1", LEADER, 9) == (Asked("T1", "b", waits), Asked("T1", "a", ANSWERED))
    assert store.confirmations_of("T1", LEADER, 1) == (Asked("T1", "b", waits),)
    assert store.confirmations_of("T2", LEADER, 9) == ()
    assert [asked.confirmation.person for asked in store.waiting_confirmations()] == [LEADER, THEIRS]


def test_what_was_asked_in_a_persons_cases_is_found_and_forgets_to_whom_it_went(store: Store) -> None:
    kept(store, "a")
    store.add_confirmation("T1", "a", ASKED)
    assert store.confirmations_in_cases_of("T1", MINE) == (Asked("T1", "a", ASKED),)
    assert store.confirmations_in_cases_of("T1", LEADER) == ()
    store.set_posted("T1", "a", "confirm:a1", Posted("1.1", f"{LEADER}:ja:waiting"))
    store.forget("T1", LEADER, week_of)
    assert store.posted("T1", "a")["confirm:a1"] == Posted("1.1", "")


def test_what_is_over_is_found_until_it_is_ended(store: Store) -> None:
    kept(store, "a")
    store.add_confirmation("T1", "a", ANSWERED)
    assert store.over_confirmations(LATER - timedelta(seconds=1)) == ()
    assert store.over_confirmations(LATER) == (Asked("T1", "a", ANSWERED),)
    store.end_confirmation("T1", "a", "a1", "expired", LATER)
    assert store.over_confirmations(LATER) == ()


def test_a_deleted_case_names_nobody_and_says_no_words_and_asks_nobody(store: Store) -> None:
    kept(store, "a", finished=True)
    kept(store, "b")
    for name in "ab":
        store.add_confirmation("T1", name, ANSWERED)
        store.add_confirmation("T1", name, replace(ASKED, id="a2"))
    store.forget("T1", MINE, week_of)
    assert store.case("T1", "b") is None
    answered, recalled = held(store, "a")
    assert answered == replace(ANSWERED, person="", asked_by="", by="", words="")
    assert (recalled.person, recalled.ended) == ("", "recalled")
    assert store.holdings("T1", LEADER).confirmations == 0


def test_who_confirmed_is_held_and_forgotten_and_their_word_stays(store: Store) -> None:
    kept(store, "a", finished=True)
    store.add_confirmation("T1", "a", ANSWERED)
    store.add_confirmation("T1", "a", replace(ASKED, id="a2"))
    assert (store.holdings("T1", LEADER).confirmations, store.holdings("T1", "U8").confirmations) == (2, 1)
    store.forget("T1", LEADER, week_of)
    answered, ended = held(store, "a")
    assert (answered.person, answered.by, answered.value, answered.words) == ("", "U8", "yes", "")
    assert (ended.person, ended.ended) == ("", WITHDRAWN)
    assert store.confirmations_of("T1", LEADER, 9) == ()


def test_one_stands_in_for_a_person_at_a_time_and_is_forgotten_with_either(store: Store) -> None:
    first = Delegation(LEADER, "U8", date(2027, 3, 31), LATER)
    for delegation in (first, replace(first, delegate="U9"), replace(first, person="U5")):
        store.delegate("T1", delegation)
    assert store.delegation("T1", LEADER) == replace(first, delegate="U9")
    assert store.delegations_to("T1", "U8") == (replace(first, person="U5"),)
    assert (store.delegation("T2", LEADER), store.delegation("T1", "U8")) == (None, None)
    store.end_delegation("T1", LEADER)
    store.forget("T1", "U8", week_of)
    assert (store.delegation("T1", LEADER), store.delegations_to("T1", "U8")) == (None, ())


def test_it_keeps_its_case_and_goes_with_it(store: Store) -> None:
    kept(store, "a", finished=True)
    store.add_confirmation("T1", "a", ANSWERED)
    assert store.purge_cases(LATER, week_of) == 0
    assert store.purge_cases(LATER + timedelta(seconds=1), week_of) == 1


def test_a_case_handed_over_does_not_say_who_asked(store: Store) -> None:
    kept(store, "a")
    store.add_confirmation("T1", "a", ANSWERED)
    store.hand_over("T1", "a", THEIRS)
    assert held(store, "a") == (replace(ANSWERED, asked_by=""),)
