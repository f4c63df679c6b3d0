"""What a week's digest counts on every store, that a closed week never changes, and that nothing hidden comes out."""

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.choices import leaves_unknown
from conversations.desk import DeskEvent, Did, State
from conversations.digest import LEFT, STARTED, WEEKS, Digest, Digests
from conversations.figures import Figures, name_of
from conversations.hiding import Count
from conversations.interview import Interview
from conversations.library import Library
from conversations.models import Answer, Confirmation
from conversations.service import Conversations
from conversations.store.protocol import Figure, Store
from conversations.store.sql import SqlStore
from conversations.store.sqlite import SqliteStore
from knowledge.digest import DigestPlan
from knowledge.errors import KakuninError
from tests.conversations.builders import ASKER, PLACE, pick
from tests.conversations.desk_rows import at_desk
from tests.conversations.test_figures import MONDAY, NEXT, TOKYO, WEEK, start
from tests.conversations.test_hiding import worked_out

DAY, SEVEN = timedelta(days=1), timedelta(days=7)
LATER = MONDAY + timedelta(days=10)
UNSURE = Answer("duties", pick(shortcut="unsure"), ASKER, MONDAY + DAY)


def judged(store: Store, name: str, at: datetime, to_do: str = "", workspace: str = "T1", **checklist: str) -> None:
    """Write a receipt with what a digest counts of one."""
    items = {item.removeprefix("item_"): status for item, status in checklist.items()}
    result = {"verdict": "confirm_first", "data_class": "closed", "checklist": items}
    body = {"made_at": at.isoformat(), "service": "other", "result": result}
    store.add_receipt(workspace, name, json.dumps(body), to_do.split())


@pytest.fixture
def figures(store: Store) -> Figures:
    return Figures(store, lambda _: TOKYO)


@pytest.fixture
def busy(store: Store) -> Store:
    """A store in which every figure has something in the week."""
    for name in ("a", "b", "c"):
        start(store, name, MONDAY + DAY)
    store.add_answer("T1", "a", UNSURE, unsure=True)
    judged(
        store, "a", MONDAY + DAY, "keep_record consult_desk", item_2="met", item_4="unconfirmed", item_6="unconfirmed"
    )
    judged(store, "a", MONDAY + DAY, "local_model", item_4="not_met")
    judged(store, "b", MONDAY + DAY, "keep_record", item_4="unconfirmed", item_7="not_met")
    store.note_wait("T1", "a", "service", MONDAY - DAY)
    store.note_wait("T1", "c", "duties", MONDAY - DAY)
    store.set_ticks("T1", "a", ["keep_record", "strange"], ["keep_record", "strange"], MONDAY + 2 * DAY)
    for name, ends in (("leader", None), ("leader", 20), ("company", 12), ("company", 40)):
        asked = Confirmation(f"{name}{ends}", "leader_approval", name, "U9", ASKER, MONDAY + DAY)
        if ends:
            asked = replace(asked, value="yes", answered_at=MONDAY + DAY, ends_at=MONDAY + ends * DAY)
        store.add_confirmation("T1", "a", asked)
    store.set_ticks("T1", "b", ["keep_record"], ["keep_record"], MONDAY + 7 * DAY)
    fill_desk(store)
    return store


def fill_desk(store: Store) -> None:
    """One case at the desk is ruled on, late and otherwise than by the rules; a question waits."""
    at, late = MONDAY + DAY, {"first_answer": "late", "resolution": "late"}
    store.put_desk_case(at_desk("a", state=State.DECIDED, since=at), None)
    store.put_desk_case(at_desk("q", about="question", asker=ASKER, since=at), None)
    ruled = {"verdict": "allowed", "judged": "confirm_first", **late}
    for case, kind, codes in (
        ("a", Did.OPENED, {"by": "asker", "card": ""}),
        ("a", Did.CLAIMED, {"instead_of": ""}),
        ("a", Did.RULED, ruled),
        ("a", Did.CLOSED, {}),
        ("q", Did.OPENED, {"by": "asker"}),
        ("q", Did.REPLIED, {"as": "desk", "first_answer": "in_time"}),
    ):
        store.add_desk_event("T1", case, DeskEvent(at, "U9", kind, codes))


