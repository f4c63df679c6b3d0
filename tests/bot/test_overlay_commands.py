"""The overlay on the command line, in real processes: `evaluate`, `show`, `check`, and where the folder comes from."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.example import EXAMPLE
from tests.bot.test_cli import kakunin, records, told
from tests.overlays import card, example, fact, floor, folder, insert
from tests.planting import plant

UNBOUND = dict.fromkeys(
    ("personal_information", "export_controlled", "other_restriction", "company_secret", "national_security"), "no"
)
PUBLIC = {**UNBOUND, "already_public": "yes"}
PERSONAL = {
    **UNBOUND,
    **dict.fromkeys(("legal_clearance", "responsible_person", "liability_clear", "access_limited"), "yes"),
    "personal_information": "yes",
    "already_public": "no",
    "use": "prompt",
    "collaboration": "none",
    "secure_channel": "yes",
    "purpose_limited": "yes",
    "data_location": "japan",
}
COVERED = {**PERSONAL, "ethics_approval_covers_ai": "yes"}
HEALTH = {**COVERED, "sensitive_domains": ["food", "health"]}

# A line → the verdict it gets under the example, and the rules of the institution that are told.
JUDGED: dict[str, tuple[dict[str, Any], str, set[str]]] = {
    "public data": ({"facts": PUBLIC}, "allowed", set()),
    "public data in a banned service": (
        {"facts": PUBLIC, "service": "deepl_free"},
        "do_not_upload",
        {"kakuu.banned.deepl_free"},
    ),
    "public data in a consumer service": ({"facts": PUBLIC, "service": "chatgpt_free"}, "allowed", set()),
    "personal data on campus": ({"facts": COVERED, "service": "kakuu_ai"}, "allowed_with_conditions", set()),
    "personal data on campus, not approved": (
        {"facts": PERSONAL, "service": "kakuu_ai"},
        "confirm_first",
        {"kakuu.personal.ethics"},
    ),
    "personal data in a consumer service": (
        {"facts": COVERED, "service": "chatgpt_free"},
        "do_not_upload",
        {"kakuu.personal.consumer", "kakuu.closed.uncontracted"},
    ),
    "personal data, no service": ({"facts": COVERED}, "confirm_first", {"kakuu.closed.uncontracted"}),
    "health data in a contracted service": (
        {"facts": HEALTH, "service": "m365_copilot_chat"},
        "allowed_with_conditions",
        set(),
    ),
    "health data in a consumer service": (
        {"facts": {**HEALTH, "personal_information": "no", "novelty": "yes"}, "service": "gemini_consumer"},
        "public_data_only",
        {"kakuu.health.uncontracted", "kakuu.closed.uncontracted"},
    ),
}
# A line that is refused → words of its error.
FAULTY: dict[str, tuple[dict[str, Any], list[str]]] = {
    "service as a fact": ({"facts": {"service": "deepl_free"}}, ["unknown fact 'service'"]),
    "kind as a fact": ({"facts": {"service_kind": "contracted"}}, ["unknown fact 'service_kind'"]),
    "field as a fact": ({"facts": {"domain_health": "no"}}, ["unknown fact 'domain_health'"]),
    "own fact misspelt": (
        {"facts": {"ethics_approval_covers_a": "yes"}},
        ["'ethics_approval_covers_a'", "did you mean 'ethics_approval_covers_ai'"],
    ),
    "own fact with a wrong value": (
        {"facts": {"ethics_approval_covers_ai": "y"}},
        ["ethics_approval_covers_ai", "'y'"],
    ),
    "unknown service": ({"facts": {}, "service": "kakuu_ia"}, ["'kakuu_ia'", "did you mean 'kakuu_ai'"]),
}


def lines(*given: dict[str, Any]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in given).encode()


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every line, good or bad, in one run under the example."""
    judged = [{"id": name, **line} for name, (line, _, _) in JUDGED.items()]
    faulty = [{"id": name, **line} for name, (line, _) in FAULTY.items()]
    done = kakunin(tmp_path_factory.mktemp("empty"), "evaluate", "--overlay", "example", given=lines(*judged, *faulty))
    assert told(done) == ""
    assert done.returncode == 1
    return {answer["id"]: answer for answer in records(done)}


