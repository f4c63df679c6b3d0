"""What must hold for every answer combination, law by law, as the page lists it."""

from collections.abc import Iterator

import z3

from rules.models import SEVERITY, VERDICTS
from rules.verify.semantics import RESTRICTIONS
from rules.verify.solving import Check, Claim, Fault
from rules.verify.space import Space
from rules.verify.translate import (
    Answers,
    Judged,
    all_of,
    decided_differently,
    exactly_one,
    severer,
    some,
    verdicts_differ,
)

PUBLIC = "already_public"
REVIEW = "openness_review"
PROGRAMME = "programme"
BY_DUTY = ("must_be_published", "open_by_agreement")


def total(space: Space) -> Iterator[Check]:
    """Exactly one value for every target, exactly one verdict."""
    judged = space.judged
    for target, values in judged.targets.items():
        yield Claim(f"{target} has no value, or several", z3.Not(exactly_one(values.values())), space.answers)
    verdicts = [judged.verdict(verdict) for verdict in VERDICTS]
    yield Claim("there is no verdict, or several", z3.Not(exactly_one(verdicts)), space.answers)


def grounded(space: Space) -> Iterator[Check]:
    """A floor is set by a rule that cites, every target is decided by one, and every rule cites a passage there is."""
    judged = space.judged
    cite = {name for name, rule in space.rulebase.rules.items() if set(rule.cites) & set(space.passages)}
    for rule in space.rulebase.rules.values():
        if not rule.cites or set(rule.cites) - set(space.passages):
            yield Fault(f"{rule.id} cites no passage, or one that is not there")
    for table in space.rulebase.tables:
        if table.mode != "advice":
            told = some(judged.fires[rule.id] for rule in table.rules if rule.id in cite)
            yield Claim(f"no rule with a passage decides {table.decides}", z3.Not(told), space.answers)
    for verdict in VERDICTS:
        of_it = some(judged.fires[r.id] for r in space.rulebase.rules.values() if r.then == verdict and r.id in cite)
        bare = z3.And(judged.verdict(verdict), z3.Not(of_it))
        yield Claim(f"no rule with a passage sets the floor {verdict}", bare, space.answers)


def monotone(space: Space) -> Iterator[Check]:
    """From unknown to the safe answer, the verdict never becomes severer."""
    for fact, safe in space.safe.items():
        after = space.changed(fact, safe)
        worse = z3.And(space.is_open(fact), severer(after, space.judged))
        yield Claim(f"the safe answer {fact} = {safe} makes the verdict severer", worse, space.answers, after.answers)


def proportionate(space: Space) -> Iterator[Check]:
    """Public data without a legal restriction are allowed; public data are never told “public data only”."""
    judged, answers = space.judged, space.answers
    public = answers.says(PUBLIC, "yes")
    free = all_of(answers.says(fact, "no") for fact in RESTRICTIONS)
    stopped = z3.And(public, free, z3.Not(judged.verdict("allowed")))
    yield Claim("public data without a legal restriction are not allowed", stopped, answers)
    only = z3.And(public, judged.verdict("public_data_only"))
    yield Claim("public data get the verdict public_data_only", only, answers)
    told = z3.And(public, judged.measures.get("public_data_only", z3.BoolVal(val=False)))
    yield Claim("public data are told the measure public_data_only", told, answers)


def no_early_clearance(space: Space) -> Iterator[Check]:
    """Not yet public and below confirm_first: whatever the open answers but the review turn out to be, no severer."""
    before = space.answers
    after = Answers.named(space.rulebase.facts, "y")
    kept = (
        z3.Implies(before.says(fact, value), after.says(fact, value))
        for fact, values in space.rulebase.facts.items()
        for value in values.table_values
        if fact == REVIEW or value != "unknown"
    )
    cleared = z3.Not(space.judged.at_least[SEVERITY["confirm_first"]])
    raised = severer(Judged(space.rulebase, after), space.judged)
    given = z3.And(z3.Not(before.says(PUBLIC, "yes")), cleared, after.one_each(), *kept)
    changes = [z3.And(space.is_open(fact), z3.Not(after.says(fact, "unknown"))) for fact in space.rulebase.facts]
    fault = "data not yet public are cleared while an open answer could raise the verdict"
    yield Claim(fault, z3.And(given, raised), before, after, changes)


def programme(space: Space) -> Iterator[Check]:
    """The programme moves nothing but the obligation: not even a reason or a measure."""
    targets = [target for target in space.judged.targets if target != "obligation"]
    others = [rule.id for rule in space.rulebase.rules.values() if rule.target != "obligation"]
    for value, after in space.changes(PROGRAMME):
        rules = some(z3.Xor(after.fires[rule], space.judged.fires[rule]) for rule in others)
        moved = [decided_differently(after, space.judged, targets), verdicts_differ(after, space.judged), rules]
        fault = f"{PROGRAMME} = {value} moves more than the obligation"
        yield Claim(fault, some(moved), space.answers, after.answers)


def by_duty(space: Space) -> Iterator[Check]:
    """Openness by duty or agreement moves class and wording alone; the class only between open and unlisted."""
    targets = [target for target in space.judged.targets if target != "data_class"]
    for fact in BY_DUTY:
        for value, after in space.changes(fact):
            moved = z3.Or(decided_differently(after, space.judged, targets), verdicts_differ(after, space.judged))
            fault = f"{fact} = {value} moves the verdict, the checklist or the obligation"
            yield Claim(fault, moved, space.answers, after.answers)
            mild = z3.And(*(judged.has("data_class", "open", "unlisted") for judged in (after, space.judged)))
            far = z3.And(decided_differently(after, space.judged, ["data_class"]), z3.Not(mild))
            fault = f"{fact} = {value} moves the class beyond open and unlisted"
            yield Claim(fault, far, space.answers, after.answers)


def overlay_only_raises(space: Space) -> Iterator[Check]:
    """Whatever floors an overlay adds and whenever they hold, no verdict is milder; and so with the overlay given."""
    floors = [z3.Bool(f"a floor of an overlay: {verdict}") for verdict in VERDICTS]
    raised = [z3.Or(at_least, *floors[step:]) for step, at_least in enumerate(space.judged.at_least)]
    lowered = some(z3.And(before, z3.Not(after)) for before, after in zip(space.judged.at_least, raised, strict=True))
    yield Claim("a floor that an overlay adds lowers a verdict", lowered, space.answers)
    if space.overlaid:
        answers = Answers.named(space.overlaid.facts, "o")
        national, merged = Judged(space.rulebase, answers), Judged(space.overlaid, answers)
        yield Claim("the overlay lowers a verdict", severer(national, merged), answers)