EXPECTED: dict[Figure, int] = {
    ("unsure", "duties"): 1,
    ("left", "duties"): 1,
    ("unconfirmed", "4"): 2,
    ("not_met", "7"): 1,
    ("undone", "keep_record"): 1,
    ("undone", "consult_desk"): 1,
    ("waiting", "leader"): 1,
    ("ending", "leader"): 1,
    ("ending", "company"): 1,
    **dict.fromkeys(
        (("desk", name) for name in ("answered", "answered_late", "resolved_late", "ruled", "differed")), 1
    ),
    ("desk", "came"): 2,
    ("desk", "open"): 1,
}


def test_what_a_week_counts_beside_its_verdicts(busy: Store, figures: Figures) -> None:
    assert busy.details("T1", WEEK, *figures.span("T1", WEEK)) == EXPECTED
    later = busy.details("T1", NEXT, *figures.span("T1", NEXT))
    assert later == {("waiting", "leader"): 1, ("ending", "leader"): 1, ("desk", "open"): 1}
    assert busy.details("T2", WEEK, *figures.span("T1", WEEK)) == {}
    assert busy.totals("T1", WEEK, *figures.span("T1", WEEK)) == (3, 2, 1)


def test_what_is_removed_stays_counted_but_for_what_nobody_will_do(busy: Store, figures: Figures) -> None:
    before = busy.totals("T1", WEEK, *figures.span("T1", WEEK))
    busy.forget_case("T1", "c", figures.week_of)
    assert busy.details("T1", WEEK, *figures.span("T1", WEEK)) == EXPECTED
    assert figures.purge(LATER + 60 * DAY) == 2
    left = {
        figure: number
        for figure, number in EXPECTED.items()
        if figure[0] in {"unsure", "left", "not_met", "unconfirmed", "desk"} and figure[1] != "open"
    }
    assert busy.details("T1", WEEK, *figures.span("T1", WEEK)) == left
    assert busy.totals("T1", WEEK, *figures.span("T1", WEEK)) == before


def test_what_came_to_the_desk_stays_counted_when_its_asker_is_forgotten(busy: Store, figures: Figures) -> None:
    busy.forget("T1", ASKER, figures.week_of)
    assert busy.desk_case("T1", "q") is None
    counted = busy.details("T1", WEEK, *figures.span("T1", WEEK))
    at_the_desk = {figure: number for figure, number in EXPECTED.items() if figure[0] == "desk" and figure[1] != "open"}
    assert {figure: number for figure, number in counted.items() if figure[0] == "desk"} == at_the_desk


def test_a_case_is_left_once_nobody_touched_it_for_a_week(store: Store, library: Library, figures: Figures) -> None:
    now = [MONDAY + DAY]
    conversations = Conversations(store, library, clock=lambda: now[0])
    case = conversations.start(PLACE, ASKER).case
    for days, found in ((6, 0), (7.1, 1)):
        span = MONDAY, MONDAY + DAY + timedelta(days=days)
        assert store.details("T1", WEEK, *span).get(("left", "openness"), 0) == found
    now[0] += timedelta(days=3)
    conversations.answer("T1", case.id, "openness", pick(shortcut="unsure"), ASKER)
    assert store.details("T1", WEEK, MONDAY, MONDAY + 9 * DAY) == {("unsure", "openness"): 1}
    assert store.details("T1", NEXT, MONDAY + 9 * DAY, MONDAY + 12 * DAY) == {("left", "duties"): 1}
    conversations.change("T1", case.id, "openness", pick(shortcut="public"), ASKER)
    conversations.answer("T1", case.id, "duties", pick(shortcut="none"), ASKER)
    assert ("left", "duties") not in store.details("T1", NEXT, MONDAY + 9 * DAY, MONDAY + 60 * DAY)


def test_conditions_of_a_real_verdict_are_owed_until_they_are_ticked(store: Store, library: Library) -> None:
    conversations = Conversations(store, library, clock=lambda: MONDAY + DAY)
    case = conversations.start(PLACE, ASKER).case
    for _ in range(12):
        standing = conversations.standing(conversations.case("T1", case.id))
        if not standing.progress.current:
            break
        card = standing.progress.current.card
        choice = pick(service="unknown", use="prompt") if card.id == "service" else pick(shortcut="unsure")
        conversations.answer("T1", case.id, card.id, choice, ASKER)
    to_do = conversations.insight(standing).to_do
    counted = store.details("T1", WEEK, MONDAY, MONDAY + SEVEN)
    assert {name for figure, name in counted if figure == "undone"} == {*to_do} != set()
    conversations.tick("T1", case.id, to_do, to_do[:1], ASKER)
    counted = store.details("T1", WEEK, MONDAY, MONDAY + SEVEN)
    assert {name for figure, name in counted if figure == "undone"} == {*to_do[1:]}


