"""The tables beside the page: the same facts, class, checklist, obligation, verdict, and the measures it names."""

from collections.abc import Iterator

import z3

from rules.models import VERDICTS
from rules.verify.semantics import SAFE, VALUES, Page
from rules.verify.solving import Check, Claim, Fault
from rules.verify.space import Space
from rules.verify.translate import Answers, Judged

INSTEAD = ("public_data_only", "synthetic_data", "local_model")
"""What public_data_only offers."""
BARE = "a verdict above allowed comes without a measure"


def same_vocabulary(space: Space) -> Iterator[Check]:
    """The same facts with the same values and safe answers."""
    found = {fact.id: set(fact.table_values) for fact in space.rulebase.facts.values()}
    for fact in sorted(found.keys() | VALUES.keys()):
        if found.get(fact) != set(VALUES.get(fact, ())):
            yield Fault(f"{fact}: the page has {_listed(VALUES.get(fact))}, the tables have {_listed(found.get(fact))}")
        if space.safe.get(fact) != SAFE.get(fact):
            yield Fault(f"{fact}: safe is {SAFE.get(fact)} on the page and {space.safe.get(fact)} in the tables")


def _listed(values: object) -> str:
    return ", ".join(sorted(map(str, values))) if isinstance(values, set | tuple) else "no such fact"


def same_decisions(space: Space) -> Iterator[Check]:
    """The same class, checklist, obligation and verdict."""
    page, judged = Page(space.answers), space.judged
    for target, values in page.targets.items():
        for value, when in values.items():
            missed = z3.And(when, z3.Not(judged.has(target, value)))
            yield Claim(f"the page decides {target} = {value}, the tables do not", missed, space.answers)
    for verdict in VERDICTS:
        missed = z3.And(page.verdict(verdict), z3.Not(judged.verdict(verdict)))
        yield Claim(f"the page gives the verdict {verdict}, the tables do not", missed, space.answers)


def same_measures(space: Space) -> Iterator[Check]:
    """Until ⑥ is confirmed, public data only; where it is required, what to use instead; never nothing to do."""
    page, judged, answers = Page(space.answers), space.judged, space.answers
    never = z3.BoolVal(val=False)
    not_public = z3.Not(answers.says("already_public", "yes"))
    until = z3.And(not_public, page.targets["item_6"]["unconfirmed"])
    told = judged.measures.get("public_data_until_confirmed", never)
    yield Claim("“until then, public data only” is not told as the page has it", z3.Xor(until, told), answers)
    for measure in INSTEAD:
        held_back = z3.And(page.verdict("public_data_only"), z3.Not(judged.measures.get(measure, never)))
        yield Claim(f"public_data_only does not offer {measure}", held_back, answers)
    bare = z3.And(z3.Not(page.verdict("allowed")), *(z3.Not(when) for when in judged.measures.values()))
    yield Claim(BARE, bare, answers)
    if space.overlaid:
        merged = Judged(space.overlaid, Answers.named(space.overlaid.facts, "o"))
        bare = z3.And(z3.Not(merged.verdict("allowed")), *(z3.Not(when) for when in merged.measures.values()))
        yield Claim(f"under the overlay, {BARE}", bare, merged.answers)