@pytest.mark.parametrize("name", JUDGED)
def test_evaluate_reads_the_service_and_the_institutions_rules(answers: dict[str, dict[str, Any]], name: str) -> None:
    _, verdict, rules = JUDGED[name]
    answer = answers[name]
    assert answer["verdict"] == verdict, answer
    assert {rule for rule in answer["rules"] if rule.startswith("kakuu.")} == rules
    assert bool(rules) == any(passage.startswith("kakuu.policy.") for passage in answer["passages"])
    assert "disputed" not in answer


@pytest.mark.parametrize("name", FAULTY)
def test_evaluate_takes_no_answer_that_nobody_gives(answers: dict[str, dict[str, Any]], name: str) -> None:
    assert list(answers[name]) == ["id", "error"]
    assert [word for word in FAULTY[name][1] if word not in answers[name]["error"]] == []


@pytest.mark.parametrize("name", JUDGED)
def test_explain_tells_each_in_words_and_as_data(tmp_path: Path, name: str) -> None:
    line, verdict, rules = JUDGED[name]
    given = json.dumps(line).encode()
    done = kakunin(tmp_path, "explain", "--json", "--overlay", "example", given=given)
    assert (done.returncode, told(done)) == (0, "")
    (data,) = records(done)
    assert data["verdict"] == verdict
    assert rules <= {reason["rule"] for reason in (*data["because"], *data["milder"])}
    words = kakunin(tmp_path, "explain", "--lang", "ja", "--overlay", "example", given=given)
    assert (words.returncode, told(words)) == (0, "")
    assert "架空AI" in words.stdout.decode(), "every other service is told, the institution's own too"


def test_without_an_overlay_nothing_of_it_is_there(tmp_path: Path) -> None:
    given = lines({"facts": PUBLIC, "service": "deepl_free"}, {"facts": PUBLIC, "service": "kakuu_ai"})
    given += lines({"facts": {"ethics_approval_covers_ai": "yes"}})
    banned, service, fact = records(kakunin(tmp_path, "evaluate", given=given))
    assert banned["verdict"] == "allowed"
    assert "'kakuu_ai'" in service["error"]
    assert "'ethics_approval_covers_ai'" in fact["error"]


@pytest.mark.parametrize("where", ["option", "variable", "example by variable"])
def test_the_folder_comes_from_the_option_or_the_variable(tmp_path: Path, where: str) -> None:
    overlay = example(tmp_path / "ours")
    given = lines({"facts": PUBLIC, "service": "deepl_free"})
    words = ["--overlay", str(overlay)] if where == "option" else []
    variable = {"variable": str(overlay), "example by variable": "example"}.get(where)
    more = {"KAKUNIN_OVERLAY": variable} if variable else {}
    done = kakunin(tmp_path, "evaluate", *words, given=given, **more)
    assert (done.returncode, told(done)) == (0, "")
    assert [answer["verdict"] for answer in records(done)] == ["do_not_upload"]


def test_a_folder_called_example_comes_before_the_shipped_one(tmp_path: Path) -> None:
    folder(
        tmp_path / "example", rules=floor("own.x", 'use = "training"', "confirm_first", more="institution_policy=true")
    )
    done = kakunin(tmp_path, "show", "own.x", "--overlay", "example")
    assert (done.returncode, told(done)) == (0, "")


