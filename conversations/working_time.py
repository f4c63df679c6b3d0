"""Working hours as arithmetic: when so many of them have passed, and how many lie between two times. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from knowledge.desk import WEEK, Desk

FARTHEST = 3700
"""Days that are looked through: beyond them, nobody ever works again."""


class WorkingTime:
    """The hours of one desk. Days are those of its zone; an hour is an hour, whatever the clocks there do meanwhile."""

    def __init__(self, desk: Desk) -> None:
        """Read days, hours and holidays."""
        self._zone = ZoneInfo(desk.zone)
        self._days = frozenset(WEEK.index(day) for day in desk.days)
        self._holidays = frozenset(desk.holidays)
        self._opens, self._closes = desk.opens, desk.closes

    def is_on(self, at: datetime) -> bool:
        """Whether somebody works at that time."""
        found = self._shift(at.astimezone(self._zone).date())
        return found is not None and found[0] <= at < found[1]

    def after(self, at: datetime, hours: float) -> datetime:
        """Return when so many working hours (above 0) have passed since then, in UTC.

        Ten years on where nobody works until then.
        """
        left = timedelta(hours=hours)
        for opens, closes in self._shifts(at):
            start = max(opens, at)
            if left <= closes - start:
                return start + left
            left -= closes - start
        return at.astimezone(UTC) + timedelta(days=FARTHEST)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from start to end; nothing where the end is not after it."""
        passed = timedelta(0)
        for opens, closes in self._shifts(start):
            if max(opens, start) >= end:
                break
            passed += min(closes, end) - max(opens, start)
        return passed

    def _shifts(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the shifts that end after a time, oldest first."""
        first = at.astimezone(self._zone).date()
        for number in range(FARTHEST):
            found = self._shift(first + timedelta(days=number))
            if found and found[1] > at:
                yield found

    def _shift(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when the day's work begins and ends, in UTC; None on a day off, or where a clock change takes it."""
        if day.weekday() not in self._days or day in self._holidays:
            return None
        opens, closes = (datetime.combine(day, t, self._zone).astimezone(UTC) for t in (self._opens, self._closes))
        return (opens, closes) if opens < closes else None
