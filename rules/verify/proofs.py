"""Every statement that is proved, in the order it is printed, and how one is gone through."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter

from knowledge.models import Knowledge
from rules.diagram import Diagram
from rules.models import RuleBase
from rules.verify import citations, laws, page, stopping, uses
from rules.verify.solving import Check, Finding, Witness, settle
from rules.verify.space import Space


@dataclass(frozen=True)
class Statement:
    """Something said of the tables, and the checks it is made of."""

    id: str
    says: str
    checks: Callable[[Space], Iterable[Check]]


STATEMENTS = (
    Statement("vocabulary", "facts, values and safe answers are the page's", page.same_vocabulary),
    Statement("page", "class, checklist, obligation and verdict are the page's", page.same_decisions),
    Statement("measures", "the measures the page names are told where it says", page.same_measures),
    Statement("total", "exactly one class, seven statuses, one obligation, one verdict", laws.total),
    Statement("grounded", "every decision rests on a rule, every rule on a passage", laws.grounded),
    Statement("citations", "every rule cites each passage that it rests on", citations.rest_on),
    Statement("monotone", "from unknown to the safe answer is never severer", laws.monotone),
    Statement("proportionate", "public data pass, and are never told “public data only”", laws.proportionate),
    Statement("open questions", "nothing not yet public is cleared on an open question", laws.no_early_clearance),
    Statement("programme", "the programme moves only the obligation", laws.programme),
    Statement("by duty", "must_be_published, open_by_agreement move only class and wording", laws.by_duty),
    Statement("overlay", "floors that an overlay adds never lower a verdict", laws.overlay_only_raises),
    Statement("reading", "the three-valued reading bounds the verdict of every completion", stopping.reading_is_sound),
    Statement("diagram", "the decision diagram is the verdict of the tables", stopping.diagram_agrees),
    Statement("stop", "a settled interview has the verdict of every completion", stopping.settled_is_sound),
    Statement("unasked", "an answer that is not asked for cannot move the verdict", stopping.unasked_cannot_matter),
    Statement("rules", "every rule counts for some answers", uses.every_rule),
    Statement("facts", "every fact has an effect for some answers", uses.every_fact),
)


@dataclass(frozen=True)
class Result:
    """What became of a statement: findings, smallest first; witnesses by what they witness."""

    statement: Statement
    checks: int
    findings: tuple[Finding, ...]
    witnesses: Mapping[str, Mapping[str, str]]
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether nothing stands against it."""
        return not self.findings


def space_of(
    rulebase: RuleBase, knowledge: Knowledge, diagram: Diagram | None = None, overlaid: RuleBase | None = None
) -> Space:
    """Return the answer space of a rule base, with its own diagram unless another is to be held against it."""
    return Space(rulebase, frozenset(knowledge.passages), diagram or Diagram(rulebase), overlaid)


def prove(space: Space, statements: Iterable[Statement] = STATEMENTS) -> Iterator[Result]:
    """Settle the statements one by one."""
    for statement in statements:
        yield _prove(space, statement)


def _prove(space: Space, statement: Statement) -> Result:
    start = perf_counter()
    findings, witnesses, number = [], {}, 0
    for number, check in enumerate(statement.checks(space), start=1):  # noqa: B007 - the last number is the count
        settled = settle(check)
        if settled.finding:
            findings.append(settled.finding)
        elif isinstance(check, Witness):
            witnesses[check.about] = settled.witness
    found = tuple(sorted(findings, key=lambda finding: finding.size))
    return Result(statement, number, found, witnesses, perf_counter() - start)
