"""The statements about what an asker ticked of what there is to do, and what they thought of their verdict."""

from collections.abc import Iterable
from datetime import datetime

from conversations.models import Opinion
from conversations.store.tables import Tables, micros


class MarkTables(Tables):
    """Ticks are the ids of measures; of a case there is one opinion at most, the last."""

    def set_ticks(
        self, workspace: str, case_id: str, offered: Iterable[str], ticked: Iterable[str], at: datetime
    ) -> None:
        """Write down what is ticked of what was offered; a tick that stands keeps its time."""
        wanted = set(ticked)
        with self.transaction():
            for measure in sorted({*offered}):
                named = {"workspace": workspace, "case_id": case_id, "measure": measure}
                if measure in wanted:
                    self.run(
                        """INSERT INTO ticks (workspace, case_id, measure, at)
                        VALUES (:workspace, :case_id, :measure, :at)
                        ON CONFLICT (workspace, case_id, measure) DO NOTHING""",
                        **named,
                        at=micros(at),
                    )
                else:
                    self.run(
                        """DELETE FROM ticks WHERE workspace = :workspace AND case_id = :case_id
                        AND measure = :measure""",
                        **named,
                    )

    def ticks(self, workspace: str, case_id: str) -> frozenset[str]:
        """Return what is ticked."""
        rows = self.run(
            "SELECT measure FROM ticks WHERE workspace = :workspace AND case_id = :case_id",
            workspace=workspace,
            case_id=case_id,
        )
        return frozenset(row["measure"] for row in rows)

    def set_opinion(self, workspace: str, case_id: str, opinion: Opinion, at: datetime) -> bool:
        """Write it down in place of another; False if it stood already."""
        rows = self.run(
            """INSERT INTO opinions (workspace, case_id, kind, reason, at)
            VALUES (:workspace, :case_id, :kind, :reason, :at)
            ON CONFLICT (workspace, case_id) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
            at = excluded.at WHERE (opinions.kind, opinions.reason) <> (excluded.kind, excluded.reason)
            RETURNING kind""",
            workspace=workspace,
            case_id=case_id,
            kind=opinion.kind,
            reason=opinion.reason,
            at=micros(at),
        )
        return bool(rows)

    def opinion(self, workspace: str, case_id: str) -> Opinion | None:
        """Return the opinion that stands."""
        rows = self.run(
            "SELECT kind, reason FROM opinions WHERE workspace = :workspace AND case_id = :case_id",
            workspace=workspace,
            case_id=case_id,
        )
        return Opinion(rows[0]["kind"], rows[0]["reason"]) if rows else None
