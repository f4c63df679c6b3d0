"""`/kakunin status`, by command and message: figures for officers and administrators alone; refusals are logged."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot import groups as user_groups
from bot.app import build_house
from bot.example import EXAMPLE
from bot.manifest import scopes
from bot.playground.workspace import TEAM, Message
from conversations.store.protocol import Job, Letter
from tests.bot.conftest import opened
from tests.bot.driver import MENTION, Office, Researcher

WORDS = ("status", "状況")


@pytest.fixture(scope="module")
def institute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A playground under the shipped example of an institution."""
    with opened(build_house(EXAMPLE), str(tmp_path_factory.mktemp("institute") / "kakunin.db")) as office:
        yield office
        office.settle()
        assert office.take_complaints() == []


@pytest.fixture
def place(institute: Office) -> Iterator[Office]:
    """The institute, whose memory of user groups is lost before each test."""
    institute.tools.groups._known.clear()
    yield institute
    assert institute.take_refusals() == []


def admin(office: Office) -> Researcher:
    """The one administrator of the example."""
    return Researcher(office, "U0RYO", "D0RYO", "C0LAB")


def officer(office: Office, locale: str = "en-US") -> Researcher:
    """Somebody new in the officers' user group."""
    person = office.newcomer(locale)
    members = office.workspace.groups["S0OFFICE"]
    office.workspace.groups = {**office.workspace.groups, "S0OFFICE": (*members, person.id)}
    return person


def newest_note(person: Researcher) -> Message:
    return [message for message in person.everything() if message.get("only_for") == person.id][-1]


def test_the_desk_of_the_example_has_a_channel_of_its_own(place: Office) -> None:
    channel = place.tools.desk_letters.channel(TEAM)
    assert place.workspace.channels[channel].bot_is_in
    seeing = {person for person in place.workspace.people if channel in place.workspace.visible(person)}
    institution = place.tools.desk.institution(TEAM)
    assert institution is not None
    assert seeing == set(institution.roles.desk)


@pytest.mark.parametrize("text", WORDS)
def test_an_officer_of_the_user_group_sees_the_week(place: Office, text: str) -> None:
    person = officer(place)
    person.commands(text)
    person.asks_directly(text)
    assert person.notes() == ["status", "status"]
    assert place.tools.figures.week_of(TEAM, place.tools.clock()) in newest_note(person)["text"]
    assert place.tools.phrases.say("en", "note.waiting", jobs=0, letters=0, dead=0) not in newest_note(person)["text"]


def test_it_counts_this_week_s_checks_by_verdict_class_and_service(place: Office) -> None:
    person, asker = officer(place, "ja-JP"), place.newcomer("ja-JP")
    week = place.tools.figures.week_of(TEAM, place.tools.clock())
    before = place.tools.figures.of(TEAM, week)
    asker.asks().answers("openness", "public").answers("duties", "none")
    asker.answers("service", service=["chatgpt_free"], use=["prompt"])
    (verdict,) = asker.verdicts()
    after = place.tools.figures.of(TEAM, week)
    assert (after.started, after.finished) == (before.started + 1, before.finished + 1)
    person.commands("status")
    told = newest_note(person)
    book = place.tools.conversations.library.common.current()
    word = place.tools.views(book).verdicts.insights.word(verdict, "ja")
    assert f"{word} {after.verdicts[verdict]}" in told["text"]
    assert place.tools.phrases.label("ja", f"verdict.class_{asker.evaluation().data_class}") in told["text"]
    assert place.tools.views(book).services.name("chatgpt_free", "ja") in told["text"]
    assert told["blocks"][0]["text"]["text"] == told["text"]
    assert asker.id not in json.dumps(told)


def test_an_administrator_also_sees_what_waits_in_this_workspace(place: Office) -> None:
    """The message that asks does not count as waiting itself."""
    person = admin(place)
    expected = place.tools.phrases.say("ja", "note.waiting", jobs=0, letters=0, dead=0)
    person.commands("status")
    assert newest_note(person)["text"].endswith(expected)
    person.asks_directly("status")
    assert newest_note(person)["text"].endswith(expected)


def test_what_waits_is_counted_by_workspace(tmp_path: Path) -> None:
    with opened(build_house(EXAMPLE), str(tmp_path / "kakunin.db")) as office:
        office.works.stop(10)
        queue_some(office)
        person = admin(office)
        office.slack.command(person.id, person.room, "status")
        office._settle_listeners()
        expected = office.tools.phrases.say("ja", "note.waiting", jobs=2, letters=0, dead=0)
        assert newest_note(person)["text"].endswith(expected)


