"""The statements about notices and keys that are used once."""

import json
from datetime import datetime

from conversations.store.protocol import Notice
from conversations.store.tables import Row, Tables


class NoticeTables(Tables):
    """Notices, and what was seen before."""

    def queue_notice(self, notice: Notice) -> bool:
        """Keep the notice, or return False if its key was there."""
        rows = self.run(
            """INSERT INTO notices (workspace, key, case_id, kind, details, queued_at)
            VALUES (:workspace, :key, :case_id, :kind, :details, :queued_at)
            ON CONFLICT (workspace, key) DO NOTHING RETURNING key""",
            workspace=notice.workspace,
            key=notice.key,
            case_id=notice.case_id,
            kind=notice.kind,
            details=json.dumps(dict(notice.details)),
            queued_at=notice.queued_at.isoformat(),
        )
        return bool(rows)

    def waiting_notices(self) -> tuple[Notice, ...]:
        """Return what is still to be sent; those of one instant in the order of their keys."""
        rows = self.run("SELECT * FROM notices WHERE sent_at IS NULL ORDER BY queued_at, workspace, key")
        return tuple(map(_notice, rows))

    def notice_sent(self, workspace: str, key: str, at: datetime) -> None:
        """Write down when it was sent; a second time changes nothing."""
        self.run(
            "UPDATE notices SET sent_at = :at WHERE workspace = :workspace AND key = :key AND sent_at IS NULL",
            workspace=workspace,
            key=key,
            at=at.isoformat(),
        )

    def first_time(self, workspace: str, key: str) -> bool:
        """Write the key down, or return False if it was there."""
        rows = self.run(
            """INSERT INTO seen (workspace, key) VALUES (:workspace, :key)
            ON CONFLICT (workspace, key) DO NOTHING RETURNING key""",
            workspace=workspace,
            key=key,
        )
        return bool(rows)

    def is_known(self, workspace: str, key: str) -> bool:
        """Return whether the key was written down."""
        return bool(
            self.run("SELECT 1 FROM seen WHERE workspace = :workspace AND key = :key", workspace=workspace, key=key)
        )


def _notice(row: Row) -> Notice:
    queued_at = datetime.fromisoformat(row["queued_at"])
    return Notice(row["workspace"], row["key"], row["case_id"], row["kind"], json.loads(row["details"]), queued_at)
