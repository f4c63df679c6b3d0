"""One message at Slack, once: marked with its key, so that one that arrived although nobody heard of it is found."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient

EVENT = "kakunin"
LOOK_BACK = 100

Message = Mapping[str, Any]


class Overtaken(Exception):
    """Another worker carries the letter by now: it posts it."""


class Post:
    """Posts messages that carry their key in the message's metadata."""

    def once(  # noqa: PLR0913 - where, what and whether it was tried before
        self,
        client: WebClient,
        channel: str,
        thread: str,
        body: Mapping[str, Any],
        key: str,
        *,
        again: bool,
        last_look: Callable[[], None] = lambda: None,
    ) -> str:
        """Return the time stamp of the message, posted now unless `again` finds it there. Raises SlackApiError.

        `last_look` comes right before it is posted; what it raises leaves it unposted.
        """
        there = found(client, channel, thread, lambda message: _key_of(message) == key) if again else ""
        if there:
            return there
        last_look()
        mark = {"event_type": EVENT, "event_payload": {"key": key}}
        return str(client.chat_postMessage(channel=channel, thread_ts=thread or None, metadata=mark, **body)["ts"])


def found(client: WebClient, channel: str, thread: str, fits: Callable[[Message], bool]) -> str:
    """Return the time stamp of the message that fits, of the newest in the thread, or in the channel outside one.

    None is the empty text.
    """
    if thread:
        answer = client.conversations_replies(channel=channel, ts=thread, include_all_metadata=True, limit=LOOK_BACK)
    else:
        answer = client.conversations_history(channel=channel, include_all_metadata=True, limit=LOOK_BACK)
    messages: list[Message] = answer.get("messages") or []
    return next((str(message["ts"]) for message in messages if fits(message)), "")


def _key_of(message: Message) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key", "")) if metadata.get("event_type") == EVENT else ""
