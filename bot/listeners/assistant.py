"""The assistant's pane: prompts when it is opened, a title and a status while a message there is looked at.

All of that is sent at once and by no queue: losing one loses nothing. The message itself goes through the door.
"""

import logging
import threading
from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache
from slack_bolt import App
from slack_sdk import WebClient

from bot.ids import CHANNEL, STAMP, USER, named
from bot.jobs import saying
from bot.listeners.arrivals import MENTION, Arrivals
from bot.listeners.door import Door
from bot.listeners.visit import acknowledge
from bot.reach import UNSAID, reason
from bot.reading import heard
from bot.tools import Tools
from conversations.store.protocol import Job

log = logging.getLogger("kakunin.slack")

Payload = Mapping[str, Any]
Pane = tuple[str, str, str]
"""Workspace, channel and thread."""

PANES, SECONDS = 10_000, 24 * 3600.0
PROMPTS = ("first", "second", "third")


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners; the one for messages in a pane comes before the one for messages."""
    panes = Panes(tools, Arrivals(tools, door, tools.clock))
    app.event("assistant_thread_started")(ack=acknowledge, lazy=[tools.guard.door(panes.opened)])
    app.event("assistant_thread_context_changed")(ack=acknowledge, lazy=[tools.guard.door(panes.looked_elsewhere)])
    app.event("message", matchers=[panes.is_in_one])(ack=door.through(panes.message), lazy=[panes.at_work])


class Panes:
    """Remembers the panes that were opened a while ago, and which channel is looked at beside each."""

    def __init__(self, tools: Tools, arrivals: Arrivals) -> None:
        """Take messages as `arrivals` does."""
        self._tools = tools
        self._arrivals = arrivals
        self._beside: TTLCache[Pane, str] = TTLCache(PANES, SECONDS)
        self._spoken_in: TTLCache[Pane, bool] = TTLCache(PANES, SECONDS)
        self._lock = threading.Lock()

    def opened(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Offer what might be asked, in the person's language."""
        thread = body["event"]["assistant_thread"]
        workspace, channel, stamp = self._remember(thread, context)
        user = named(thread.get("user_id"), USER)
        language = self._tools.languages.of(client, workspace, user)
        say = self._tools.phrases.label
        prompts = [
            {"title": say(language, f"entry.prompt_{name}"), "message": say(language, f"entry.message_{name}")}
            for name in PROMPTS
        ]
        title = say(language, "entry.prompts")
        client.assistant_threads_setSuggestedPrompts(channel_id=channel, thread_ts=stamp, title=title, prompts=prompts)

    def looked_elsewhere(self, body: Payload, context: Payload, client: WebClient) -> None:  # noqa: ARG002 - the guard's
        """Another channel is looked at now."""
        self._remember(body["event"]["assistant_thread"], context)

    def _remember(self, thread: Payload, context: Payload) -> Pane:
        pane = (
            str(context.get("team_id") or ""),
            named(thread["channel_id"], CHANNEL),
            named(thread["thread_ts"], STAMP),
        )
        beside = (thread.get("context") or {}).get("channel_id") or ""
        with self._lock:
            self._beside[pane] = named(beside, CHANNEL) if beside else ""
        return pane

    def is_in_one(self, event: Payload, context: Payload) -> bool:
        """Whether somebody wrote in a pane."""
        return event.get("user") is not None and self._seen_beside(event, context) is not None

    def _seen_beside(self, event: Payload, context: Payload) -> str | None:
        pane = str(context.get("team_id") or ""), str(event.get("channel")), str(event.get("thread_ts"))
        with self._lock:
            return self._beside.get(pane)

    def message(self, body: Payload, context: Payload) -> Job | None:
        """A message there is a direct message, asked beside a channel."""
        job = self._arrivals.message(body, context)
        return saying(job, beside=self._seen_beside(body["event"], context) or "") if job else None

    def at_work(self, event: Payload, context: Payload, client: WebClient) -> None:
        """Say that it is looked at (Slack takes that away with the answer), and what the pane is about.

        What follows the first message may be answered by a private note, with which Slack lets a status stand.
        """
        where = {"channel_id": event["channel"], "thread_ts": event["thread_ts"]}
        workspace = str(context.get("team_id") or "")
        try:
            language = self._tools.languages.of(client, workspace, str(event["user"]))
            if self._is_first((workspace, *where.values())):
                client.assistant_threads_setStatus(**where, status=self._tools.phrases.label(language, "entry.at_work"))
            if title := self._title(str(event.get("text") or ""), workspace, language):
                client.assistant_threads_setTitle(**where, title=title)
        except UNSAID as error:
            log.info("a status could not be shown: %s", reason(error))

    def _is_first(self, pane: Pane) -> bool:
        with self._lock:
            first = pane not in self._spoken_in
            self._spoken_in[pane] = True
        return first

    def _title(self, text: str, workspace: str, language: str) -> str:
        """Return which service is asked about: a name of the catalogue, none of the person's words."""
        reading = heard(self._tools.reader, workspace, MENTION.sub(" ", text))
        if reading.kind != "case":
            return ""
        services = self._tools.views(self._tools.conversations.library.heard_by(workspace).current()).services
        names = [services.short_name(each.id, language) for each in reading.services[:1]]
        return self._tools.phrases.label(language, "entry.title", service="".join(names))
