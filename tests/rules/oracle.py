"""The semantics as plain if/elif, written from the specification page alone. Imports nothing of the project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Value = str | tuple[str, ...]
Case = dict[str, Value]

YES_NO = ("yes", "no", "unknown")
VALUES: dict[str, tuple[str, ...]] = {
    "use": ("prompt", "knowledge_base", "training", "unknown"),
    **dict.fromkeys(("programme", "already_public", "must_be_published", "open_by_agreement"), YES_NO),
    **dict.fromkeys(("personal_information", "export_controlled", "other_restriction", "legal_clearance"), YES_NO),
    **dict.fromkeys(("company_secret", "novelty", "national_security", "strategic_value"), YES_NO),
    "openness_review": ("open", "closed", "pending", "unknown"),
    **dict.fromkeys(("responsible_person", "liability_clear", "access_limited", "secure_channel"), YES_NO),
    "purpose_limited": YES_NO,
    "data_location": ("japan", "abroad", "undisclosed", "unknown"),
    "leakage_protection": YES_NO,
    "collaboration": ("none", "international", "industry", "both", "unknown"),
    "leader_approval": YES_NO,
}
"""Every fact but `sensitive_domains`, which is a list out of DOMAINS or `unknown`."""

DOMAINS = (
    "economic_security",
    "technology",
    "resources",
    "food",
    "water",
    "infrastructure",
    "energy",
    "health",
    "intellectual_property",
)
LADDER = ("allowed", "allowed_with_conditions", "confirm_first", "public_data_only", "do_not_upload")
RESTRICTIONS = ("personal_information", "export_controlled", "other_restriction")
SECRETS = ("company_secret", "novelty", "national_security")

SAFE: Case = {
    "use": "prompt",
    **dict.fromkeys(("already_public", "must_be_published", "open_by_agreement", "legal_clearance"), "yes"),
    **dict.fromkeys(("responsible_person", "liability_clear", "access_limited", "secure_channel"), "yes"),
    **dict.fromkeys(("purpose_limited", "leakage_protection", "leader_approval"), "yes"),
    **dict.fromkeys((*RESTRICTIONS, *SECRETS, "strategic_value"), "no"),
    "sensitive_domains": (),
    "openness_review": "open",
    "data_location": "japan",
    "collaboration": "none",
}


@dataclass(frozen=True)
class Expected:
    """What the page says of a case."""

    data_class: str
    checklist: dict[str, str]
    verdict: str
    obligation: str


def judge(case: Mapping[str, Value]) -> Expected:
    """Judge a case in which every fact is given."""
    data_class = class_of(case)
    checklist = checklist_of(case, data_class)
    verdict = LADDER[max(LADDER.index(floor) for floor in floors(case, data_class, checklist))]
    obligation = "not_applicable"
    if data_class in ("closed", "careful"):
        by_programme = {"yes": "required", "no": "recommended", "unknown": "required_if_in_programme"}
        obligation = by_programme[str(case["programme"])]
    return Expected(data_class, checklist, verdict, obligation)


def class_of(case: Mapping[str, Value]) -> str:  # noqa: PLR0911 - the page has eight lines
    """Return the first of the eight lines that holds."""
    if any(case[name] == "yes" for name in RESTRICTIONS):
        return "closed"
    if case["already_public"] == "yes":
        return "open"
    if any(case[name] == "yes" for name in SECRETS) or case["openness_review"] == "closed":
        return "closed"
    if any(case[name] == "unknown" for name in (*RESTRICTIONS, *SECRETS)):
        return "careful"
    if case["openness_review"] == "open":
        return "open"
    if case["strategic_value"] != "no" or case["sensitive_domains"] != ():
        return "careful"
    if case["must_be_published"] == "yes" or case["open_by_agreement"] == "yes":
        return "open"
    return "unlisted"


def status(answers: Iterable[Value]) -> str:
    """Any no, all yes, else open."""
    given = list(answers)
    if "no" in given:
        return "not_met"
    return "met" if all(answer == "yes" for answer in given) else "unconfirmed"


def checklist_of(case: Mapping[str, Value], data_class: str) -> dict[str, str]:
    """Return the seven statuses."""
    items = dict.fromkeys("123456", "not_applicable")
    if data_class in ("closed", "careful"):
        items["1"] = status((case["responsible_person"], case["liability_clear"]))
        items["2"] = status((case["access_limited"], case["secure_channel"]))
        items["3"] = status((case["purpose_limited"],))
        where = str(case["data_location"])
        items["4"] = {"japan": "met", "abroad": "met", "undisclosed": "not_met", "unknown": "unconfirmed"}[where]
        if case["use"] not in ("prompt", "knowledge_base"):
            items["5"] = status((case["leakage_protection"],))
        elif items["3"] != "met":
            items["5"] = items["3"]
        platform = [items[item] for item in "2345"]
        if "not_met" in platform:
            items["6"] = "required"
        elif "unconfirmed" in platform:
            items["6"] = "unconfirmed"
    items["7"] = status((case["leader_approval"],))
    if case["collaboration"] == "none" and case["company_secret"] == "no":
        items["7"] = "not_applicable"
    if data_class == "open" and case["already_public"] == "yes":
        items["7"] = "not_applicable"
    return items


def floors(case: Mapping[str, Value], data_class: str, items: Mapping[str, str]) -> list[str]:  # noqa: C901 - as the page has it
    """Return every floor that the page sets."""
    public = case["already_public"] == "yes"
    set_by = ["allowed" if data_class == "open" and public else "allowed_with_conditions"]
    if not public and items["7"] == "unconfirmed":
        set_by.append("confirm_first")
    if not public and items["7"] == "not_met":
        set_by.append("do_not_upload")
    if data_class not in ("closed", "careful"):
        return set_by
    if not public and items["1"] in ("not_met", "unconfirmed"):
        set_by.append("confirm_first")
    if not public and items["6"] == "required":
        set_by.append("public_data_only")
    if not public and items["6"] == "unconfirmed":
        set_by.append("confirm_first")
    limits = [case[name] for name in (*RESTRICTIONS, "national_security")]
    if any(limit != "no" for limit in limits):
        if case["legal_clearance"] == "no":
            set_by.append("do_not_upload")
        if case["legal_clearance"] == "unknown":
            set_by.append("confirm_first")
    if case["legal_clearance"] == "unknown":
        if "yes" in limits and items["6"] == "required" and not public:
            set_by.append("do_not_upload")
        if case["export_controlled"] == "yes" and case["data_location"] == "abroad":
            set_by.append("do_not_upload")
    return set_by
