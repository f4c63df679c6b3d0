"""The app manifest asks for what the listeners and the calls of the code need, and for no more."""

import json
import re
from pathlib import Path

import bot
from bot.ids import Action, Shortcut
from bot.manifest import events, manifest, scopes

BOT = Path(bot.__file__).parent
ROOT = BOT.parent

# Web API method of slack_sdk → the scope it needs; "" where any token will do.
NEEDED_BY_CALL = {
    "assistant_threads_setStatus": "assistant:write",
    "assistant_threads_setSuggestedPrompts": "assistant:write",
    "assistant_threads_setTitle": "assistant:write",
    "auth_test": "",
    "chat_getPermalink": "",
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_history": "channels:history",
    "conversations_open": "im:write",
    "conversations_replies": "channels:history",
    "files_completeUploadExternal": "files:write",
    "files_getUploadURLExternal": "files:write",
    "usergroups_users_list": "usergroups:read",
    "users_info": "users:read",
    "views_open": "",
    "views_publish": "",
    "views_update": "",
}
NEEDED_BY_EVENT = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "assistant_thread_context_changed": "assistant:write",
    "assistant_thread_started": "assistant:write",
    "reaction_added": "reactions:read",
    "tokens_revoked": "",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}
CALL = re.compile(r"(?:client|WebClient\([^)]*\))\s*\.\s*([a-z]+_[A-Za-z_]+)\(")


def source() -> str:
    files = [file for file in BOT.rglob("*.py") if "playground" not in file.parts]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_every_web_api_call_has_its_scope() -> None:
    called = set(CALL.findall(source())) - {"apps_connections_open"}  # asks with the app-level token
    assert called == set(NEEDED_BY_CALL), "a call came or went: say here which scope it needs"
    assert {NEEDED_BY_CALL[name] for name in called} - {""} <= scopes()


def test_no_scope_is_asked_for_in_vain() -> None:
    needed = {*NEEDED_BY_CALL.values(), *NEEDED_BY_EVENT.values(), "commands"} - {""}
    assert scopes() == needed


def test_every_event_listened_to_is_subscribed_to_with_its_scope() -> None:
    listened = set(re.findall(r'app\.event\("(\w+)"', source()))
    assert listened == {event.partition(".")[0] for event in events()}
    assert events() == set(NEEDED_BY_EVENT)
    assert {NEEDED_BY_EVENT[event] for event in events()} - {""} <= scopes()


def test_every_command_listened_to_is_registered() -> None:
    listened = set(re.findall(r'app\.command\("(/\w+)"\)', source()))
    registered = manifest()["features"]["slash_commands"]
    assert {entry["command"] for entry in registered} == listened == {"/kakunin"}
    for entry in registered:
        assert len(entry["description"]) <= 2000
        assert "url" not in entry  # Socket Mode, or the address that the README tells to fill in


def test_every_shortcut_listened_to_is_registered_and_takes_so_much_room() -> None:
    registered = manifest()["features"]["shortcuts"]
    assert {entry["callback_id"] for entry in registered} == set(Shortcut)
    assert sorted(entry["type"] for entry in registered) == ["global", "message"]
    for entry in registered:
        assert len(entry["name"]) <= 24
        assert len(entry["description"]) <= 150


def test_home_and_the_assistants_pane_can_be_opened() -> None:
    features = manifest()["features"]
    assert features["app_home"]["home_tab_enabled"] is True
    assert 1 <= len(features["assistant_view"]["assistant_description"]) <= 300


def test_clicks_and_messages_can_arrive() -> None:
    told = manifest()
    assert set(Action)
    assert told["settings"]["interactivity"]["is_enabled"] is True
    assert told["settings"]["socket_mode_enabled"] is True
    assert told["settings"]["token_rotation_enabled"] is False  # there is no place where a new token would be kept
    assert told["features"]["app_home"]["messages_tab_enabled"] is True
    assert told["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert told["features"]["bot_user"]["display_name"] == "Kakunin"


def test_slack_takes_the_manifest() -> None:
    shown = manifest()["display_information"]
    assert 1 <= len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    bot_scopes = manifest()["oauth_config"]["scopes"]["bot"]
    assert bot_scopes == sorted(set(bot_scopes))
    assert "user" not in manifest()["oauth_config"]["scopes"]


def test_the_packaged_copy_is_the_one_in_the_root() -> None:
    """A wheel holds the root's manifest as bot/manifest.json; the checkout holds only one."""
    root, packaged = ROOT / "manifest.json", BOT / "manifest.json"
    there = [file for file in (root, packaged) if file.is_file()]
    assert [json.loads(file.read_text(encoding="utf-8")) for file in there] == [manifest()]
    project = ROOT / "pyproject.toml"
    if project.is_file():
        assert '"manifest.json" = "bot/manifest.json"' in project.read_text(encoding="utf-8")
