"""Ticks and opinions, in both stores: what stands, what changes nothing, and what goes with the person or the case."""

from dataclasses import replace
from datetime import timedelta

from conversations.models import OBJECTIONS, WRONG, Opinion
from conversations.store.protocol import Store
from tests.conversations.builders import NOW
from tests.conversations.test_store_privacy import MINE, THEIRS, kept, week_of

LATER = NOW + timedelta(days=9)
GOOD, BAD = Opinion("helpful"), Opinion(WRONG, OBJECTIONS[0])


def test_what_was_offered_is_ticked_or_not_and_the_rest_stays(store: Store) -> None:
    kept(store, "a")
    kept(store, "b")
    store.set_ticks("T1", "a", ["x", "y"], ["x", "y"], NOW)
    store.set_ticks("T1", "b", ["x"], ["x"], NOW)
    store.set_ticks("T1", "a", ["y", "z"], ["z", "never offered"], LATER)
    assert store.ticks("T1", "a") == {"x", "z"}
    assert (store.ticks("T1", "b"), store.ticks("T2", "a")) == (frozenset({"x"}), frozenset())


def test_the_last_opinion_stands_and_the_same_changes_nothing(store: Store) -> None:
    kept(store, "a")
    assert store.opinion("T1", "a") is None
    told = [store.set_opinion("T1", "a", opinion, NOW) for opinion in (GOOD, GOOD, BAD, BAD, GOOD)]
    assert told == [True, False, True, False, True]
    assert (store.opinion("T1", "a"), store.opinion("T2", "a")) == (GOOD, None)


def test_a_key_is_known_once_it_was_written_down(store: Store) -> None:
    assert not store.is_known("T1", "k")
    store.first_time("T1", "k")
    assert (store.is_known("T1", "k"), store.is_known("T2", "k")) == (True, False)


def test_an_outline_tells_the_opinion(store: Store) -> None:
    kept(store, "a")
    kept(store, "b")
    store.set_opinion("T1", "a", BAD, NOW)
    found = {each.id: each.opinion for each in store.outlines(NOW, LATER)}
    assert found == {"a": BAD, "b": None}
    assert {each.id: each.opinion for each in store.cases_of("T1", MINE, 5).cases} == found


def test_they_are_held_and_forgotten_with_their_person(store: Store) -> None:
    """The code of an opinion stays under the case's random id; there is nobody left to tick anything."""
    for name, asker in (("a", MINE), ("b", MINE), ("c", THEIRS)):
        kept(store, name, asker, finished=name != "b")
        store.set_ticks("T1", name, ["x", "y"], ["x", "y"], NOW)
        store.set_opinion("T1", name, BAD, NOW)
    held = store.holdings("T1", MINE)
    assert (held.ticks, held.opinions) == (4, 2)
    assert replace(store.forget("T1", MINE, week_of), since=None) == replace(held, since=None)
    assert [store.ticks("T1", name) for name in "abc"] == [frozenset(), frozenset(), {"x", "y"}]
    assert [store.opinion("T1", name) for name in "abc"] == [BAD, None, BAD]


def test_a_tick_keeps_its_case_and_goes_with_it(store: Store) -> None:
    for name in "ab":
        kept(store, name, finished=True)
        store.set_opinion("T1", name, GOOD, NOW)
    store.set_ticks("T1", "a", ["x"], ["x"], LATER)
    store.set_ticks("T1", "a", ["x", "y"], ["x", "y"], LATER)
    assert store.purge_cases(LATER, week_of) == 1
    assert store.case("T1", "b") is None
    assert (store.ticks("T1", "a"), store.opinion("T1", "b")) == (frozenset({"x", "y"}), None)
    assert store.purge_cases(LATER + timedelta(seconds=1), week_of) == 1
    assert store.ticks("T1", "a") == frozenset()
