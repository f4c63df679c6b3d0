"""The statements about weekly figures: counted in the rows that are there, and in what was added for good."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from conversations.store.protocol import Figure, WeekOf
from conversations.store.tables import Tables, micros, moment

BY = ("verdict", "data_class", "service")
"""What first verdicts are counted by; each is a column of receipts."""


class FigureTables(Tables):
    """A case counts in the week it was started, and in that of its first verdict: no later answer changes a figure."""

    def figures(self, workspace: str, week: str, since: datetime, until: datetime) -> Mapping[Figure, int]:
        """Count the week in one statement, so that no case that is just being removed counts twice or not at all."""
        rows = self.run(
            """SELECT figure, name, sum(number) AS number FROM (
                WITH given AS (
                    SELECT verdict, data_class, coalesce(service, '') AS service, count(*) AS number FROM receipts
                    WHERE workspace = :workspace AND number = 1 AND made_at >= :since AND made_at < :until
                    GROUP BY verdict, data_class, service)
                SELECT 'started' AS figure, '' AS name, count(*) AS number FROM cases
                WHERE workspace = :workspace AND started_at >= :since_text AND started_at < :until_text
                UNION ALL SELECT 'verdict', verdict, number FROM given
                UNION ALL SELECT 'data_class', data_class, number FROM given
                UNION ALL SELECT 'service', service, number FROM given
                UNION ALL SELECT figure, name, number FROM figures WHERE workspace = :workspace AND week = :week
            ) AS counted GROUP BY figure, name""",
            workspace=workspace,
            week=week,
            since=micros(since),
            until=micros(until),
            since_text=since.isoformat(),
            until_text=until.isoformat(),
        )
        return {(row["figure"], row["name"]): int(row["number"]) for row in rows if row["number"]}

    def counted(self, workspace: str, case_id: str, week_of: WeekOf) -> Counter[tuple[str, Figure]]:
        """Return what the case counts for, by week."""
        (row,) = self.run(
            """SELECT started_at, made_at, verdict, data_class, coalesce(service, '') AS service
            FROM cases LEFT JOIN receipts ON receipts.workspace = cases.workspace AND receipts.case_id = cases.id
            AND receipts.number = 1 WHERE cases.workspace = :workspace AND cases.id = :id""",
            workspace=workspace,
            id=case_id,
        )
        found = Counter({(week_of(workspace, datetime.fromisoformat(row["started_at"])), ("started", "")): 1})
        if row["made_at"] is not None:
            week = week_of(workspace, moment(row["made_at"]))
            found.update((week, (by, row[by])) for by in BY)
        return found

    def add_figures(self, workspace: str, figures: Mapping[tuple[str, Figure], int]) -> None:
        """Add what removed cases leave, and what belongs to none.

        Always in the same order and last in a transaction, so that nobody waits for each other in a circle.
        """
        for (week, (figure, name)), number in sorted(figures.items()):
            self.run(
                """INSERT INTO figures (workspace, week, figure, name, number)
                VALUES (:workspace, :week, :figure, :name, :number)
                ON CONFLICT (workspace, week, figure, name)
                DO UPDATE SET number = figures.number + excluded.number""",
                workspace=workspace,
                week=week,
                figure=figure,
                name=name,
                number=number,
            )
