"""The weekly digest: figures of a week that is over, small counts hidden, beside the week before and twelve weeks.

A week is closed once: then its figures are written down as they were and never change. No language, no Slack.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from conversations.errors import RulesUnreadable
from conversations.figures import UNPLACED, WEEK, Figures, monday_of, name_of
from conversations.hiding import Count, change, single, table
from conversations.library import Library
from conversations.models import OTHER_SERVICE
from conversations.store.protocol import Figure, Store
from knowledge.digest import DigestPlan
from knowledge.errors import KakuninError
from knowledge.reviews import load_reviews
from rules.models import VERDICTS

STARTED, FINISHED, LEFT = "started", "finished", "left"
HEADLINE = (STARTED, FINISHED, LEFT)
WEEKS = 12
ITEMS = ("1", "2", "3", "4", "5", "7")
"""Of the checklist; item 6 says nothing beside the others."""
DESK = ("came", "open", "answered", "answered_late", "resolved", "resolved_late", "ruled", "differed")
"""What the desk did, and whether in time."""
CLASSES = ("closed", "careful", "open", "unlisted")
ALWAYS: Mapping[str, tuple[str, ...]] = {
    "verdict": VERDICTS,
    "data_class": CLASSES,
    "service": (OTHER_SERVICE,),
    "not_met": ITEMS,
    "unconfirmed": ITEMS,
    "desk": DESK,
}
"""What of a table is shown also where it is 0."""
TABLES: Mapping[str, str] = {
    "verdict": FINISHED,
    "data_class": FINISHED,
    "service": FINISHED,
    "left": LEFT,
    "not_met": "",
    "unconfirmed": "",
    "unsure": "",
    "undone": "",
    "waiting": "",
    "ending": "",
    "desk": "",
    UNPLACED: "",
}
"""Every table in its order, and the count of the headline that its rows come to, if any."""

Rows = Mapping[str, Count]


@dataclass(frozen=True)
class Due:
    """Something known that should be looked at again: a `service` or a `source` by its id, last looked at on a day."""

    kind: str
    name: str
    seen_on: date


@dataclass(frozen=True)
class Digest:
    """What officers are told of a week.

    `headline`: cases started and finished, and left unfinished. `changes`: against the week before, None where a count
    is hidden. `tables`: by name, None where there are too few cases to be told apart. `trend`: the headline of twelve
    weeks, this one last. `due`: what is known and older than its review date.
    """

    week: str
    monday: date
    threshold: int
    headline: Rows
    changes: Mapping[str, int | None]
    tables: Mapping[str, Rows | None]
    trend: Mapping[str, Rows]
    due: tuple[Due, ...] = ()

    @property
    def sunday(self) -> date:
        """Return the last day of the week."""
        return self.monday + WEEK - timedelta(days=1)

    @property
    def empty(self) -> bool:
        """Whether nothing was counted at all."""
        rows = [self.headline, *(each for each in self.tables.values() if each is not None)]
        return all(count.number == 0 for each in rows for count in each.values()) and None not in self.tables.values()


class Digests:
    """Makes digests and closes weeks. Safe to share between threads."""

    def __init__(self, store: Store, figures: Figures, library: Library, clock: Callable[[], datetime]) -> None:
        """Count with `figures`; the library says what is due for review and how an institution wants its digest."""
        self._store = store
        self.figures = figures
        self._library = library
        self._clock = clock

    def plan(self, workspace: str) -> DigestPlan:
        """Return when the institution wants its digest."""
        institution = self._library.heard_by(workspace).current().knowledge.institution
        return institution.digest if institution else DigestPlan()

    def due(self, workspace: str) -> tuple[str, datetime]:
        """Return the week that the latest digest is about, which is the one before it was due, and when that was."""
        zone = self.figures.zone_of(workspace)
        due = self.plan(workspace).last_due(self._clock(), zone)
        return name_of(due.astimezone(zone).date() - WEEK), due

    def close(self, workspace: str, week: str) -> None:
        """Write the figures of the week down for good. Raises KakuninError while it is not over."""
        if self.figures.span(workspace, week)[1] > self._clock():
            raise KakuninError(f"{week} is not over")
        self._store.close_week(workspace, week, self._counts(workspace, week), self._clock())

    def of(self, workspace: str, week: str) -> Digest:
        """Return the digest of a week, or of what there is of it yet. Raises KakuninError for what names no week."""
        monday, threshold = monday_of(week), self.plan(workspace).threshold
        kept = self._store.closed_week(workspace, week)
        counts = self._counts(workspace, week) if kept is None else kept
        weeks = [name_of(monday - WEEK * back) for back in range(WEEKS - 1, 0, -1)]
        totals = {name: self._totals(workspace, name) for name in weeks} | {week: _totals(counts)}
        trend = {name: {kind: single(n, threshold) for kind, n in told.items()} for name, told in totals.items()}
        before = trend[weeks[-1]]
        return Digest(
            week=week,
            monday=monday,
            threshold=threshold,
            headline=trend[week],
            changes={kind: change(trend[week][kind], before[kind]) for kind in HEADLINE},
            tables={kind: _table(kind, counts, threshold) for kind in TABLES},
            trend=trend,
            due=self._for_review(workspace, min(monday + WEEK, self._clock().date())),
        )

    def _counts(self, workspace: str, week: str) -> Mapping[Figure, int]:
        """Count what the store holds; of a week that is not over, until now."""
        since, until = self.figures.span(workspace, week)
        until = max(since, min(until, self._clock()))
        return {
            **self._store.figures(workspace, week, since, until),
            **self._store.details(workspace, week, since, until),
        }

    def _totals(self, workspace: str, week: str) -> Mapping[str, int]:
        kept = self._store.closed_week(workspace, week)
        if kept is not None:
            return _totals(kept)
        since, until = self.figures.span(workspace, week)
        return dict(zip(HEADLINE, self._store.totals(workspace, week, since, min(until, self._clock())), strict=True))

    def _for_review(self, workspace: str, day: date) -> tuple[Due, ...]:
        """Return what is due on that day, what was looked at longest ago first."""
        try:
            book = self._library.of(workspace).current()
        except RulesUnreadable:
            return ()
        guideline = timedelta(days=load_reviews().guideline.days)
        facts = [
            Due("service", service.id, min(fact.as_of for fact in service.facts.values()))
            for service in book.knowledge.services.values()
            if service.facts
        ]
        found = [each for each in facts if each.seen_on + book.service_review <= day]
        sources = (Due("source", source.id, source.taken_over) for source in book.knowledge.sources.values())
        found += [each for each in sources if each.seen_on + guideline <= day]
        return tuple(sorted(found, key=lambda each: (each.seen_on, each.kind, each.name)))


def _totals(counts: Mapping[Figure, int]) -> Mapping[str, int]:
    """Return the headline of a week."""
    by = Counter[str]()
    for (figure, _), number in counts.items():
        by[figure] += number
    return {STARTED: by["started"], FINISHED: by["verdict"], LEFT: by["left"]}


def _table(kind: str, counts: Mapping[Figure, int], threshold: int) -> Rows | None:
    rows = {**dict.fromkeys(ALWAYS.get(kind, ()), 0), **_of(kind, counts)}
    return table(rows, threshold, sum(rows.values()) if TABLES[kind] else None)


def _of(kind: str, counts: Mapping[Figure, int]) -> dict[str, int]:
    return {name: number for (figure, name), number in counts.items() if figure == kind}
