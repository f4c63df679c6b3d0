"""A tiny Slack workspace in memory: people, channels, messages, threads and open views. No HTTP, no Block Kit rules."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]

TEAM, BOT, BOT_ID, APP = "T0PLAY", "U0KAKUNIN", "B0KAKUNIN", "A0KAKUNIN"
TRIGGER_SECONDS = 3.0


@dataclass(frozen=True)
class Person:
    """A user of the workspace, or of the workspace `team` that shares a channel with it; a `deleted` one has left."""

    id: str
    name: str
    locale: str
    team: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_guest: bool = False


@dataclass(frozen=True)
class Channel:
    """A channel, or a direct message with the bot when `person` is set. `members`: who is in it, empty for all."""

    id: str
    name: str
    person: str = ""
    bot_is_in: bool = True
    archived: bool = False
    members: tuple[str, ...] = ()

    def shown_to(self, user: str) -> bool:
        """Whether the person has it in their list."""
        return self.person in ("", user) and (not self.members or user in self.members)


PEOPLE = (
    Person("U0HANAKO", "佐藤 花子", "ja-JP"),
    Person("U0ALEX", "Alex Rivera", "en-US"),
    Person("U0KENJI", "鈴木 健二", "ja-JP"),
    Person("U0MIKA", "高橋 美香", "ja-JP"),
    Person("U0EMMA", "Emma Clarke", "en-US"),
    Person("U0RYO", "中村 涼", "ja-JP"),
)
"""Two researchers, and one person for each role of the example institution."""

CHANNELS = (
    Channel("C0GENERAL", "general"),
    Channel("C0LAB", "lab-materials"),
    Channel("C0DESK", "ai-desk", members=("U0KENJI",)),
    Channel("C0QUIET", "without-kakunin", bot_is_in=False),
)
GROUPS = {"S0OFFICE": ("U0MIKA",)}
"""User groups: id to members."""


@dataclass
class Workspace:
    """What Slack would hold. Every change raises `version` and wakes those who wait for it.

    `enterprise`: the organisation that the workspace is part of, where that installed the bot as a whole.
    `refuses`: which blocks it does not take yet, by type.
    """

    team: str = TEAM
    bot: str = BOT
    bot_id: str = BOT_ID
    enterprise: str = ""
    people: dict[str, Person] = field(default_factory=lambda: {p.id: p for p in PEOPLE})
    channels: dict[str, Channel] = field(default_factory=lambda: {c.id: c for c in CHANNELS})
    groups: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(GROUPS))
    messages: dict[str, list[Message]] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    refuses: frozenset[str] = frozenset()
    version: int = 1
    closed: bool = False

    def __post_init__(self) -> None:
        """Give everyone a direct message channel with the bot."""
        self._count = itertools.count(1)
        self.changed = threading.Condition(threading.RLock())
        for person in self.people.values():
            channel = Channel(f"D{person.id[1:]}", "Kakunin", person=person.id)
            self.channels[channel.id] = channel

    def number(self) -> int:
        """Return the next number for an id or time stamp."""
        return next(self._count)

    def stamp(self) -> str:
        """Return a time stamp as of now that names nothing else."""
        return f"{int(time.time())}.{self.number():06d}"

    def touch(self) -> None:
        """Tell that something changed."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()

    def close(self) -> None:
        """Send everyone away who waits for a change."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def wait(self, since: int, seconds: float) -> int:
        """Return the version once it is past `since`, or after `seconds`."""
        with self.changed:
            self.changed.wait_for(lambda: self.version > since or self.closed, seconds)
            return self.version

    def post(self, channel: str, message: Message) -> Message:
        """Add a message with a time stamp of its own and return it."""
        with self.changed:
            posted = {"type": "message", "ts": self.stamp(), **message}
            self.messages.setdefault(channel, []).append(posted)
            self.touch()
            return posted

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message of that time stamp, or None."""
        return next((m for m in self.messages.get(channel, []) if m["ts"] == ts), None)

    def edit(self, message: Message, change: Callable[[Message], None]) -> None:
        """Change a message in place."""
        with self.changed:
            change(message)
            self.touch()

    def remove(self, channel: str, message: Message) -> None:
        """Take a message away."""
        with self.changed:
            self.messages[channel].remove(message)
            self.touch()

    def trigger(self, user: str) -> str:
        """Return a trigger id that opens one view within three seconds."""
        name = f"{self.number()}.{self.team}"
        self.triggers[name] = (user, time.monotonic())
        return name

    def use_trigger(self, name: str) -> tuple[str, str]:
        """Return (user, error); the error is empty if the trigger may be used now."""
        user, made = self.triggers.pop(name, ("", 0.0))
        if not user:
            return "", "invalid_trigger_id" if "." not in name else "exchanged_trigger_id"
        return user, "expired_trigger_id" if time.monotonic() - made > TRIGGER_SECONDS else ""

    def refuse(self, what: str) -> None:
        """Remember what was refused, for the developer."""
        with self.changed:
            self.refusals.append(what)
            self.touch()

    def visible(self, user: str) -> dict[str, list[Message]]:
        """Return the messages of every channel the person can see; private notes only their own."""
        with self.changed:
            return {
                channel.id: [m for m in self.messages.get(channel.id, []) if m.get("only_for", user) == user]
                for channel in self.channels.values()
                if channel.shown_to(user)
            }


def with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Slack names blocks that have no block_id."""
    return [{"block_id": f"auto{position}", **block} for position, block in enumerate(blocks)]
