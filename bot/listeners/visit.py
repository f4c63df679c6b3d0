"""Who did something, and where: the part every Slack payload shares, and private notes to that person."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.ids import CHANNEL, STAMP, USER, named
from bot.languages import Languages
from bot.reach import UNSAID, reason
from bot.views.blocks import Block
from conversations.models import Place

log = logging.getLogger("kakunin.slack")

Note = tuple[str, list[Block] | None]
Notes = list[Note]
"""Private notes, as text with or without blocks, to show once everything is written down."""


def acknowledge(ack: Ack) -> None:
    """Answer Slack at once; what is to be done follows, or nothing is (Slack repeats an event that is not answered)."""
    ack()


@dataclass(frozen=True)
class Visit:
    """One interaction of a person. `thread` is the root message it belongs to, empty outside a thread."""

    client: WebClient
    workspace: str
    user: str
    channel: str
    thread: str
    language: str

    @property
    def place(self) -> Place:
        """Return where a case would be talked about."""
        return Place(self.workspace, self.channel, self.thread)

    def whisper(self, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
        """Tell the person something that only they see, outside a channel as a direct message.

        A note that cannot be shown is logged, not raised.
        """
        try:
            if not self.channel:
                self.client.chat_postMessage(channel=named(self.user, USER), text=text, blocks=blocks)
                return
            self.client.chat_postEphemeral(
                channel=named(self.channel, CHANNEL),
                user=named(self.user, USER),
                text=text,
                blocks=blocks,
                thread_ts=self.thread if STAMP.fullmatch(self.thread) else None,
            )
        except UNSAID as error:
            log.warning("a private note could not be shown: %s", reason(error))


def visit(client: WebClient, context: Mapping[str, Any], channel: str, thread: str, languages: Languages) -> Visit:
    """Return the visit behind a payload."""
    user = str(context.get("user_id") or "")
    workspace = str(context.get("team_id") or "")
    return Visit(client, workspace, user, channel, thread, languages.of(client, workspace, user))


def where(body: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[str, str]:
    """Return channel and thread of the message that holds a clicked button; the thread is empty outside one."""
    container, message = body.get("container") or {}, body.get("message") or {}
    channel = container.get("channel_id") or context.get("channel_id") or ""
    return str(channel), str(message.get("thread_ts") or container.get("thread_ts") or "")


def on_home(body: Mapping[str, Any]) -> bool:
    """Whether somebody acted on their Home tab, which is then shown anew, with what there is to tell."""
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("type") == "home"