def queue_some(office: Office) -> None:
    """Let two jobs wait in the workspace, and a job and a letter in another."""
    store, now = office.tools.conversations.store, office.tools.clock()
    store.put_jobs([Job("T0OTHER", "k", "l", "talk", {}, now)])
    store.put_letter(Letter("T0OTHER", "", "say", "s", "l", "C1", "", {}, "k", now))
    for name in ("a", "b"):
        store.put_jobs([Job(TEAM, name, name, "talk", {}, now)])
    waiting = store.backlog(TEAM)
    assert (waiting.jobs, waiting.letters, waiting.oldest_job) == (2, 0, now)
    assert (store.backlog().jobs, store.backlog().letters) == (3, 1)


@pytest.mark.parametrize("way", ["command", "direct", "mention"])
def test_anybody_else_is_told_who_may_and_it_is_logged(
    office: Office, alex: Researcher, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    """Here without an institution: nobody holds a role."""
    caplog.set_level(logging.INFO, "kakunin.slack")
    if way == "command":
        alex.commands("status")
    elif way == "direct":
        alex.asks_directly("status")
    else:
        alex.asks("status")
    assert alex.notes() == ["not_allowed"]
    label = office.tools.phrases.label("en", "note.role_officers")
    assert label in newest_note(alex)["text"]
    assert [record.getMessage() for record in caplog.records] == ["refused: not_allowed"]
    assert alex.from_bot() == []


def test_who_is_in_no_list_and_no_group_is_refused(place: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kakunin.slack")
    person = place.newcomer("ja-JP")
    person.commands("status")
    assert person.noted() == [("ja", "not_allowed")]
    (refused,) = caplog.records
    assert (refused.getMessage(), vars(refused)["code"]) == ("refused: not_allowed", "not_allowed")


def test_in_the_thread_of_a_check_it_is_answered_privately(place: Office) -> None:
    person = officer(place)
    person.asks()
    shown = [dict(message) for message in person.from_bot()]
    person.replies(f"{MENTION} status")
    assert (person.notes(), person.from_bot()) == (["status"], shown)


def test_a_file_beside_the_word_is_warned_of(place: Office) -> None:
    person = officer(place)
    person.says("status", person.direct, file="results.csv")
    assert [place.name_of(message["text"])[1] for message in person.from_bot()] == ["file", "not_a_question"]


def client_of(office: Office) -> WebClient:
    return office.works.client_of(TEAM)


def asked(office: Office) -> int:
    return [name for name, _ in office.slack.api.calls].count("usergroups.users.list")


def test_a_group_is_asked_for_once_in_some_minutes(place: Office) -> None:
    members, before = place.tools.groups.of(client_of(place), TEAM), asked(place)
    assert "U0MIKA" in members("S0OFFICE")
    place.workspace.groups = {**place.workspace.groups, "S0OFFICE": ("U0NEW",)}
    assert "U0MIKA" in members("S0OFFICE")
    assert asked(place) == before + 1
    place._clock.ahead += user_groups.REMEMBERED
    assert members("S0OFFICE") == {"U0NEW"}
    assert "U0NEW" in members("S0OFFICE")
    assert asked(place) == before + 2
    place.workspace.groups = {**place.workspace.groups, "S0OFFICE": ("U0MIKA",)}


def test_while_slack_is_out_of_reach_those_last_known_count_and_else_nobody(
    place: Office, caplog: pytest.LogCaptureFixture
) -> None:
    members = place.tools.groups.of(client_of(place), TEAM)
    known = members("S0OFFICE")
    place._clock.ahead += user_groups.REMEMBERED
    with place.unreachable_slack():
        assert members("S0OFFICE") == known != frozenset()
        assert members("S0NEVER") == frozenset()
    assert [record.levelname for record in caplog.records if record.name == "kakunin.slack"] == ["WARNING"] * 2
    assert "S0OFFICE" not in caplog.text
    assert all("Failed to send a request" in complaint for complaint in place.take_complaints())


def test_a_group_that_is_gone_has_no_members(place: Office) -> None:
    members = place.tools.groups.of(client_of(place), TEAM)
    kept = place.workspace.groups
    assert members("S0OFFICE")
    place.workspace.groups = {}
    place._clock.ahead += user_groups.REMEMBERED
    assert members("S0OFFICE") == frozenset()
    assert place.take_refusals() == ["usergroups.users.list: no_such_subteam"]
    place.workspace.groups = kept


def test_what_is_remembered_is_bounded_and_apart_by_workspace(place: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_groups, "MOST", 2)
    groups, before = place.tools.groups, asked(place)
    for workspace in ("T1", "T2", "T3", "T3", "T1"):
        groups.of(client_of(place), workspace)("S0OFFICE")
    assert asked(place) == before + 4
    assert list(groups._known) == [("T3", "S0OFFICE"), ("T1", "S0OFFICE")]


def test_without_the_scope_nobody_of_a_group_is_let_in(
    place: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    granted = scopes() - {"usergroups:read"}
    person = officer(place)
    monkeypatch.setattr("bot.playground.web_api.scopes", lambda: granted)
    person.commands("status")
    assert person.notes() == ["not_allowed"]
    assert "missing_scope" in caplog.text
    assert place.take_refusals() == ["usergroups.users.list: missing_scope"]
