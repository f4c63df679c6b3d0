"""The statements about the weekly digest: figures of weeks that are over, kept for good, and who wants to have it."""

import json
from collections.abc import Mapping
from datetime import datetime

from conversations.store.protocol import Figures
from conversations.store.tables import Tables, micros


class WeekTables(Tables):
    """A week is closed once, and its figures never change after that, whatever becomes of its cases."""

    def close_week(self, workspace: str, week: str, figures: Figures, at: datetime) -> bool:
        """Keep the figures, or return False if there are some."""
        told = [[figure, name, number] for (figure, name), number in sorted(figures.items())]
        rows = self.run(
            """INSERT INTO closed_weeks (workspace, week, at, figures) VALUES (:workspace, :week, :at, :figures)
            ON CONFLICT (workspace, week) DO NOTHING RETURNING week""",
            workspace=workspace,
            week=week,
            at=micros(at),
            figures=json.dumps(told),
        )
        return bool(rows)

    def closed_week(self, workspace: str, week: str) -> Figures | None:
        """Return what was kept, or None."""
        rows = self.run(
            "SELECT figures FROM closed_weeks WHERE workspace = :workspace AND week = :week",
            workspace=workspace,
            week=week,
        )
        return {(figure, name): number for figure, name, number in json.loads(rows[0]["figures"])} if rows else None

    def last_closed(self, workspace: str, before: str) -> str | None:
        """Return the latest week; their names sort as they follow each other."""
        rows = self.run(
            "SELECT max(week) AS week FROM closed_weeks WHERE workspace = :workspace AND week < :before",
            workspace=workspace,
            before=before,
        )
        return str(rows[0]["week"]) if rows[0]["week"] else None

    def workspaces(self) -> tuple[str, ...]:
        """Return every workspace there is something of; an organisation, named so, is none."""
        rows = self.run(
            """SELECT DISTINCT workspace FROM cases UNION SELECT workspace FROM figures
            UNION SELECT workspace FROM closed_weeks UNION SELECT workspace FROM installations ORDER BY workspace"""
        )
        return tuple(row["workspace"] for row in rows if row["workspace"].startswith("T"))

    def subscribe(self, workspace: str, user: str, *, wanted: bool) -> None:
        """Remember it in place of what was said before."""
        self.run(
            """INSERT INTO subscriptions (workspace, person, wanted) VALUES (:workspace, :user, :wanted)
            ON CONFLICT (workspace, person) DO UPDATE SET wanted = excluded.wanted""",
            workspace=workspace,
            user=user,
            wanted=int(wanted),
        )

    def subscriptions(self, workspace: str) -> Mapping[str, bool]:
        """Return what was said, by person."""
        rows = self.run("SELECT person, wanted FROM subscriptions WHERE workspace = :workspace", workspace=workspace)
        return {row["person"]: bool(row["wanted"]) for row in rows}
