"""What a store holds on a person, what goes when they ask, and what goes with time; the same in both stores."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from conversations.models import Case, Place
from conversations.store.protocol import Letter, Posted, Store
from tests.conversations.builders import NOW, answer, case, pick

MINE, THEIRS = "U1", "U2"
WEEK = "2026-W47"
GIVEN = answer(("openness", pick(shortcut="public")))


def kept(store: Store, name: str, asker: str = MINE, *, finished: bool = False) -> Case:
    made = replace(case(), id=name, asker=asker, place=Place("T1", "C1", name))
    store.add_case(made)
    store.add_answer("T1", name, replace(GIVEN, by=asker))
    store.set_posted("T1", name, "intro", Posted("1.1", "intro"))
    if finished:
        store.add_receipt("T1", name, "{}")
    return made


def week_of(_workspace: str, _at: datetime) -> str:
    return WEEK


def letter(name: str) -> Letter:
    body = {"text": "x"}
    return Letter("T1", name, "intro", "s", f"C1:{name}", "C1", name, body, key=name, at=NOW)


def test_what_is_held_is_counted_for_that_person_in_that_workspace(store: Store) -> None:
    kept(store, "a", finished=True)
    kept(store, "b")
    kept(store, "c", THEIRS)
    held = store.holdings("T1", MINE)
    assert (held.unfinished, held.finished, held.answers, held.since) == (1, 1, 2, NOW)
    assert store.holdings("T2", MINE).since is None
    assert store.holdings("T1", "U3").answers == 0


def test_forgetting_removes_what_is_unfinished_and_unlinks_the_rest(store: Store) -> None:
    kept(store, "a", finished=True)
    kept(store, "b")
    kept(store, "c", THEIRS, finished=True)
    for name in "abc":
        store.put_letter(letter(name))
    gone = store.forget("T1", MINE, week_of)
    assert (gone.unfinished, gone.finished) == (1, 1)
    assert store.case("T1", "b") is None
    left = store.case("T1", "a")
    assert left is not None
    assert (left.asker, left.place, left.answers) == ("", Place("T1", "", "a"), (replace(GIVEN, by=""),))
    assert store.receipts("T1", "a") == ("{}",)
    assert (store.receipts("T1", "b"), store.posted("T1", "a"), store.posted("T1", "b")) == ((), {}, {})
    assert store.backlog().letters == 1
    other = store.case("T1", "c")
    assert other is not None
    assert other.asker == THEIRS
    assert store.forget("T1", MINE, week_of).since is None


def test_a_second_time_two_finished_cases_do_not_collide(store: Store) -> None:
    for name in "ab":
        kept(store, name, finished=True)
    assert store.forget("T1", MINE, week_of).finished == 2
    places = {found.place.thread for found in store.cases()}
    assert places == {"a", "b"}


@pytest.mark.parametrize(("age", "left"), [(timedelta(0), ["a"]), (timedelta(seconds=1), [])])
def test_what_nobody_touched_is_purged(store: Store, age: timedelta, left: list[str]) -> None:
    kept(store, "a", finished=True)
    assert store.purge_cases(NOW + age, week_of) == 1 - len(left)
    assert [found.id for found in store.cases()] == left
    assert bool(store.receipts("T1", "a")) is bool(left)


def test_a_case_moved_elsewhere_forgets_the_parts_that_are_gone(store: Store) -> None:
    made, offer = kept(store, "a"), Posted("2.2", "offered")
    store.set_posted("T1", "a", "hand:U2", offer)
    there = Place("T1", "D1", "9.9")
    store.move_case("T1", "a", there, ["intro"])
    found = store.case_at(there)
    assert found is not None
    assert (found.id, found.answers) == ("a", (GIVEN,))
    assert store.case_at(made.place) is None
    assert store.posted("T1", "a") == {"hand:U2": offer}


def test_a_choice_of_language_is_kept_changed_and_forgotten(store: Store) -> None:
    assert store.language_of("T1", MINE) is None
    for language in ("ja", "en"):
        store.prefer("T1", MINE, language)
        assert store.language_of("T1", MINE) == language
    store.prefer("T1", THEIRS, "ja")
    assert (store.language_of("T2", MINE), store.language_of("T1", THEIRS)) == (None, "ja")
    store.forget_language("T1", MINE)
    store.forget("T1", THEIRS, week_of)
    assert (store.language_of("T1", MINE), store.language_of("T1", THEIRS)) == (None, None)


def test_a_case_handed_over_is_another_persons_and_names_nobody_in_its_answers(store: Store) -> None:
    kept(store, "a", finished=True)
    kept(store, "b")
    store.hand_over("T1", "a", THEIRS)
    found = store.case("T1", "a")
    assert found is not None
    assert (found.asker, [answer.by for answer in found.answers]) == (THEIRS, [""])
    assert store.receipts("T1", "a") == ("{}",)
    assert (store.holdings("T1", MINE).unfinished, store.holdings("T1", THEIRS).finished) == (1, 1)
    other = store.case("T1", "b")
    assert other is not None
    assert other.answers == (GIVEN,)


def test_one_case_goes_as_all_of_them_would(store: Store) -> None:
    for name in ("a", "b", "c"):
        kept(store, name, finished=name == "a")
        store.put_letter(letter(name))
    counted = store.figures("T1", WEEK, NOW - timedelta(days=1), NOW + timedelta(days=1))
    store.forget_case("T1", "a", week_of)
    store.forget_case("T1", "b", week_of)
    unlinked, gone, other = (store.case("T1", name) for name in ("a", "b", "c"))
    assert (unlinked and unlinked.asker, gone, other and other.asker) == ("", None, MINE)
    assert store.figures("T1", WEEK, NOW - timedelta(days=1), NOW + timedelta(days=1)) == counted
    assert store.backlog().letters == 1


def test_another_service_can_be_named(store: Store) -> None:
    kept(store, "a")
    for brand in ("claude", None):
        store.set_brand("T1", "a", brand)
        found = store.case("T1", "a")
        assert found is not None
        assert found.brand == brand
