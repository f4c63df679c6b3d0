"""The statements about workspaces: the installation of each, and what goes when one uninstalls."""

from conversations.store.protocol import Installed
from conversations.store.tables import Tables

LEAVING = "uninstall"
"""The kind of the jobs that tell of an uninstall: one does not drop the other, which may ask for more."""
ERASED = (
    *("desk_events", "rulings", "desk_cases", "desk_posts", "drafts"),
    *("answers", "posted", "ticks", "opinions", "confirmations", "letters", "receipts", "notices", "cases"),
    *("seen", "jobs", "channels", "installations", "preferences", "delegations", "subscriptions"),
)
"""Every table of a workspace's own, each before those it refers to."""


class InstallationTables(Tables):
    """A row is a workspace or an organisation that installed the app, or a workspace of such an organisation."""

    def put_installation(self, workspace: str, sealed: str) -> None:
        """Write the installation down in place of any other."""
        self.run(
            """INSERT INTO installations (workspace, enterprise, sealed) VALUES (:workspace, '', :sealed)
            ON CONFLICT (workspace) DO UPDATE SET enterprise = '', sealed = excluded.sealed""",
            workspace=workspace,
            sealed=sealed,
        )

    def join_installation(self, workspace: str, enterprise: str) -> None:
        """Let the workspace share the organisation's, unless it has one."""
        self.run(
            """INSERT INTO installations (workspace, enterprise, sealed) VALUES (:workspace, :enterprise, '')
            ON CONFLICT (workspace) DO NOTHING""",
            workspace=workspace,
            enterprise=enterprise,
        )

    def installation(self, workspace: str) -> Installed | None:
        """Return the installation that serves the workspace."""
        rows = self.run("SELECT * FROM installations WHERE workspace = :workspace", workspace=workspace)
        if not rows:
            return None
        if rows[0]["enterprise"]:
            return self.installation(rows[0]["enterprise"])
        return Installed(workspace, rows[0]["sealed"])

    def installations(self) -> tuple[Installed, ...]:
        """Return every installation."""
        rows = self.run("SELECT * FROM installations WHERE enterprise = '' ORDER BY workspace")
        return tuple(Installed(row["workspace"], row["sealed"]) for row in rows)

    def reseal(self, before: Installed, sealed: str) -> None:
        """Write the installation anew, unless it is another by now."""
        self.run(
            "UPDATE installations SET sealed = :sealed WHERE workspace = :workspace AND sealed = :before",
            workspace=before.workspace,
            before=before.sealed,
            sealed=sealed,
        )

    def uninstall(self, workspace: str, *, erase: bool) -> None:
        """Take away the installation that serves the workspace, with what waits for every workspace it served.

        Which workspaces an organisation has is only forgotten with the rest of their rows.
        """
        with self.transaction():
            rows = self.run("SELECT enterprise FROM installations WHERE workspace = :name", name=workspace)
            whose = (rows[0]["enterprise"] if rows else "") or workspace
            served = self.run("SELECT workspace FROM installations WHERE enterprise = :name", name=whose)
            self.run("DELETE FROM installations WHERE workspace = :name", name=whose)
            for name in (whose, *(row["workspace"] for row in served)):
                self._erase(name) if erase else self._drop_what_waits(name)

    def _drop_what_waits(self, workspace: str) -> None:
        """Jobs and letters go; of a part whose letter goes it is unknown what is shown, so it is shown anew later.

        In the order in which a handler of a job writes, so that neither waits for the other.
        """
        self.run(
            """UPDATE posted SET state = '' WHERE workspace = :workspace AND EXISTS (
            SELECT 1 FROM letters WHERE letters.workspace = :workspace AND letters.case_id = posted.case_id
            AND letters.name = posted.name)""",
            workspace=workspace,
        )
        self.run("DELETE FROM posted WHERE workspace = :workspace AND message = ''", workspace=workspace)
        self.run(
            """UPDATE desk_cases SET posted_in = '' WHERE workspace = :workspace AND EXISTS (
            SELECT 1 FROM desk_posts WHERE desk_posts.workspace = :workspace AND desk_posts.message = ''
            AND desk_posts.name = 'desk:' || desk_cases.case_id)""",
            workspace=workspace,
        )
        self.run("DELETE FROM desk_posts WHERE workspace = :workspace AND message = ''", workspace=workspace)
        self.run("UPDATE desk_posts SET state = '' WHERE workspace = :workspace", workspace=workspace)
        self.run("DELETE FROM letters WHERE workspace = :workspace", workspace=workspace)
        self.run(
            "DELETE FROM jobs WHERE workspace = :workspace AND stage <> 'done' AND kind <> :leaving",
            workspace=workspace,
            leaving=LEAVING,
        )

    def _erase(self, workspace: str) -> None:
        """Delete every row; cases are locked first, so that nobody adds to one meanwhile."""
        self.run("SELECT id FROM cases WHERE workspace = :workspace FOR UPDATE", workspace=workspace)
        for table in ERASED:
            self.run(f"DELETE FROM {table} WHERE workspace = :workspace", workspace=workspace)  # noqa: S608 - our names
