"""True Slack payloads: what Slack would send for a message, a command, a click or a submission, and its signature."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from bot.playground.workspace import APP, Channel, Message, Person, Workspace

Payload = dict[str, Any]
State = Mapping[str, Mapping[str, list[str]]]

SINGLE = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "plain_text_input": "value",
}
"""Under which name Slack sends what stands in an element that holds one value."""

VERIFICATION_TOKEN = "playground"  # noqa: S105 - Slack's long deprecated field, no secret


def event(workspace: Workspace, inner: Payload) -> Payload:
    """Return the Events API envelope of an event."""
    whole = bool(workspace.enterprise)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team,
        "enterprise_id": workspace.enterprise or None,
        "api_app_id": APP,
        "type": "event_callback",
        "event_id": f"Ev{workspace.number():08d}",
        "event_time": int(float(inner["ts"])) if "ts" in inner else int(time.time()),
        "authorizations": [
            {
                "enterprise_id": workspace.enterprise or None,
                "team_id": None if whole else workspace.team,
                "user_id": workspace.bot,
                "is_bot": True,
                "is_enterprise_install": whole,
            }
        ],
        "event": inner,
    }


def message_events(workspace: Workspace, channel: Channel, message: Message) -> list[tuple[str, Payload]]:
    """Return the (subscription, event) pairs that Slack would send for a person's message."""
    kind = "im" if channel.person else "channel"
    subtype = {"subtype": "file_share"} if message.get("files") else {}
    inner = {**message, **subtype, "channel": channel.id, "event_ts": message["ts"]}
    name = "message.im" if channel.person else "message.channels"
    found = [(name, {**inner, "channel_type": kind})]
    if not channel.person and f"<@{workspace.bot}>" in message["text"]:
        found.append(("app_mention", {**inner, "type": "app_mention"}))
    return found


def command(workspace: Workspace, person: Person, channel: Channel, text: str, response_url: str) -> Payload:
    """Return the form fields of a slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team,
        "team_domain": "playground",
        **({"enterprise_id": workspace.enterprise} if workspace.enterprise else {}),
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.person else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": "/kakunin",
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "true" if workspace.enterprise else "false",
        "response_url": response_url,
        "trigger_id": workspace.trigger(person.id),
    }


def interaction(workspace: Workspace, kind: str, person: Person) -> Payload:
    """Return what every payload of somebody's doing tells."""
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": workspace.team},
        "api_app_id": APP,
        "token": VERIFICATION_TOKEN,
        "team": None if workspace.enterprise else {"id": workspace.team, "domain": "playground"},
        "enterprise": {"id": workspace.enterprise} if workspace.enterprise else None,
        "is_enterprise_install": bool(workspace.enterprise),
        "trigger_id": workspace.trigger(person.id),
    }


def block_actions(  # noqa: PLR0913, PLR0917 - Slack's payload has these parts
    workspace: Workspace, person: Person, channel: Channel, message: Message, action: Payload, state: Payload
) -> Payload:
    """Return the payload of a click on an element of a message."""
    thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": bool(message.get("ephemeral")),
        **thread,
    }
    shown = {} if message.get("ephemeral") else {"message": {**message, "bot_id": workspace.bot_id}}
    return {
        **interaction(workspace, "block_actions", person),
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        **shown,
        "state": {"values": state},
        "response_url": "",
        "actions": [{**action, "action_ts": f"{workspace.number()}.0"}],
    }


def view_actions(workspace: Workspace, person: Person, view: Payload, action: Payload, state: Payload) -> Payload:
    """Return the payload of a click on an element of an open modal, or of a Home tab."""
    return {
        **interaction(workspace, "block_actions", person),
        "container": {"type": "view", "view_id": view["id"]},
        "view": {**view, "state": {"values": state}, "team_id": workspace.team},
        "actions": [{**action, "action_ts": f"{workspace.number()}.0"}],
    }


def view_submission(workspace: Workspace, person: Person, view: Payload, state: Payload) -> Payload:
    """Return the payload of a submitted modal."""
    return {
        **interaction(workspace, "view_submission", person),
        "view": {
            **view,
            "state": {"values": state},
            "team_id": workspace.team,
            "app_installed_team_id": workspace.enterprise or workspace.team,
        },
        "response_urls": [],
    }


def chosen(element: Payload, values: list[str]) -> Payload:
    """Return what Slack sends of an element in which `values` are chosen."""
    options = [*element.get("options", []), *(o for g in element.get("option_groups", []) for o in g["options"])]
    picked = [option for option in options if option["value"] in values]
    kind = element["type"]
    if kind in SINGLE:
        return {"type": kind, SINGLE[kind]: values[0] if values else None}
    if kind == "multi_users_select":
        return {"type": kind, "selected_users": values}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": picked}
    if kind in ("radio_buttons", "static_select", "overflow"):
        return {"type": kind, "selected_option": picked[0] if picked else None}
    raise ValueError(f"the stand-in does not know what Slack sends of a {kind}")


def clicked(element: Payload, values: list[str]) -> Payload:
    """Return what Slack sends of the element that was clicked, or in which `values` were chosen."""
    if element["type"] == "button":
        return {"type": "button", "text": element["text"], "value": element.get("value")}
    return chosen(element, values)


def elements(blocks: list[Payload]) -> dict[tuple[str, str], Payload]:
    """Return every interactive element by block id and action id."""
    found = {}
    for block in blocks:
        inner = [*block.get("elements", []), block.get("element"), block.get("accessory")]
        for element in inner:
            if isinstance(element, dict) and "action_id" in element:
                found[block["block_id"], element["action_id"]] = element
    return found


def state_values(blocks: list[Payload], state: State) -> Payload:
    """Return `state.values`: every stateful element, with what the page says is chosen, else what was initial."""
    values: Payload = {}
    for (block_id, action_id), element in elements(blocks).items():
        if element["type"] in ("button", "overflow"):
            continue
        picked = state.get(block_id, {}).get(action_id, _initial(element))
        values.setdefault(block_id, {})[action_id] = chosen(element, picked)
    return values


def _initial(element: Payload) -> list[str]:
    options = element.get("initial_options") or [element[key] for key in ("initial_option",) if key in element]
    alone = ("initial_user", "initial_conversation", "initial_date", "initial_value")
    plain = [*element.get("initial_users", []), *(element[key] for key in alone if key in element)]
    return [*plain, *(option["value"] for option in options)]


def encode_event(payload: Payload) -> tuple[str, str]:
    """Return body and content type of an event."""
    return json.dumps(payload, ensure_ascii=False), "application/json"


def encode_form(fields: Payload) -> tuple[str, str]:
    """Return body and content type of a slash command."""
    return urlencode(fields), "application/x-www-form-urlencoded"


def encode_interaction(payload: Payload) -> tuple[str, str]:
    """Return body and content type of an interaction."""
    return encode_form({"payload": json.dumps(payload, ensure_ascii=False)})


def signed(secret: str, body: str, content_type: str, now: int) -> dict[str, str]:
    """Return the headers of a request that Slack signed at `now` (Unix seconds)."""
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(now), body=body)
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": str(now),
        "X-Slack-Signature": signature or "",
    }
