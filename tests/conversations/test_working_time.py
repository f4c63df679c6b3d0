"""Working hours: laws that hold for any desk, over holidays and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.working_time import FARTHEST, WorkingTime
from knowledge.desk import WEEK, Desk

ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DESKS = st.builds(
    lambda zone, days, begin, hours, off: Desk.model_validate(
        {
            "zone": zone,
            "days": sorted(days),
            "from": time(begin),
            "to": time(min(begin + hours, 23), 59),
            "holidays": sorted(off),
        }
    ),
    st.sampled_from(ZONES),
    st.sets(st.sampled_from(WEEK), min_size=1),
    st.integers(0, 23),
    st.integers(0, 12),
    st.sets(st.dates(date(2026, 3, 1), date(2026, 12, 31)), max_size=9),
)
TIMES = st.integers(0, 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
HOURS = st.integers(1, 100)
TOKYO = WorkingTime(Desk.model_validate({"holidays": [date(2026, 11, 23)]}))


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Tokyo"))


@given(DESKS, TIMES, HOURS)
def test_between_a_time_and_so_many_hours_after_it_lie_so_many(desk: Desk, at: datetime, hours: int) -> None:
    working = WorkingTime(desk)
    assert working.between(at, working.after(at, hours)) == timedelta(hours=hours)


@given(DESKS, TIMES, HOURS, HOURS)
def test_hours_add_up(desk: Desk, at: datetime, first: int, second: int) -> None:
    working = WorkingTime(desk)
    assert working.after(working.after(at, first), second) == working.after(at, first + second)


@given(DESKS, TIMES, TIMES, TIMES)
def test_time_passes_in_parts_and_never_back(desk: Desk, one: datetime, two: datetime, three: datetime) -> None:
    working = WorkingTime(desk)
    first, middle, last = sorted((one, two, three))
    parts = working.between(first, middle) + working.between(middle, last)
    assert parts == working.between(first, last)
    assert timedelta(0) <= parts <= last - first
    assert working.between(last, first) == timedelta(0)


@given(DESKS, TIMES, HOURS)
def test_nothing_is_due_where_nobody_works(desk: Desk, at: datetime, hours: int) -> None:
    due = WorkingTime(desk).after(at, hours).astimezone(ZoneInfo(desk.zone)) - timedelta(microseconds=1)
    assert WEEK[due.weekday()] in desk.days
    assert due.date() not in desk.holidays


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (tokyo(19, 10), 2, tokyo(19, 12)),
        (tokyo(19, 16), 2, tokyo(20, 10)),
        (tokyo(19, 3), 8, tokyo(19, 17)),
        (tokyo(20, 16), 2, tokyo(24, 10)),  # over the weekend and a holiday
        (tokyo(21, 12), 1, tokyo(24, 10)),
    ],
)
def test_hours_of_a_week_in_november(start: datetime, hours: float, due: datetime) -> None:
    assert TOKYO.after(start, hours) == due


def test_an_hour_that_a_clock_skips_is_no_working_hour() -> None:
    """On 29 March 2026 clocks in Berlin go from 2 to 3 h; on 25 October an hour comes twice."""
    night = {"zone": "Europe/Berlin", "days": list(WEEK), "from": time(1), "to": time(5)}
    working, zone = WorkingTime(Desk.model_validate(night)), ZoneInfo("Europe/Berlin")
    spring, autumn = datetime(2026, 3, 29, tzinfo=zone), datetime(2026, 10, 25, tzinfo=zone)
    assert working.between(spring, spring + timedelta(hours=23)) == timedelta(hours=3)
    assert working.between(autumn, autumn + timedelta(hours=23)) == timedelta(hours=5)


def test_a_desk_that_never_opens_again_is_due_far_away() -> None:
    skipped = {"zone": "Europe/Berlin", "days": ["sun"], "from": time(2, 50), "to": time(3, 10)}
    assert not WorkingTime(Desk.model_validate(skipped)).is_on(datetime(2026, 3, 29, 1, 20, tzinfo=UTC))
    holidays = [date(2026, 1, 1) + timedelta(days=n) for n in range(FARTHEST + 2)]
    closed = WorkingTime(Desk.model_validate({"holidays": holidays}))
    assert closed.after(BEGIN, 1) == BEGIN + timedelta(days=FARTHEST)


def test_it_is_on_from_its_opening_to_its_closing() -> None:
    told = [TOKYO.is_on(at) for at in (tokyo(19, 8, 59), tokyo(19, 9), tokyo(19, 16, 59), tokyo(19, 17), tokyo(23, 10))]
    assert told == [False, True, True, False, False]
