"""`kakunin verify`: prove what must hold for every answer combination, and say how it went."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from time import perf_counter

import click

from rules.editions import load_rulebook, load_working
from rules.interpreter import decide
from rules.models import UNKNOWN, RuleBase
from rules.verify.proofs import Result, prove, space_of
from rules.verify.solving import Finding


def verify_rules(overlay: Path | None = None, *, witnesses: bool) -> int:
    """Prove it of the working files, and print each proof with its time; returns 1 if a statement does not hold.

    What is in force is loaded as well where that is another edition. Raises DataError for a fault in either.
    """
    start = perf_counter()
    book = load_working(overlay)
    current = load_rulebook(overlay=overlay).edition.id
    if current != book.edition.id:
        click.echo(f"working files: edition {book.edition.id}, which is not in force ({current} is)")
    space = space_of(book.national, book.knowledge, overlaid=book.rulebase if overlay else None)
    failed = 0
    for result in prove(space):
        failed += not result.proved
        _print(result, space.rulebase, witnesses=witnesses)
    seconds = perf_counter() - start
    click.echo(f"{space.size:,} answer combinations, {seconds:.1f} s: {_ending(failed)}")
    return 1 if failed else 0


def _ending(failed: int) -> str:
    return f"{failed} not proved" if failed else "all proved"


def _print(result: Result, rulebase: RuleBase, *, witnesses: bool) -> None:
    status = "proved    " if result.proved else "not proved"
    click.echo(f"{status} {result.seconds:5.2f} s  {result.statement.id}: {result.statement.says}")
    for line in told(result, rulebase):
        click.echo(f"    {line}")
    if witnesses:
        for about, answers in result.witnesses.items():
            click.echo(f"    {about}: {', '.join(_answered(answers)) or 'with nothing answered'}")


def told(result: Result, rulebase: RuleBase) -> list[str]:
    """Return what stands against a statement: the smallest counterexample in plain words, and what else fails."""
    if result.proved:
        return []
    smallest, *others = result.findings
    lines = [smallest.fault, *_counterexample(smallest, rulebase)]
    return [*lines, *(f"also: {finding.fault}" for finding in others)]


def _counterexample(finding: Finding, rulebase: RuleBase) -> Iterable[str]:
    if finding.answers is None:
        return
    yield "smallest counterexample (whatever is not named is unknown):"
    given = {name: value for name, value in finding.answers.items() if value != UNKNOWN}
    yield from _in_words(given, rulebase)
    yield f"then the tables say {_outcome(finding.answers, rulebase)}"
    if finding.other is not None:
        yield "and with this answer instead:"
        changed = dict(finding.other.items() - finding.answers.items())
        yield from _in_words(changed, rulebase)
        yield f"the tables say {_outcome(finding.other, rulebase)}"


def _in_words(answers: Mapping[str, str], rulebase: RuleBase) -> list[str]:
    named = ((rulebase.facts[name].label.en, name, answers[name]) for name in rulebase.facts if name in answers)
    return [f"  • {label} ({name}): {value}" for label, name, value in named] or ["  • nothing is answered"]


def _outcome(answers: Mapping[str, str], rulebase: RuleBase) -> str:
    outcome = decide(rulebase, answers)
    items = (f"{target} {value}" for target, value in outcome.decided.items() if target != "data_class")
    return f"{outcome.verdict} (class {outcome.decided['data_class']}, {', '.join(items)})"


def _answered(answers: Mapping[str, str]) -> list[str]:
    return [f"{name} = {value}" for name, value in answers.items() if value != UNKNOWN]
