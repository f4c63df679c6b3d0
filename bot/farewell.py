"""An installation that ended: its token goes, what waits for its workspaces goes and, by policy, all they had."""

from collections.abc import Callable

from slack_sdk.oauth.installation_store import Bot

from conversations.store.protocol import Job, Store


class Farewell:
    """Handles jobs of that kind, without Slack: nobody is there to be told."""

    def __init__(self, store: Store, bot_of: Callable[[str], Bot | None], *, erase: bool) -> None:
        """`bot_of` gives the installation that serves a workspace now. `erase`: data go with the app."""
        self._store = store
        self._bot_of = bot_of
        self._erase = erase

    def handle(self, job: Job) -> None:
        """Take away what the job says. One that is older than the installation there now is of an earlier one."""
        bot = self._bot_of(job.workspace)
        with self._store.transaction():
            self._store.job_done(job)
            if bot is None or int(bot.installed_at) <= job.details["at"]:
                self._store.uninstall(job.workspace, erase=self._erase and job.details["gone"])
