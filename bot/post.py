"""One message at Slack, once: marked with its key, so that one that arrived although nobody heard of it is found."""

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient

EVENT = "kakunin"
LOOK_BACK = 100


class Post:
    """Posts messages that carry their key in the message's metadata."""

    def once(  # noqa: PLR0913 - where, what and whether it was tried before
        self, client: WebClient, channel: str, thread: str, body: Mapping[str, Any], key: str, *, again: bool
    ) -> str:
        """Return the time stamp of the message, posted now unless `again` finds it there. Raises SlackApiError."""
        found = self._found(client, channel, thread, key) if again else ""
        if found:
            return found
        mark = {"event_type": EVENT, "event_payload": {"key": key}}
        return str(client.chat_postMessage(channel=channel, thread_ts=thread or None, metadata=mark, **body)["ts"])

    def _found(self, client: WebClient, channel: str, thread: str, key: str) -> str:
        """The message with the key among the newest of the thread, or of the channel outside one."""
        if thread:
            answer = client.conversations_replies(
                channel=channel, ts=thread, include_all_metadata=True, limit=LOOK_BACK
            )
        else:
            answer = client.conversations_history(channel=channel, include_all_metadata=True, limit=LOOK_BACK)
        messages: list[Mapping[str, Any]] = answer.get("messages") or []
        return next((str(m["ts"]) for m in messages if _key_of(m) == key), "")


def _key_of(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key", "")) if metadata.get("event_type") == EVENT else ""
