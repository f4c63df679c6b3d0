"""Shortcuts: one from anywhere, and one in the menu of a message. The case is talked about in a direct message."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.ids import Shortcut
from bot.jobs import Kind, job_of, saying, stranger
from bot.listeners.arrivals import MENTION
from bot.listeners.door import Door
from bot.reading import codes_of, heard
from bot.tools import Tools
from conversations.store.protocol import Job

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    shortcuts = Shortcuts(tools)
    app.shortcut(Shortcut.CHECK)(ack=door.through(shortcuts.check), lazy=[])
    app.shortcut(Shortcut.CHECK_MESSAGE)(ack=door.through(shortcuts.check_message), lazy=[])


class Shortcuts:
    """What is begun by a shortcut is the case of whoever used it."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools

    def check(self, body: Payload, context: Payload) -> Job:
        """A check about which nothing is known yet."""
        return self._job(body, context)

    def check_message(self, body: Payload, context: Payload) -> Job:
        """A check that begins with what a message says, whoever wrote it; its words go no further than here."""
        job = self._job(body, context)
        text = MENTION.sub(" ", str(body["message"].get("text") or ""))
        reading = heard(self._tools.reader, job.workspace, text)
        return saying(job, **codes_of(reading, self._tools.conversations.library, job.workspace))

    def _job(self, body: Payload, context: Payload) -> Job:
        user = body["user"]
        key = f"shortcut:{user['id']}:{body['action_ts']}"
        job = job_of(Kind.OPEN_THREAD, key, context, ("", ""), self._tools.clock())
        return saying(job, stranger=stranger(body, context, user.get("team_id")))
