"""The statements about what else a week counts: where people stop or do not know, and what verdicts leave to do."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from conversations.store.desk_figures import COUNTED, DESK, counted_as
from conversations.store.figures import FigureTables
from conversations.store.protocol import Figure, Figures, WeekOf
from conversations.store.tables import Row, micros, moment

LEFT_AFTER = timedelta(days=7)
"""A case without a verdict that nobody has touched for so long was left."""
SOON = timedelta(days=14)
"""A confirmation whose last day comes within so long after the week is told as ending."""
OPEN = ("not_met", "unconfirmed")
"""What of the checklist's statuses is counted."""
FOLLOWS = "6"
"""The item of the checklist that says nothing beside the others, as it follows from them: not counted."""
EVENT = "event "
"""What a kind of event at the desk is called by beside figures."""
KINDS = ("unsure", "left", *OPEN, "undone", DESK)


class DetailTables(FigureTables):
    """Receipts hold items and measures as one text each: a week has few different ones, and these are taken apart."""

    def details(self, workspace: str, week: str, since: datetime, until: datetime) -> Figures:
        """Count the week in one statement, as `figures` does."""
        rows = self.run(
            f"""SELECT figure, name, sum(number) AS number FROM (
                WITH given AS (
                    SELECT case_id, items, to_do FROM receipts WHERE workspace = :workspace
                    AND number = 1 AND made_at >= :since AND made_at < :until),
                owed AS (
                    SELECT given.case_id, given.to_do FROM given JOIN cases ON cases.workspace = :workspace
                    AND cases.id = given.case_id AND cases.asker <> '' WHERE given.to_do <> '')
                SELECT 'unsure' AS figure, card AS name, count(*) AS number FROM answers
                WHERE workspace = :workspace AND unsure = 1 AND at >= :since_text AND at < :until_text GROUP BY card
                UNION ALL SELECT 'left', waits_for, count(*) FROM cases WHERE workspace = :workspace
                AND waits_for <> '' AND touched_at >= :left_since AND touched_at < :left_until GROUP BY waits_for
                UNION ALL SELECT 'items', items, count(*) FROM given WHERE items <> '' GROUP BY items
                UNION ALL SELECT 'to_do', to_do, count(*) FROM owed GROUP BY to_do
                UNION ALL SELECT 'ticked', ticks.measure, count(*) FROM owed JOIN ticks
                ON ticks.workspace = :workspace AND ticks.case_id = owed.case_id AND ticks.at < :until
                AND replace(owed.to_do, ' ' || ticks.measure || ' ', '') <> owed.to_do GROUP BY ticks.measure
                UNION ALL SELECT 'waiting', capacity, count(DISTINCT case_id) FROM confirmations
                WHERE workspace = :workspace AND value = '' AND ended = '' AND claimed = 0 AND asked_at < :until
                GROUP BY capacity
                UNION ALL SELECT 'ending', capacity, count(DISTINCT case_id) FROM confirmations
                WHERE workspace = :workspace AND ended = '' AND ends_at >= :until AND ends_at < :soon
                GROUP BY capacity
                UNION ALL SELECT '{EVENT}' || kind, codes, count(*) FROM desk_events
                WHERE workspace = :workspace AND at >= :since AND at < :until AND kind IN {COUNTED} GROUP BY kind, codes
                UNION ALL SELECT '{DESK}', 'open', count(*) FROM desk_cases WHERE workspace = :workspace
                AND state <> 'closed' AND state <> 'decided' AND since < :until
                UNION ALL SELECT figure, name, number FROM figures
                WHERE workspace = :workspace AND week = :week AND figure IN {KINDS}
            ) AS counted GROUP BY figure, name""",  # noqa: S608 - our own words
            **_span(workspace, since, until),
            week=week,
            soon=micros(until + SOON),
        )
        found = Counter[Figure]()
        for row in rows:
            for figure in _apart(row["figure"], row["name"]):
                found[figure] += -int(row["number"]) if row["figure"] == "ticked" else int(row["number"])
        return {figure: number for figure, number in found.items() if number}

    def totals(self, workspace: str, week: str, since: datetime, until: datetime) -> tuple[int, int, int]:
        """Count along the indexes alone."""
        (row,) = self.run(
            """SELECT (SELECT count(*) FROM cases WHERE workspace = :workspace
                AND started_at >= :since_text AND started_at < :until_text) AS started,
            (SELECT count(*) FROM receipts WHERE workspace = :workspace AND number = 1
                AND made_at >= :since AND made_at < :until) AS finished,
            (SELECT count(*) FROM cases WHERE workspace = :workspace AND waits_for <> ''
                AND touched_at >= :left_since AND touched_at < :left_until) AS left_open,
            coalesce(sum(CASE WHEN figure = 'started' THEN number ELSE 0 END), 0) AS more_started,
            coalesce(sum(CASE WHEN figure = 'verdict' THEN number ELSE 0 END), 0) AS more_finished,
            coalesce(sum(CASE WHEN figure = 'left' THEN number ELSE 0 END), 0) AS more_left
            FROM figures WHERE workspace = :workspace AND week = :week""",
            **_span(workspace, since, until),
            week=week,
        )
        pairs = (("started", "more_started"), ("finished", "more_finished"), ("left_open", "more_left"))
        started, finished, left = (int(row[one]) + int(row[other]) for one, other in pairs)
        return started, finished, left

    def counted(self, workspace: str, case_id: str, week_of: WeekOf) -> Counter[tuple[str, Figure]]:
        """Return what the case counts for, by week; what is still to do goes with it, as nobody will do it."""
        found = super().counted(workspace, case_id, week_of) + self.counted_at_desk(workspace, case_id, week_of)
        for row in self._unsure(workspace, case_id):
            found[week_of(workspace, datetime.fromisoformat(row["at"])), ("unsure", row["card"])] += 1
        (case,) = self.run(
            """SELECT waits_for, touched_at, made_at, items FROM cases LEFT JOIN receipts
            ON receipts.workspace = cases.workspace AND receipts.case_id = cases.id AND receipts.number = 1
            WHERE cases.workspace = :workspace AND cases.id = :id""",
            workspace=workspace,
            id=case_id,
        )
        if case["waits_for"]:
            found[week_of(workspace, moment(case["touched_at"]) + LEFT_AFTER), ("left", case["waits_for"])] += 1
        if case["made_at"] is not None:
            week = week_of(workspace, moment(case["made_at"]))
            found.update((week, figure) for figure in _apart("items", case["items"]))
        return found

    def counted_at_desk(self, workspace: str, case_id: str, week_of: WeekOf) -> Counter[tuple[str, Figure]]:
        """Return what happened to it at the desk, by week."""
        found = Counter[tuple[str, Figure]]()
        for row in self.run(
            "SELECT at, kind, codes FROM desk_events WHERE workspace = :workspace AND case_id = :id",
            workspace=workspace,
            id=case_id,
        ):
            week = week_of(workspace, moment(row["at"]))
            found.update((week, figure) for figure in counted_as(row["kind"], row["codes"]))
        return found

    def _unsure(self, workspace: str, case_id: str) -> list[Row]:
        return self.run(
            "SELECT card, at FROM answers WHERE workspace = :workspace AND case_id = :id AND unsure = 1",
            workspace=workspace,
            id=case_id,
        )

    def note_wait(self, workspace: str, case_id: str, card: str, at: datetime) -> None:
        """Write it into the case; one with a receipt waits for nothing any more."""
        self.run(
            """UPDATE cases SET touched_at = :at, waits_for = CASE WHEN EXISTS (
                SELECT 1 FROM receipts WHERE receipts.workspace = :workspace AND receipts.case_id = :id)
                THEN '' ELSE :card END WHERE workspace = :workspace AND id = :id""",
            workspace=workspace,
            id=case_id,
            card=card,
            at=micros(at),
        )


def _span(workspace: str, since: datetime, until: datetime) -> dict[str, str | int]:
    """Return the time as each table writes it."""
    return {
        "workspace": workspace,
        "since": micros(since),
        "until": micros(until),
        "since_text": since.isoformat(),
        "until_text": until.isoformat(),
        "left_since": micros(since - LEFT_AFTER),
        "left_until": micros(until - LEFT_AFTER),
    }


def in_one(codes: Iterable[str]) -> str:
    """Return the codes as one text, each between two spaces; none is the empty text."""
    return "".join(f" {code} " for code in codes)


def _apart(figure: str, name: str) -> Iterator[Figure]:
    """Yield the figures that a text of several codes stands for."""
    if figure == "items":
        for code in name.split():
            item, _, status = code.partition(":")
            yield from _apart(status, item)
    elif figure.startswith(EVENT):
        yield from counted_as(figure.removeprefix(EVENT), name)
    elif figure in ("to_do", "ticked"):
        yield from (("undone", code) for code in name.split())
    elif figure not in OPEN or name != FOLLOWS:
        yield figure, name
