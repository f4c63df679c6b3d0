"""The contract of every store about what waits: jobs to be handled, letters to be sent."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from conversations.errors import StoreError
from conversations.store.protocol import Backlog, Job, Letter, Posted, Store
from conversations.store.sqlite import SqliteStore
from conversations.store.tables import Row, Value
from tests.conversations.builders import NOW, case

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=60)
BURST = 5
LATER = NOW + timedelta(hours=1)
WORKERS = 6
Another = Callable[[], Store]


class StoppedError(Exception):
    """Something went wrong in the middle."""


def job(key: str, lane: str = "", **changes: object) -> Job:
    made = Job("T1", key, lane or key, "answer", {"card": "openness", "choice": {"status": ["a", "b"]}}, NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def letter(name: str, state: str = "s1", lane: str = "", **changes: object) -> Letter:
    body = {"text": state, "blocks": [{"type": "確認"}]}
    made = Letter("T1", "c1", name, state, lane or name, "C1", "1.1", body, f"{name}:{state}", NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def claim(store: Store, at: datetime = NOW) -> Job | None:
    return store.claim_job(at, LEASE)


def claimed(store: Store, at: datetime = NOW) -> Job:
    taken = claim(store, at)
    assert taken is not None
    return taken


def fetch(store: Store, at: datetime = NOW) -> Letter | None:
    return store.claim_letter(at, LEASE, SECOND, BURST)


def fetched(store: Store, at: datetime = NOW) -> Letter:
    taken = fetch(store, at)
    assert taken is not None
    return taken


def keys(store: Store, at: datetime = NOW) -> list[str]:
    """Claim all jobs that can be claimed at once."""
    found = []
    while taken := claim(store, at):
        found.append(taken.key)
    return found


def names(store: Store, at: datetime = NOW) -> list[str]:
    """Claim all letters that can be claimed at once."""
    found = []
    while taken := fetch(store, at):
        found.append(taken.name)
    return found


@pytest.fixture
def talking(store: Store) -> Store:
    """A store with a case that letters show parts of."""
    store.add_case(case())
    return store


def test_a_job_comes_back_as_it_was(store: Store) -> None:
    put = job("k", "l", at=NOW + timedelta(microseconds=7))
    assert store.put_jobs([put])[0]
    taken = claimed(store)
    assert taken == replace(put, id=taken.id, attempts=1)
    assert taken.id > 0


def test_a_key_is_put_once_a_workspace_also_after_it_is_done(store: Store) -> None:
    assert [store.put_jobs([job(key)])[0] for key in ("a", "a", "b")] == [True, False, True]
    assert store.put_jobs([job("a", workspace="T2")])[0]
    store.job_done(claimed(store))
    assert not store.put_jobs([job("a")])[0]
    assert keys(store) == ["b", "a"]


def test_what_is_done_keeps_no_details(store: Store) -> None:
    store.put_jobs([job("a")])
    taken = claimed(store)
    assert store.job_done(taken)
    assert not store.job_done(taken)
    assert claim(store, LATER) is None
    assert store.backlog() == Backlog(0, None, 0, None, 0)


def test_of_one_lane_one_job_after_the_other(store: Store) -> None:
    for key, lane in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("b2", "b")):
        store.put_jobs([job(key, lane)])
    store.put_jobs([job("other", "a", workspace="T2")])
    first, second = claimed(store), claimed(store)
    assert [first.key, second.key, *keys(store)] == ["a1", "b1", "other"]
    store.job_done(second)
    assert keys(store) == ["b2"]
    store.job_done(first)
    assert keys(store) == ["a2"]


def test_many_lanes_go_oldest_first_and_each_in_its_order(store: Store) -> None:
    rng = random.Random("lanes")
    put = [(f"k{number}", f"l{rng.randrange(9)}") for number in range(60)]
    for key, lane in put:
        store.put_jobs([job(key, lane)])
    heads = list(dict.fromkeys(lane for _, lane in put))
    on_lease = [claimed(store) for _ in heads]
    assert [each.lane for each in on_lease] == heads
    done: list[tuple[str, str]] = []
    while on_lease:
        finished = on_lease.pop(rng.randrange(len(on_lease)))
        store.job_done(finished)
        done.append((finished.key, finished.lane))
        if following := claim(store):
            assert following.lane == finished.lane
            on_lease.append(following)
    for lane in heads:
        assert [each for each in done if each[1] == lane] == [each for each in put if each[1] == lane]


def test_a_lease_that_ran_out_can_be_taken_by_anybody(store: Store) -> None:
    store.put_jobs([job("a1", "a")])
    store.put_jobs([job("a2", "a")])
    first = claimed(store)
    assert claim(store, NOW + LEASE - timedelta(microseconds=1)) is None
    again = claimed(store, NOW + LEASE)
    assert (again.id, again.attempts) == (first.id, 2)
    assert claim(store, NOW + LEASE) is None
    store.job_failed(first, "late", None)
    assert store.backlog().jobs == 2
    store.job_done(first)
    assert keys(store, NOW + LEASE) == ["a2"]


def test_a_job_put_off_comes_when_it_is_due_and_its_lane_waits(store: Store) -> None:
    store.put_jobs([job("a1", "a")])
    store.put_jobs([job("a2", "a")])
    store.job_failed(claimed(store), "SlackApiError", NOW + 10 * SECOND)
    assert claim(store, NOW + 9 * SECOND) is None
    again = claimed(store, NOW + 10 * SECOND)
    assert (again.key, again.attempts) == ("a1", 2)
    assert again.details == job("a1").details


def test_a_job_given_up_is_kept_and_its_lane_goes_on(store: Store) -> None:
    store.put_jobs([job("a1", "a")])
    store.put_jobs([job("a2", "a")])
    store.job_failed(claimed(store), "KeyError", None)
    assert keys(store) == ["a2"]
    assert store.backlog() == Backlog(1, NOW, 0, None, 0)
    assert not store.put_jobs([job("a1", "a")])[0]


def test_done_keys_are_forgotten_after_their_time(store: Store) -> None:
    for key in ("done", "waiting", "dead"):
        store.put_jobs([job(key)])
    store.job_done(claimed(store))
    store.job_failed(claimed(store), "", NOW + SECOND)
    store.job_failed(claimed(store), "", None)
    store.purge_done(datetime.now(UTC) - LEASE)
    assert [store.put_jobs([job(key)])[0] for key in ("done", "waiting", "dead")] == [False, False, False]
    store.purge_done(datetime.now(UTC) + LEASE)
    assert [store.put_jobs([job(key)])[0] for key in ("done", "waiting", "dead")] == [True, False, True]


def test_a_letter_comes_back_as_it_was(talking: Store) -> None:
    put = letter("card", update=True, at=NOW + timedelta(microseconds=7))
    talking.put_letter(put)
    taken = fetched(talking)
    assert taken == replace(put, id=taken.id, attempts=1)


def test_a_part_counts_as_shown_at_once_and_its_message_is_remembered(talking: Store) -> None:
    talking.put_letter(letter("card"))
    assert talking.posted("T1", "c1") == {"card": Posted("", "s1")}
    talking.letter_sent(fetched(talking), "1.5")
    assert talking.posted("T1", "c1") == {"card": Posted("1.5", "s1")}
    talking.put_letter(letter("card", "s2", update=True))
    assert talking.posted("T1", "c1") == {"card": Posted("1.5", "s2")}
    assert fetched(talking).body["text"] == "s2"


def test_a_letter_sent_without_a_message_leaves_what_shows_the_part(talking: Store) -> None:
    talking.set_posted("T1", "c1", "card", Posted("1.5", "s0"))
    talking.put_letter(letter("card", update=True))
    taken = fetched(talking)
    talking.put_letter(letter("card", "s2", update=True))
    talking.letter_sent(taken, "")
    assert talking.posted("T1", "c1") == {"card": Posted("1.5", "s2")}


def test_a_letter_of_no_case_shows_no_part(store: Store) -> None:
    store.put_letter(letter("say", case_id=""))
    store.letter_sent(fetched(store), "1.5")
    assert store.posted("T1", "") == {}
    assert fetch(store, LATER) is None


def test_of_one_lane_one_letter_after_the_other(talking: Store) -> None:
    for name, lane in (("a1", "a"), ("a2", "a"), ("b1", "b")):
        talking.put_letter(letter(name, lane=lane))
    first = fetched(talking)
    assert [first.name, *names(talking)] == ["a1", "b1"]
    talking.letter_sent(first, "1")
    assert names(talking) == ["a2"]


@pytest.mark.parametrize(("before", "after", "kept"), [(0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 1)])
def test_a_newer_state_takes_the_place_of_a_waiting_one(talking: Store, before: int, after: int, kept: int) -> None:
    talking.put_letter(letter("card", update=bool(before), lane="a"))
    talking.put_letter(letter("verdict", lane="a"))
    talking.put_letter(letter("card", "s2", update=bool(after), lane="a"))
    taken = fetched(talking)
    expected = letter("card", "s2", update=bool(kept), lane="a", id=taken.id, attempts=1)
    assert taken == expected
    assert talking.posted("T1", "c1")["card"] == Posted("", "s2")
    talking.letter_sent(taken, "1")
    assert names(talking) == ["verdict"]
    assert talking.backlog().letters == 1


def test_other_cases_and_workspaces_keep_their_letters(talking: Store) -> None:
    for workspace, case_id in (("T2", "c1"), ("T1", "c2")):
        talking.add_case(replace(case(), id=case_id, place=replace(case().place, workspace=workspace, thread=case_id)))
        talking.put_letter(letter("card", workspace=workspace, case_id=case_id, lane=case_id))
    talking.put_letter(letter("card"))
    assert names(talking) == ["card"] * 3


def test_behind_one_that_is_on_its_way_waits_the_newest(talking: Store) -> None:
    talking.put_letter(letter("card"))
    on_its_way = fetched(talking)
    for state in ("s2", "s3"):
        talking.put_letter(letter("card", state, update=True))
    assert fetch(talking) is None
    talking.letter_sent(on_its_way, "1.5")
    assert talking.posted("T1", "c1") == {"card": Posted("1.5", "s3")}
    following = fetched(talking)
    assert (following.state, following.update) == ("s3", True)
    talking.letter_sent(following, "1.5")
    assert talking.backlog().letters == 0


def test_a_new_message_that_failed_may_have_arrived_so_nothing_takes_its_place(talking: Store) -> None:
    talking.put_letter(letter("card"))
    talking.letter_failed(fetched(talking), "timeout", NOW + SECOND)
    for state in ("s2", "s3"):
        talking.put_letter(letter("card", state, update=True))
    again = fetched(talking, NOW + SECOND)
    assert (again.state, again.key, again.attempts, again.error) == ("s1", "card:s1", 2, "timeout")
    talking.letter_sent(again, "1.5")
    assert fetched(talking, NOW + SECOND).state == "s3"


def test_an_update_that_failed_gives_way_to_a_newer_one(talking: Store) -> None:
    talking.put_letter(letter("card", update=True))
    talking.letter_failed(fetched(talking), "timeout", NOW + SECOND)
    talking.put_letter(letter("card", "s2", update=True))
    assert fetch(talking) is None
    again = fetched(talking, NOW + SECOND)
    assert (again.state, again.key, again.update) == ("s2", "card:s2", True)
    talking.letter_sent(again, "1.5")
    assert talking.backlog().letters == 0


def test_a_lease_that_ran_out_is_still_on_its_way(talking: Store) -> None:
    talking.put_letter(letter("card"))
    first = fetched(talking)
    talking.put_letter(letter("card", "s2", update=True, at=LATER))
    again = fetched(talking, NOW + LEASE)
    assert (again.id, again.state, again.attempts) == (first.id, "s1", 2)
    talking.letter_failed(first, "late", None)
    assert talking.dead_letters() == ()
    talking.letter_sent(first, "1.5")
    talking.letter_sent(again, "1.6")
    assert talking.posted("T1", "c1") == {"card": Posted("1.5", "s2")}
    assert fetched(talking, LATER).state == "s2"


def test_letters_of_a_thread_are_taken_off_as_they_are_wanted(talking: Store) -> None:
    for name, changes in {
        "a": {},
        "b": {"case_id": ""},
        "c": {"thread": "2.2"},
        "d": {"workspace": "T2", "case_id": ""},
        "e": {},
    }.items():
        talking.put_letter(letter(name, **changes))
    talking.letter_failed(fetched(talking), "is_archived", None)
    held = fetched(talking)
    taken = talking.take_letters("T1", "C1", "1.1", lambda letter: letter.name != "e")
    assert [each.name for each in taken] == ["a", "b"]
    assert not talking.keep_letter(held, LATER)
    assert (talking.dead_letters(), names(talking)) == ((), ["c", "d", "e"])
    talking.put_letter(taken[0])
    assert fetched(talking).attempts == 1


def test_who_holds_a_letter_keeps_it_until_it_is_claimed_again_or_gone(talking: Store) -> None:
    talking.put_letter(letter("card"))
    first = fetched(talking)
    assert talking.keep_letter(first, NOW + 2 * LEASE)
    assert fetch(talking, NOW + LEASE) is None
    assert talking.keep_letter(first, NOW + 3 * LEASE)
    again = fetched(talking, NOW + 3 * LEASE)
    assert not talking.keep_letter(first, LATER)
    assert talking.keep_letter(again, LATER)
    talking.letter_failed(again, "timeout", NOW + SECOND)
    assert not talking.keep_letter(again, LATER)
    talking.letter_sent(fetched(talking, LATER), "1.5")
    assert not talking.keep_letter(again, LATER)


def test_a_letter_put_off_comes_when_it_is_due_and_its_lane_waits(talking: Store) -> None:
    talking.put_letter(letter("a1", lane="a"))
    talking.put_letter(letter("a2", lane="a"))
    talking.letter_failed(fetched(talking), "ratelimited", NOW + 10 * SECOND)
    assert fetch(talking, NOW + 9 * SECOND) is None
    assert fetched(talking, NOW + 10 * SECOND).name == "a1"


def test_a_letter_given_up_is_kept_its_lane_goes_on_and_it_can_be_queued_again(talking: Store) -> None:
    talking.put_letter(letter("a1", lane="a"))
    talking.put_letter(letter("a2", lane="a"))
    talking.letter_failed(fetched(talking), "is_archived", None)
    following = fetched(talking)
    assert following.name == "a2"
    (dead,) = talking.dead_letters()
    assert (dead.name, dead.error, dead.body) == ("a1", "is_archived", letter("a1").body)
    assert talking.backlog() == Backlog(0, None, 1, NOW, 1)
    assert [talking.retry_letter(number) for number in (dead.id + 99, dead.id, dead.id)] == [False, True, False]
    assert talking.dead_letters() == ()
    assert fetch(talking) is None
    talking.letter_sent(following, "1")
    again = fetched(talking)
    assert (again.name, again.key) == ("a1", "a1:s1")
    assert again.attempts > 1


def test_a_letter_for_the_same_part_makes_a_dead_one_unneeded(talking: Store) -> None:
    talking.put_letter(letter("card"))
    talking.letter_failed(fetched(talking), "is_archived", None)
    talking.put_letter(letter("card", "s2", update=True))
    assert talking.dead_letters() == ()
    taken = fetched(talking)
    assert (taken.state, taken.update) == ("s2", False)


@pytest.mark.parametrize("update", [False, True])
def test_what_waits_behind_one_that_is_given_up_goes_in_its_place(talking: Store, update: bool) -> None:
    talking.put_letter(letter("card", update=update))
    on_its_way = fetched(talking)
    talking.put_letter(letter("card", "s2", update=True))
    talking.letter_failed(on_its_way, "is_archived", None)
    assert talking.dead_letters() == ()
    taken = fetched(talking)
    assert (taken.state, taken.update) == ("s2", update)


def test_a_channel_takes_a_burst_and_then_one_an_interval(store: Store) -> None:
    for number in range(12):
        store.put_letter(letter(f"n{number}", case_id=""))
    assert len(names(store)) == BURST
    just_before = SECOND - timedelta(microseconds=1)
    for second in range(3):
        assert names(store, NOW + second * SECOND + just_before) == []
        assert names(store, NOW + (second + 1) * SECOND) == [f"n{BURST + second}"]
    assert names(store, NOW + 5 * SECOND) == ["n8", "n9"]


def test_a_rested_channel_saves_no_more_than_a_burst(store: Store) -> None:
    for number in range(9):
        store.put_letter(letter(f"n{number}", case_id=""))
    store.letter_sent(fetched(store), "1")
    assert len(names(store, LATER)) == BURST


def test_channels_do_not_wait_for_each_other_nor_updates_for_either(store: Store) -> None:
    for number in range(7):
        store.put_letter(letter(f"a{number}", case_id="", channel="C1"))
    for number in range(6):
        store.put_letter(letter(f"b{number}", case_id="", channel="C2"))
    store.put_letter(letter("u", case_id="", channel="C1", update=True))
    store.put_letter(letter("t2", case_id="", channel="C1", workspace="T2"))
    assert names(store) == [*(f"a{n}" for n in range(5)), *(f"b{n}" for n in range(5)), "u", "t2"]
    assert names(store, NOW + SECOND) == ["a5", "b5"]


def test_a_lane_waits_for_its_channel(store: Store) -> None:
    for number in range(BURST):
        store.put_letter(letter(f"n{number}", case_id=""))
    store.put_letter(letter("first", case_id="", lane="l"))
    store.put_letter(letter("then", case_id="", lane="l", update=True))
    assert len(names(store)) == BURST
    assert names(store, NOW + SECOND) == ["first"]


def test_the_backlog_counts_what_is_not_done(talking: Store) -> None:
    assert talking.backlog() == Backlog(0, None, 0, None, 0)
    for number in range(3):
        talking.put_jobs([job(f"k{number}", at=NOW + number * SECOND)])[0]
        talking.put_letter(letter(f"p{number}", at=NOW + (number + 5) * SECOND))
    assert talking.backlog() == Backlog(3, NOW, 3, NOW + 5 * SECOND, 0)
    talking.job_done(claimed(talking))
    talking.letter_sent(fetched(talking), "1")
    talking.job_failed(claimed(talking), "", LATER)
    talking.letter_failed(fetched(talking), "", None)
    assert talking.backlog() == Backlog(2, NOW + SECOND, 1, NOW + 7 * SECOND, 1)


def test_an_exception_takes_back_what_was_queued_and_done(talking: Store) -> None:
    talking.put_jobs([job("a")])[0]
    talking.put_letter(letter("intro"))
    taken, on_its_way = claimed(talking), fetched(talking)
    with pytest.raises(StoppedError), talking.transaction():
        assert talking.put_jobs([job("b")])[0]
        talking.put_letter(letter("card"))
        talking.put_letter(letter("intro", "s2", update=True))
        talking.job_done(taken)
        talking.letter_sent(on_its_way, "1.5")
        raise StoppedError
    assert talking.posted("T1", "c1") == {"intro": Posted("", "s1")}
    assert talking.backlog() == Backlog(1, NOW, 1, NOW, 0)
    assert claimed(talking, NOW + LEASE).key == "a"
    assert fetched(talking, NOW + LEASE).state == "s1"
    assert talking.put_jobs([job("b")])[0]


def test_a_job_done_and_its_letters_are_written_together(talking: Store) -> None:
    talking.put_jobs([job("a")])[0]
    taken = claimed(talking)
    with talking.transaction():
        assert talking.case("T1", "c1") is not None
        talking.put_letter(letter("card"))
        assert talking.posted("T1", "c1") == {"card": Posted("", "s1")}
        assert not talking.put_jobs([job("a")])[0]
        talking.job_done(taken)
    assert talking.backlog() == Backlog(0, None, 1, NOW, 0)


def drain(stores: list[Store], take: Callable[[Store], str]) -> list[str]:
    """Let every store's thread take until there is nothing; return all that was taken."""
    together = Barrier(len(stores))

    def work(store: Store) -> list[str]:
        together.wait()
        found = []
        while name := take(store):
            found.append(name)
        return found

    with ThreadPoolExecutor(len(stores)) as pool:
        return [name for found in pool.map(work, stores) for name in found]


