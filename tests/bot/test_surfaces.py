"""The stand-in shows Home tabs and assistant panes as Slack does, and refuses what Slack refuses."""

from typing import Any

import pytest

from bot.playground import happenings, payloads
from bot.playground.gestures import Gestures
from bot.playground.payloads import Payload
from bot.playground.slack import Impossible, Slack
from bot.playground.workspace import PEOPLE

TOKEN = "xoxb-test"
HOME = {"type": "home", "blocks": [{"type": "divider"}]}
HANAKO, DIRECT = "U0HANAKO", "D0HANAKO"


@pytest.fixture
def slack() -> Slack:
    return Slack(TOKEN, "secret")


def call(slack: Slack, method: str, **arguments: Any) -> dict[str, Any]:
    return slack.api.call(method, TOKEN, arguments)


def test_a_home_tab_keeps_its_id_and_changes_its_hash(slack: Slack) -> None:
    first = call(slack, "views.publish", user_id=HANAKO, view=HOME)["view"]
    second = call(slack, "views.publish", user_id=HANAKO, view=HOME, hash=first["hash"])["view"]
    assert first["id"] == second["id"]
    assert first["hash"] != second["hash"]
    assert second["blocks"] == [{"block_id": "auto0", "type": "divider"}]
    refused = call(slack, "views.publish", user_id=HANAKO, view=HOME, hash=first["hash"])
    assert refused == {"ok": False, "error": "hash_conflict"}
    assert slack.workspace.homes[HANAKO] == second


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"user_id": "U0NOBODY"}, "no such user"),
        ({"view": {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}}, "a home view"),
        ({"view": {"type": "home", "blocks": [{"type": "divider"}] * 101}}, "no more than 100 items"),
        ({"view": {"type": "home", "blocks": [{"type": "table", "rows": []}]}}, "unsupported type: table"),
        ({"view": "{"}, "a home view"),
    ],
)
def test_what_is_no_home_tab_is_refused(change: dict[str, Any], words: str, slack: Slack) -> None:
    answer = call(slack, "views.publish", **{"user_id": HANAKO, "view": HOME, **change})
    assert answer["error"] == "invalid_arguments"
    assert words in str(answer["response_metadata"])
    assert slack.workspace.homes == {}


def pane_of(slack: Slack) -> str:
    """Return an assistant's thread of which no bot hears."""
    thread = str(slack.workspace.post(DIRECT, {"user": slack.workspace.bot, "text": "New Assistant Thread"})["ts"])
    slack.api.surfaces.open_pane(DIRECT, thread)
    return thread


PROMPTS = [{"title": "a", "message": "b"}]


@pytest.mark.parametrize(
    ("method", "told"),
    [("setStatus", {"status": "x"}), ("setTitle", {"title": "x"}), ("setSuggestedPrompts", {"prompts": PROMPTS})],
)
def test_only_an_assistants_thread_has_them(method: str, told: dict[str, Any], slack: Slack) -> None:
    pane = pane_of(slack)
    other = slack.workspace.post(DIRECT, {"user": HANAKO, "text": "hm"})["ts"]
    name = f"assistant.threads.{method}"
    assert call(slack, name, channel_id=DIRECT, thread_ts=pane, **told) == {"ok": True}
    assert call(slack, name, channel_id=DIRECT, thread_ts=other, **told)["error"] == "invalid_thread_ts"
    assert call(slack, name, channel_id="D0", thread_ts=pane, **told)["error"] == "channel_not_found"


@pytest.mark.parametrize("prompts", [[], PROMPTS * 5, [{"title": "a"}], [{"title": "", "message": "b"}], "a"])
def test_prompts_have_a_form(prompts: object, slack: Slack) -> None:
    pane = pane_of(slack)
    answer = call(slack, "assistant.threads.setSuggestedPrompts", channel_id=DIRECT, thread_ts=pane, prompts=prompts)
    assert answer["error"] == "invalid_arguments"


