"""The stand-in refuses what Slack refuses, called by the real client over real HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground import web_api, workspace
from bot.playground.server import LOOPBACK, SECRET, TOKEN, web_app
from bot.playground.slack import Slack
from bot.serving import http_server, running

CHANNEL, PERSON = "C0LAB", "U0ALEX"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Title"}, "blocks": [SECTION]}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Slack, str]]:
    slack = Slack(TOKEN, SECRET)
    with running(http_server(web_app(slack), LOOPBACK, 0)) as url:
        slack.api.files.base = f"{url}/files"
        yield slack, f"{url}/api/"


@pytest.fixture
def slack(served: tuple[Slack, str]) -> Slack:
    served[0].workspace.refusals.clear()
    return served[0]


@pytest.fixture
def client(served: tuple[Slack, str]) -> WebClient:
    return WebClient(token=TOKEN, base_url=served[1])


def refused(client: WebClient, method: str, **arguments: Any) -> dict[str, Any]:
    """Return what Slack's stand-in answers to a call that it must refuse."""
    with pytest.raises(SlackApiError) as raised:
        client.api_call(method, json=arguments)
    answer: dict[str, Any] = raised.value.response.data
    assert answer["ok"] is False
    return answer


def test_the_client_learns_who_it_is(client: WebClient) -> None:
    answer = client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0KAKUNIN", "B0KAKUNIN", "T0PLAY")


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
def test_a_wrong_token(token: str, error: str, slack: Slack, client: WebClient) -> None:
    stranger = WebClient(token=token, base_url=client.base_url)
    assert refused(stranger, "chat.postMessage", channel=CHANNEL, text="x")["error"] == error
    assert slack.workspace.refusals == [f"chat.postMessage: {error}"]


def test_a_missing_scope(slack: Slack, client: WebClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_api, "scopes", lambda: frozenset({"im:write"}))
    answer = refused(client, "chat.postMessage", channel=CHANNEL, text="x")
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "im:write")
    assert client.conversations_open(users=PERSON)["channel"]["id"] == "D0ALEX"


def test_an_unknown_method(client: WebClient) -> None:
    assert refused(client, "files.list")["error"] == "unknown_method"


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral", "chat.update"])
@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("", "channel_not_found"),
        ("C0QUIET", "not_in_channel"),
        ("C0OLD", "is_archived"),
    ],
)
def test_a_channel_that_cannot_be_written_to(
    method: str, channel: str, error: str, slack: Slack, client: WebClient
) -> None:
    slack.workspace.channels["C0OLD"] = replace(slack.workspace.channels[CHANNEL], id="C0OLD", archived=True)
    assert refused(client, method, channel=channel, text="x", user=PERSON, ts="1.0")["error"] == error


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "nonsense"}, "invalid_blocks"),
    ],
)
def test_content_that_cannot_be_shown(content: dict[str, Any], error: str, slack: Slack, client: WebClient) -> None:
    held = len(slack.workspace.messages.get(CHANNEL, []))
    answer = refused(client, "chat.postMessage", channel=CHANNEL, **content)
    assert answer["error"] == error
    assert ("response_metadata" in answer) == (error == "invalid_blocks")
    assert len(slack.workspace.messages.get(CHANNEL, [])) == held
    assert len(slack.workspace.refusals) == 1


def test_a_thread_needs_its_root(client: WebClient) -> None:
    root = client.chat_postMessage(channel=CHANNEL, text="root")["ts"]
    reply = client.chat_postMessage(channel=CHANNEL, text="reply", thread_ts=root)["ts"]
    for ts in ("1.000000", reply):
        answer = refused(client, "chat.postMessage", channel=CHANNEL, text="x", thread_ts=ts)
        assert answer["error"] == "thread_not_found"


def test_a_message_can_be_updated(slack: Slack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="first", blocks=[SECTION])["ts"]
    client.chat_update(channel=CHANNEL, ts=ts, text="second")
    message = slack.workspace.find(CHANNEL, ts)
    assert message is not None
    assert (message["text"], message["blocks"]) == ("second", [])


def test_only_ones_own_lasting_messages_can_be_updated(slack: Slack, client: WebClient) -> None:
    theirs = slack.workspace.post(CHANNEL, {"user": PERSON, "text": "mine"})["ts"]
    private = client.chat_postEphemeral(channel=CHANNEL, user=PERSON, text="psst")["message_ts"]
    expected = {theirs: "cant_update_message", private: "message_not_found", "1.000000": "message_not_found"}
    for ts, error in expected.items():
        assert refused(client, "chat.update", channel=CHANNEL, ts=ts, text="x")["error"] == error


def sent(url: str, content: bytes) -> int:
    """Return the status of an upload."""
    try:
        with urlopen(url, content) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def uploaded(client: WebClient, content: bytes = b"a,b") -> str:
    """Return the id of a file whose bytes are there."""
    begun = client.files_getUploadURLExternal(filename="a.csv", length=len(content))
    assert sent(begun["upload_url"], content) == 200
    return str(begun["file_id"])


