"""The Home tab: gathered from the store and published at once. Losing one loses nothing; it is made anew each time."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import replace

from cachetools import LRUCache
from slack_sdk.errors import SlackApiError

from bot.desk.queue import Queue
from bot.digest.asking import Asking
from bot.listeners.visit import Visit
from bot.reach import UNREACHED, UNSAID, reason
from bot.status import status
from bot.tools import Tools
from bot.views.home import HomeViews, Owned
from conversations.approvals import Approvals
from conversations.desk import Cursor
from conversations.errors import NotAllowed, RulesUnreadable
from conversations.models import Place
from conversations.roles import has_role
from conversations.store.protocol import OwnCases
from conversations.todo import ToDo

log = logging.getLogger("kakunin.slack")

REMEMBERED = 10_000
"""How many links to threads are kept: they never change."""


class Home:
    """Publishes Home tabs. Safe to share between threads."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._queue = Queue(tools)
        self._asking = Asking(tools)
        self._links: LRUCache[Place, str] = LRUCache(REMEMBERED)
        self._lock = threading.Lock()

    def show(self, arrived: Visit, said: Iterable[str] = (), before: str = "", page: Cursor | None = None) -> None:
        """Publish the person's Home tab with what is `said` on top; links that are not known yet follow in a second.

        `before`: the hash of the one that is shown; if another took its place meanwhile, that one is newer and stays.
        `page`: where the page of the desk's queue begins, for its members.
        """
        try:
            owned = self._owned(arrived, tuple(said), page)
            shown = self._publish(arrived, owned, before)
            if missing := [case.place for case in owned.cases.cases if case.id not in owned.links]:
                self._learn(arrived, missing)
                self._publish(arrived, replace(owned, links=self._known(owned.cases)), shown)
        except SlackApiError as error:
            if error.response["error"] != "hash_conflict":
                log.warning("a Home tab could not be shown: %s", reason(error))
        except UNSAID as error:
            log.warning("a Home tab could not be shown: %s", reason(error))

    def _owned(self, arrived: Visit, said: tuple[str, ...], page: Cursor | None) -> Owned:
        conversations = self._tools.conversations
        cases = conversations.mine(arrived.workspace, arrived.user)
        holdings = conversations.store.holdings(arrived.workspace, arrived.user)
        return Owned(
            cases=cases,
            holdings=holdings,
            links=self._known(cases),
            chosen=self._tools.languages.chosen(arrived.workspace, arrived.user),
            week=self._week(arrived),
            said=said,
            to_do=self._to_do(arrived),
            asked=Approvals(conversations, self._tools.zone).mine(arrived.workspace, arrived.user),
            approver=bool(holdings.confirmations) or self._confirms(arrived),
            delegation=conversations.store.delegation(arrived.workspace, arrived.user),
            queue=self._queue.of(arrived, page),
            digest=self._asking.on_home(arrived),
        )

    def _confirms(self, arrived: Visit) -> bool:
        """Whether the overlay lists them as one who confirms things."""
        institution = self._tools.conversations.library.heard_by(arrived.workspace).current().knowledge.institution
        return has_role(
            institution, arrived.user, "approvers", self._tools.groups.of(arrived.client, arrived.workspace)
        )

    def _to_do(self, arrived: Visit) -> tuple[ToDo, ...]:
        """What is still to be done; nothing while the institution's rules cannot be read."""
        try:
            return self._tools.conversations.to_do(arrived.workspace, arrived.user)
        except RulesUnreadable:
            return ()

    def _week(self, arrived: Visit) -> str:
        """This week's figures, for who may see them."""
        try:
            return status(self._tools, arrived)[0]
        except NotAllowed:
            return ""

    def _publish(self, arrived: Visit, owned: Owned, before: str) -> str:
        """Return the hash of what is shown now."""
        book = self._tools.conversations.library.heard_by(arrived.workspace).current()
        view = HomeViews(self._tools.phrases, self._tools.views(book)).home(owned, arrived.language)
        client = arrived.client
        answer = client.views_publish(user_id=arrived.user, view=view, hash=before or None)
        return str((answer.get("view") or {}).get("hash") or "")

    def _known(self, cases: OwnCases) -> dict[str, str]:
        with self._lock:
            return {case.id: self._links[case.place] for case in cases.cases if case.place in self._links}

    def _learn(self, arrived: Visit, places: Iterable[Place]) -> None:
        """Ask Slack for the links; a thread that is gone has none, and gets no button."""
        client = arrived.client
        for place in places:
            try:
                link = str(client.chat_getPermalink(channel=place.channel, message_ts=place.thread)["permalink"])
            except UNREACHED as error:
                log.info("there is no link to a thread: %s", reason(error))
                continue
            with self._lock:
                self._links[place] = link
