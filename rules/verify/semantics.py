"""The page “What the rules mean” as formulas, written from the page alone: no table is read here.

A change of the rules that is meant changes this file too, as it changes the page.
"""

from collections.abc import Iterable, Sequence

import z3

from rules.models import SEVERITY, UNKNOWN, VERDICTS
from rules.verify.translate import Answers, Formula, all_of, some

YES_NO = ("yes", "no", UNKNOWN)
RESTRICTIONS = ("personal_information", "export_controlled", "other_restriction")
SECRETS = ("company_secret", "novelty", "national_security")
LEGAL = (*RESTRICTIONS, "national_security")
SAFE_YES = (
    *("already_public", "must_be_published", "open_by_agreement", "legal_clearance", "responsible_person"),
    *("liability_clear", "access_limited", "secure_channel", "purpose_limited", "leakage_protection"),
    "leader_approval",
)
SAFE_NO = (*RESTRICTIONS, *SECRETS, "strategic_value")
VALUES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*SAFE_YES, *SAFE_NO, "programme"), YES_NO),
    "use": ("prompt", "knowledge_base", "training", UNKNOWN),
    "sensitive_domains": ("none", "some", UNKNOWN),
    "openness_review": ("open", "closed", "pending", UNKNOWN),
    "data_location": ("japan", "abroad", "undisclosed", UNKNOWN),
    "collaboration": ("none", "international", "industry", "both", UNKNOWN),
}
SAFE = {
    **dict.fromkeys(SAFE_YES, "yes"),
    **dict.fromkeys(SAFE_NO, "no"),
    "use": "prompt",
    "sensitive_domains": "none",
    "openness_review": "open",
    "data_location": "japan",
    "collaboration": "none",
}
CLASSES = ("closed", "open", "careful", "unlisted")
STATUSES = ("met", "not_met", "unconfirmed", "not_applicable")
OBLIGATIONS = ("required", "recommended", "required_if_in_programme", "not_applicable")

Decided = dict[str, Formula]


