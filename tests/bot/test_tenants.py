"""Many workspaces in one bot: none reads or acts on another's cases, tried by every way in; and one that leaves."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import House
from bot.jobs import Kind, job_of
from bot.playground import payloads
from bot.playground.payloads import Payload
from bot.playground.workspace import Channel
from conversations.store.copying import TABLES
from conversations.store.protocol import Letter
from conversations.store.sql import SqlStore
from tests.bot.directory import Directory, workspace
from tests.bot.driver import QUESTION, Office, Researcher
from tests.bot.tenants import Tenancy, tenancy, twin
from tests.postgres import postgres_server

ONE, TWO = "T0ONE", "T0TWO"
UNPUBLISHED: Mapping[str, Any] = {"openness": "undecided", "duties": "none", "partners": "nobody"}


@pytest.fixture(scope="module", params=["a file", "a database"])
def running(
    request: pytest.FixtureRequest, house: House, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tenancy]:
    """Two workspaces installed by OAuth, on either kind of store."""
    directory = Directory(workspace(ONE), workspace(TWO))
    if request.param == "a file":
        store = str(tmp_path_factory.mktemp("tenants") / "kakunin.db")
        with tenancy(directory, store, lambda: house) as bot:
            yield bot
        return
    with postgres_server() as server, tenancy(directory, server.fresh(), lambda: house) as bot:
        yield bot


@pytest.fixture
def bot(running: Tenancy) -> Iterator[Tenancy]:
    for team in (ONE, TWO):
        assert running.install(team).status == 200
    yield running
    running.office.settle()
    assert running.take_complaints() == []
    assert running.directory.refusals == []
    assert [office.take_refusals() for office in running.offices.values()] == [[], []]


@pytest.fixture
def twins(bot: Tenancy) -> tuple[Researcher, Researcher]:
    """Two people of two workspaces whose ids are the same, and those of their channels, too."""
    one = bot.offices[ONE].newcomer("en-US")
    return one, twin(one, bot.offices[TWO])


def rows(bot: Tenancy, team: str) -> dict[str, list[Any]]:
    """Everything that the store holds of a workspace."""
    store: Any = bot.office.tools.conversations.store
    assert isinstance(store, SqlStore)
    found = {}
    for table, keys in TABLES.items():
        statement = f"SELECT * FROM {table} WHERE workspace = :team ORDER BY {', '.join(keys)}"
        found[table] = [dict(row) for row in store.run(statement, team=team)]
    return found


def test_the_same_ids_in_two_workspaces_are_two_cases(twins: tuple[Researcher, Researcher]) -> None:
    one, two = twins
    one.asks()
    asked = two.office.workspace.post(
        two.room, {"user": two.id, "text": f"<@{two.office.workspace.bot}> {QUESTION}", "team": TWO, "ts": one.thread}
    )
    two.channel, two.thread = two.room, one.thread
    for _, inner in payloads.message_events(two.office.workspace, Channel(two.room, "x"), asked):
        two.office.send_event(inner)
    assert (one.channel, one.thread) == (two.channel, two.thread)
    assert one.asked == two.asked == ["openness"]
    assert one.standing().case.id != two.standing().case.id
    one.answers("openness", "public")
    assert (one.asked, two.asked, two.choices()) == (["duties"], ["openness"], {})


def finished(person: Researcher) -> Researcher:
    return person.asks().answers("openness", "public").answers("duties", "none")


def of_another(sent: Payload, two: Researcher) -> Payload:
    """A payload as Slack would send it if the same was done in the other workspace."""
    changed = {**sent, "trigger_id": two.office.workspace.trigger(two.id)}
    changed["team"] = {"id": TWO, "domain": "two"}
    changed["user"] = {**sent["user"], "team_id": TWO}
    if "view" in sent:
        changed["view"] = {**sent["view"], "team_id": TWO, "app_installed_team_id": TWO}
    return changed


def clicked(action: str, find: Callable[[Researcher], Any]) -> Callable[[Researcher], Payload]:
    return lambda one: one.payload(action, find(one))


def answer_of_a_card(one: Researcher) -> Payload:
    one.asks()
    return one.payload("card.shortcut:public", one.cards()[0])


def verdict_of(one: Researcher) -> Any:
    return next(m for m in one.from_bot() if "verdict.reasons" in json.dumps(m))


def of_verdict(action: str) -> Callable[[Researcher], Payload]:
    return lambda one: finished(one).payload(action, verdict_of(one))


def change(one: Researcher) -> Payload:
    message = finished(one).answered("openness")
    assert message is not None
    return one.payload("card.change", message)


def submission(one: Researcher) -> Payload:
    finished(one).changes("openness")
    return one.submission({"shortcut": ["undecided"]})


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        (answer_of_a_card, "no_such_case"),
        (change, "no_such_case"),
        (of_verdict("verdict.reasons"), "no_such_case"),
        (of_verdict("services.compare"), "no_such_case"),
        (of_verdict("verdict.whole_list"), "no_such_case"),
        (of_verdict("measure.all"), "no_such_case"),
        (of_verdict("opinion:helpful"), "no_such_case"),
        (submission, ""),
    ],
    ids=["answer", "change", "reasons", "services", "whole list", "to do", "opinion", "modal"],
)
def test_what_names_a_case_of_another_workspace_reads_and_changes_nothing(
    entry: Callable[[Researcher], Payload], note: str, bot: Tenancy, twins: tuple[Researcher, Researcher]
) -> None:
    one, two = twins
    sent = entry(one)
    two.channel, two.thread = one.channel, one.thread
    two.office.workspace.post(two.room, {"user": two.id, "text": "x", "team": TWO, "ts": one.thread})
    before, shown = rows(bot, ONE), json.dumps(one.everything())
    reply = two.office.send_interaction(of_another(sent, two))
    assert (rows(bot, ONE), json.dumps(one.everything())) == (before, shown)
    assert two.notes() == ([note] if note else [])
    assert ("errors" in reply.body) == (not note), "the modal says that there is no such case"
    assert not two.has_view
    assert one.standing().case.id not in json.dumps(two.everything())
    assert rows(bot, TWO)["cases"] == [] or all(row["id"] != one.standing().case.id for row in rows(bot, TWO)["cases"])


def test_what_is_held_and_deleted_is_that_of_one_s_own_workspace(
    bot: Tenancy, twins: tuple[Researcher, Researcher]
) -> None:
    one, two = twins
    finished(one)
    before = rows(bot, ONE)
    assert two.commands("what do you hold on me").status == 200
    assert two.notes() == ["nothing_held"]
    finished(two)
    two.commands("what do you hold on me")
    two.presses("person.forget", on=two.everything()[-1])
    assert two.notes()[-1] == "forgotten"
    assert rows(bot, ONE) == before


def test_a_payload_played_again_under_another_workspace_s_name_leaves_the_first_alone(
    bot: Tenancy, twins: tuple[Researcher, Researcher]
) -> None:
    one, two = twins
    one.asks()
    message = one.office.workspace.find(one.room, one.thread)
    assert message is not None
    _, (_, inner) = payloads.message_events(one.office.workspace, Channel(one.room, "x"), message)
    sent = payloads.event(one.office.workspace, inner)
    one.office.send(payloads.encode_event(sent))
    before = rows(bot, ONE)
    there = [{**sent["authorizations"][0], "team_id": TWO, "user_id": two.office.workspace.bot}]
    one.office.send(payloads.encode_event({**sent, "team_id": TWO, "authorizations": there}))
    assert rows(bot, ONE) == before
    two.office.take_refusals()
    bot.take_complaints()  # there is no such thread


def test_no_call_is_made_with_the_token_of_another_workspace(bot: Tenancy) -> None:
    for team in (ONE, TWO):
        finished(bot.offices[team].newcomer("ja-JP")).presses_change("openness")
    seen = {team: {json.dumps(call) for call in slack.api.calls} for team, slack in bot.directory.slacks.items()}
    people = {team: office.workspace.people.keys() for team, office in bot.offices.items()}
    for team, other in ((ONE, TWO), (TWO, ONE)):
        only_there = people[other] - people[team]
        assert only_there
        assert not [call for call in seen[team] for name in only_there if f'"{name}"' in call]


# --- leaving


def test_who_uninstalls_is_gone_at_once_and_the_other_works_on(
    bot: Tenancy, twins: tuple[Researcher, Researcher]
) -> None:
    one, two = twins
    one.asks()
    two.asks()
    sent = one.payload("card.shortcut:public", one.cards()[0])
    assert [reply.status for reply in bot.remove(ONE)] == [200, 200]
    assert rows(bot, ONE)["installations"] == []
    bot.offices[ONE].send_interaction(sent)
    assert one.choices() == {}, "nobody is let in"
    assert two.answers("openness", "public").answers("duties", "none").verdicts() == ["allowed"]
    bot.install(ONE)
    bot.offices[ONE].send_interaction(sent)
    assert one.answers("duties", "none").verdicts() == ["allowed"]


def test_an_uninstall_by_another_process_counts_at_once(bot: Tenancy) -> None:
    person = bot.offices[ONE].newcomer("en-US").asks()
    bot.office.tools.conversations.store.uninstall(ONE, erase=False)
    assert person.asks().from_bot() == []


def test_what_waits_when_the_app_goes_is_dropped_without_harm_to_others(bot: Tenancy) -> None:
    one, two = bot.offices[ONE].newcomer("en-US").asks(), bot.offices[TWO].newcomer("en-US").asks()
    store = bot.office.tools.conversations.store
    job = _job(one)
    store.uninstall(ONE, erase=False)
    assert store.put_jobs([job]) == (True,)
    letter = _letter(one, ONE)
    store.put_letter(letter)
    bot.office.works.wake()
    bot.office.settle()
    assert [dead.error for dead in store.dead_letters() if dead.workspace == ONE] == ["not_installed"]
    assert [row["error"] for row in rows(bot, ONE)["jobs"] if row["key"] == job.key] == ["not_installed"]
    assert two.answers("openness", "public").asked == ["duties"]
    bot.take_complaints()
    store.uninstall(ONE, erase=True)


def _job(person: Researcher) -> Any:
    context = {"team_id": ONE, "user_id": person.id}
    return job_of(Kind.START, "late", context, (person.room, person.thread), person.office.tools.clock())


def _letter(person: Researcher, team: str) -> Any:
    at = person.office.tools.clock()
    return Letter(team, "", "late", "late", "late", person.room, person.thread, {"text": "late"}, "late", at)


@pytest.mark.parametrize("event", ["app_uninstalled", "tokens_revoked"])
def test_an_old_event_does_not_take_a_new_installation_away(bot: Tenancy, event: str) -> None:
    bot.remove(ONE)
    bot.install(ONE)
    bot.directory.tell(ONE, event, at=1_700_000_000)
    bot.office.settle()
    assert bot.offices[ONE].newcomer("en-US").asks().asked == ["openness"]


def test_revoked_tokens_of_users_concern_nobody(bot: Tenancy) -> None:
    slack = bot.directory.slacks[ONE]
    sent = payloads.event(slack.workspace, {"type": "tokens_revoked", "tokens": {"oauth": ["U0ALEX"]}})
    bot.office.send(payloads.encode_event(sent))
    assert bot.offices[ONE].newcomer("en-US").asks().asked == ["openness"]


def test_by_policy_the_data_go_with_the_app(house: House, tmp_path: Path) -> None:
    directory = Directory(workspace(ONE), workspace(TWO))
    with tenancy(directory, str(tmp_path / "k.db"), lambda: house, on_uninstall="delete") as bot:
        for team in (ONE, TWO):
            bot.install(team)
            finished(bot.offices[team].newcomer("en-US"))
        other = rows(bot, TWO)
        bot.remove(ONE, "tokens_revoked")
        assert rows(bot, ONE)["cases"], "revoked tokens alone are no reason"
        bot.remove(ONE, "app_uninstalled")
        left = {table for table, found in rows(bot, ONE).items() if found}
        assert left <= {"figures"}, "weekly counts name nobody, such as how many words were not understood"
        assert rows(bot, TWO) == other
        bot.install(ONE)
        assert finished(bot.offices[ONE].newcomer("en-US")).verdicts() == ["allowed"]
        assert bot.complaints == []


# --- Enterprise Grid and Slack Connect


def test_an_organisation_s_installation_answers_in_its_workspaces(house: House, tmp_path: Path) -> None:
    north, south = workspace("T0NORTH", "E0GRID"), workspace("T0SOUTH", "E0GRID")
    directory = Directory(north, replace(south, bot=north.bot, bot_id=north.bot_id))
    with tenancy(directory, str(tmp_path / "k.db"), lambda: house, on_uninstall="delete") as bot:
        assert "Grid &amp; Co" in bot.install("T0NORTH", "T0SOUTH").page
        people = [office.newcomer("en-US") for office in bot.offices.values()]
        for person in people:
            assert finished(person).verdicts() == ["allowed"]
            person.changes("openness")
            assert person.submits(shortcut=["undecided"]) == {}
            assert person.asked != []
            assert person.standing().case.place.workspace == person.office.workspace.team
            person.commands("")
            assert person.asked == ["openness"]
        assert {row["workspace"] for row in rows(bot, "E0GRID")["installations"]} == {"E0GRID"}
        _strangers(bot.offices["T0NORTH"])
        bot.remove("T0NORTH")
        assert [rows(bot, team)["cases"] for team in directory.slacks] == [[], []]
        assert [rows(bot, team)["installations"] for team in (*directory.slacks, "E0GRID")] == [[], [], []]
        assert people[1].asks().from_bot() == []


def _strangers(office: Office) -> None:
    """Colleagues of the organisation are none; people of another one are."""
    for told, notes in (
        ({"user_team": "T0SOUTH"}, []),
        ({"user_team": "E0GRID"}, []),
        ({"user_team": "T0OTHER", "shared": True}, ["stranger"]),
        ({"user_team": "E0OTHER", "shared": True}, ["stranger"]),
    ):
        person = office.newcomer("en-US")
        text = f"<@{office.workspace.bot}> may I?"
        message = office.workspace.post(person.room, {"user": person.id, "text": text, "team": told["user_team"]})
        inner = {**message, "type": "app_mention", "channel": person.room, "user_team": told["user_team"]}
        office.send_event(inner, is_ext_shared_channel=bool(told.get("shared")))
        person.channel, person.thread = person.room, message["ts"]
        assert person.notes() == notes
        assert (person.asked == ["openness"]) == (notes == [])
