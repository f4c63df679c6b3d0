"""The Web API methods that Kakunin calls, as strict as Slack: tokens, scopes, arguments, Block Kit, time stamps."""

import json
from collections.abc import Callable
from typing import Any

from bot.manifest import scopes
from bot.playground.block_kit import block_faults, view_faults
from bot.playground.files import Files
from bot.playground.refusals import Answer, Arguments, Refused, text_of
from bot.playground.surfaces import Surfaces
from bot.playground.workspace import APP, Channel, Message, Workspace, with_ids

TEXT_LIMIT = 40_000


class WebApi:
    """Answers calls on one workspace with one token."""

    def __init__(self, workspace: Workspace, token: str) -> None:
        """Accept only `token`; grant the scopes of the manifest."""
        self.workspace = workspace
        self.files = Files(workspace)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.token = token
        self.surfaces = Surfaces(workspace, self._channel)
        self._methods: dict[str, tuple[str, Callable[[Arguments], Answer]]] = {
            "assistant.threads.setStatus": ("assistant:write", self.surfaces.set_status),
            "assistant.threads.setSuggestedPrompts": ("assistant:write", self.surfaces.set_prompts),
            "assistant.threads.setTitle": ("assistant:write", self.surfaces.set_title),
            "auth.test": ("", self._auth_test),
            "chat.getPermalink": ("", self.surfaces.permalink),
            "chat.postMessage": ("chat:write", self._post_message),
            "chat.postEphemeral": ("chat:write", self._post_ephemeral),
            "chat.update": ("chat:write", self._update),
            "conversations.history": ("channels:history", self._history),
            "conversations.open": ("im:write", self._open_conversation),
            "conversations.replies": ("channels:history", self._replies),
            "files.completeUploadExternal": ("files:write", self._complete_upload),
            "files.getUploadURLExternal": ("files:write", self.files.begin),
            "usergroups.users.list": ("usergroups:read", self._group_members),
            "users.info": ("users:read", self._user_info),
            "views.open": ("", self._open_view),
            "views.publish": ("", self.surfaces.publish),
            "views.update": ("", self._update_view),
        }

    def call(self, method: str, token: str, arguments: Arguments) -> Answer:
        """Return Slack's answer; a refusal is remembered for the developer."""
        decoded = {key: _decoded(value) for key, value in arguments.items()}
        self.calls.append((method, decoded))
        try:
            return {"ok": True, **self._method(method, token)(decoded)}
        except Refused as refused:
            faults = refused.answer.get("response_metadata", {}).get("messages", [])
            self.workspace.refuse(f"{method}: {refused.answer['error']} {'; '.join(faults)}".strip())
            return refused.answer

    def respond(self, arguments: Arguments) -> None:
        """Show a private note sent to a response_url, which also works where the bot is not a member."""
        content = self._content(arguments)
        shown = {
            "user": self.workspace.bot,
            "bot_id": self.workspace.bot_id,
            "ephemeral": True,
            "only_for": arguments["user"],
            **content,
        }
        self.workspace.post(arguments["channel"], shown)

    def _method(self, method: str, token: str) -> Callable[[Arguments], Answer]:
        if not token:
            raise Refused("not_authed")
        if token != self.token:
            raise Refused("invalid_auth")
        if method not in self._methods:
            raise Refused("unknown_method", req_method=method)
        scope, answer = self._methods[method]
        if scope and scope not in scopes():
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(scopes())))
        return answer

    def _auth_test(self, _: Arguments) -> Answer:
        identity = {
            "team": "Playground",
            "team_id": self.workspace.team,
            "user": "kakunin",
            "user_id": self.workspace.bot,
            "bot_id": self.workspace.bot_id,
        }
        return {"url": "https://playground.slack.com/", "is_enterprise_install": False, **identity}

    def _channel(self, arguments: Arguments) -> Channel:
        name = text_of(arguments, "channel", "channel_not_found")
        person = self.workspace.people.get(name)
        channel = self.workspace.channels.get(f"D{name[1:]}" if person else name)
        if channel is None:
            raise Refused("channel_not_found")
        if channel.archived:
            raise Refused("is_archived")
        if not channel.bot_is_in:
            raise Refused("not_in_channel")
        return channel

    def _content(self, arguments: Arguments) -> Message:
        text, blocks = arguments.get("text") or "", arguments.get("blocks")
        if not text and not blocks:
            raise Refused("no_text")
        if not isinstance(text, str) or len(text) > TEXT_LIMIT:
            raise Refused("msg_too_long")
        faults = block_faults(blocks, "message") if blocks is not None else []
        faults += [f"unsupported type: {kind}" for kind in self.workspace.refuses & _kinds(blocks)]
        if faults:
            raise Refused("invalid_blocks", response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]})
        return {"text": text, **({"blocks": with_ids(blocks)} if blocks else {})}

    def _thread(self, channel: Channel, arguments: Arguments) -> Message:
        thread = arguments.get("thread_ts")
        if not thread:
            return {}
        root = self.workspace.find(channel.id, str(thread))
        if root is None or root.get("thread_ts", root["ts"]) != root["ts"]:
            raise Refused("thread_not_found")
        return {"thread_ts": thread}

    def _post_message(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        message = {**self._content(arguments), **self._thread(channel, arguments), **_metadata(arguments)}
        posted = self.workspace.post(
            channel.id,
            {
                "user": self.workspace.bot,
                "bot_id": self.workspace.bot_id,
                "app_id": APP,
                "team": self.workspace.team,
                **message,
            },
        )
        self.surfaces.answered(channel.id, str(posted.get("thread_ts")))
        return {"channel": channel.id, "ts": posted["ts"], "message": posted}

    def _complete_upload(self, arguments: Arguments) -> Answer:
        """A file goes to a conversation by its id only, a person's is none."""
        if arguments.get("channel_id") in self.workspace.people:
            raise Refused("channel_not_found")
        channel = self._channel({"channel": arguments.get("channel_id")})
        return self.files.complete(arguments, channel, self._thread(channel, arguments))

    def _post_ephemeral(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        user = text_of(arguments, "user", "user_not_in_channel")
        if user not in self.workspace.people or channel.person not in ("", user):
            raise Refused("user_not_in_channel")
        message = {**self._content(arguments), **self._thread(channel, arguments)}
        shown = {
            "user": self.workspace.bot,
            "bot_id": self.workspace.bot_id,
            "ephemeral": True,
            "only_for": user,
            **message,
        }
        return {"message_ts": self.workspace.post(channel.id, shown)["ts"]}

    def _update(self, arguments: Arguments) -> Answer:
        """A message is changed under the id of its conversation only, a person's is none."""
        if arguments.get("channel") in self.workspace.people:
            raise Refused("channel_not_found")
        channel = self._channel(arguments)
        message = self.workspace.find(channel.id, text_of(arguments, "ts", "message_not_found"))
        if message is None or message.get("ephemeral"):
            raise Refused("message_not_found")
        if message.get("bot_id") != self.workspace.bot_id:
            raise Refused("cant_update_message")
        content = self._content(arguments)
        self.workspace.edit(
            message, lambda m: m.update({"blocks": [], "edited": {"user": self.workspace.bot}, **content})
        )
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"]}

    def _replies(self, arguments: Arguments) -> Answer:
        channel, root = self._channel(arguments), text_of(arguments, "ts", "thread_not_found")
        if self.workspace.find(channel.id, root) is None:
            raise Refused("thread_not_found")
        return self._listed(channel, arguments, lambda m: root in (m["ts"], m.get("thread_ts")))

    def _history(self, arguments: Arguments) -> Answer:
        answer = self._listed(self._channel(arguments), arguments, lambda m: "thread_ts" not in m)
        return {**answer, "messages": answer["messages"][::-1]}

    def _listed(self, channel: Channel, arguments: Arguments, wanted: Callable[[Message], bool]) -> Answer:
        """Return the newest messages, oldest first; metadata only where it is asked for."""
        found = [m for m in self.workspace.messages.get(channel.id, []) if not m.get("ephemeral") and wanted(m)]
        limit = int(arguments.get("limit") or 100)
        kept = () if _true(arguments.get("include_all_metadata")) else ("metadata",)
        shown = [{key: value for key, value in m.items() if key not in kept} for m in found[-limit:]]
        return {"messages": shown, "has_more": len(found) > limit}

    def _open_conversation(self, arguments: Arguments) -> Answer:
        user = text_of(arguments, "users", "users_list_not_supplied")
        if user not in self.workspace.people:
            raise Refused("user_not_found")
        return {"channel": {"id": f"D{user[1:]}"}}

    def _group_members(self, arguments: Arguments) -> Answer:
        members = self.workspace.groups.get(text_of(arguments, "usergroup", "invalid_arguments"))
        if members is None:
            raise Refused("no_such_subteam")
        return {"users": list(members)}

    def _user_info(self, arguments: Arguments) -> Answer:
        person = self.workspace.people.get(text_of(arguments, "user", "user_not_found"))
        if person is None:
            raise Refused("user_not_found")
        locale = {"locale": person.locale} if _true(arguments.get("include_locale")) else {}
        return {
            "user": {
                "id": person.id,
                "team_id": person.team or self.workspace.team,
                "name": person.name,
                "real_name": person.name,
                "deleted": person.deleted,
                "is_bot": person.is_bot,
                "is_restricted": person.is_guest,
                **({"is_stranger": True} if person.team else {}),
                **locale,
            }
        }

    def _open_view(self, arguments: Arguments) -> Answer:
        user, error = self.workspace.use_trigger(text_of(arguments, "trigger_id", "invalid_arguments"))
        if error:
            raise Refused(error)
        return self._show_view(user, f"V{self.workspace.number()}", arguments.get("view"))

    def _update_view(self, arguments: Arguments) -> Answer:
        name = text_of(arguments, "view_id", "invalid_arguments")
        user = next((user for user, view in self.workspace.views.items() if view["id"] == name), None)
        if user is None:
            raise Refused("not_found")
        return self._show_view(user, name, arguments.get("view"))

    def replace_view(self, user: str, name: str, view: object) -> None:
        """Show another view in place of one that was submitted; a refusal is remembered for the developer."""
        try:
            self._show_view(user, name, view)
        except Refused as refused:
            faults = refused.answer["response_metadata"]["messages"]
            self.workspace.refuse(f"response_action update: {'; '.join(faults)}")

    def _show_view(self, user: str, name: str, view: Any) -> Answer:  # noqa: ANN401 - whatever the bot sent
        faults = view_faults(view)
        if faults:
            raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]})
        shown = {**view, "id": name, "team_id": self.workspace.team, "app_id": APP, "blocks": with_ids(view["blocks"])}
        self.workspace.views[user] = shown
        self.workspace.touch()
        return {"view": shown}


def _decoded(value: Any) -> Any:  # noqa: ANN401 - form fields hold JSON of any shape
    """Form fields carry blocks and views as JSON text."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _kinds(blocks: object) -> set[str]:
    found = blocks if isinstance(blocks, list) else []
    return {block["type"] for block in found if isinstance(block, dict) and isinstance(block.get("type"), str)}


def _true(value: object) -> bool:
    return value in (True, "true", "1", 1)


def _metadata(arguments: Arguments) -> Message:
    """Metadata as Slack takes it: a type, and a payload of single values."""
    metadata = arguments.get("metadata")
    if metadata is None:
        return {}
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    if not isinstance(payload, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    return {"metadata": metadata}
