"""The same data with other services: catalogue facts count, what was confirmed for another service does not."""

from conversations.comparison import compare_services
from knowledge.models import Knowledge
from rules.models import SEVERITY, RuleBase
from rules.vocabulary import parse_facts

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
