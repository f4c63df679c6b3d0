"""Cases at the desk, rulings and drafts, in both stores: what stands, what only grows, and what goes with the asker."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from conversations.desk import DeskEvent, Did, State, Wanted, id_at
from conversations.drafts import DraftState
from conversations.models import Place
from conversations.store.desk import cursor_of
from conversations.store.protocol import Posted, Store
from tests.conversations.builders import NOW
from tests.conversations.desk_rows import CARD, DRAFT, RULING, at_desk, fill_desk
from tests.conversations.test_store_privacy import MINE, THEIRS, kept, week_of

LATER = NOW + timedelta(days=1)
FULL: dict[str, Any] = {
    "about": "incident",
    "state": State.DECIDED,
    "priority": "high",
    "asker": MINE,
    "channel": "C1",
    "thread": "1.1",
    "holder": "U9",
    "office": "privacy",
    "answered_at": NOW + timedelta(microseconds=7),
    "ended_at": LATER,
    "alarmed": frozenset({"first_answer.soon", "resolution.late"}),
    "posted_in": "C9",
}


def test_a_case_comes_back_as_it_was_put(store: Store) -> None:
    for case in (at_desk(), at_desk("c2", **FULL), at_desk(**FULL)):
        store.put_desk_case(case, None)
        assert store.desk_case("T1", case.id) == case
    assert store.desk_case("T2", "c1") is None
    assert store.desk_workspaces() == ("T1",)


def test_what_happened_only_grows(store: Store, another: Callable[[], Store]) -> None:
    store.put_desk_case(at_desk(), None)
    told = [DeskEvent(NOW, "", Did.OPENED, {"by": "asker"}), DeskEvent(LATER, "U9", Did.REPLIED, {}, "言葉 <&>")]
    assert [store.add_desk_event("T1", "c1", event) for event in told] == [1, 2]
    assert store.desk_events("T1", "c1") == tuple(told)
    assert "言葉" not in repr(told), "words are not to be logged by accident"
    other = replace(RULING, at=LATER, passages=(), office="")
    for ruling in (RULING, other):
        store.add_ruling("T1", "c1", ruling)
    assert store.rulings("T1", "c1") == (RULING, other)
    assert (store.desk_events("T2", "c1"), store.rulings("T1", "c2")) == ((), ())


def test_the_queue_comes_by_urgency_and_waiting_time_page_by_page(store: Store) -> None:
    cases = [
        at_desk("late", since=NOW - timedelta(days=3)),
        at_desk("low", priority="low", since=NOW - timedelta(days=9)),
        at_desk("high", priority="high"),
        at_desk("mine", holder="U9", office="ethics", state=State.CLAIMED),
        at_desk("closed", state=State.CLOSED, priority="high"),
        at_desk("elsewhere", workspace="T2"),
    ]
    for case in cases:
        store.put_desk_case(case, None)
    kept(store, "high", finished=True)
    store.add_receipt("T1", "high", '{"result": {"verdict": "confirm_first"}}')
    pages, after = list[list[str]](), None
    while page := store.desk_queue("T1", Wanted(), after, 3):
        pages.append([queued.case.id for queued in page])
        after = cursor_of(page[-1].case)
    assert pages == [["high", "late", "mine"], ["low"]]
    assert store.desk_queue("T1", Wanted(), None, 1)[0].verdict == "confirm_first"
    for wanted, found in (
        (Wanted(holder="U9"), ["mine"]),
        (Wanted(office="ethics"), ["mine"]),
        (Wanted(state="closed"), ["closed"]),
        (Wanted(holder="U8"), []),
    ):
        assert [queued.case.id for queued in store.desk_queue("T1", wanted, None, 9)] == found
        assert store.desk_length("T1", wanted) == len(found)
    assert store.desk_length("T1", Wanted()) == 4


def test_what_is_due_and_what_is_shown_nowhere(store: Store) -> None:
    store.put_desk_case(at_desk("soon"), LATER)
    store.put_desk_case(at_desk("now", posted_in="C9"), NOW)
    store.put_desk_case(at_desk("never", state=State.CLOSED), None)
    assert store.desk_due(NOW) == (("T1", "now"),)
    assert store.desk_due(LATER) == (("T1", "now"), ("T1", "soon"))
    assert store.desk_unposted() == (("T1", "soon"),)


def test_the_thread_of_a_closed_case_is_known(store: Store) -> None:
    case = kept(store, "a")
    asked = Place("T1", "C1", "8.8")
    store.put_desk_case(at_desk("a"), None)
    store.put_desk_case(at_desk(id_at(asked), about="question"), None)
    assert not store.desk_closed_at(case.place)
    for case_id in ("a", id_at(asked)):
        store.put_desk_case(at_desk(case_id, state=State.CLOSED), None)
    assert (store.desk_closed_at(case.place), store.desk_closed_at(asked)) == (True, True)
    assert not store.desk_closed_at(replace(asked, thread="9.9"))


def test_precedents_are_the_last_rulings_of_other_cases_with_the_same_rules(store: Store) -> None:
    for name in ("a", "b", "c"):
        store.put_desk_case(at_desk(name), None)
    store.add_ruling("T1", "a", RULING)
    store.add_ruling("T1", "a", replace(RULING, verdict="allowed"))
    store.add_ruling("T1", "b", replace(RULING, at=LATER))
    store.add_ruling("T1", "c", replace(RULING, key="k2"))
    found = store.rulings_like("T1", "k1", "c", 5)
    assert [ruling.verdict for ruling in found] == ["confirm_first", "allowed"]
    assert [ruling.verdict for ruling in store.rulings_like("T1", "k1", "b", 5)] == ["allowed"]
    assert store.rulings_like("T2", "k1", "c", 5) == ()
    assert len(store.rulings_like("T1", "k1", "c", 1)) == 1


def test_of_a_case_there_is_one_draft(store: Store) -> None:
    kept(store, "c1")
    store.put_draft(DRAFT)
    accepted = replace(DRAFT, state=DraftState.ACCEPTED, by="U9", comment="窓口の\n言葉")
    assert (store.draft("T1", "c1"), store.drafts(DraftState.PENDING)) == (DRAFT, (DRAFT,))
    store.put_draft(accepted)
    assert (store.draft("T1", "c1"), store.drafts(DraftState.ACCEPTED)) == (accepted, (accepted,))
    assert store.drafts(DraftState.PENDING) == ()


def test_a_card_of_the_desk_is_known_by_its_name(store: Store) -> None:
    assert store.desk_posted("T1", "desk:c1") is None
    store.put_letter(CARD)
    assert store.desk_posted("T1", "desk:c1") == Posted("", "s")
    letter = store.claim_letter(NOW, timedelta(minutes=1), timedelta(0), 5)
    assert letter is not None
    store.letter_sent(letter, "9.1")
    store.put_letter(replace(CARD, state="newer", key="k2", update=True))
    assert store.desk_posted("T1", "desk:c1") == Posted("9.1", "newer")
    assert store.desk_posted("T2", "desk:c1") is None


def test_what_is_asked_of_the_desk_is_held_and_forgotten_with_its_asker(store: Store) -> None:
    """What was replied to the person goes; what was ruled stays with the codes of a finished check."""
    for name, asker in (("a", MINE), ("b", MINE), ("c", THEIRS)):
        kept(store, name, asker, finished=name != "b")
        fill_desk(store, "T1", name)
    store.put_desk_case(at_desk("q", about="question", asker=MINE), None)
    store.put_letter(replace(CARD, name="desk:q", key="q"))
    assert store.holdings("T1", MINE).desk == 3
    store.forget("T1", MINE, week_of)
    assert [store.desk_case("T1", name) is not None for name in "abcq"] == [True, False, True, False]
    left = store.desk_case("T1", "a")
    assert left is not None
    assert left.state == State.CLOSED
    assert [event.words for event in store.desk_events("T1", "a")] == [""]
    assert (store.rulings("T1", "a"), store.rulings("T1", "b")) == ((RULING,), ())
    assert (store.draft("T1", "b"), store.desk_posted("T1", "desk:b")) == (None, None)
    assert [event.words for event in store.desk_events("T1", "c")] == ["言葉"]
    assert (store.backlog().letters, store.holdings("T1", MINE).desk) == (0, 0)


def test_a_case_keeps_for_as_long_as_the_desk_is_at_it(store: Store) -> None:
    for name in "ab":
        kept(store, name, finished=True)
        store.put_desk_case(at_desk(name), None)
    store.add_desk_event("T1", "a", DeskEvent(LATER, "U9", Did.CLOSED))
    store.put_desk_case(at_desk("q", about="question", asker=MINE), None)
    assert store.purge_cases(LATER, week_of) == 1
    assert [store.desk_case("T1", name) is not None for name in "abq"] == [True, False, False]
    assert store.purge_cases(LATER + timedelta(days=1), week_of) == 1
    assert (store.desk_case("T1", "a"), store.desk_events("T1", "a")) == (None, ())