def claim_key(store: Store) -> str:
    taken = claim(store)
    return taken.key if taken else ""


def fetch_name(store: Store) -> str:
    taken = fetch(store)
    return taken.name if taken else ""


def test_no_two_workers_claim_the_same(store: Store, another: Another) -> None:
    jobs, letters = [f"k{number}" for number in range(60)], [f"p{number}" for number in range(60)]
    for key in jobs:
        store.put_jobs([job(key)])
    for number, name in enumerate(letters):
        store.put_letter(letter(name, case_id="", channel=f"C{number // 3}"))
    with closing(another()) as second:
        workers = [store, second] * (WORKERS // 2)
        assert sorted(drain(workers, claim_key)) == sorted(jobs)
        assert sorted(drain(workers, fetch_name)) == sorted(letters)


def test_workers_together_keep_to_the_pace_of_a_channel(store: Store, another: Another) -> None:
    for number in range(40):
        store.put_letter(letter(f"p{number}", case_id=""))
    with closing(another()) as second:
        assert len(drain([store, second] * (WORKERS // 2), fetch_name)) == BURST


def test_workers_together_put_a_key_once_and_keep_lanes_apart(store: Store, another: Another) -> None:
    together, busy, order = Barrier(WORKERS), set[str](), list[tuple[str, str]]()

    def work(worker: int, own: Store) -> int:
        together.wait()
        put = sum(own.put_jobs([job(f"k{number}", f"l{number % 4}")])[0] for number in range(24))
        while taken := claim(own):
            assert taken.lane not in busy
            busy.add(taken.lane)
            order.append((taken.lane, taken.key))
            busy.remove(taken.lane)
            own.job_done(taken)
        return put

    with closing(another()) as second, ThreadPoolExecutor(WORKERS) as pool:
        stores = [store, second] * (WORKERS // 2)
        assert sum(pool.map(work, range(WORKERS), stores)) == 24
    assert sorted(key for _, key in order) == sorted(f"k{number}" for number in range(24))


def test_whatever_happens_the_newest_state_is_shown_in_the_end(talking: Store) -> None:
    rng = random.Random("letters")
    parts, at, arrived = ("intro", "card", "verdict"), NOW, dict[str, str]()
    newest, on_its_way = dict[str, str](), list[Letter]()
    for number in range(200):
        at += rng.choice((timedelta(0), SECOND, LEASE))
        act = rng.random()
        if act < 0.4:
            name = rng.choice(parts)
            newest[name] = f"s{number}"
            talking.put_letter(letter(name, newest[name], lane="l", update=name in arrived, at=at))
        elif act < 0.7 and (taken := fetch(talking, at)):
            on_its_way = [each for each in on_its_way if each.id != taken.id] + [taken]
        elif on_its_way:
            taken = on_its_way.pop()
            if rng.random() < 0.5:
                arrived[taken.name] = taken.state
                talking.letter_sent(taken, "1.5")
            else:
                talking.letter_failed(taken, "x", rng.choice((None, at + SECOND, at + SECOND)))
        assert talking.backlog().letters <= 2 * len(parts)
    for dead in talking.dead_letters():
        talking.retry_letter(dead.id)
    while taken := fetch(talking, at + 2 * LEASE):
        arrived[taken.name] = taken.state
        talking.letter_sent(taken, "1.5")
    assert arrived == newest
    assert {name: posted.state for name, posted in talking.posted("T1", "c1").items()} == newest


def test_what_is_done_is_not_looked_at_to_find_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(SqliteStore(tmp_path / "plans.db")) as store:
        run, asked = store.run, list[tuple[str, dict[str, Value]]]()

        def told(statement: str, **values: Value) -> list[Row]:
            asked.append((statement, values))
            return run(statement, **values)

        store.put_jobs([job("a")])
        store.put_letter(letter("p", case_id=""))
        monkeypatch.setattr(store, "run", told)
        claimed(store)
        fetched(store)
        store.purge_done(NOW)
        planned = [(line, values) for line, values in asked if line.split()[0] in {"SELECT", "UPDATE", "DELETE"}]
        plans = [str(row["detail"]) for line, values in planned for row in run(f"EXPLAIN QUERY PLAN {line}", **values)]
    assert len(plans) > 6
    assert [plan for plan in plans if plan.startswith("SCAN") and "USING INDEX" not in plan] == []


def test_jobs_are_put_all_or_none(store: Store) -> None:
    assert store.put_jobs([job("a"), job("b"), job("a")]) == (True, True, False)
    with pytest.raises((ValueError, UnicodeError, StoreError)):
        store.put_jobs([job("c"), job("d\ud800")])
    assert keys(store) == ["a", "b"]
    assert store.put_jobs([job("c")]) == (True,)
