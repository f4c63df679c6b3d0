"""The statements about letters that did not arrive: put off, given up, queued again."""

from datetime import datetime

from conversations.store.outbox import Outbox, letter_of, row_of
from conversations.store.protocol import Letter
from conversations.store.tables import Row, micros


class Undelivered(Outbox):
    """Letters that failed. What waits behind one that is given up shows its part anew, so it takes its place."""

    def letter_failed(self, letter: Letter, error: str, again_at: datetime | None) -> None:
        """Put the letter off or give it up, unless somebody else has claimed it since."""
        with self.transaction():
            self.hold("letters", letter.workspace, letter.lane)
            failed = self.run(
                """UPDATE letters SET stage = :stage, leased = 0, due_at = :due_at, error = :error
                WHERE workspace = :workspace AND id = :id AND stage = 'waiting' AND leased = 1
                AND attempts = :attempts RETURNING *""",
                workspace=letter.workspace,
                id=letter.id,
                attempts=letter.attempts,
                error=error,
                stage="waiting" if again_at else "dead",
                due_at=micros(again_at) if again_at else 0,
            )
            for row in failed if again_at is None else ():
                self._give_up(row)

    def _give_up(self, dead: Row) -> None:
        """Drop it if another waits behind it; if it was to be a new message, that one is."""
        behind = self.run(
            """UPDATE letters SET is_update = is_update * :is_update
            WHERE workspace = :workspace AND case_id = :case_id AND name = :name AND stage = 'waiting' RETURNING id""",
            **{name: dead[name] for name in ("workspace", "case_id", "name", "is_update")},
        )
        if behind:
            self.run(
                "DELETE FROM letters WHERE workspace = :workspace AND id = :id",
                workspace=dead["workspace"],
                id=dead["id"],
            )

    def dead_letters(self) -> tuple[Letter, ...]:
        """Return what was given up."""
        return tuple(map(letter_of, self.run("SELECT * FROM letters WHERE stage = 'dead' ORDER BY id")))

    def retry_letter(self, letter_id: int) -> bool:
        """Queue a dead letter again at the end of its lane, under a new id, as one that was tried before."""
        with self.transaction():
            rows = self.run("SELECT * FROM letters WHERE id = :id AND stage = 'dead'", id=letter_id)
            if not rows:
                return False
            self.hold("letters", rows[0]["workspace"], rows[0]["lane"])
            gone = self.run(
                "DELETE FROM letters WHERE workspace = :workspace AND id = :id AND stage = 'dead' RETURNING *",
                workspace=rows[0]["workspace"],
                id=letter_id,
            )
            for row in gone:
                self._insert({**row_of(letter_of(row)), "attempts": 1})
            return bool(gone)