class Page:
    """What the page says of answers."""

    def __init__(self, answers: Answers) -> None:
        """Say it target by target."""
        self.answers = answers
        data_class = self._data_class()
        self._class = data_class
        self._protected = z3.Or(data_class["closed"], data_class["careful"])
        self._public = answers.says("already_public", "yes")
        items = self._items()
        self.targets: dict[str, Decided] = {
            "data_class": data_class,
            **{f"item_{number}": items[number] for number in "1234567"},
            "obligation": self._obligation(),
        }
        floors = [*self._floors_of_class(), *self._floors_of_items(items), *self._floors_of_law(items)]
        steps = range(len(VERDICTS))
        self._at_least = [some(when for floor, when in floors if SEVERITY[floor] >= step) for step in steps]

    def verdict(self, verdict: str) -> Formula:
        """Return the formula that the page's verdict is this."""
        step = SEVERITY[verdict]
        return z3.And(self._at_least[step], z3.Not(some(self._at_least[step + 1 : step + 2])))

    def _any(self, facts: Sequence[str], *values: str) -> Formula:
        return some(self.answers.says(fact, *values) for fact in facts)

    def _data_class(self) -> Decided:
        says = self.answers.says
        lines = [
            ("closed", self._any(RESTRICTIONS, "yes")),
            ("open", says("already_public", "yes")),
            ("closed", z3.Or(self._any(SECRETS, "yes"), says("openness_review", "closed"))),
            ("careful", self._any((*RESTRICTIONS, *SECRETS), UNKNOWN)),
            ("open", says("openness_review", "open")),
            ("careful", z3.Not(z3.And(says("strategic_value", "no"), says("sensitive_domains", "none")))),
            ("open", self._any(("must_be_published", "open_by_agreement"), "yes")),
            ("unlisted", z3.BoolVal(val=True)),
        ]
        return _first(lines, CLASSES)

    def _items(self) -> dict[str, Decided]:
        says = self.answers.says
        where = [
            ("met", says("data_location", "japan", "abroad")),
            ("not_met", says("data_location", "undisclosed")),
            ("unconfirmed", z3.BoolVal(val=True)),
        ]
        items = {
            "1": self._if_protected(self._status("responsible_person", "liability_clear")),
            "2": self._if_protected(self._status("access_limited", "secure_channel")),
            "3": self._if_protected(self._status("purpose_limited")),
            "4": self._if_protected(_first(where, STATUSES)),
        }
        items["5"] = self._if_protected(self._item_5(items["3"]))
        items["6"] = self._item_6([items[number] for number in "2345"])
        items["7"] = self._item_7()
        return items

    def _status(self, *facts: str) -> Decided:
        """Any no: not met. All yes: met. Else unconfirmed."""
        all_yes = all_of(self.answers.says(fact, "yes") for fact in facts)
        lines = [("not_met", self._any(facts, "no")), ("met", all_yes), ("unconfirmed", z3.BoolVal(val=True))]
        return _first(lines, STATUSES)

    def _if_protected(self, status: Decided) -> Decided:
        applies = {value: z3.And(self._protected, when) for value, when in status.items()}
        return {**applies, "not_applicable": z3.Or(z3.Not(self._protected), status["not_applicable"])}

    def _item_5(self, purpose: Decided) -> Decided:
        plain = self.answers.says("use", "prompt", "knowledge_base")
        otherwise = self._status("leakage_protection")
        as_purpose = {**purpose, "met": z3.BoolVal(val=False), "not_applicable": purpose["met"]}
        return {value: z3.If(plain, as_purpose[value], otherwise[value]) for value in STATUSES}

    def _item_6(self, platform: Sequence[Decided]) -> Decided:
        lines = [
            ("required", some(item["not_met"] for item in platform)),
            ("unconfirmed", some(item["unconfirmed"] for item in platform)),
            ("not_applicable", z3.BoolVal(val=True)),
        ]
        return _first(lines, ("required", "unconfirmed", "not_applicable"))

    def _item_7(self) -> Decided:
        says = self.answers.says
        alone = z3.And(says("collaboration", "none"), says("company_secret", "no"))
        open_as_public = z3.And(self._class["open"], self._public)
        approval = self._status("leader_approval")
        lines = [("not_applicable", z3.Or(alone, open_as_public)), *approval.items()]
        return _first(lines, STATUSES)

    def _obligation(self) -> Decided:
        says = self.answers.says
        lines = [
            ("not_applicable", z3.Not(self._protected)),
            ("required", says("programme", "yes")),
            ("recommended", says("programme", "no")),
            ("required_if_in_programme", z3.BoolVal(val=True)),
        ]
        return _first(lines, OBLIGATIONS)

    def _floors_of_class(self) -> list[tuple[str, Formula]]:
        as_public = z3.And(self._class["open"], self._public)
        return [("allowed", as_public), ("allowed_with_conditions", z3.Not(as_public))]

    def _floors_of_items(self, items: dict[str, Decided]) -> list[tuple[str, Formula]]:
        here = z3.And(self._protected, z3.Not(self._public))
        return [
            ("confirm_first", z3.And(here, z3.Or(items["1"]["not_met"], items["1"]["unconfirmed"]))),
            ("public_data_only", z3.And(here, items["6"]["required"])),
            ("confirm_first", z3.And(here, items["6"]["unconfirmed"])),
            ("confirm_first", z3.And(z3.Not(self._public), items["7"]["unconfirmed"])),
            ("do_not_upload", z3.And(z3.Not(self._public), items["7"]["not_met"])),
        ]

    def _floors_of_law(self, items: dict[str, Decided]) -> list[tuple[str, Formula]]:
        says = self.answers.says
        refused, unasked = says("legal_clearance", "no"), says("legal_clearance", UNKNOWN)
        touched = z3.And(self._protected, z3.Not(all_of(says(fact, "no") for fact in LEGAL)))
        uncleared = z3.And(self._protected, unasked, self._any(LEGAL, "yes"))
        abroad = z3.And(says("export_controlled", "yes"), says("data_location", "abroad"))
        return [
            ("do_not_upload", z3.And(touched, refused)),
            ("confirm_first", z3.And(touched, unasked)),
            ("do_not_upload", z3.And(uncleared, items["6"]["required"], z3.Not(self._public))),
            ("do_not_upload", z3.And(self._protected, unasked, abroad)),
        ]


def _first(lines: Iterable[tuple[str, Formula]], values: Iterable[str]) -> Decided:
    """Return for each value when the first line that holds gives it."""
    decided: Decided = {value: z3.BoolVal(val=False) for value in values}
    for value, when in reversed(list(lines)):
        decided = {each: z3.If(when, z3.BoolVal(each == value), rest) for each, rest in decided.items()}
    return decided
