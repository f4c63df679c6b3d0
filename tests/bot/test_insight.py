"""What stands behind a verdict, as a person meets it: on the card, behind its buttons, and on the command line."""

import json
from pathlib import Path

from bot.playground.block_kit import block_faults
from rules.models import SEVERITY, VERDICTS
from tests.bot.driver import Office, Researcher
from tests.bot.test_cli import kakunin, records, told
from tests.bot.test_interview import INTERVIEWS, goes_through

FACTS = {"personal_information": "yes", "legal_clearance": "no", "use": "prompt"}


def test_anyone_may_compare_other_services(office: Office, alex: Researcher, hanako: Researcher) -> None:
    goes_through(alex.asks(), INTERVIEWS["public data"][0])
    hanako.looks_at(alex)
    for reader in (alex, hanako):
        reader.presses("services.compare", on=alex.from_bot()[-1])
        assert reader.view["callback_id"] == "other_services"
        assert block_faults(reader.view["blocks"], "modal") == []


def test_explain_tells_the_tree_as_data(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "explain", "--json", given=json.dumps({"facts": FACTS}))
    (data,) = records(done)
    assert data["verdict"] == "do_not_upload"
    assert set(data["deciding"]) == {"personal_information", "legal_clearance"}
    assert "verdict.refused.personal_information" in {reason["rule"] for reason in data["because"]}
    assert all(SEVERITY[way["verdict"]] < SEVERITY["do_not_upload"] for way in data["ways_out"])
    assert {entry["verdict"] for entry in data["other_services"]} <= set(VERDICTS)


def test_explain_tells_it_in_words_and_names_faults(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "explain", "--lang", "ja", given=json.dumps({"facts": FACTS}))
    assert "verdict.refused.personal_information" in done.stdout.decode()
    wrong = kakunin(tmp_path, "explain", given='{"facts": {"use": "promt"}}')
    assert (wrong.returncode, "'prompt'" in told(wrong)) == (1, True)
    assert kakunin(tmp_path, "explain", given="nonsense").returncode == 1


def test_when_counts_first_and_pages(tmp_path: Path) -> None:
    first = kakunin(tmp_path, "when", "confirm_first").stdout.decode()
    assert first.splitlines()[0].startswith("at-least confirm_first: 918,053,087,616 of 1,115,771,008,320")
    assert "page 1 of 37" in first
    assert kakunin(tmp_path, "when", "confirm_first", "--page", "99").returncode == 1
    exactly = kakunin(tmp_path, "when", "--exactly", "confirm_first").stdout.decode()
    assert "136,958,129,424" in exactly
    assert kakunin(tmp_path, "when", "perhaps").returncode == 2