@pytest.mark.parametrize(
    ("card", "choice", "unknown"),
    [
        ("openness", pick(shortcut="unsure"), True),
        ("openness", pick(shortcut="undecided"), False),
        ("openness", pick(status="agreement"), False),
        ("duties", pick(bound="personal", unsure="export"), True),
        ("duties", pick(bound="personal"), False),
        ("service", pick(service="unknown", use="prompt"), True),
        ("service", pick(service="other", use="prompt"), False),
    ],
)
def test_what_counts_as_not_known(
    interview: Interview, card: str, choice: dict[str, tuple[str, ...]], unknown: bool
) -> None:
    (found,) = (each for each in interview.cards if each.id == card)
    assert leaves_unknown(found, choice) == unknown


def test_no_table_is_read_whole_for_it(tmp_path: object) -> None:
    store = SqliteStore(":memory:")
    statements: list[str] = []
    run = store.run

    def watched(statement: str, **values: str | int | None) -> list[object]:
        plan = run(f"EXPLAIN QUERY PLAN {statement}", **values)
        statements.extend(row["detail"] for row in plan)
        return run(statement, **values)  # type: ignore[return-value]

    store.run = watched  # type: ignore[method-assign, assignment]
    store.details("T1", WEEK, MONDAY, LATER)
    store.totals("T1", WEEK, MONDAY, LATER)
    scans = [
        line for line in statements if line.startswith("SCAN") and line.split()[1] not in ("counted", "given", "owed")
    ]
    assert [line for line in scans if "CONSTANT" not in line] == []
    store.close()


def digests(store: Store, library: Library, now: datetime) -> Digests:
    return Digests(store, Figures(store, lambda _: TOKYO), library, lambda: now)


def test_a_closed_week_never_changes(busy: Store, library: Library) -> None:
    made = digests(busy, library, LATER)
    before = made.of("T1", WEEK)
    made.close("T1", WEEK)
    busy.set_ticks("T1", "a", ["keep_record"], [], MONDAY + 2 * DAY)
    start(busy, "late", MONDAY + 2 * DAY)
    busy.forget("T1", ASKER, lambda *_: WEEK)
    assert made.of("T1", WEEK) == before
    made.close("T1", WEEK)
    assert made.of("T1", WEEK) == before
    assert [busy.last_closed("T1", NEXT), busy.last_closed("T1", WEEK), busy.last_closed("T2", NEXT)] == [
        WEEK,
        None,
        None,
    ]
    with pytest.raises(KakuninError, match="is not over"):
        made.close("T1", NEXT)


def test_a_closed_week_of_nothing_is_closed(store: Store, library: Library) -> None:
    made = digests(store, library, LATER)
    made.close("T1", WEEK)
    start(store, "late", MONDAY + DAY)
    assert made.of("T1", WEEK).empty
    assert store.workspaces() == ("T1",)


def test_a_digest_is_set_beside_the_weeks_before(store: Store, library: Library) -> None:
    for back, number in ((0, 9), (1, 6), (2, 3), (11, 7), (12, 30)):
        for count in range(number):
            start(store, f"{back}-{count}", MONDAY - SEVEN * back + DAY)
    made = digests(store, library, LATER).of("T1", WEEK)
    assert (made.headline[STARTED], made.changes[STARTED], made.changes[LEFT]) == (Count(9, "9"), 3, 0)
    assert [*made.trend] == [name_of((MONDAY + DAY - SEVEN * back).date()) for back in range(WEEKS - 1, -1, -1)]
    assert [count[STARTED].text for count in made.trend.values()] == ["7", *["0"] * 8, "<5", "6", "9"]
    assert digests(store, library, LATER).of("T1", "2026-W46").changes[STARTED] is None


def test_what_is_known_is_told_once_it_is_older_than_its_review_date(store: Store, library: Library) -> None:
    now = digests(store, library, datetime(2026, 11, 25, tzinfo=UTC)).of("T1", WEEK)
    assert all(each.kind == "service" and each.seen_on <= date(2026, 5, 29) for each in now.due)
    due = digests(store, library, datetime(2027, 12, 20, tzinfo=UTC)).of("T1", "2027-W50").due
    assert {each.kind for each in due} == {"service", "source"}
    assert [each.seen_on for each in due] == sorted(each.seen_on for each in due)