def test_a_file_is_shared_once_it_is_completed(slack: Slack, client: WebClient) -> None:
    root = client.chat_postMessage(channel=CHANNEL, text="root")["ts"]
    name = uploaded(client)
    assert slack.workspace.messages[CHANNEL][-1]["ts"] == root
    given = {"files": [{"id": name, "title": "A"}], "thread_ts": root, "initial_comment": "look"}
    answer = client.files_completeUploadExternal(channel_id=CHANNEL, **given)
    assert answer["files"] == [{"id": name, "title": "A"}]
    message = client.conversations_replies(channel=CHANNEL, ts=root)["messages"][-1]
    assert (message["text"], message["thread_ts"], message["files"][0]["id"]) == ("look", root, name)
    with urlopen(message["files"][0]["url_private"]) as fetched:
        assert (fetched.read(), fetched.headers["Content-Type"]) == (b"a,b", "text/csv; charset=utf-8")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"filename": "", "length": 3}, "missing_argument"),
        ({"filename": "a.csv", "length": 0}, "missing_argument"),
        ({"filename": "a.csv"}, "missing_argument"),
        ({"filename": "a.png", "length": 3, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
def test_an_upload_that_cannot_begin(given: dict[str, Any], error: str, client: WebClient) -> None:
    assert refused(client, "files.getUploadURLExternal", **given)["error"] == error


def test_bytes_are_taken_once_and_only_as_announced(client: WebClient) -> None:
    begun = client.files_getUploadURLExternal(filename="a.csv", length=3)
    url, complete = begun["upload_url"], {"channel_id": CHANNEL, "files": [{"id": begun["file_id"]}]}
    assert refused(client, "files.completeUploadExternal", **complete)["error"] == "file_not_found"
    assert [sent(url, content) for content in (b"ab", b"abcd", b"abc", b"abc")] == [400, 400, 200, 400]
    assert sent(f"{url}0", b"abc") == 400
    with pytest.raises(HTTPError, match="404"), urlopen(url):
        pass


def test_an_upload_is_completed_once(slack: Slack, client: WebClient) -> None:
    given = {"channel_id": CHANNEL, "files": [{"id": uploaded(client)}]}
    client.api_call("files.completeUploadExternal", json=given)
    held = len(slack.workspace.messages[CHANNEL])
    assert refused(client, "files.completeUploadExternal", **given)["error"] == "file_not_found"
    assert len(slack.workspace.messages[CHANNEL]) == held


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": PERSON}, "channel_not_found"),
        ({}, "channel_not_found"),
        ({"channel_id": "C0QUIET"}, "not_in_channel"),
        ({"channel_id": CHANNEL, "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel_id": CHANNEL, "files": []}, "invalid_arguments"),
        ({"channel_id": CHANNEL, "files": [{"id": "F0NONE"}]}, "file_not_found"),
    ],
)
def test_an_upload_that_cannot_be_completed(given: dict[str, Any], error: str, client: WebClient) -> None:
    name = uploaded(client)
    complete = {"files": [{"id": name}], **given}
    assert refused(client, "files.completeUploadExternal", **complete)["error"] == error
    client.files_completeUploadExternal(files=[{"id": name}], channel_id=CHANNEL)


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("files.getUploadURLExternal", "files:write"),
        ("files.completeUploadExternal", "files:write"),
    ],
)
def test_files_need_their_scopes(method: str, scope: str, client: WebClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_api, "scopes", lambda: frozenset({"chat:write"}))
    answer = refused(client, method)
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


def test_a_private_note_is_for_its_reader_alone(slack: Slack, client: WebClient) -> None:
    ts = client.chat_postEphemeral(channel=CHANNEL, user=PERSON, text="psst")["message_ts"]
    assert ts in [m["ts"] for m in slack.workspace.visible(PERSON)[CHANNEL]]
    assert ts not in [m["ts"] for m in slack.workspace.visible("U0HANAKO")[CHANNEL]]


@pytest.mark.parametrize(("channel", "user"), [(CHANNEL, "U0NOBODY"), (CHANNEL, ""), ("D0ALEX", "U0HANAKO")])
def test_a_private_note_needs_a_reader_who_is_there(channel: str, user: str, client: WebClient) -> None:
    answer = refused(client, "chat.postEphemeral", channel=channel, user=user, text="x")
    assert answer["error"] == "user_not_in_channel"


def test_a_trigger_opens_one_view_within_three_seconds(
    slack: Slack, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    trigger = slack.workspace.trigger(PERSON)
    client.views_open(trigger_id=trigger, view=MODAL)
    assert slack.workspace.views[PERSON]["blocks"][0]["text"]["text"] == "hello"
    late = slack.workspace.trigger(PERSON)
    monkeypatch.setattr(workspace, "TRIGGER_SECONDS", -1.0)
    expected = {trigger: "exchanged_trigger_id", "nonsense": "invalid_trigger_id", late: "expired_trigger_id"}
    for name, error in expected.items():
        assert refused(client, "views.open", trigger_id=name, view=MODAL)["error"] == error


@pytest.mark.parametrize("view", [None, {}, {**MODAL, "type": "window"}, {**MODAL, "blocks": [{"type": "section"}]}])
def test_an_invalid_view(view: Any, slack: Slack, client: WebClient) -> None:
    trigger = slack.workspace.trigger(PERSON)
    answer = refused(client, "views.open", trigger_id=trigger, view=view)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"]


@pytest.mark.parametrize(("method", "name"), [("users.info", "user"), ("conversations.open", "users")])
def test_an_unknown_person(method: str, name: str, client: WebClient) -> None:
    assert refused(client, method, **{name: "U0NOBODY"})["error"] == "user_not_found"


def test_the_locale_is_told_only_when_asked_for(client: WebClient) -> None:
    assert client.users_info(user=PERSON, include_locale=True)["user"]["locale"] == "en-US"
    assert "locale" not in client.users_info(user=PERSON)["user"]


def test_the_members_of_a_user_group(client: WebClient) -> None:
    assert client.usergroups_users_list(usergroup="S0OFFICE")["users"] == ["U0MIKA"]
    assert refused(client, "usergroups.users.list", usergroup="S0NOWHERE")["error"] == "no_such_subteam"
    assert refused(client, "usergroups.users.list")["error"] == "invalid_arguments"
