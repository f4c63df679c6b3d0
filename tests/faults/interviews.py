"""People who answer card after card until their verdict, as fast as the bots go; each in a channel of their own."""

import copy
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.playground import payloads
from bot.playground.payloads import Payload
from bot.playground.workspace import BOT, TEAM, Channel, Message, Person
from conversations.models import Place
from tests.faults.bots import Bots, Encoded
from tests.faults.stand_in import Ground

PATIENCE = 240.0
LOOK_SECONDS = 0.01
QUESTION = "May I paste these data into ChatGPT?"


class Stuck(Exception):
    """Somebody waited in vain for the next card or the verdict."""


@dataclass
class Talk:
    """One interview: who, where, and what was clicked and acknowledged."""

    person: Person
    channel: Channel
    command: bool
    thread: str = ""
    clicked: dict[str, str] = field(default_factory=dict)
    """The button that was acknowledged, by card."""

    @property
    def place(self) -> Place:
        return Place(TEAM, self.channel.id, self.thread)


class Crowd:
    """Leads interviews; `twice` is the share of requests that Slack delivers again later, out of order."""

    def __init__(self, ground: Ground, bots: Bots, twice: float = 0.0) -> None:
        self.ground = ground
        self.bots = bots
        self.talks: list[Talk] = []
        self.delivered_twice = 0
        self.ended = 0
        self.patience = PATIENCE
        self._twice = twice
        self._stop = threading.Event()
        self._late: list[tuple[float, Encoded]] = []
        self._lock = threading.Lock()

    def interview(self, count: int, at_once: int = 12) -> None:
        """Lead so many interviews to their verdict, so many at once."""
        later = threading.Thread(target=self._deliver_late, daemon=True)
        later.start()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(self._lead, range(count)))
        self._stop.set()
        later.join()

    @contextmanager
    def interviewing(self, count: int, at_once: int = 3) -> Iterator[None]:
        """Lead them while something else goes on inside, and to their end."""
        leading = threading.Thread(target=self.interview, args=(count, at_once))
        leading.start()
        try:
            yield
        finally:
            leading.join()

    def has_ended(self, count: int) -> None:
        """Return once so many interviews came to their end."""
        until = time.monotonic() + self.patience
        while self.ended < count and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)

    def _lead(self, number: int) -> None:
        person, channel = self.ground.newcomer()
        talk = Talk(person, channel, command=number % 4 == 3)
        with self._lock:
            self.talks.append(talk)
        self._begin(talk)
        try:
            while (card := self._next(talk)) is not None:
                self._click(talk, card)
        except Stuck as error:
            print(error, file=sys.stderr)
        with self._lock:
            self.ended += 1

    def _begin(self, talk: Talk) -> None:
        workspace = self.ground.workspace
        if talk.command:
            sent = payloads.command(workspace, talk.person, talk.channel, QUESTION, "http://127.0.0.1:9/")
            self._send(payloads.encode_form(sent))
            return
        content = {"user": talk.person.id, "text": f"<@{BOT}> {QUESTION}", "team": TEAM}
        message = workspace.post(talk.channel.id, content)
        talk.thread = message["ts"]
        events = [
            payloads.event(workspace, inner) for _, inner in payloads.message_events(workspace, talk.channel, message)
        ]
        random.shuffle(events)
        for event in events:
            self._send(payloads.encode_event(event))

    def _send(self, request: Encoded, again: Encoded | None = None) -> None:
        self.bots.take(request, again)
        if random.random() < self._twice:
            with self._lock:
                self._late.append((time.monotonic() + random.uniform(0, 3), request))
                self.delivered_twice += 1

    def _deliver_late(self) -> None:
        while True:
            stopped = self._stop.wait(0.02)
            with self._lock:
                due = [each for each in self._late if stopped or each[0] < time.monotonic()]
                self._late = [each for each in self._late if each not in due]
            random.shuffle(due)
            for _, request in due:
                self.bots.take(request)
            if stopped:
                return

    def _next(self, talk: Talk) -> Message | None:
        """Wait for a card that was not answered yet; None once the verdict is there."""
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            with self.ground.workspace.changed:  # the bot may update them at any time
                messages = copy.deepcopy(self.ground.workspace.messages.get(talk.channel.id, []))
            if talk.command and not talk.thread:
                talk.thread = next((m["ts"] for m in messages if m["user"] == BOT and "only_for" not in m), "")
            for message in reversed(messages):
                if message.get("thread_ts") != talk.thread or not talk.thread:
                    continue
                if shows_verdict(message):
                    return None
                if (card := asked(message)) and card not in talk.clicked:
                    return message
            time.sleep(LOOK_SECONDS)
        raise Stuck(f"no further card nor verdict in {talk.place} after {sorted(talk.clicked)}")

    def _click(self, talk: Talk, message: Message) -> None:
        """Click on a button that answers the whole card; unacknowledged, it is repeated or clicked anew."""
        name = random.choice(answering(message))
        first = self._pressed(talk, message, name)
        anew = self._pressed(talk, message, name) if random.random() < 0.5 else None
        self._send(first, anew)
        talk.clicked[asked(message)] = name

    def _pressed(self, talk: Talk, message: Message, name: str) -> Encoded:
        element = _buttons(message)[name]
        action = {"block_id": "buttons", "action_id": name, "type": "button", "value": element["value"]}
        state = payloads.state_values(message["blocks"], {})
        sent = payloads.block_actions(self.ground.workspace, talk.person, talk.channel, message, action, state)
        return payloads.encode_interaction(sent)


def _buttons(message: Message) -> dict[str, Payload]:
    found = payloads.elements(message.get("blocks", []))
    return {name: element for (_, name), element in found.items() if element["type"] == "button"}


def answering(message: Message) -> Sequence[str]:
    """Return the buttons that answer the card without anything ticked."""
    ticked = any(block["type"] == "input" for block in message["blocks"])
    kinds = ("card.shortcut:",) if ticked else ("card.pick:", "card.shortcut:")
    return [name for name in _buttons(message) if name.startswith(kinds)]


def asked(message: Message) -> str:
    """Return the card that the message asks, or nothing."""
    buttons = _buttons(message)
    return next((str(buttons[name]["value"]).partition("|")[2] for name in answering(message)), "")


def shows_verdict(message: Message) -> bool:
    """Whether this is a message with a verdict."""
    return any(_id(block).startswith("verdict:") for block in message.get("blocks", []))


def _id(block: dict[str, Any]) -> str:
    return str(block.get("block_id", ""))
