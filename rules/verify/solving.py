"""Claims and how they are settled: no counterexample exists, or the smallest one is handed back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import z3

from rules.models import UNKNOWN
from rules.verify.translate import Answers, Formula


@dataclass(frozen=True)
class Claim:
    """Something that must hold whatever the answers are; `fault` says what is wrong where `violated` can be met.

    `other` are answers it is compared with. `changes` count, beside the facts that are answered, towards the size.
    """

    fault: str
    violated: Formula
    answers: Answers
    other: Answers | None = None
    changes: Sequence[Formula] = ()


@dataclass(frozen=True)
class Witness:
    """Something for which answers must exist; `fault` says what is wrong where there are none."""

    fault: str
    met: Formula
    answers: Answers
    about: str = ""


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with the data whatever the answers are; found by looking, not by solving."""

    fault: str


@dataclass(frozen=True)
class Finding:
    """What stands against a claim: the fault, and the smallest answers that show it where answers can."""

    fault: str
    answers: dict[str, str] | None = None
    other: dict[str, str] | None = None

    @property
    def size(self) -> int:
        """Return how many answers have to be given to see the fault."""
        changed = set((self.other or {}).items()) - set((self.answers or {}).items())
        return sum(value != UNKNOWN for value in (self.answers or {}).values()) + len(changed)


@dataclass(frozen=True)
class Settled:
    """What became of a check: nothing against it or a finding; for a witness, the smallest answers."""

    finding: Finding | None = None
    witness: dict[str, str] = field(default_factory=dict)


Check = Claim | Witness | Fault


def settle(check: Check) -> Settled:
    """Settle one check."""
    match check:
        case Claim(fault, violated, answers, other, changes):
            model = smallest(violated, answers, changes)
            if model is None:
                return Settled()
            return Settled(Finding(fault, answers.read(model), other.read(model) if other else None))
        case Witness(fault, met, answers, _):
            model = smallest(met, answers)
            return Settled(Finding(fault)) if model is None else Settled(witness=answers.read(model))
        case Fault(fault):
            return Settled(Finding(fault))


def smallest(formula: Formula, answers: Answers, changes: Iterable[Formula] = ()) -> z3.ModelRef | None:
    """Return the model in which the fewest facts are answered, or None where the formula cannot be met."""
    solver = z3.SolverFor("QF_FD")
    solver.add(answers.one_each(), formula)
    if not _met(solver):
        return None
    counted = [*answers.given(), *changes]
    most = 0
    while not _met(solver, z3.AtMost(*counted, most)):
        most += 1
    return solver.model()


def _met(solver: z3.Solver, *more: Formula) -> bool:
    """Whether the formulas can be met together; the last state is kept for its model."""
    found = _checked(solver, more)
    if found == z3.unknown:
        raise RuntimeError(f"the solver gave up: {solver.reason_unknown()}")
    return bool(found == z3.sat)


def _checked(solver: z3.Solver, more: Sequence[Formula]) -> z3.CheckSatResult:
    if not more:
        return solver.check()
    bound = z3.FreshBool("bound")
    solver.add(z3.Implies(bound, z3.And(*more)))
    return solver.check(bound)
