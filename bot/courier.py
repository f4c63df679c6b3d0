"""Notices that wait in the store → messages: to the owner of a case in its thread, to the compliance office."""

import logging
import threading
from collections.abc import Iterator

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.listeners.visit import language_of_user
from bot.rendering import LANGUAGES, Mrkdwn
from bot.tools import Tools
from conversations.impact import reexamine_recent
from conversations.models import Case
from conversations.service import utc_now
from conversations.store.protocol import Notice

log = logging.getLogger("kakunin.slack")

UNREACHED = (SlackClientError, OSError)
PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
FRESH = frozenset({"suspended", "policy_changed"})
"""Notices about a case whose thread shows the new verdict as well."""


class Courier:
    """Keeps up with what happens without anybody asking: a changed overlay, and notices to deliver."""

    def __init__(self, tools: Tools, client: WebClient) -> None:
        """Speak through `client`."""
        self._tools = tools
        self._client = client
        self._first = True
        self._lock = threading.Lock()

    def go_round(self) -> None:
        """Read the overlay anew if it changed, judge recent cases again under it, deliver what waits. Never raises."""
        try:
            with self._lock:
                self._go_round()
        except Exception as error:  # noqa: BLE001 - the next round tries again
            log.error("the round of notices failed: %s", type(error).__name__)  # noqa: TRY400 - no content in the log

    def _go_round(self) -> None:
        store, books = self._tools.conversations.store, self._tools.conversations.books
        if books.refresh() or self._first:
            self._first = False
            reexamine_recent(store, books, utc_now())
        for notice in store.waiting_notices():
            self._deliver(notice)

    def _deliver(self, notice: Notice) -> None:
        """Send a notice; one that Slack refuses for good is given up, any other waits for the next round."""
        try:
            self._tell(notice)
        except SlackApiError as error:
            code = str(error.response["error"])
            log.warning("a notice (%s) was refused: %s", notice.kind, code)
            if code in PASSING:
                return
        except UNREACHED as error:
            log.warning("a notice (%s) waits, Slack was not reached: %s", notice.kind, type(error).__name__)
            return
        self._tools.conversations.store.notice_sent(notice.workspace, notice.key, utc_now())

    def _tell(self, notice: Notice) -> None:
        case = self._tools.conversations.store.case(notice.workspace, notice.case_id) if notice.case_id else None
        if case is None:
            for channel, text in self._to_officers(notice):
                self._client.chat_postMessage(channel=channel, text=text)
            return
        language = language_of_user(self._client, case.asker)
        if notice.kind in FRESH:
            self._tools.delivery.bring_up_to_date(self._client, notice.workspace, case.id, language)
        text = self._words(notice, case, language)
        self._client.chat_postMessage(channel=case.place.channel, thread_ts=case.place.thread, text=text)

    def _words(self, notice: Notice, case: Case, language: str) -> str:
        views = self._tools.views(self._tools.conversations.books.of(case.edition))
        details = notice.details
        words = {name: details.get(name, "") for name in ("before", "after")}
        told = {name: views.verdicts.insights.word(word, language) if word else "" for name, word in words.items()}
        return self._tools.phrases.say(
            language,
            f"notice.{notice.kind}",
            asker=Mrkdwn(f"<@{case.asker}>"),
            edition=details.get("edition", ""),
            service=views.services.name(details.get("service"), language),
            **told,
        )

    def _to_officers(self, notice: Notice) -> Iterator[tuple[str, str]]:
        """The compliance office: its channel in both languages, or its people each in theirs."""
        institution = self._tools.conversations.books.current().knowledge.institution
        contact = institution.contact("compliance") if institution else None
        counts = {name: notice.details.get(name, "0") for name in ("unchanged", "changed")}
        values = {
            **counts,
            "question": notice.details.get("needs_a_new_answer", "0"),
            "edition": notice.details["edition"],
        }
        say = self._tools.phrases.say
        if contact and contact.channel:
            yield contact.channel, "\n".join(say(language, f"notice.{notice.kind}", **values) for language in LANGUAGES)
        for user in contact.users if contact and not contact.channel else ():
            yield user, say(language_of_user(self._client, user), f"notice.{notice.kind}", **values)
