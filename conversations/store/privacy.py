"""The statements about persons: what is held on one, what goes when they ask for it, and what goes with time."""

from collections import Counter
from datetime import datetime

from conversations.store.details import DetailTables
from conversations.store.outbox import AT_DESK, REQUEST
from conversations.store.protocol import Figure, Holdings, WeekOf
from conversations.store.tables import micros

AT_THE_DESK = ("desk_events", "rulings", "desk_cases")
"""Tables of a case at the desk, by `case_id`."""
HANGING_ON = (
    *("answers", "posted", "ticks", "opinions", "confirmations", "letters", "receipts", "notices"),
    "drafts",
)
"""Tables of what hangs on a case, by `case_id`."""
UNTOUCHED = """started_at < :before AND NOT EXISTS (
    SELECT 1 FROM answers WHERE answers.workspace = cases.workspace AND answers.case_id = cases.id
    AND answers.at >= :before) AND NOT EXISTS (
    SELECT 1 FROM ticks WHERE ticks.workspace = cases.workspace AND ticks.case_id = cases.id
    AND ticks.at >= :before_at) AND NOT EXISTS (
    SELECT 1 FROM desk_events WHERE desk_events.workspace = cases.workspace AND desk_events.case_id = cases.id
    AND desk_events.at >= :before_at) AND NOT EXISTS (
    SELECT 1 FROM confirmations AS told WHERE told.workspace = cases.workspace AND told.case_id = cases.id
    AND (told.asked_at >= :before_at OR told.answered_at >= :before_at OR told.ended_at >= :before_at))"""


