"""The composition root: settings → knowledge → rules → store → use cases → Bolt app. Nothing is built at import."""

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from slack_bolt import App
from slack_bolt.authorization.authorize import Authorize
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from slack_sdk.web import SlackResponse

from bot.authorizing import EachInstallation, OneToken
from bot.clients import Clients, NotInstalled
from bot.delivery import Delivery
from bot.desk.letters import DeskLetters
from bot.farewell import Farewell
from bot.groups import UserGroups
from bot.languages import Languages
from bot.listeners import (
    again,
    answers,
    arrivals,
    assistant,
    behind,
    confirming,
    desk,
    digest,
    editing,
    helping,
    home,
    leaving,
    marks,
    shortcuts,
)
from bot.listeners.door import Door
from bot.listeners.guard import Guard, where_it_failed
from bot.listeners.visit import acknowledge
from bot.listeners.workspace import Workspaces
from bot.metrics import Metrics
from bot.oauth.flow import InstallFlow, install_flow
from bot.oauth.installations import Installations
from bot.oauth.states import SealedStates
from bot.post import Post
from bot.rendering import Phrases
from bot.replies import Replies
from bot.requests import Requests
from bot.settings import Settings
from bot.spoken import LANGUAGES
from bot.tools import Tools
from bot.views.speaking import Views, views_of
from bot.works import Works, put_together
from conversations.book import Books
from conversations.desk_work import DeskWork
from conversations.digest import Digests
from conversations.errors import StoreError
from conversations.figures import Figures
from conversations.interview import Interview
from conversations.library import Library
from conversations.models import Place
from conversations.service import Conversations, Standing, utc_now
from conversations.store.protocol import Store
from knowledge.models import Knowledge
from knowledge.redirects import load_redirects
from rules.evaluator import Evaluator
from rules.models import RuleBase

if TYPE_CHECKING:
    from bot.oauth.keys import Keys

log = logging.getLogger("kakunin.slack")

LISTENER_THREADS = 32
CARRY_SECONDS = 15


@dataclass(frozen=True)
class House:
    """All data loaded and checked, and what judges and interviews with it; its rooms are those of today's edition."""

    library: Library
    phrases: Phrases

    @property
    def books(self) -> Books:
        """Return the editions of whoever has no overlay of their own."""
        return self.library.common

    @property
    def knowledge(self) -> Knowledge:
        """Return what the guideline, the catalogue and the institution say."""
        return self.books.current().knowledge

    @property
    def rulebase(self) -> RuleBase:
        """Return the tables."""
        return self.books.current().rulebook.rulebase

    @property
    def interview(self) -> Interview:
        """Return the questions and when they matter."""
        return self.books.current().interview

    @property
    def evaluator(self) -> Evaluator:
        """Return what judges."""
        return self.books.current().evaluator

    @property
    def views(self) -> Views:
        """Return what speaks of it."""
        return views_of(self.phrases, self.books.current())


def build_house(overlay: Path | None = None, overlays: Path | None = None) -> House:
    """Load everything; `overlays` holds those of workspaces. Raises DataError naming file, id and remedy."""
    return House(Library(Books(overlay), overlays), Phrases())


def build_tools(house: House, store: Store, settings: Settings, metrics: Metrics) -> Tools:
    """Return what the listeners work with."""

    def programme_at(place: Place) -> str:
        institution = house.library.of(place.workspace).current().knowledge.institution
        return settings.programme_at(place, institution.programme if institution else None)

    def zone_of(workspace: str) -> ZoneInfo:
        institution = house.library.heard_by(workspace).current().knowledge.institution
        own = institution.digest.zone if institution else ""
        return ZoneInfo(own) if own else settings.time_zone

    conversations, languages = Conversations(store, house.library, programme_at, utc_now), Languages(store)
    work = DeskWork(conversations, utc_now)
    desk_letters = DeskLetters(conversations, work, house.phrases, utc_now)
    requests = Requests(store, house.phrases, utc_now)
    figures = Figures(store, zone_of)

    def follow(standing: Standing, language: str) -> None:
        requests.follow(standing, language)
        desk_letters.follow(standing, language)

    return Tools(
        conversations=conversations,
        figures=figures,
        digests=Digests(store, figures, house.library, utc_now),
        groups=UserGroups(utc_now),
        phrases=house.phrases,
        delivery=Delivery(conversations, house.phrases, utc_now, follow),
        requests=requests,
        desk=work,
        desk_letters=desk_letters,
        guard=Guard(house.phrases, house.library, metrics, languages),
        post=Post(),
        replies=Replies(house.phrases, house.library, load_redirects()),
        clock=utc_now,
        metrics=metrics,
        languages=languages,
        zone=settings.time_zone,
    )


def web_client(settings: Settings, token: str | None = None) -> WebClient:
    """Return a client that tries again after a dropped connection and when Slack asks to slow down."""
    handlers = [ConnectionErrorRetryHandler(max_retry_count=2), RateLimitErrorRetryHandler(max_retry_count=3)]
    return WebClient(token=token or settings.bot_token, base_url=settings.slack_api, retry_handlers=handlers)


