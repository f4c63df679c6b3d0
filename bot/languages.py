"""Which language each person reads: the one they chose, or by their locale, asked of Slack once a minute at most."""

import logging
import threading
from collections.abc import Mapping

from cachetools import TTLCache
from slack_sdk import WebClient

from bot.ids import USER, named
from bot.reach import UNSAID, reason
from bot.spoken import LANGUAGES, language_of
from conversations.errors import StoreError
from conversations.store.protocol import Store

log = logging.getLogger("kakunin.slack")

PEOPLE, SECONDS = 10_000, 60.0


class Languages:
    """Remembers locales for a short while; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        """Know nobody's locale yet; what people chose is in the store."""
        self._store = store
        self._known: TTLCache[tuple[str, str], str] = TTLCache(PEOPLE, SECONDS)
        self._lock = threading.Lock()

    def of(self, client: WebClient, workspace: str, user: str) -> str:
        """Return the user's language; English when it cannot be read."""
        return self.chosen(workspace, user) or self._by_locale(client, user)

    def forget(self, user: str) -> None:
        """Ask for the user's locale again."""
        with self._lock:
            for who in [who for who in self._known if who[1] == user]:
                del self._known[who]

    def chosen(self, workspace: str, user: str) -> str:
        """Return the language that the user chose; empty for none, and for one that is there no more."""
        try:
            language = self._store.language_of(workspace, user)
        except StoreError:  # the locale will do
            return ""
        return language if language in LANGUAGES else ""

    def _by_locale(self, client: WebClient, user: str) -> str:
        who = (str(client.token), user)
        with self._lock:
            known = self._known.get(who)
        if known is not None:
            return known
        try:
            person = client.users_info(user=named(user, USER), include_locale=True).get("user")
        except UNSAID as error:
            log.warning("the locale of a user could not be read: %s", reason(error))
            return language_of(None)
        language = language_of(person.get("locale") if isinstance(person, Mapping) else None)
        with self._lock:
            self._known[who] = language
        return language
