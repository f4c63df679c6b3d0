"""What stands behind a verdict, as a person meets it: on the card, behind its buttons, and on the command line."""

import json
import re
from pathlib import Path

import pytest

from bot.playground.block_kit import block_faults
from knowledge.models import Knowledge
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


PASSAGE = {"id", "source", "section", "ja", "en", "en_status"}


def test_explain_quotes_the_guideline_as_data_and_in_words(tmp_path: Path, knowledge: Knowledge) -> None:
    given = json.dumps({"facts": FACTS})
    (data,) = records(kakunin(tmp_path, "explain", "--json", given=given))
    refused = next(r for r in data["because"] if r["rule"] == "verdict.refused.personal_information")
    (passage,) = refused["passages"]
    assert passage == knowledge.passages["closed.law"].model_dump()
    assert passage.keys() == PASSAGE
    assert refused["because_of"][0]["passages"][0].keys() == PASSAGE
    law = knowledge.passages["closed.law"]
    english, japanese = (kakunin(tmp_path, "explain", "--lang", n, given=given).stdout.decode() for n in ("en", "ja"))
    for text in (english, japanese):
        assert text.count(" ".join(law.ja.split())) == 1, "verbatim, once"
        assert law.section in text
    assert law.en in english
    assert "English: unofficial rendering" in english
    assert law.en not in japanese


def test_explain_tells_values_by_their_names(tmp_path: Path) -> None:
    line = {"facts": {**FACTS, "sensitive_domains": ["health"]}, "service": "chatgpt_free"}
    words = {"en": "for consumers", "ja": "個人向け"}
    for language, word in words.items():
        done = kakunin(tmp_path, "explain", "--lang", language, "--overlay", "example", given=json.dumps(line))
        tree = done.stdout.decode().partition("\n\n")[0]
        assert word in tree
        assert [code for code in ("chatgpt_free", ": consumer", ": unknown\n", "do_not_upload") if code in tree] == []


def test_explain_words_ways_out_as_steps(tmp_path: Path) -> None:
    safe = {
        **FACTS,
        **dict.fromkeys(("already_public", "export_controlled", "other_restriction", "company_secret"), "no"),
    }
    safe |= dict.fromkeys(("novelty", "national_security", "strategic_value"), "no")
    safe |= dict.fromkeys(("responsible_person", "liability_clear", "access_limited", "secure_channel"), "yes")
    facts = {
        **safe,
        "purpose_limited": "yes",
        "data_location": "japan",
        "collaboration": "none",
        "sensitive_domains": [],
    }
    words = {"en": ("anonymise the data", "publish all of it"), "ja": ("匿名化する", "全部を公開する")}
    for language, (anonymise, publish) in words.items():
        done = kakunin(tmp_path, "explain", "--lang", language, given=json.dumps({"facts": facts}))
        lines = [line for line in done.stdout.decode().splitlines() if "🟢" in line and "←" in line]
        assert any(anonymise in line and publish in line.partition(anonymise)[2] for line in lines), lines


def test_explain_offers_another_service_where_one_is_banned(tmp_path: Path) -> None:
    facts = {
        "already_public": "yes",
        **dict.fromkeys(("personal_information", "export_controlled", "other_restriction"), "no"),
    }
    line = json.dumps({"facts": facts, "service": "deepl_free"})
    done = kakunin(tmp_path, "explain", "--overlay", "example", given=line)
    assert "🟢 You may enter it ← use another service that meets the same conditions" in done.stdout.decode()
    (data,) = records(kakunin(tmp_path, "explain", "--json", "--overlay", "example", given=line))
    ((change,),) = data["ways_out"][0]["actionable"]
    assert change["fact"] == "service"
    assert "chatgpt_free" in change["values"]
    assert not {"deepl_free", "deepl", "other", "unknown"} & set(change["values"])


def test_when_counts_first_and_pages(tmp_path: Path) -> None:
    first = kakunin(tmp_path, "when", "confirm_first").stdout.decode()
    assert first.splitlines()[0].startswith("at-least confirm_first: 918,053,087,616 of 1,115,771,008,320")
    assert "page 1 of 37" in first
    assert kakunin(tmp_path, "when", "confirm_first", "--page", "99").returncode == 1


def test_when_exactly_is_the_difference_of_two_lists(tmp_path: Path) -> None:
    lines = kakunin(tmp_path, "when", "--exactly", "confirm_first").stdout.decode().splitlines()
    assert lines[0].startswith("exactly confirm_first: 136,958,129,424 of 1,115,771,008,320 ")
    named = [
        re.fullmatch(r"([\d,]+) patterns, page by page: kakunin (when --at-least (\w+) --page 1)", x) for x in lines[2:]
    ]
    assert [found and found[3] for found in named] == ["confirm_first", "public_data_only"]
    for found in named:
        assert found
        paged = kakunin(tmp_path, *found[2].split()).stdout.decode()
        assert paged.splitlines()[1].startswith(f"{found[1]} minimal patterns")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["perhaps"], "There are: allowed, "),
        (["confrm_first"], "'confrm_first' is not a verdict, did you mean 'confirm_first'?"),
        (["--at-most", "--exactly", "allowed"], "choose one"),
        (["--at-least", "--at-most", "allowed"], "choose one"),
        (["--exactly", "allowed", "--page", "2"], "no pages of its own"),
    ],
)
def test_when_refuses_what_cannot_be_meant(tmp_path: Path, words: list[str], said: str) -> None:
    done = kakunin(tmp_path, "when", *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in told(done)


def test_when_groups_by_rule_and_tells_that_anything_will_do(tmp_path: Path) -> None:
    most = kakunin(tmp_path, "when", "--at-most", "allowed_with_conditions").stdout.decode()
    assert "\nverdict.public The data are already public, so they may be entered.\n  already_public = yes, " in most
    assert "\nseveral rules together\n" in most
    assert "\n  whatever the answers are\n" in kakunin(tmp_path, "when", "allowed").stdout.decode()


def test_when_speaks_japanese_and_reads_an_overlay(tmp_path: Path) -> None:
    japanese = kakunin(tmp_path, "when", "confirm_first", "--lang", "ja").stdout.decode()
    assert [word for word in ("at-least", "combinations", "patterns", "page ", "several") if word in japanese] == []
    assert "37 ページ中 1 ページ目" in japanese
    banned = kakunin(tmp_path, "when", "do_not_upload", "--overlay", "example").stdout.decode()
    assert "\nkakuu.banned.deepl_free " in banned
    assert "\n  service = deepl_free\n" in banned