def carrying_client(settings: Settings, token: str | None = None) -> WebClient:
    """Return a client that does not wait by itself: the outbox knows when to try again."""
    token = token or settings.bot_token
    return WebClient(token=token, base_url=settings.slack_api, timeout=CARRY_SECONDS, retry_handlers=[])


def open_installations(settings: Settings, store: Store) -> Installations:
    """Return who installed the app. Raises SettingsError for a bad key, MissingExtra."""
    return Installations(store, keys_of(settings))


def keys_of(settings: Settings) -> "Keys":
    """Return what tokens are sealed with. Raises SettingsError for a bad key, MissingExtra."""
    from bot.oauth.keys import Keys  # noqa: PLC0415 - who serves one workspace needs no extra

    return Keys(settings.token_key)


def build_works(tools: Tools, settings: Settings) -> Works:
    """Return what handles jobs and carries letters, not started yet. Raises as `open_installations` does."""
    store, erase = tools.conversations.store, settings.on_uninstall == "delete"
    if not settings.many:
        client, carrier = web_client(settings), carrying_client(settings)
        return put_together(
            tools, settings, lambda _: client, lambda _: carrier, Farewell(store, lambda _: None, erase=erase)
        )
    installations = open_installations(settings, store)
    return put_together(
        tools,
        settings,
        Clients(installations.token_of, lambda token: web_client(settings, token)),
        Clients(installations.token_of, lambda token: carrying_client(settings, token)),
        Farewell(store, installations.bot_of, erase=erase),
    )


def build_app(tools: Tools, settings: Settings, wake: Callable[[], None], identity: SlackResponse | None = None) -> App:
    """Return the Bolt app with every listener. It writes down what it is told before it acknowledges it, then wakes.

    `identity`: what auth.test says of the bot token; asked now if it is not given. Raises what asking Slack raises, and
    as `open_installations` does.
    """
    client = web_client(settings)
    entry = _entry_for_many(tools, settings, client) if settings.many else _entry_for_one(settings, client, identity)
    client.token = None  # the authorization gives each request its own
    app = App(
        name="kakunin",
        client=client,
        signing_secret=settings.signing_secret or None,
        authorize=entry.authorize,  # type: ignore[arg-type] # Bolt takes an Authorize as well
        oauth_flow=entry.flow,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        listener_executor=ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener"),
    )
    app.use(Workspaces(entry.joined).settle)
    door = Door(tools.conversations.store, wake, tools.metrics, tools.clock)
    answers.register(app, tools, door)  # the first that fits is taken, and most of what comes are answers
    again.register(app, tools, door)
    assistant.register(app, tools, door)
    arrivals.register(app, tools, door)
    behind.register(app, tools, door)
    marks.register(app, tools, door)
    home.register(app, tools, door)
    digest.register(app, tools, door)
    shortcuts.register(app, tools, door)
    editing.register(app, tools, door)
    helping.register(app, tools, door)
    confirming.register(app, tools, door)
    desk.register(app, tools, door)
    leaving.register(app, door, tools.clock)
    app.event(re.compile(".*"))(acknowledge)
    app.action(re.compile(".*"))(acknowledge)
    app.error(_unhandled(tools.phrases))
    return app


@dataclass(frozen=True)
class _Entry:
    """How requests are let in: who the bot is in each, the installation flow if there is one, and who hears of it."""

    authorize: Authorize
    flow: InstallFlow | None
    joined: Callable[[str, str], object]


def _entry_for_one(settings: Settings, client: WebClient, identity: SlackResponse | None) -> _Entry:
    return _Entry(OneToken(identity or client.auth_test(), settings.bot_token), None, lambda *_: None)


def _entry_for_many(tools: Tools, settings: Settings, client: WebClient) -> _Entry:
    installations = open_installations(settings, tools.conversations.store)
    installations.reseal()
    flow = install_flow(settings, installations, SealedStates(keys_of(settings)), tools.phrases, client)
    return _Entry(EachInstallation(installations), flow, installations.joined)


def _unhandled(phrases: Phrases) -> Callable[..., BoltResponse]:
    """What is answered where no listener was, or could be, at work.

    A payload nobody listens to is acknowledged, and so is one of a workspace that uninstalled the app: whoever typed
    a command is told. What could not be written down is not: Slack sends it again.
    """

    def answer(error: Exception, body: Mapping[str, object]) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        if isinstance(error, NotInstalled):
            told = "\n".join(phrases.say(language, "install.not_here") for language in LANGUAGES)
            return BoltResponse(status=200, body=told if "command" in body else "")
        if isinstance(error, StoreError):
            log.error("a payload could not be written down: %s", where_it_failed(error))
            return BoltResponse(status=503, body="")
        log.warning("a payload could not be read: %s", where_it_failed(error))
        return BoltResponse(status=400, body="")

    return answer
