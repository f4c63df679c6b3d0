"""Bolt's installation store on ours: who installed the app, with the token, sealed.

An installation belongs to a workspace, or to a whole organisation (Enterprise Grid). Workspaces of such a one are
written down when they are first heard of, so that letters find the token by the workspace alone.
"""

import json
import logging
from typing import TYPE_CHECKING

from slack_sdk.oauth import InstallationStore
from slack_sdk.oauth.installation_store import Bot, Installation

from conversations.store.protocol import Installed, Store

if TYPE_CHECKING:
    from bot.oauth.keys import Keys  # who serves one workspace needs no extra

log = logging.getLogger("kakunin.oauth")

KEPT = (
    "app_id",
    "enterprise_id",
    "team_id",
    "bot_token",
    "bot_id",
    "bot_user_id",
    "bot_scopes",
    "is_enterprise_install",
    "installed_at",
)
"""What is written down of an installation: what the bot needs. Who installed it is not."""


class Installations(InstallationStore):
    """Installations of the bot. The app asks for no tokens of users, so there are none to keep."""

    def __init__(self, store: Store, keys: "Keys") -> None:
        """Keep them in `store`, sealed with `keys`."""
        self._store = store
        self._keys = keys

    @property
    def logger(self) -> logging.Logger:
        """Return the log."""
        return log

    def save(self, installation: Installation) -> None:
        """Write the installation down. Raises StoreError."""
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        """Write the installation down in place of an earlier one. Raises StoreError."""
        self._store.put_installation(
            _whose(bot), self._keys.seal(json.dumps({name: getattr(bot, name) for name in KEPT}))
        )

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the installation that Slack means. Raises StoreError."""
        whose = enterprise_id if is_enterprise_install else team_id
        return self.bot_of(whose) if whose else None

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 - nobody has a token of their own
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return the same as `find_bot`, in Bolt's other form, without who installed it. Raises StoreError."""
        bot = self.find_bot(enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install)
        return Installation(user_id="", **{name: getattr(bot, name) for name in KEPT}) if bot else None

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Take the installation away with what waits for it. Raises StoreError."""
        if whose := team_id or enterprise_id:
            self._store.uninstall(whose, erase=False)

    def delete_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
    ) -> None:
        """Do the same: there is one installation. Of a single user there is none."""
        if user_id is None:
            self.delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    def bot_of(self, workspace: str) -> Bot | None:
        """Return the installation that serves the workspace, its own or its organisation's. Raises StoreError."""
        found = self._store.installation(workspace)
        return self._opened(found) if found else None

    def token_of(self, workspace: str) -> str | None:
        """Return the bot token for the workspace, or None where the app is not installed. Raises StoreError."""
        bot = self.bot_of(workspace)
        return bot.bot_token if bot else None

    def joined(self, workspace: str, enterprise: str) -> None:
        """Remember that the workspace is served by its organisation's installation. Raises StoreError."""
        if self._store.installation(workspace) is None:
            self._store.join_installation(workspace, enterprise)

    def reseal(self) -> None:
        """Seal every installation with the first key; then the others can be taken out of the settings."""
        for installed in self._store.installations():
            if sealed := self._keys.resealed(installed.sealed):
                self._store.reseal(installed, sealed)

    def _opened(self, installed: Installed) -> Bot | None:
        """A row that no key opens, or that was sealed for another, is as good as none: the app is installed again."""
        text = self._keys.open(installed.sealed)
        bot = Bot(**json.loads(text)) if text else None
        if bot is None or _whose(bot) != installed.workspace:
            log.error("the installation of %s cannot be opened with KAKUNIN_TOKEN_KEY", installed.workspace)
            return None
        return bot


def _whose(bot: Bot) -> str:
    return str((bot.enterprise_id if bot.is_enterprise_install else bot.team_id) or "")
