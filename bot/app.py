"""The composition root: settings → knowledge → rules → store → use cases → Bolt app. Nothing is built at import."""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from slack_bolt import App
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from bot.delivery import Delivery
from bot.groups import UserGroups
from bot.languages import Languages
from bot.listeners import answers, arrivals
from bot.listeners.door import Door
from bot.listeners.guard import Guard, where_it_failed
from bot.listeners.visit import acknowledge
from bot.metrics import Metrics
from bot.post import Post
from bot.rendering import Phrases
from bot.settings import Settings
from bot.tools import Tools
from bot.views.speaking import Views, views_of
from bot.works import Works, put_together
from conversations.book import Books
from conversations.figures import Figures
from conversations.interview import Interview
from conversations.service import Conversations, utc_now
from conversations.store.protocol import Store
from knowledge.models import Knowledge
from rules.evaluator import Evaluator
from rules.models import RuleBase

log = logging.getLogger("kakunin.slack")

LISTENER_THREADS = 32
CARRY_SECONDS = 15


@dataclass(frozen=True)
class House:
    """All data loaded and checked, and what judges and interviews with it; its rooms are those of today's edition."""

    books: Books
    phrases: Phrases

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


def build_house(overlay: Path | None = None) -> House:
    """Load everything. Raises DataError naming file, id and remedy."""
    return House(Books(overlay), Phrases())


def build_tools(house: House, store: Store, settings: Settings, metrics: Metrics) -> Tools:
    """Return what the listeners work with."""
    conversations = Conversations(store, house.books, settings.programme_at)
    return Tools(
        conversations=conversations,
        figures=Figures(store, settings.time_zone),
        groups=UserGroups(utc_now),
        phrases=house.phrases,
        delivery=Delivery(conversations, house.phrases, utc_now),
        guard=Guard(house.phrases, house.books, metrics),
        post=Post(),
        clock=utc_now,
        metrics=metrics,
        languages=Languages(),
    )


def web_client(settings: Settings) -> WebClient:
    """Return a client that tries again after a dropped connection and when Slack asks to slow down."""
    handlers = [ConnectionErrorRetryHandler(max_retry_count=2), RateLimitErrorRetryHandler(max_retry_count=3)]
    return WebClient(token=settings.bot_token, base_url=settings.slack_api, retry_handlers=handlers)


def carrying_client(settings: Settings) -> WebClient:
    """Return a client that does not wait by itself: the outbox knows when to try again."""
    return WebClient(token=settings.bot_token, base_url=settings.slack_api, timeout=CARRY_SECONDS, retry_handlers=[])


def build_works(tools: Tools, settings: Settings) -> Works:
    """Return what handles jobs and carries letters, not started yet."""
    client, carrier = web_client(settings), carrying_client(settings)
    return put_together(tools, settings, lambda _: client, lambda _: carrier)


def build_app(tools: Tools, settings: Settings, wake: Callable[[], None]) -> App:
    """Return the Bolt app with every listener. It writes down what it is told before it acknowledges it, then wakes."""
    app = App(
        name="kakunin",
        client=web_client(settings),
        signing_secret=settings.signing_secret or None,
        process_before_response=True,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=True,
        listener_executor=ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener"),
    )
    door = Door(tools.conversations.store, wake, tools.metrics)
    answers.register(app, tools, door)  # the first that fits is taken, and most of what comes are answers
    arrivals.register(app, tools, door)
    app.event(re.compile(".*"))(acknowledge)
    app.action(re.compile(".*"))(acknowledge)
    app.error(_unhandled)
    return app


def _unhandled(error: Exception) -> BoltResponse | None:
    """A payload nobody listens to is acknowledged. What could not be written down is not: Slack sends it again."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    log.error("a payload could not be written down: %s", where_it_failed(error))
    return BoltResponse(status=503, body="")
