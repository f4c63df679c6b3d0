"""Who the bot is in a request of Slack's: known beforehand, so that no request waits for Slack to tell."""

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_bolt.context import BoltContext
from slack_sdk.web import SlackResponse

from bot.clients import NotInstalled
from bot.oauth.installations import Installations


class OneToken(Authorize):
    """The same bot everywhere: what auth.test said of the bot token."""

    def __init__(self, identity: SlackResponse, token: str) -> None:
        """`identity`: the answer of auth.test."""
        self._result = AuthorizeResult.from_auth_test_response(auth_test_response=identity, bot_token=token)

    def __call__(self, **_: object) -> AuthorizeResult:
        """Return the bot."""
        return self._result


class EachInstallation(Authorize):
    """The bot of the workspace's installation. The store is asked each time, so that an uninstall counts at once."""

    def __init__(self, installations: Installations) -> None:
        """Look into `installations`."""
        self._installations = installations

    def __call__(
        self, *, context: BoltContext, enterprise_id: str | None, team_id: str | None, **_: object
    ) -> AuthorizeResult:
        """Return the bot. Raises NotInstalled, StoreError."""
        bot = self._installations.find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=context.is_enterprise_install
        )
        if bot is None:
            raise NotInstalled(team_id or enterprise_id)
        return AuthorizeResult(
            enterprise_id=bot.enterprise_id,
            team_id=bot.team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
        )
