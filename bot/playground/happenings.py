"""True Slack payloads beside messages, commands and clicks on them: events about them, shortcuts, Home and panes."""

from typing import Any

from bot.playground.payloads import Payload, interaction
from bot.playground.workspace import Channel, Message, Person, Workspace

HOME, MESSAGES = "home", "messages"


def heard_as(channel: Channel) -> str:
    """Return the subscription by which the bot hears of messages in the channel."""
    return "message.im" if channel.person else "message.channels"


def message_changed(channel: Channel, before: Message, message: Message, stamp: str) -> Payload:
    """Return the event of a message that is another one now; a tombstone where it was deleted and has replies."""
    return {**_hidden("message_changed", channel, stamp), "message": message, "previous_message": before}


def message_deleted(channel: Channel, before: Message, stamp: str) -> Payload:
    """Return the event of a message that is gone."""
    return {**_hidden("message_deleted", channel, stamp), "deleted_ts": before["ts"], "previous_message": before}


def _hidden(subtype: str, channel: Channel, stamp: str) -> Payload:
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": "im" if channel.person else "channel",
        "ts": stamp,
        "event_ts": stamp,
    }


def tombstone(message: Message) -> Message:
    """Return what Slack leaves of a deleted message with replies."""
    kept: Message = {key: value for key, value in message.items() if key in ("type", "ts", "team")}
    told = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "hidden": True}
    return {**kept, "thread_ts": message["ts"], **told}


def reaction_added(person: Person, channel: Channel, message: Message, reaction: str, stamp: str) -> Payload:
    """Return the event of a reaction to a message."""
    return {
        "type": "reaction_added",
        "user": person.id,
        "reaction": reaction,
        "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
        "item_user": message["user"],
        "event_ts": stamp,
    }


def app_home_opened(person: Person, channel: str, tab: str, view: Payload | None, stamp: str) -> Payload:
    """Return the event of somebody who looks at a tab of the app, with the Home tab that is shown, if one is."""
    shown = {"view": view} if view else {}
    return {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel,
        "tab": tab,
        **shown,
        "event_ts": stamp,
    }


def assistant_thread(kind: str, person: Person, channel: str, thread: str, context: Payload, stamp: str) -> Payload:  # noqa: PLR0913, PLR0917 - Slack's payload has these parts
    """Return the event of a pane that was opened, or beside which another channel is looked at."""
    told = {"user_id": person.id, "context": context, "channel_id": channel, "thread_ts": thread}
    return {"type": kind, "assistant_thread": told, "event_ts": stamp}


def shortcut(workspace: Workspace, person: Person, callback_id: str) -> Payload:
    """Return the payload of a shortcut that was used from anywhere: it names no channel."""
    return _shortcut(workspace, "shortcut", person, callback_id)


def message_action(
    workspace: Workspace, person: Person, channel: Channel, message: Message, callback_id: str
) -> Payload:
    """Return the payload of a shortcut in the menu of a message."""
    return {
        **_shortcut(workspace, "message_action", person, callback_id),
        "channel": {"id": channel.id, "name": "directmessage" if channel.person else channel.name},
        "message_ts": message["ts"],
        "message": message,
        "response_url": "",
    }


def _shortcut(workspace: Workspace, kind: str, person: Person, callback_id: str) -> dict[str, Any]:
    told = {"callback_id": callback_id, "action_ts": f"{workspace.number()}.0"}
    return {**interaction(workspace, kind, person), **told}
