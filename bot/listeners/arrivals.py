"""Every way in: a mention in a channel, a direct message, /kakunin, the start button, and files dropped in a thread.

What is said is read here, into codes; the words go no further.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from html import unescape
from typing import Any

from slack_bolt import App, Respond
from slack_sdk import WebClient

from bot import ids
from bot.ids import Action
from bot.jobs import UNREAD, Kind, case_code, job_of, saying, stranger
from bot.listeners.door import Door
from bot.listeners.visit import Visit, on_home, visit, where
from bot.outside import Outside, asks_for_answers
from bot.reading import codes_of, heard
from bot.status import status
from bot.tools import Tools
from bot.views.blocks import Block, section
from bot.views.offer import held
from conversations.models import Place
from conversations.store.protocol import Job
from knowledge.understanding.reading import Reading

MENTION = re.compile(r"<@[A-Z0-9]+>")
STARTS_A_THREAD = ("case", "empty", UNREAD)
"""What a command may say; anything else is answered privately."""
UNHEARD = Reading("empty")
"""What people say to each other is not read."""
HEARD = (None, "file_share", "thread_broadcast")

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    arrivals = Arrivals(tools, door, tools.clock)
    app.event("app_mention")(ack=door.through(arrivals.mention), lazy=[])
    app.event("message")(ack=door.through(arrivals.message), lazy=[])
    app.command("/kakunin")(ack=arrivals.command, lazy=[tools.guard.door(arrivals.answer_command)])
    app.action(Action.FORGET)(ack=door.through(arrivals.forget), lazy=[])
    app.action(Action.ANOTHER)(ack=door.through(arrivals.another), lazy=[])
    app.action(Action.START)(ack=door.through(arrivals.start_button), lazy=[])


class Arrivals:
    """What people who turn up say, as jobs."""

    def __init__(self, tools: Tools, door: Door, clock: Callable[[], datetime]) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._door = door
        self._clock = clock

    def mention(self, body: Payload, context: Payload) -> Job | None:
        """A mention starts a case in its thread, or asks the open question again. Other bots are left alone."""
        event = body["event"]
        return None if event.get("bot_id") else self._talk(body, context, named=True, direct=False)

    def message(self, body: Payload, context: Payload) -> Job | None:
        """A direct message needs no mention; in threads a file, a typed answer, or talk to a desk that closed."""
        event = body["event"]
        if event.get("bot_id") or event.get("subtype") not in HEARD:
            return None
        direct = event.get("channel_type") == "im"
        named = f"<@{context.get('bot_user_id')}>" in str(event.get("text") or "")
        heard = event.get("files") or self._typed(event, context) or self._closed(event, context)
        if not direct and (named or not heard):
            return None  # a mention comes as an event of its own
        return self._talk(body, context, named=named, direct=direct)

    def _typed(self, event: Payload, context: Payload) -> dict[str, object] | None:
        """Return what may be an answer in a thread, or to the bot alone, as codes; None for talk."""
        if not event.get("thread_ts") and event.get("channel_type") != "im":
            return None
        return self._heard(str(event.get("text") or ""), context)

    def _heard(self, text: str, context: Payload) -> dict[str, object] | None:
        book = self._tools.conversations.library.heard_by(str(context.get("team_id") or "")).current()
        heard = book.vocabulary.heard(MENTION.sub(" ", unescape(text)))
        return heard.codes() if heard else None

    def _closed(self, event: Payload, context: Payload) -> bool:
        """Whether the desk closed what the thread is about: then its asker is told, who may think it reads on."""
        channel, thread = str(event.get("channel") or ""), str(event.get("thread_ts") or "")
        store, workspace = self._tools.conversations.store, str(context.get("team_id") or "")
        return bool(thread) and store.desk_closed_at(Place(workspace, channel, thread))

    def _talk(self, body: Payload, context: Payload, *, named: bool, direct: bool) -> Job:
        event = body["event"]
        text = MENTION.sub(" ", str(event.get("text") or ""))
        reading = self._read(text, context) if named or direct else UNHEARD
        place = str(event["channel"]), str(event.get("thread_ts") or event["ts"])
        job = job_of(Kind.TALK, f"event:{body['event_id']}", context, place, self._clock())
        codes = {**self._told(reading, text, context), "named": named, "direct": direct}
        codes |= {"files": bool(event.get("files")), "typed": self._typed(event, context), "message": _stamp(event)}
        return saying(job, **codes, stranger=stranger(body, context, event.get("user_team") or event.get("team")))

    def _told(self, reading: Reading, text: str, context: Payload) -> dict[str, object]:
        return {
            **self._codes(reading, context),
            **self._tools.replies.codes(reading, text, str(context.get("team_id") or "")),
        }

    def command(self, ack: Callable[[], object], body: Payload, context: Payload) -> None:
        """/kakunin with a question, or alone, starts a thread; other words are answered privately, at once.

        Of these only what was not understood is written down, to be counted.
        """
        text = str(body.get("text") or "")
        reading = self._read(text, context)
        key, place = f"command:{body.get('trigger_id')}", (str(body.get("channel_id") or ""), "")
        if reading.kind in STARTS_A_THREAD:
            job = job_of(Kind.OPEN_THREAD, key, context, place, self._clock())
            self._door.take_in(saying(job, **self._told(reading, text, context)))
        elif reading.unplaced:
            job = job_of(Kind.HEARD, key, context, place, self._clock())
            self._door.take_in(saying(job, unplaced=dict(reading.unplaced)))
        ack()

    def answer_command(self, body: Payload, context: Payload, client: WebClient, respond: Respond) -> None:
        """Answer what is no question with a private note, which the command can show where the bot may not write."""
        text = str(body.get("text") or "")
        reading = self._read(text, context)
        if reading.kind in STARTS_A_THREAD:
            return
        arrived = visit(client, context, str(body.get("channel_id") or ""), "", self._tools.languages)
        try:
            told = {**self._told(reading, text, context), "typed": self._heard(text, context)}
            said, blocks = self._private_answer(told, arrived)
        except Exception as error:  # noqa: BLE001 - the guard explains it
            said, blocks = self._tools.guard.explain(error, arrived.language, arrived.workspace), None
        respond(text=said, blocks=blocks, response_type="ephemeral")

    def _private_answer(self, told: Payload, arrived: Visit) -> tuple[str, list[Block] | None]:
        kind = told["reading"]
        if kind in ("holdings", "forget"):
            holdings = self._tools.conversations.store.holdings(arrived.workspace, arrived.user)
            chosen = bool(self._tools.languages.chosen(arrived.workspace, arrived.user))
            return held(self._tools.phrases, holdings, arrived.language, chosen=chosen)
        if kind == "status":
            return status(self._tools, arrived)
        if asks_for_answers(told["typed"]):
            return Outside(self._tools).answers(arrived)
        replies, language = self._tools.replies, arrived.language
        reply, remarks = replies.reply(told, arrived.workspace, language), replies.remarks(told, language, posted=False)
        return "\n".join([*remarks, reply.text]), [*map(section, remarks), *reply.blocks]

    def start_button(self, body: Payload, context: Payload) -> Job:
        """The start button opens a case in the thread it stands in, or in a thread of its own."""
        place = where(body, context)
        kind = Kind.START if place[1] else Kind.OPEN_THREAD
        job = job_of(kind, click_key(body), context, place, self._clock())
        begun = self._tools.replies.begun(body["actions"][0].get("value"), job.workspace)
        told = {**self._codes(begun, context), "home": on_home(body)}
        return saying(job, **told, stranger=stranger(body, context, body["user"].get("team_id")))

    def another(self, body: Payload, context: Payload) -> Job:
        """The button of a case that opens another one in a thread of its own, which begins as that one did."""
        channel, _ = where(body, context)
        job = job_of(Kind.OPEN_THREAD, click_key(body), context, (channel, ""), self._clock())
        like = case_code(body["actions"][0].get("value"))
        return saying(job, like=like, stranger=stranger(body, context, body["user"].get("team_id")))

    def forget(self, body: Payload, context: Payload) -> Job:
        """The button that deletes what is held on whoever presses it."""
        job = job_of(Kind.FORGET, click_key(body), context, where(body, context), self._clock())
        return saying(job, home=on_home(body))

    def _codes(self, reading: Reading, context: Payload) -> dict[str, object]:
        return codes_of(reading, self._tools.conversations.library, str(context.get("team_id") or ""))

    def _read(self, text: str, context: Payload) -> Reading:
        return heard(self._tools.reader, str(context.get("team_id") or ""), text)


def click_key(body: Payload) -> str:
    """Return what tells a click apart from every other."""
    action = body["actions"][0]
    return f"click:{body['user']['id']}:{action['action_ts']}:{action['action_id']}"


def _stamp(event: Payload) -> str:
    """Return the time stamp that names the message, with which a case may begin."""
    return ids.named(event["ts"], ids.STAMP)
