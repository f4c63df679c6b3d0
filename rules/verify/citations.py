"""What the decisions rest on in the guideline, stated once more beside the tables: passages, and who cites them.

A rule that is meant to rest on something else changes this file too.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from rules.verify.solving import Check, Fault
from rules.verify.space import Space

RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "policy.keep_closed": (
        "class.closed.national_security",
        "verdict.*.national_security",
        "advice.reduce_data.national_security",
        "advice.public_data_only.*.national_security",
    ),
    "policy.keep_closed.law": ("class.closed.personal_information", "class.closed.export_controlled"),
    "policy.keep_closed.secret": ("class.closed.company_secret", "class.closed.novelty"),
    "plan.security_procedures": ("advice.consult_research_security.*",),
    "framework.researcher": ("advice.dmp",),
    "principle.share_by_nature": (
        *("class.*.openness_review", "class.unlisted", "advice.openness.*"),
        *("verdict.open_not_public", "verdict.unlisted"),
    ),
    "principle.contracts": (
        *("*.other_restriction", "class.careful.personal_information", "class.careful.export_controlled"),
        *("class.careful.company_secret", "class.careful.novelty", "obligation.recommended"),
        *("advice.untrained_service", "verdict.open_not_public", "verdict.protected"),
    ),
    "principle.proportionate": ("advice.another_service", "verdict.public"),
    "principle.checklist": ("item_[1-5].not_applicable", "obligation.*", "advice.record", "verdict.protected"),
    "open.paper_evidence": ("class.open.must_be_published",),
    "open.agreement": ("class.open.open_by_agreement",),
    "open.definition": ("class.open.already_public", "item_7.public", "advice.publish_first", "verdict.public"),
    "closed.law": ("*.personal_information", "*.export_controlled", "verdict.export_abroad"),
    "closed.secret": ("*.national_security", "*.company_secret", "class.*.novelty", "item_7.*.company"),
    "careful.strategic": (
        "class.careful.national_security",
        "class.careful.strategic_value",
        "advice.openness.careful",
    ),
    "careful.domains": ("class.careful.sensitive_domains",),
    "check.1": ("item_1.*", "verdict.item_1_*", "advice.responsible_person", "advice.liability"),
    "check.2": ("item_2.*", "item_6.*.item_2", "advice.access", "advice.channel"),
    "check.3": ("item_3.*", "item_6.*.item_3", "item_5.no_training", "item_5.*.purpose", "advice.training"),
    "check.4": ("item_4.*", "item_6.*.item_4", "advice.location", "verdict.export_abroad"),
    "check.5": ("item_5.*", "item_6.*.item_5", "advice.leakage"),
    "check.6": (
        *("item_6.*", "verdict.item_6_*", "verdict.uncleared.*", "advice.public_data_only*", "advice.until_confirmed"),
        *("advice.another_service", "advice.synthetic_data", "advice.local_model"),
    ),
    "check.7": ("item_7.*", "verdict.item_7_*", "advice.leader_approval", "advice.industry.*"),
    "check.platform": ("advice.access",),
}
"""Passage to the ids of rules (`*` stands for anything) that rest on it."""


def rest_on(space: Space) -> Iterator[Check]:
    """Every rule cites each passage that it rests on."""
    for rule in space.rulebase.rules.values():
        for passage, names in RESTS_ON.items():
            if passage not in rule.cites and any(fnmatchcase(rule.id, name) for name in names):
                yield Fault(f"{rule.id} rests on {passage} and does not cite it")