def test_show_prints_what_the_overlay_adds(tmp_path: Path) -> None:
    ids = ["kakuu.personal.consumer", "kakuu.policy.personal", "kakuu_ai", "local_model", "m365_copilot_chat"]
    done = kakunin(tmp_path, "show", *ids, "--overlay", "example")
    assert (done.returncode, told(done)) == (0, "")
    rule, passage, service, measure, contracted = records(done)
    assert (rule["record"], rule["then"]) == ("rule", "do_not_upload")
    assert passage["ja"] in (EXAMPLE / "sources" / "policy.ja.md").read_text(encoding="utf-8")
    assert service["kind"] == "self_hosted"
    assert "架空AI" in measure["label"]["ja"]
    assert contracted["facts"]["data_location"]["institution"]
    alone = kakunin(tmp_path, "show", ids[0])
    assert (alone.returncode, alone.stdout) == (1, b"")


def test_check_says_that_the_example_is_sound_and_what_it_adds(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "check", "--overlay", "example")
    text = done.stdout.decode()
    assert (done.returncode, told(done)) == (0, "")
    assert ": sound" in text
    assert "kakuu" in text
    assert "desk" in text
    assert list(tmp_path.iterdir()) == []


UNLAWFUL = floor("own.unlawful", 'service_kind = "consumer"', "confirm_first")
FAULTS: dict[str, tuple[str, list[str]]] = {
    "not proportionate": (
        UNLAWFUL,
        ["own.unlawful", "not proportionate", "already_public = yes", "institution_policy"],
    ),
    "not monotone": (
        floor("own.unlawful", 'use = "prompt", data_class = "closed"', "do_not_upload"),
        ["own.unlawful", "not monotone", "use = prompt"],
    ),
    "an unknown fact": (floor("own.unlawful", 'noveltey = "yes"', "confirm_first"), ["own.unlawful", "'novelty'"]),
    "a target": (floor("own.unlawful", 'novelty = "yes"', "allowed", more='target = "item_1"'), ["'target'"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_check_names_the_rule_at_fault(tmp_path: Path, fault: str) -> None:
    rules, words = FAULTS[fault]
    overlay = example(tmp_path / "ours")
    insert(overlay / "rules.toml", rules)
    done = kakunin(tmp_path, "check", "--overlay", str(overlay))
    said = told(done)
    assert (done.returncode, done.stdout) == (1, b"")
    assert [word for word in ("rules.toml", *words) if word not in said] == [], said


def test_check_takes_what_is_meant(tmp_path: Path) -> None:
    overlay = example(tmp_path / "ours")
    insert(overlay / "rules.toml", f"{UNLAWFUL}institution_policy = true")
    done = kakunin(tmp_path, "check", "--overlay", str(overlay))
    assert (done.returncode, told(done)) == (0, "")


def test_check_refuses_a_fact_that_no_rule_reads(tmp_path: Path) -> None:
    overlay = example(tmp_path / "ours")
    insert(overlay / "facts.toml", fact("idle"))
    insert(overlay / "cards.toml", card("idle_card", "idle"))
    done = kakunin(tmp_path, "check", "--overlay", str(overlay))
    assert (done.returncode, done.stdout) == (1, b"")
    assert "facts.toml: idle: no rule reads it" in told(done)


def test_check_names_a_suspension(tmp_path: Path) -> None:
    overlay = example(tmp_path / "ours")
    plant(overlay / "institution.toml", "suspended = []", 'suspended = ["gemini"]')
    done = kakunin(tmp_path, "check", "--overlay", str(overlay))
    assert (done.returncode, told(done)) == (0, "")
    assert "suspended: gemini" in done.stdout.decode()


def test_a_card_at_fault_is_named_by_check(tmp_path: Path) -> None:
    overlay = example(tmp_path / "ours")
    plant(overlay / "cards.toml", 'id = "kakuu_ethics"', 'id = "service"')
    done = kakunin(tmp_path, "check", "--overlay", str(overlay))
    assert done.returncode == 1
    assert "cards.toml: service: " in told(done)


@pytest.mark.parametrize("command", ["check", "evaluate"])
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, command: str) -> None:
    overlay = example(tmp_path / "ours")
    shutil.rmtree(overlay)
    done = kakunin(tmp_path, command, "--overlay", str(overlay))
    assert done.returncode == 1
    assert "an overlay is a folder" in told(done)
