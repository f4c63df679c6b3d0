"""In the running bot, each workspace is judged, told and worded by its own institution."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import build_house
from tests.bot.directory import Directory, workspace
from tests.bot.driver import Researcher
from tests.bot.tenants import Tenancy, overlay, tenancy, twin
from tests.bot.test_overlay_live import PUBLIC, UNPUBLISHED, answers, told

ONE, TWO = "T0ONE", "T0TWO"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    overlay(tmp_path / "overlays" / ONE, programme='"yes"')
    return tmp_path / "overlays"


@pytest.fixture
def bot(folder: Path, tmp_path: Path) -> Iterator[Tenancy]:
    directory = Directory(workspace(ONE), workspace(TWO))
    with tenancy(directory, str(tmp_path / "k.db"), lambda: build_house(None, folder), programme="no") as running:
        for team in (ONE, TWO):
            running.install(team)
        running.office.rounds()
        yield running
        running.office.settle()
        assert running.take_complaints() == []


def newcomers(bot: Tenancy) -> list[Researcher]:
    return [office.newcomer("en-US") for office in bot.offices.values()]


def test_a_suspension_reaches_the_cases_of_its_own_workspace_only(bot: Tenancy, folder: Path) -> None:
    one, two = (answers(person, UNPUBLISHED) for person in newcomers(bot))
    overlay(folder / ONE, suspended='["chatgpt_free"]')
    bot.office.rounds()
    assert (one.verdicts(), two.verdicts()) == (["do_not_upload"], ["allowed_with_conditions"])
    assert [len(told(person)) for person in (one, two)] == [1, 0]
    overlay(folder / TWO, suspended='["chatgpt_free"]')
    bot.office.rounds()
    assert two.verdicts() == ["do_not_upload"], "a folder that appears"
    assert [len(told(person)) for person in (one, two)] == [1, 1]


def test_a_fault_touches_nobody_else(bot: Tenancy, folder: Path) -> None:
    overlay(folder / TWO, suspended='["chatgpt_fre"]')
    overlay(folder / ONE, suspended='["chatgpt_free"]')
    bot.office.rounds()
    one, two = newcomers(bot)
    assert answers(one, UNPUBLISHED).verdicts() == ["do_not_upload"]
    assert two.asks().from_bot() == []
    assert two.notes() == ["rules_unreadable"]
    (alert,) = bot.take_complaints()
    assert "T0TWO: " in alert
    assert "did you mean 'chatgpt_free'" in alert
    overlay(folder / TWO)
    bot.office.rounds()
    assert answers(two, PUBLIC).verdicts() == ["allowed"]


def test_whether_it_is_under_the_programme_is_said_for_each(bot: Tenancy) -> None:
    one, two = (person.asks().standing().case.programme for person in newcomers(bot))
    assert (one, two) == ("yes", "no")


def test_a_notice_of_a_workspace_that_left_waits_and_keeps_no_other_waiting(bot: Tenancy, folder: Path) -> None:
    one, two = (answers(person, UNPUBLISHED) for person in newcomers(bot))
    bot.remove(ONE)
    for team in (ONE, TWO):
        overlay(folder / team, suspended='["chatgpt_free"]')
    bot.office.rounds()
    assert ([len(told(person)) for person in (one, two)], two.verdicts()) == ([0, 1], ["do_not_upload"])
    bot.install(ONE)
    bot.office.rounds()
    assert (len(told(one)), one.verdicts()) == (1, ["do_not_upload"])


def test_who_is_an_officer_in_one_workspace_is_none_in_another(bot: Tenancy, folder: Path) -> None:
    one, office = bot.offices[ONE].newcomer("en-US"), bot.offices[TWO]
    two = twin(one, office)
    overlay(folder / ONE, roles=f'{{ officers = ["{one.id}"] }}')
    overlay(folder / TWO)
    bot.office.rounds()
    for person in (one, two):
        person.commands("status")
    assert two.notes() == ["not_allowed"]
    assert "not_allowed" not in str([message["text"] for message in one.everything()])
    assert one.everything()[-1]["text"] != two.everything()[-1]["text"]
