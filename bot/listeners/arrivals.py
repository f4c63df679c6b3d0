"""Every way in: a mention in a channel, a direct message, /kakunin, the start button, and files dropped in a thread."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ids import Action
from bot.listeners.visit import Visit, acknowledge, visit, where
from bot.rendering import Mrkdwn
from bot.tools import Tools
from bot.views.blocks import Block, actions, button, section
from conversations.models import Case
from knowledge.understanding import Reading

MENTION = re.compile(r"<@[A-Z0-9]+>")
CLOSED_TO_US = frozenset({"channel_not_found", "not_in_channel", "is_archived", "restricted_action"})

Payload = Mapping[str, Any]


def register(app: App, tools: Tools) -> None:
    """Attach the listeners. Each acknowledges at once and works afterwards."""
    arrivals, door = Arrivals(tools), tools.guard.door
    app.event("app_mention")(ack=acknowledge, lazy=[door(arrivals.mention)])
    app.event("message")(ack=acknowledge, lazy=[door(arrivals.message)])
    app.command("/kakunin")(ack=acknowledge, lazy=[door(arrivals.command)])
    app.action(Action.START)(ack=acknowledge, lazy=[door(arrivals.start_button)])


class Arrivals:
    """What to do with people who turn up. Their words are read here and go no further."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools

    def mention(self, event: Payload, context: Payload, body: Payload, client: WebClient) -> None:
        """A mention starts a case in its thread, or asks the open question again. Other bots are left alone."""
        if event.get("bot_id"):
            return
        thread = str(event.get("thread_ts") or event["ts"])
        if self._first_time(context, body):
            arrived = visit(client, context, str(event["channel"]), thread)
            self._tools.guard.run(arrived, lambda: self._talk(arrived, event, named=True, direct=False))

    def message(self, event: Payload, context: Payload, body: Payload, client: WebClient) -> None:
        """A direct message needs no mention; in channels only a file in a case's thread is answered."""
        if event.get("bot_id") or event.get("subtype") not in (None, "file_share", "thread_broadcast"):
            return
        direct = event.get("channel_type") == "im"
        named = f"<@{context.get('bot_user_id')}>" in str(event.get("text") or "")
        if not direct and (named or not event.get("files")):  # a mention comes as an event of its own
            return
        if self._first_time(context, body):
            arrived = visit(client, context, str(event["channel"]), str(event.get("thread_ts") or event["ts"]))
            self._tools.guard.run(arrived, lambda: self._talk(arrived, event, named=named, direct=direct))

    def command(self, command: Payload, context: Payload, client: WebClient, respond: Respond) -> None:
        """/kakunin starts a thread in the channel, or in a direct message where the bot may not write."""
        arrived = visit(client, context, str(command["channel_id"]), "")
        reading = self._tools.reader.read(str(command.get("text") or ""))
        if reading.kind in ("help", "other"):
            name = "note.help" if reading.kind == "help" else "note.not_a_question"
            text = self._tools.phrases.say(arrived.language, name)
            respond(text=text, blocks=self._offer(text, arrived.language), response_type="ephemeral")
            return
        self._tools.guard.run(arrived, lambda: self._open_thread(arrived, reading.brand, respond))

    def start_button(self, body: Payload, context: Payload, client: WebClient) -> None:
        """The start button opens a case in the thread it stands in, or in a thread of its own."""
        channel, thread = where(body, context)
        arrived = visit(client, context, channel, thread)
        if arrived.thread:
            self._tools.guard.run(arrived, lambda: self._start(arrived, None))
        else:
            self._tools.guard.run(arrived, lambda: self._open_thread(arrived, None, None))

    def _first_time(self, context: Payload, body: Payload) -> bool:
        """Slack delivers an event again when it is unsure; it is handled once."""
        key = f"event:{body.get('event_id')}"
        return self._tools.conversations.store.first_time(str(context.get("team_id") or ""), key)

    def _talk(self, arrived: Visit, event: Payload, *, named: bool, direct: bool) -> None:
        case = self._tools.conversations.store.case_at(arrived.place)
        reading = self._tools.reader.read(MENTION.sub(" ", str(event.get("text") or "")))
        if event.get("files") and (named or direct or case):
            self._say(arrived, "note.file")
            if reading.kind == "empty" or case:
                return
        if case and (named or direct):
            self._go_on(arrived, case, reading, named=named)
        elif named or direct:
            self._begin(arrived, reading)

    def _begin(self, arrived: Visit, reading: Reading) -> None:
        if reading.kind == "question":
            self._start(arrived, reading.brand)
        else:
            names = {"empty": "note.welcome", "help": "note.help"}
            self._say(arrived, names.get(reading.kind, "note.not_a_question"), offer=True)

    def _go_on(self, arrived: Visit, case: Case, reading: Reading, *, named: bool) -> None:
        """Naming the bot in an open thread brings its question back; other talk there is pointed to the buttons."""
        if reading.kind == "help":
            self._say(arrived, "note.help")
            return
        self._tools.conversations.owned(arrived.workspace, case.id, arrived.user)
        if self._tools.conversations.standing(case).progress.current is None:
            arrived.whisper(self._tools.phrases.say(arrived.language, "note.finished"))
        elif named:
            self._tools.delivery.ask_again(arrived.client, arrived.workspace, case.id, arrived.language)
        else:
            arrived.whisper(self._tools.phrases.say(arrived.language, "note.use_buttons"))

    def _start(self, arrived: Visit, brand: str | None) -> None:
        standing = self._tools.conversations.start(arrived.place, arrived.user, brand)
        self._tools.conversations.owned(arrived.workspace, standing.case.id, arrived.user)
        self._tools.delivery.bring_up_to_date(arrived.client, arrived.workspace, standing.case.id, arrived.language)

    def _open_thread(self, arrived: Visit, brand: str | None, respond: Respond | None) -> None:
        """Post a root message and start in its thread."""
        text = self._tools.phrases.say(arrived.language, "note.root", asker=Mrkdwn(f"<@{arrived.user}>"))
        channel = arrived.channel
        try:
            root = arrived.client.chat_postMessage(channel=channel, text=text)
        except SlackApiError as error:
            if error.response["error"] not in CLOSED_TO_US:
                raise
            channel = str(arrived.client.conversations_open(users=arrived.user)["channel"]["id"])
            root = arrived.client.chat_postMessage(channel=channel, text=text)
            if respond:
                respond(text=self._tools.phrases.say(arrived.language, "note.moved_to_dm"), response_type="ephemeral")
        there = Visit(arrived.client, arrived.workspace, arrived.user, channel, str(root["ts"]), arrived.language)
        self._start(there, brand)

    def _say(self, arrived: Visit, name: str, *, offer: bool = False) -> None:
        text = self._tools.phrases.say(arrived.language, name)
        blocks = self._offer(text, arrived.language) if offer else [section(text)]
        arrived.client.chat_postMessage(channel=arrived.channel, thread_ts=arrived.thread, text=text, blocks=blocks)

    def _offer(self, text: str, language: str) -> list[Block]:
        start = button(self._tools.phrases.label(language, "note.start"), Action.START, "start", "primary")
        return [section(text), actions([start], "offer")]
