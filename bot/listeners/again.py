"""The first message of a case is edited, deleted or marked; and the buttons that start over or go on elsewhere.

What people say to each other is not read: only a message that a case began with.
"""

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.again import began_with
from bot.ids import Action
from bot.jobs import Kind, case_code, job_of, saying, stranger
from bot.listeners.arrivals import MENTION, click_key
from bot.listeners.door import Door
from bot.listeners.visit import where
from bot.reading import codes_of, heard
from bot.tools import Tools
from bot.views.again import held_by
from conversations.models import Case, Choice, Place
from conversations.store.protocol import Job

Payload = Mapping[str, Any]

MARK = "mag"
"""The reaction with which an asker calls the question back."""
TOMBSTONE = "tombstone"
"""What stands in place of a deleted message that has replies."""


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners; those for edited and deleted messages come before the one for messages."""
    again = FirstMessage(tools)
    app.event({"type": "message", "subtype": "message_changed"})(ack=door.through(again.changed), lazy=[])
    app.event({"type": "message", "subtype": "message_deleted"})(ack=door.through(again.deleted), lazy=[])
    app.event("reaction_added")(ack=door.through(again.marked), lazy=[])
    app.action(Action.AGAIN)(ack=door.through(again.again), lazy=[])
    app.action(Action.DIRECT)(ack=door.through(again.directly), lazy=[])


class FirstMessage:
    """What happens to messages that a case began with, as jobs of the asker."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools

    def changed(self, body: Payload, context: Payload) -> Job | None:
        """The text is another one now, or gone; what only got a preview of a link is as it was."""
        message, before = body["event"]["message"], body["event"].get("previous_message") or {}
        if message.get("subtype") == TOMBSTONE:
            return self._job(Kind.GONE, before, body, context)
        if message.get("bot_id") or message.get("text") == before.get("text"):
            return None
        job = self._job(Kind.EDITED, message, body, context)
        if job is None:
            return None
        reading = heard(self._tools.reader, job.workspace, MENTION.sub(" ", str(message.get("text") or "")))
        return saying(job, **codes_of(reading, self._tools.conversations.library, job.workspace))

    def deleted(self, body: Payload, context: Payload) -> Job | None:
        """The message is gone; Slack may tell no more of it than its time stamp."""
        event = body["event"]
        gone = event.get("previous_message") or {}
        return self._job(Kind.GONE, {**gone, "ts": event.get("deleted_ts") or gone.get("ts")}, body, context)

    def _job(self, kind: Kind, message: Payload, body: Payload, context: Payload) -> Job | None:
        """Return the job of the asker, if a case began with the message."""
        stamp = str(message.get("ts"))
        place = str(body["event"].get("channel")), str(message.get("thread_ts") or stamp)
        case = None if message.get("bot_id") else self._case(context, *place)
        if case is None or not began_with(self._tools.conversations.store, case, stamp):
            return None
        asker, key = {**context, "user_id": case.asker}, f"event:{body['event_id']}"
        return saying(job_of(kind, key, asker, place, self._tools.clock()), case=case.id)

    def _case(self, context: Payload, channel: str, thread: str) -> Case | None:
        return self._tools.conversations.store.case_at(Place(str(context.get("team_id") or ""), channel, thread))

    def marked(self, body: Payload, context: Payload) -> Job | None:
        """The asker put the mark on the message that their thread hangs on."""
        event, item = body["event"], body["event"].get("item") or {}
        if event.get("reaction") != MARK or item.get("type") != "message":
            return None
        place = str(item.get("channel")), str(item.get("ts"))
        case = self._case(context, *place)
        if case is None or case.asker != event.get("user"):
            return None
        job = job_of(Kind.MARKED, f"event:{body['event_id']}", context, place, self._tools.clock())
        return saying(job, case=case.id)

    def again(self, body: Payload, context: Payload) -> Job:
        """Start over, with what the button holds of the message; only what is in the vocabulary gets in."""
        held = held_by(body["actions"][0].get("value"))
        job = job_of(Kind.AGAIN, click_key(body), context, where(body, context), self._tools.clock())
        book = self._tools.conversations.library.heard_by(job.workspace).current()
        read = book.interview.readings.passed(_choice(held.get("read")))
        brand = held.get("brand") if str(held.get("brand")) in book.knowledge.brands else None
        told = {"brand": brand, "read": {name: list(codes) for name, codes in read.items()}}
        return saying(job, case=case_code(held.get("case")), **told)

    def directly(self, body: Payload, context: Payload) -> Job:
        """Go on in a direct message."""
        job = job_of(Kind.DIRECT, click_key(body), context, where(body, context), self._tools.clock())
        outside = stranger(body, context, body["user"].get("team_id"))
        return saying(job, case=case_code(body["actions"][0].get("value")), stranger=outside)


def _choice(read: object) -> Choice:
    """Return codes by name, as far as they have that form."""
    lists = read.items() if isinstance(read, Mapping) else ()
    return {str(name): tuple(map(str, codes)) for name, codes in lists if isinstance(codes, list)}
