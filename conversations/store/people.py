"""The statements about a person's own affairs: the language they chose, and a case that leaves their hands."""

from conversations.store.privacy import Privacy
from conversations.store.protocol import WeekOf


class PeopleTables(Privacy):
    """Choices of language; cases handed over or deleted one by one."""

    def language_of(self, workspace: str, user: str) -> str | None:
        """Return the language the person chose, or None."""
        rows = self.run(
            "SELECT language FROM preferences WHERE workspace = :workspace AND person = :user",
            workspace=workspace,
            user=user,
        )
        return str(rows[0]["language"]) if rows else None

    def prefer(self, workspace: str, user: str, language: str) -> None:
        """Remember the choice in place of any other."""
        self.run(
            """INSERT INTO preferences (workspace, person, language) VALUES (:workspace, :user, :language)
            ON CONFLICT (workspace, person) DO UPDATE SET language = excluded.language""",
            workspace=workspace,
            user=user,
            language=language,
        )

    def hand_over(self, workspace: str, case_id: str, asker: str) -> None:
        """Let somebody else go on with the case; what was said before is nobody's by name any more."""
        with self.transaction():
            self.run(
                "UPDATE cases SET asker = :asker WHERE workspace = :workspace AND id = :id",
                workspace=workspace,
                id=case_id,
                asker=asker,
            )
            self.run(
                """UPDATE answers SET "by" = '' WHERE workspace = :workspace AND case_id = :id""",
                workspace=workspace,
                id=case_id,
            )
            self.run(
                """UPDATE confirmations SET asked_by = '' WHERE workspace = :workspace AND case_id = :id""",
                workspace=workspace,
                id=case_id,
            )

    def set_brand(self, workspace: str, case_id: str, brand: str | None) -> None:
        """Remember another service as the one that was named."""
        self.run(
            "UPDATE cases SET brand = :brand WHERE workspace = :workspace AND id = :id",
            workspace=workspace,
            id=case_id,
            brand=brand,
        )

    def forget_case(self, workspace: str, case_id: str, week_of: WeekOf) -> None:
        """Remove an unfinished case, and of a finished one the link to the person."""
        with self.transaction():
            if self.run(
                "SELECT 1 FROM receipts WHERE workspace = :workspace AND case_id = :id", workspace=workspace, id=case_id
            ):
                self._unlink(workspace, case_id)
                return
            self.add_figures(workspace, self.counted(workspace, case_id, week_of))
            self._remove(workspace, case_id)