class Privacy(DetailTables):
    """A case is finished once it has a receipt. What is removed stays counted in the figures of its weeks."""

    def holdings(self, workspace: str, user: str) -> Holdings:
        """Return how much is held on a person."""
        (row,) = self.run(
            """SELECT count(*) AS cases, min(started_at) AS first,
            coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM receipts WHERE receipts.workspace = cases.workspace
                AND receipts.case_id = cases.id) THEN 1 ELSE 0 END), 0) AS finished
            FROM cases WHERE workspace = :workspace AND asker = :user""",
            workspace=workspace,
            user=user,
        )
        tables = ("answers", "ticks", "opinions", "desk_cases")
        answers, ticks, opinions, desk = (self._held(table, workspace, user) for table in tables)
        desk += len(self._asked(workspace, user))
        first = datetime.fromisoformat(row["first"]) if row["first"] else None
        finished, unfinished = int(row["finished"]), int(row["cases"]) - int(row["finished"])
        return Holdings(
            unfinished, finished, answers, first, ticks, opinions, self._confirmed_by(workspace, user), desk
        )

    def _confirmed_by(self, workspace: str, user: str) -> int:
        """Return how often the person was asked to confirm something, or did so for somebody."""
        (row,) = self.run(
            """SELECT count(*) AS number FROM confirmations
            WHERE workspace = :workspace AND (person = :user OR "by" = :user)""",
            workspace=workspace,
            user=user,
        )
        return int(row["number"])

    def _asked(self, workspace: str, user: str) -> list[str]:
        """Return what the person brought to the desk that is about no check."""
        rows = self.run(
            "SELECT case_id FROM desk_cases WHERE workspace = :workspace AND asker = :user",
            workspace=workspace,
            user=user,
        )
        return [str(row["case_id"]) for row in rows]

    def _held(self, table: str, workspace: str, user: str) -> int:
        """Return how many rows of the table hang on the person's cases."""
        (row,) = self.run(
            f"""SELECT count(*) AS number FROM {table} AS held JOIN cases ON cases.workspace = held.workspace
            AND cases.id = held.case_id WHERE cases.workspace = :workspace AND cases.asker = :user""",  # noqa: S608
            workspace=workspace,
            user=user,
        )
        return int(row["number"])

    def forget(self, workspace: str, user: str, week_of: WeekOf) -> Holdings:
        """Remove unfinished cases, and in finished ones the link to the person; codes and receipts stay."""
        with self.transaction():
            left: Counter[tuple[str, Figure]] = Counter()
            held = self.holdings(workspace, user)
            rows = self.run(
                """SELECT id, EXISTS (SELECT 1 FROM receipts WHERE receipts.workspace = cases.workspace
                AND receipts.case_id = cases.id) AS finished
                FROM cases WHERE workspace = :workspace AND asker = :user FOR UPDATE""",
                workspace=workspace,
                user=user,
            )
            for row in rows:
                if row["finished"]:
                    self._unlink(workspace, row["id"])
                else:
                    left += self.counted(workspace, row["id"], week_of)
                    self._remove(workspace, row["id"])
            for case_id in self._asked(workspace, user):
                left += self.counted_at_desk(workspace, case_id, week_of)
                self._leave_the_desk(workspace, case_id)
            self.add_figures(workspace, left)
            self._unlink_confirmations(workspace, user)
            self.run(
                "DELETE FROM delegations WHERE workspace = :workspace AND (person = :user OR delegate = :user)",
                workspace=workspace,
                user=user,
            )
            self.forget_language(workspace, user)
            self.run(
                "DELETE FROM subscriptions WHERE workspace = :workspace AND person = :user",
                workspace=workspace,
                user=user,
            )
            return held

    def _unlink_confirmations(self, workspace: str, user: str) -> None:
        """What the person confirmed for others is nobody's by name; what waits for them waits no more."""
        self.run(
            """UPDATE confirmations SET ended = 'withdrawn', ended_at = asked_at WHERE workspace = :workspace
            AND person = :user AND value = '' AND ended = ''""",
            workspace=workspace,
            user=user,
        )
        for column in ("person", '"by"'):
            self.run(
                f"""UPDATE confirmations SET {column} = '', words = ''
                WHERE workspace = :workspace AND {column} = :user""",  # noqa: S608 - two names
                workspace=workspace,
                user=user,
            )
        self.run(
            """UPDATE posted SET state = '' WHERE workspace = :workspace AND substr(name, 1, :length) = :requests
            AND substr(state, 1, :of_user) = :user""",
            workspace=workspace,
            length=len(REQUEST),
            requests=REQUEST,
            of_user=len(user) + 1,
            user=f"{user}:",
        )

    def forget_language(self, workspace: str, user: str) -> None:
        """Read the person's language from Slack again."""
        self.run(
            "DELETE FROM preferences WHERE workspace = :workspace AND person = :user", workspace=workspace, user=user
        )

    def _unlink(self, workspace: str, case_id: str) -> None:
        """Nobody's from now on, and talked about nowhere: there is nobody left to do what was to be done.

        At the desk it is closed; what was replied to the person goes, what was ruled stays with the case.
        """
        self.run(
            """UPDATE cases SET asker = '', channel = '', thread = id WHERE workspace = :workspace AND id = :id""",
            workspace=workspace,
            id=case_id,
        )
        self.run(
            """UPDATE answers SET "by" = '' WHERE workspace = :workspace AND case_id = :id""",
            workspace=workspace,
            id=case_id,
        )
        self.run(
            """UPDATE desk_events SET words = '' WHERE workspace = :workspace AND case_id = :id
            AND kind = 'replied'""",
            workspace=workspace,
            id=case_id,
        )
        self.run(
            """UPDATE desk_cases SET state = 'closed', due_at = NULL,
            ended_at = coalesce(ended_at, answered_at, since) WHERE workspace = :workspace AND case_id = :id""",
            workspace=workspace,
            id=case_id,
        )
        self.run(
            """UPDATE confirmations SET ended = 'recalled', ended_at = asked_at
            WHERE workspace = :workspace AND case_id = :id AND value = '' AND ended = ''""",
            workspace=workspace,
            id=case_id,
        )
        self.run(
            """UPDATE confirmations SET person = '', asked_by = '', "by" = '', words = ''
            WHERE workspace = :workspace AND case_id = :id""",
            workspace=workspace,
            id=case_id,
        )
        for table in ("posted", "ticks", "letters", "notices"):
            self._clear(table, workspace, case_id)

    def _leave_the_desk(self, workspace: str, case_id: str) -> None:
        """Remove it from the desk, with the cards that wait to be posted; those that were stay in Slack."""
        for table in AT_THE_DESK:
            self._clear(table, workspace, case_id)
        for table in ("letters", "desk_posts"):
            self.run(
                f"""DELETE FROM {table} WHERE workspace = :workspace
                AND substr(name, 1, :length) = :name""",  # noqa: S608 - our own names
                workspace=workspace,
                name=f"{AT_DESK}{case_id}",
                length=len(AT_DESK) + len(case_id),
            )

    def _remove(self, workspace: str, case_id: str) -> None:
        self._leave_the_desk(workspace, case_id)
        for table in HANGING_ON:
            self._clear(table, workspace, case_id)
        self.run("DELETE FROM cases WHERE workspace = :workspace AND id = :id", workspace=workspace, id=case_id)

    def _clear(self, table: str, workspace: str, case_id: str) -> None:
        self.run(
            f"DELETE FROM {table} WHERE workspace = :workspace AND case_id = :id",  # noqa: S608 - names from above
            workspace=workspace,
            id=case_id,
        )

    def purge_cases(self, before: datetime, week_of: WeekOf) -> int:
        """Remove every case that nobody has touched since; returns how many."""
        asked = self.run(
            """SELECT workspace, case_id FROM desk_cases WHERE about <> 'case' AND NOT EXISTS (
            SELECT 1 FROM desk_events WHERE desk_events.workspace = desk_cases.workspace
            AND desk_events.case_id = desk_cases.case_id AND desk_events.at >= :before)""",
            before=micros(before),
        )
        for row in asked:
            with self.transaction():
                left = self.counted_at_desk(row["workspace"], row["case_id"], week_of)
                self._leave_the_desk(row["workspace"], row["case_id"])
                self.add_figures(row["workspace"], left)
        rows = self.run(f"SELECT workspace, id FROM cases WHERE {UNTOUCHED}", **_before(before))  # noqa: S608
        return sum(self._purge(row["workspace"], row["id"], before, week_of) for row in rows)

    def _purge(self, workspace: str, case_id: str, before: datetime, week_of: WeekOf) -> int:
        """Remove the case unless it was touched, or removed by another process, meanwhile."""
        with self.transaction():
            rows = self.run(
                f"SELECT id FROM cases WHERE workspace = :workspace AND id = :id AND {UNTOUCHED} FOR UPDATE",  # noqa: S608
                workspace=workspace,
                id=case_id,
                **_before(before),
            )
            if rows:
                self.add_figures(workspace, self.counted(workspace, case_id, week_of))
                self._remove(workspace, case_id)
            return len(rows)


def _before(at: datetime) -> dict[str, str | int]:
    """Return the time as the older tables and as the newer ones write it."""
    return {"before": at.isoformat(), "before_at": micros(at)}
