"""Weekly figures of a workspace: checks started and finished, first verdicts, words not understood. No person.

A week is an ISO week, Monday to Sunday in one time zone. Once it is over its figures never change: a later answer
is no first verdict, and a case that is removed stays counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from conversations.store.protocol import Figure, Store
from knowledge.errors import KakuninError

UNPLACED = "unplaced"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeeklyFigures:
    """Counts of one week. `verdicts`, `data_classes`, `services`: of the first verdicts given in it, by code.

    The service is empty where none was asked for, as with data that are public. `unplaced`: how many words of each
    class were not understood.
    """

    week: str
    monday: date
    started: int
    verdicts: Mapping[str, int]
    data_classes: Mapping[str, int]
    services: Mapping[str, int]
    unplaced: Mapping[str, int]

    @property
    def finished(self) -> int:
        """Return how many cases got their first verdict."""
        return sum(self.verdicts.values())


class Figures:
    """Counts weeks in time zones, and removes cases so that no figure changes. Safe to share between threads."""

    def __init__(self, store: Store, zone_of: Callable[[str], ZoneInfo]) -> None:
        """Reckon weeks in the zone of each workspace; what removed cases leave stays in them as reckoned then."""
        self._store = store
        self.zone_of = zone_of

    def week_of(self, workspace: str, at: datetime) -> str:
        """Return the name of the week, `2026-W47`, that a time lies in there."""
        return name_of(at.astimezone(self.zone_of(workspace)).date())

    def span(self, workspace: str, week: str) -> tuple[datetime, datetime]:
        """Return when a week begins there and when the next one does, in UTC. Raises KakuninError for no week."""
        monday, zone = monday_of(week), self.zone_of(workspace)
        return midnight(monday, zone), midnight(monday + WEEK, zone)

    def of(self, workspace: str, week: str) -> WeeklyFigures:
        """Return the figures of a week. Raises KakuninError for what names none."""
        monday = monday_of(week)
        counts = self._store.figures(workspace, week, *self.span(workspace, week))
        by = {kind: _named(counts, kind) for kind in ("verdict", "data_class", "service", UNPLACED)}
        started = counts.get(("started", ""), 0)
        return WeeklyFigures(week, monday, started, by["verdict"], by["data_class"], by["service"], by[UNPLACED])

    def count_unplaced(self, workspace: str, at: datetime, words: Mapping[str, int]) -> None:
        """Add words that were not understood, by class, to the week of that time."""
        if not words:
            return
        week = self.week_of(workspace, at)
        self._store.add_figures(workspace, {(week, (UNPLACED, name)): number for name, number in words.items()})

    def purge(self, before: datetime) -> int:
        """Remove every case that nobody has touched since; returns how many. Only their figures stay."""
        return self._store.purge_cases(before, self.week_of)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when the day begins in a time zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def name_of(day: date) -> str:
    """Return the name of the week that a day lies in."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> date:
    """Return the first day of a week such as `2026-W47`. Raises KakuninError for what names none."""
    try:
        return datetime.strptime(f"{week}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise KakuninError(f"{week!r} is no week; write one as 2026-W47") from None


def _named(counts: Mapping[Figure, int], kind: str) -> dict[str, int]:
    """Return the counts of one kind by name, the highest first."""
    found = {name: number for (figure, name), number in counts.items() if figure == kind}
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))