def random_week(store: SqlStore, rng: random.Random, monday: datetime, number: int) -> None:
    """Write a week of as many cases as it likes, through the columns that are counted."""
    for count in range(rng.choice((0, 1, 3, 6, 7, 12, 30))):
        name, at = f"{number}-{count}", monday + timedelta(hours=rng.randrange(160))
        start(store, name, at)
        if rng.random() < 0.7:
            result = {
                "verdict": rng.choice(("allowed", "allowed", "confirm_first", "do_not_upload")),
                "data_class": rng.choice(("open", "closed", "closed", "closed", "careful")),
                "checklist": {rng.choice("12345"): rng.choice(("not_met", "unconfirmed", "met"))},
            }
            body = {"made_at": at.isoformat(), "service": rng.choice(("chatgpt_free", "other", None)), "result": result}
            store.add_receipt("T1", name, json.dumps(body), rng.sample(["keep_record", "local_model"], 1))
        else:
            store.note_wait("T1", name, rng.choice(("duties", "service")), monday - SEVEN + DAY)


TOTALS = {"verdict": "finished", "data_class": "finished", "service": "finished", "left": "left"}


def leaks(digest: Digest) -> list[str]:
    """Return what can be worked out of one digest: each table with the total that is told beside it."""
    found = []
    for name, rows in digest.tables.items():
        total = digest.headline[TOTALS[name]].number if name in TOTALS else None
        if rows is not None:
            found += [f"{digest.week} {name} {row}" for row in worked_out(rows, total)]
    return found


@pytest.mark.parametrize("seed", range(3))
def test_nothing_hidden_can_be_worked_out_of_one_digest_or_of_twelve(library: Library, seed: int) -> None:
    rng, hidden = random.Random(seed), 0
    store = SqliteStore(":memory:")
    for number in range(WEEKS + 1):
        random_week(store, rng, MONDAY + SEVEN * number, number)
    made = digests(store, library, MONDAY + SEVEN * 20)
    told: dict[tuple[str, str], Count] = {}
    for number in range(WEEKS + 1):
        digest = made.of("T1", name_of((MONDAY + DAY + SEVEN * number).date()))
        assert leaks(digest) == []
        hidden += sum(count.number is None for rows in digest.tables.values() for count in (rows or {}).values())
        for week, counts in digest.trend.items():
            for kind, count in counts.items():  # a later digest tells of an earlier week what its own one told
                assert told.setdefault((week, kind), count) == count
        before = name_of(digest.monday - SEVEN)
        for kind, difference in digest.changes.items():
            pair = digest.headline[kind].number, told[before, kind].number
            assert (difference is None) == (None in pair)
    assert hidden > 20
    store.close()


@pytest.mark.parametrize(
    ("now", "plan", "due"),
    [
        ("2026-11-23T00:00Z", DigestPlan(), "2026-11-23T00:00Z"),
        ("2026-11-22T23:59Z", DigestPlan(), "2026-11-16T00:00Z"),
        ("2026-11-25T10:00Z", DigestPlan(weekday="friday", time="17:30"), "2026-11-20T08:30Z"),
    ],
)
def test_when_a_digest_was_due(now: str, plan: DigestPlan, due: str) -> None:
    assert plan.last_due(datetime.fromisoformat(now), TOKYO) == datetime.fromisoformat(due)


def test_a_digest_is_due_once_a_week_also_where_clocks_change() -> None:
    zone, plan = ZoneInfo("Europe/Berlin"), DigestPlan(weekday="sunday", time="02:30")
    found = set()
    for hour in range(24 * 7 * 60):
        found.add(plan.last_due(datetime(2026, 2, 28, tzinfo=UTC) + timedelta(hours=hour), zone))
    weeks = sorted(due.astimezone(zone).date() for due in found)
    assert len(weeks) == len(set(weeks)) == 61
    assert {(one - other) for one, other in zip(weeks[1:], weeks, strict=False)} == {SEVEN}
    assert plan.last_due(datetime(2026, 3, 29, 23, tzinfo=UTC), zone) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert date(2026, 10, 25) in weeks
