"""Bolt's installation flow: to Slack with a sealed state, back with a code, and a page that says how it went."""

import logging
from collections.abc import Sequence

from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.oauth import OAuthStateUtils

from bot.listeners.guard import where_it_failed
from bot.manifest import scopes
from bot.oauth.installations import Installations
from bot.oauth.states import SealedStates
from bot.reach import UNREACHED
from bot.rendering import Phrases
from bot.settings import Settings
from conversations.errors import StoreError

log = logging.getLogger("kakunin.oauth")

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
SAID = {"access_denied": "cancelled", "invalid_browser": "stale", "invalid_state": "stale"}
"""Why it ended → the phrase that tells it. What else Slack or a stranger writes there is not repeated."""
OUT_OF_REACH = 503


class InstallFlow(OAuthFlow):
    """Bolt's flow; it ends with a page also where Slack or the store is out of reach."""

    def handle_callback(self, request: BoltRequest) -> BoltResponse:
        """Take the code that Slack sent the browser back with, and write down the installation."""
        try:
            return super().handle_callback(request)
        except (*UNREACHED, StoreError) as error:
            log.warning("an installation could not be finished: %s", where_it_failed(error))
            return self.failure_handler(
                FailureArgs(
                    request=request,
                    reason="out_of_reach",
                    suggested_status_code=OUT_OF_REACH,
                    settings=self.settings,
                    default=self.default_callback_options,
                )
            )


class Pages:
    """Says how an installation went."""

    def __init__(self, phrases: Phrases) -> None:
        """Speak by `phrases`."""
        self._phrases = phrases

    def done(self, told: SuccessArgs) -> BoltResponse:
        """Name where it was installed."""
        place = told.installation.team_name or told.installation.enterprise_name or "Slack"
        return self._page("install.done", 200, place=place)

    def failed(self, told: FailureArgs) -> BoltResponse:
        """Say what to do next."""
        return self._page(f"install.{SAID.get(told.reason, 'trouble')}", told.suggested_status_code, path=INSTALL)

    def _page(self, phrase: str, status: int, **values: object) -> BoltResponse:
        headers: dict[str, str | Sequence[str]] = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "Set-Cookie": OAuthStateUtils().build_set_cookie_for_deletion(),
        }
        return BoltResponse(status=status, body=self._phrases.page(phrase, **values), headers=headers)


def install_flow(
    settings: Settings, installations: Installations, states: SealedStates, phrases: Phrases, client: WebClient
) -> InstallFlow:
    """Return the flow, which asks for the scopes of the manifest."""
    pages = Pages(phrases)
    return InstallFlow(
        client=client,
        settings=OAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            scopes=sorted(scopes()),
            user_scopes=[],
            install_path=INSTALL,
            install_page_rendering_enabled=False,
            redirect_uri_path=REDIRECT,
            installation_store=installations,
            installation_store_bot_only=True,
            state_store=states,
            callback_options=CallbackOptions(success=pages.done, failure=pages.failed),
        ),
    )
