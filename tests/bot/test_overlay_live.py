"""An institution's overlay in the running bot: read anew without a restart, checked first, and people are told."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.app import build_house
from conversations.receipts import read_receipts
from rules.models import VERDICTS
from tests.bot.conftest import opened
from tests.bot.driver import Office, Researcher

PUBLIC: dict[str, Any] = {"openness": "public", "duties": "none"}
UNPUBLISHED: dict[str, Any] = {
    "openness": "undecided",
    "duties": "none",
    "content": {"content": ["novelty"], "fields": ["none"]},
    "service": {"service": ["chatgpt_free"], "use": ["prompt"]},
    "safeguards": {"confirmed": ["access", "channel", "purpose", "person", "liability"], "place": ["japan"]},
    "partners": "nobody",
}
ALL_STAFF = "C000000"


def institution(folder: Path, *suspended: str) -> Path:
    folder.mkdir(exist_ok=True)
    names = ", ".join(f'"{name}"' for name in suspended)
    text = f'id = "demo"\nname = {{ ja = "架空大学", en = "Kakuu" }}\nsuspended = [{names}]\n'
    (folder / "institution.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return institution(tmp_path / "overlay")


@pytest.fixture
def demo(folder: Path, tmp_path: Path) -> Iterator[Office]:
    with opened(build_house(folder), str(tmp_path / "kakunin.db")) as office:
        office.rounds()
        yield office
        office.settle()
        assert office.take_refusals() == []


def answers(person: Researcher, given: Mapping[str, Any], stop: str = "") -> Researcher:
    """Answer whatever is asked, until the verdict or the card `stop`."""
    person.asks()
    while person.asked and person.asked[-1] != stop:
        how = given[person.asked[-1]]
        if isinstance(how, str):
            person.answers(person.asked[-1], how)
        else:
            person.answers(person.asked[-1], **how)
    return person


def told(person: Researcher) -> list[str]:
    return [str(m["text"]) for m in person.from_bot() if f"<@{person.id}>" in m["text"] and not m.get("blocks")]


def test_a_suspended_service_reaches_finished_and_open_cases_without_a_restart(demo: Office, folder: Path) -> None:
    finished, opened_case = demo.newcomer("en-US"), demo.newcomer("ja-JP")
    elsewhere = demo.newcomer("en-US")
    answers(finished, UNPUBLISHED)
    answers(opened_case, UNPUBLISHED, stop="safeguards")
    answers(elsewhere, {**UNPUBLISHED, "service": {"service": ["chatgpt_business"], "use": ["prompt"]}})
    before = elsewhere.verdicts()
    assert finished.verdicts() == ["allowed_with_conditions"]
    assert opened_case.verdicts() == []

    institution(folder, "chatgpt_free")
    demo.rounds()

    assert finished.verdicts() == opened_case.verdicts() == ["do_not_upload"]
    assert [len(told(person)) for person in (finished, opened_case, elsewhere)] == [1, 1, 0]
    assert "suspended" in told(finished)[0]
    assert "停止" in told(opened_case)[0]
    assert elsewhere.verdicts() == before
    assert "suspended.chatgpt_free" in finished.evaluation().rules

    demo.rounds()
    assert len(told(finished)) == 1, "told once"

    institution(folder)
    demo.rounds()
    assert finished.verdicts() == ["allowed_with_conditions"]
    assert len(told(finished)) == 2


def test_a_new_case_with_a_suspended_service_is_refused_even_for_public_data(demo: Office, folder: Path) -> None:
    institution(folder, "deepseek")
    demo.rounds()
    person = answers(demo.newcomer("en-US"), {**PUBLIC, "service": {"service": ["deepseek_web"], "use": ["prompt"]}})
    assert person.verdicts() == ["do_not_upload"]
    other = answers(demo.newcomer("en-US"), {**PUBLIC, "service": {"service": ["chatgpt_free"], "use": ["prompt"]}})
    assert other.verdicts() == ["allowed"]


def test_an_overlay_with_a_fault_changes_nothing_and_is_reported(demo: Office, folder: Path) -> None:
    person = answers(demo.newcomer("en-US"), UNPUBLISHED)
    institution(folder, "chatgpt_fre")
    demo.rounds()
    assert person.verdicts() == ["allowed_with_conditions"]
    assert any("did you mean 'chatgpt_free'" in line for line in demo.take_complaints())
    institution(folder, "chatgpt_free")
    demo.rounds()
    assert person.verdicts() == ["do_not_upload"]


def test_every_judgement_is_a_receipt_chained_to_the_last(demo: Office, folder: Path) -> None:
    person = answers(demo.newcomer("en-US"), UNPUBLISHED)
    institution(folder, "chatgpt_free")
    demo.rounds()
    case = person.standing().case
    bodies = demo.tools.conversations.store.receipts(case.place.workspace, case.id)
    first, second = read_receipts("\n".join(bodies))
    assert (first.result.verdict, second.result.verdict) == ("allowed_with_conditions", "do_not_upload")
    assert (first.occasion, second.occasion) == ("verdict", "re-evaluation")
    assert second.previous == first.hash
    assert first.sha256.overlay != second.sha256.overlay


def test_slack_out_of_reach_keeps_the_notice_for_the_next_round(demo: Office, folder: Path) -> None:
    person = answers(demo.newcomer("en-US"), UNPUBLISHED)
    institution(folder, "chatgpt_free")
    with demo.unreachable_slack():
        demo.rounds()
    assert told(person) == []
    demo.later()
    assert len(told(person)) == 1
    assert person.verdicts()[-1] in VERDICTS[-1:]
