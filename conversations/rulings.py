"""A ruling of the desk beside what the rules say: what it has to rest on, and what others see of it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from conversations.errors import RulingRefused
from rules.models import SEVERITY, Evaluation, RuleBase

REFUSED, CLEARANCE = "do_not_upload", "legal_clearance"
ADVICE = "measures"


@dataclass(frozen=True)
class Ruling:
    """What a person at the desk decided of a case: `judged` is what the rules said then, `key` which of them fired.

    `office`: on whose answer it rests, empty where it needs none. `reason`: the desk's own words, kept as a record.
    """

    at: datetime
    by: str
    verdict: str
    judged: str
    key: str
    passages: tuple[str, ...] = ()
    office: str = ""
    reason: str = field(default="", repr=False)

    @property
    def differs(self) -> bool:
        """Whether it is another verdict than the rules'."""
        return self.verdict != self.judged


@dataclass(frozen=True)
class Precedent:
    """What others see of a ruling: no person, no words, no day."""

    verdict: str
    judged: str
    office: str
    month: str
    passages: tuple[str, ...]


def key_of(rulebase: RuleBase, evaluation: Evaluation) -> str:
    """Return what cases have in common in which the same rules fired; advice apart, as it decides nothing."""
    fired = sorted(name for name in evaluation.rules if rulebase.rules[name].target != ADVICE)
    return sha256("\n".join(fired).encode()).hexdigest()[:32]


def wants_office(rulebase: RuleBase, evaluation: Evaluation, verdict: str) -> bool:
    """Whether the verdict is milder than a refusal that a missing clearance calls for: some office has to stand in."""
    if evaluation.verdict != REFUSED or SEVERITY[verdict] >= SEVERITY[REFUSED]:
        return False
    rules = (rulebase.rules[name] for name in evaluation.rules)
    return any(rule.target == "verdict" and rule.then == REFUSED and CLEARANCE in rule.when for rule in rules)


def check(
    rulebase: RuleBase, evaluation: Evaluation, ruling: Ruling, passages: Collection[str], offices: Collection[str]
) -> None:
    """Raise RulingRefused, with the part at fault, where a ruling lacks what it has to rest on.

    `passages`, `offices`: those that there are.
    """
    if ruling.verdict not in SEVERITY:
        raise RulingRefused("verdict")
    if not ruling.reason.strip():
        raise RulingRefused("reason")
    differs = ruling.verdict != evaluation.verdict
    if (differs and not ruling.passages) or not {*ruling.passages} <= {*passages}:
        raise RulingRefused("passages")
    needed = wants_office(rulebase, evaluation, ruling.verdict)
    if (needed and not ruling.office) or (ruling.office and ruling.office not in offices):
        raise RulingRefused("office")


def precedent(ruling: Ruling) -> Precedent:
    """Return what others see of it."""
    month = ruling.at.strftime("%Y-%m")
    return Precedent(ruling.verdict, ruling.judged, ruling.office, month, ruling.passages)
