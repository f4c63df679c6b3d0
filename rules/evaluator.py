"""Facts → Evaluation: durable-rules decides, the interpreter stands beside it on every decision.

Where they disagree, or the engine fails, the answer is the severest of `confirm_first` and the verdicts
obtained, with the interpreter's class and checklist, marked `disputed`: a fault never makes a verdict milder.
"""

import logging
from collections.abc import Iterable
from typing import Literal, Protocol

from rules.engine import DurableEngine, available
from rules.interpreter import decide
from rules.models import SEVERITY, Evaluation, Facts, Outcome, RuleBase
from rules.vocabulary import for_tables

log = logging.getLogger("kakunin.rules")
alert = logging.getLogger("kakunin.alert")

ITEMS = "1234567"


class Engine(Protocol):
    """Whatever decides: facts in table values in, outcome out."""

    def decide(self, facts: dict[str, str]) -> Outcome:
        """Return the outcome for facts that are all given."""


class Evaluator:
    """Judges cases with one rule base. Safe to share between threads."""

    def __init__(self, rulebase: RuleBase, engine: Engine | None) -> None:
        """Decide with `engine`, or with the interpreter alone where it is None."""
        self.rulebase = rulebase
        self._engine = engine

    @property
    def engine_name(self) -> Literal["durable_rules", "interpreter"]:
        """Return which engine decides here: `durable_rules` or `interpreter`."""
        return "durable_rules" if self._engine else "interpreter"

    def evaluate(self, facts: Facts) -> Evaluation:
        """Judge facts from `parse_facts` (every fact given)."""
        flat = for_tables(facts)
        outcome = decide(self.rulebase, flat)
        verdict, disputed = self._second_opinion(flat, outcome)
        return self._evaluation(facts, outcome, verdict, disputed=disputed)

    def _second_opinion(self, flat: dict[str, str], outcome: Outcome) -> tuple[str, bool]:
        if not any(self.rulebase.rules[name].target == "verdict" for name in outcome.fired):
            alert.error("no rule set a verdict; the answer is raised to confirm_first")
            return "confirm_first", True
        if self._engine is None:
            return outcome.verdict, False
        verdicts = [outcome.verdict, "confirm_first"]
        try:
            other = self._engine.decide(flat)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in there, the answer is raised
            alert.error("the engine failed, the answer is raised to confirm_first: %s", type(error).__name__)
        else:
            if other == outcome:
                return outcome.verdict, False
            verdicts.append(other.verdict)
            alert.error("engine and interpreter disagree on %s", ", ".join(_differences(other, outcome)))
        return max(verdicts, key=SEVERITY.__getitem__), True

    def _evaluation(self, facts: Facts, outcome: Outcome, verdict: str, *, disputed: bool) -> Evaluation:
        fired = [self.rulebase.rules[name] for name in outcome.fired]
        floors = sorted((r for r in fired if r.target == "verdict"), key=lambda r: -SEVERITY[r.then])
        advice = [rule for rule in fired if rule.target == "measures"]
        grounds = [rule for rule in fired if rule.target in outcome.decided]
        ordered = [*floors, *grounds, *advice]
        return Evaluation(
            facts=facts,
            data_class=outcome.decided["data_class"],
            checklist={item: outcome.decided[f"item_{item}"] for item in ITEMS},
            verdict=verdict,
            obligation=outcome.decided["obligation"],
            rules=tuple(rule.id for rule in ordered),
            passages=_unique(passage for rule in ordered for passage in rule.cites),
            measures=_unique(rule.then for rule in advice),
            engine=self.engine_name,
            edition=self.rulebase.edition.id,
            disputed=disputed,
        )


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _differences(one: Outcome, other: Outcome) -> list[str]:
    """Return the names of what differs; values stay out of the log."""
    targets = [name for name in other.decided if one.decided.get(name) != other.decided[name]]
    return targets + ["verdict"] * (one.verdict != other.verdict) + ["rules"] * (one.fired != other.fired)


def make_evaluator(rulebase: RuleBase) -> Evaluator:
    """Return an evaluator on durable-rules, or on the interpreter alone where that cannot be imported."""
    if available():
        return Evaluator(rulebase, DurableEngine(rulebase))
    log.warning("durable-rules cannot be imported on this Python; the table interpreter decides alone")
    return Evaluator(rulebase, None)