def test_a_status_goes_with_the_answer(slack: Slack) -> None:
    pane = pane_of(slack)
    call(slack, "assistant.threads.setStatus", channel_id=DIRECT, thread_ts=pane, status="at work")
    assert slack.api.surfaces.panes[DIRECT, pane].status == "at work"
    call(slack, "chat.postMessage", channel=DIRECT, thread_ts=pane, text="done")
    assert slack.api.surfaces.panes[DIRECT, pane].status == ""


def test_a_link_leads_to_a_message_that_is_there(slack: Slack) -> None:
    message = slack.workspace.post("C0LAB", {"user": HANAKO, "text": "hm"})
    link = call(slack, "chat.getPermalink", channel="C0LAB", message_ts=message["ts"])["permalink"]
    assert link == f"https://playground.slack.com/archives/C0LAB/p{message['ts'].replace('.', '')}"
    assert call(slack, "chat.getPermalink", channel="C0LAB", message_ts="1.1")["error"] == "message_not_found"


@pytest.mark.parametrize("gesture", ["edit", "delete"])
def test_a_message_is_its_authors(gesture: str, slack: Slack) -> None:
    message = slack.workspace.post("C0QUIET", {"user": HANAKO, "text": "hm"})
    gestures, more = Gestures(slack), ["other"] if gesture == "edit" else []
    with pytest.raises(Impossible, match="no such message"):
        getattr(gestures, gesture)("U0ALEX", "C0QUIET", message["ts"], *more)
    getattr(gestures, gesture)(HANAKO, "C0QUIET", message["ts"], *more)
    found = slack.workspace.find("C0QUIET", message["ts"])
    assert (found or {}).get("text") == ("other" if gesture == "edit" else None)


def test_a_reaction_is_given_and_taken_back(slack: Slack) -> None:
    message = slack.workspace.post("C0QUIET", {"user": HANAKO, "text": "hm"})
    gestures = Gestures(slack)
    for user in (HANAKO, "U0ALEX", HANAKO):
        gestures.react(user, "C0QUIET", message["ts"], "mag")
    assert message["reactions"] == [{"name": "mag", "users": ["U0ALEX"], "count": 1}]


def test_payloads_name_what_slack_names(slack: Slack) -> None:
    person, channel = PEOPLE[0], slack.workspace.channels["C0LAB"]
    message = slack.workspace.post("C0LAB", {"user": HANAKO, "text": "hm"})
    shortcut = happenings.shortcut(slack.workspace, person, "check")
    assert shortcut.keys() >= {"type", "callback_id", "trigger_id", "action_ts", "user", "team", "token"}
    assert "channel" not in shortcut
    action = happenings.message_action(slack.workspace, person, channel, message, "check_message")
    assert action.keys() >= {*shortcut, "channel", "message", "message_ts", "response_url"}
    changed = happenings.message_changed(channel, message, message, "1.1")
    assert "user" not in changed
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert happenings.tombstone(message)["thread_ts"] == message["ts"]


@pytest.mark.parametrize(
    ("element", "initial", "told"),
    [
        ({"type": "users_select", "initial_user": "U1"}, "U1", "selected_user"),
        ({"type": "conversations_select", "initial_conversation": "C1"}, "C1", "selected_conversation"),
        ({"type": "datepicker", "initial_date": "2026-12-01"}, "2026-12-01", "selected_date"),
        ({"type": "plain_text_input", "initial_value": "so"}, "so", "value"),
    ],
)
def test_an_element_of_one_value_tells_it_under_its_own_name(element: Payload, initial: str, told: str) -> None:
    blocks = [{"type": "input", "block_id": "b", "element": {"action_id": "a", **element}}]
    assert payloads.state_values(blocks, {})["b"]["a"] == {"type": element["type"], told: initial}
    assert payloads.state_values(blocks, {"b": {"a": ["other"]}})["b"]["a"][told] == "other"
    assert payloads.state_values(blocks, {"b": {"a": []}})["b"]["a"][told] is None


def test_several_people_are_told_as_a_list() -> None:
    element = {"type": "multi_users_select", "action_id": "a", "initial_users": ["U1", "U2"]}
    values = payloads.state_values([{"type": "input", "block_id": "b", "element": element}], {})
    assert values["b"]["a"] == {"type": "multi_users_select", "selected_users": ["U1", "U2"]}
