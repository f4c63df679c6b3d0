"""The same data with other services: catalogue facts count, what was confirmed for another service does not."""

from pathlib import Path

from conversations.comparison import compare_services
from knowledge.models import Knowledge
from rules.editions import load_rulebook
from rules.interpreter import decide
from rules.models import SEVERITY, RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.overlays import fact, floor, folder

SAFE = dict.fromkeys(
    ("access_limited", "secure_channel", "purpose_limited", "responsible_person", "liability_clear", "legal_clearance"),
    "yes",
)


def compared(knowledge: Knowledge, rulebase: RuleBase, chosen: str | None, **facts: str) -> dict[str, str]:
    given = parse_facts(rulebase, facts)
    return {entry.service: entry.verdict for entry in compare_services(knowledge, rulebase, given, chosen)}


def test_every_other_service_stands_there_mildest_first(knowledge: Knowledge, rulebase: RuleBase) -> None:
    found = compared(knowledge, rulebase, "chatgpt_free", novelty="yes", use="prompt", already_public="no")
    assert found.keys() == knowledge.services.keys() - {"chatgpt_free"}
    severities = [SEVERITY[verdict] for verdict in found.values()]
    assert severities == sorted(severities)


def test_public_data_may_go_anywhere(knowledge: Knowledge, rulebase: RuleBase) -> None:
    no = dict.fromkeys(("personal_information", "export_controlled", "other_restriction"), "no")
    assert set(compared(knowledge, rulebase, None, already_public="yes", **no).values()) == {"allowed"}


def test_a_training_default_stands_and_approvals_do_not_move_over(knowledge: Knowledge, rulebase: RuleBase) -> None:
    case = {"personal_information": "yes", "use": "prompt", "already_public": "no", "data_location": "japan"}
    found = compared(knowledge, rulebase, "self_hosted", **case, **SAFE)
    assert found["chatgpt_free"] == "do_not_upload"
    assert found["chatgpt_business"] == "confirm_first"


OWN = """
[[contract]]
service = "deepl_pro"
[contract.facts.own]
value = "yes"
as_of = 2026-10-01
source = "x"
note = { ja = "仮", en = "x" }
"""


def test_a_fact_of_ones_own_that_a_contract_answers_does_not_move_over(tmp_path: Path) -> None:
    read = floor("own.x", 'own = ["no", "unknown"], already_public = ["no", "unknown"]', "do_not_upload")
    book = load_rulebook(None, folder(tmp_path, facts=fact("own"), rules=read, services=OWN))
    case = {"use": "prompt", "already_public": "no", "personal_information": "no", "own": "yes", **SAFE}
    chosen = decide(book.rulebase, for_tables(parse_facts(book.rulebase, case, "deepl_pro"))).verdict
    assert chosen != "do_not_upload"
    found = compared(book.knowledge, book.rulebase, "deepl_pro", **case)
    assert set(found.values()) == {"do_not_upload"}, "no other service has this contract"
    back = compared(book.knowledge, book.rulebase, "deepl_free", **{**case, "own": "no"})
    assert back["deepl_pro"] != "do_not_upload", "and this one has it"
