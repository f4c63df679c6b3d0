"""Installing the app by OAuth: the way there and back, what is kept and how, and what a stranger can make of it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation

from bot.app import House, open_installations
from bot.manifest import scopes
from bot.oauth.installations import Installations
from bot.oauth.keys import Keys
from bot.oauth.states import SealedStates
from bot.settings import SettingsError
from conversations.store.opening import open_store
from tests.bot.directory import CLIENT_ID, Directory, workspace
from tests.bot.driver import NOBODY_THERE
from tests.bot.tenants import KEY, Tenancy, settings_of, tenancy


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kakunin.db"


@pytest.fixture
def bot(house: House, file: Path) -> Iterator[Tenancy]:
    with tenancy(Directory(workspace("T0ONE"), workspace("T0TWO")), str(file), lambda: house) as running:
        yield running
        running.office.settle()
        assert running.complaints == []


def test_the_link_leads_to_slack_with_the_scopes_of_the_manifest(bot: Tenancy) -> None:
    address, cookie = bot.begin()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith("https://slack.com/oauth/v2/authorize?")
    assert (asked["client_id"], set(asked["scope"].split(","))) == (CLIENT_ID, set(scopes()))
    assert "user_scope" not in asked
    assert cookie.endswith(asked["state"])


def test_whoever_allowed_it_is_told_where_it_is_in_both_languages_and_escaped(bot: Tenancy) -> None:
    seen = bot.install("T0ONE")
    assert seen.status == 200
    assert "was added to “&lt;T0ONE&gt;”" in seen.page
    assert "「&lt;T0ONE&gt;」に Kakunin を追加しました" in seen.page
    assert "<T0ONE>" not in seen.page
    assert seen.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_it_answers_then_without_asking_slack_who_it_is(bot: Tenancy) -> None:
    bot.install("T0ONE")
    del bot.directory.asked[:]
    person = bot.offices["T0ONE"].newcomer("en-US").asks()
    assert person.asked == ["openness"]
    assert "auth.test" not in bot.directory.asked


def test_tokens_are_nowhere_to_be_read(bot: Tenancy, file: Path) -> None:
    bot.install("T0ONE")
    bot.offices["T0ONE"].newcomer("en-US").asks()
    token = bot.directory.slacks["T0ONE"].api.token
    kept = b"".join(each.read_bytes() for each in file.parent.glob("kakunin.db*"))
    assert token.startswith("xoxb-")
    assert token.encode() not in kept
    assert b"U0ALEX" not in kept, "nor who installed it"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("error=access_denied", 200, "was cancelled"),
        ("error=<script>alert(1)</script>", 200, "could not be added"),
        ("", 400, "took too long"),
        ("code=code-1", 400, "took too long"),
        ("code=code-1&state=made-up", 400, "took too long"),
        ("code=%FF&state=%FF", 400, "took too long"),
    ],
)
def test_who_comes_back_otherwise_is_told_kindly_and_nothing_is_repeated(
    bot: Tenancy, query: str, status: int, said: str
) -> None:
    seen = bot.back(query)
    assert seen.status == status
    assert said in seen.page
    assert "script" not in seen.page
    assert "made-up" not in seen.page
    assert bot.office.tools.conversations.store.installations() == ()


def test_a_state_counts_in_the_browser_that_got_it_only(bot: Tenancy) -> None:
    (mine, cookie), (theirs, _) = bot.begin(), bot.begin()
    assert bot.back(bot.directory.allow(theirs, "T0TWO"), cookie).status == 400
    assert bot.back(bot.directory.allow(mine, "T0TWO"), cookie).status == 200


def test_a_made_up_state_does_not_count_even_with_its_cookie(bot: Tenancy) -> None:
    seen = bot.back("code=code-1&state=made-up", "slack-app-oauth-state=made-up")
    assert (seen.status, "took too long" in seen.page) == (401, True)


def test_a_code_counts_once(bot: Tenancy) -> None:
    address, cookie = bot.begin()
    query = bot.directory.allow(address, "T0ONE")
    assert [bot.back(query, cookie).status for _ in range(2)] == [200, 401]
    assert bot.offices["T0ONE"].newcomer("en-US").asks().asked == ["openness"]


def test_an_old_state_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    states = SealedStates(Keys(KEY))
    state = states.issue()
    assert (states.consume(state), states.consume(state[:-1]), states.consume("")) == (True, False, False)
    assert not states.consume(Keys(KEY).seal("something else").rstrip("="))
    monkeypatch.setattr("bot.oauth.states.SECONDS", -1)
    assert not states.consume(state)


def test_slack_out_of_reach_ends_with_a_page(bot: Tenancy, monkeypatch: pytest.MonkeyPatch) -> None:
    address, cookie = bot.begin()
    query = bot.directory.allow(address, "T0ONE")
    with monkeypatch.context() as patch:
        patch.setattr(bot.app.client, "base_url", NOBODY_THERE)
        seen = bot.back(query, cookie)
    assert (seen.status, "could not be added" in seen.page) == (503, True)
    assert all("Connection refused" in line for line in bot.take_complaints())
    assert bot.back(query, cookie).status == 200


def test_where_it_is_not_installed_nothing_happens(bot: Tenancy) -> None:
    bot.install("T0ONE")
    person = bot.offices["T0TWO"].newcomer("en-US").asks()
    assert person.everything()[1:] == []
    reply = person.commands("")
    assert reply.status == 200
    assert "not installed" in reply.body
    assert "追加されていません" in reply.body


def test_a_key_is_replaced_and_the_old_one_taken_out(house: House, file: Path) -> None:
    directory, new = Directory(workspace("T0ONE")), Fernet.generate_key().decode()
    with tenancy(directory, str(file), lambda: house) as bot:
        bot.install("T0ONE")
    for keys in (f"{new},{KEY}", new):
        with tenancy(directory, str(file), lambda: house, token_key=keys) as bot:
            assert bot.office.newcomer("en-US").asks().asked == ["openness"]
            assert bot.complaints == []


def test_without_the_key_a_workspace_has_to_install_anew(house: House, file: Path) -> None:
    directory = Directory(workspace("T0ONE"))
    with tenancy(directory, str(file), lambda: house) as bot:
        bot.install("T0ONE")
    with tenancy(directory, str(file), lambda: house, token_key=Fernet.generate_key().decode()) as bot:
        assert bot.office.newcomer("en-US").asks().asked == []
        assert any("cannot be opened with KAKUNIN_TOKEN_KEY" in line for line in bot.take_complaints())
        bot.install("T0ONE")
        assert bot.office.newcomer("en-US").asks().asked == ["openness"]


def test_an_installation_moved_to_another_workspace_s_row_opens_nothing(bot: Tenancy) -> None:
    bot.install("T0ONE")
    store = bot.office.tools.conversations.store
    (installed,) = store.installations()
    store.put_installation("T0TWO", installed.sealed)
    assert bot.offices["T0TWO"].newcomer("en-US").asks().asked == []
    assert "T0TWO cannot be opened" in bot.take_complaints()[0]


@pytest.mark.parametrize("more", ["", "x", "ü"])
@pytest.mark.parametrize("before", ["", "a good one,"])
def test_a_bad_key_is_told_with_how_to_make_one(before: str, more: str) -> None:
    with pytest.raises(SettingsError, match=r"KAKUNIN_TOKEN_KEY.*generate_key"):
        Keys(before.replace("a good one", KEY) + more)


def installed(team: str | None = "T1", enterprise: str | None = None) -> Installation:
    return Installation(
        team_id=team,
        enterprise_id=enterprise,
        is_enterprise_install=team is None,
        bot_token=f"xoxb-{team or enterprise}",
        bot_id="B1",
        bot_user_id="U2",
        user_id="U1",
        user_token="xoxp-1",
    )


@pytest.fixture
def installations() -> Iterator[Installations]:
    store = open_store(":memory:")
    yield open_installations(settings_of("http://127.0.0.1:1/", ":memory:"), store)
    store.close()


def test_bolt_finds_what_was_saved_for_each_workspace_alone(installations: Installations) -> None:
    for team in ("T1", "T2"):
        installations.save(installed(team))
    for team in ("T1", "T2"):
        bot = installations.find_bot(enterprise_id=None, team_id=team)
        again = installations.find_installation(enterprise_id=None, team_id=team, user_id="U9")
        assert bot is not None
        assert again is not None
        assert (bot.bot_token, again.bot_token, again.user_token) == (f"xoxb-{team}", f"xoxb-{team}", None)
    installations.delete_installation(enterprise_id=None, team_id="T1", user_id="U1")
    assert installations.token_of("T1") == "xoxb-T1"
    installations.delete_all(enterprise_id=None, team_id="T1")
    assert (installations.token_of("T1"), installations.token_of("T2")) == (None, "xoxb-T2")
    assert installations.find_bot(enterprise_id=None, team_id=None) is None


def test_an_organisation_s_installation_serves_the_workspaces_heard_of(installations: Installations) -> None:
    installations.save(installed(None, "E1"))
    assert installations.token_of("T1") is None
    bot = installations.find_bot(enterprise_id="E1", team_id="T1", is_enterprise_install=True)
    assert bot is not None
    installations.joined("T1", "E1")
    installations.joined("T1", "E1")
    assert installations.token_of("T1") == "xoxb-E1"
    installations.delete_all(enterprise_id="E1", team_id="T1")
    assert (installations.token_of("T1"), installations.token_of("E1")) == (None, None)
    installations.save(installed(None, "E1"))
    assert installations.token_of("T1") == "xoxb-E1", "its workspaces are known still"
