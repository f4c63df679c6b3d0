"""`kakunin mutants`: which single-edit faults of the tables the scenarios notice, and which they do not."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

import click

from knowledge.loader import load_knowledge
from rules.loader import load_rules
from rules.mutation import KINDS, Result, judge, mutants, score
from rules.scenarios import load_scenarios

ENOUGH = 0.95
COLUMNS = ("mutants", "caught", "survived", "equivalent", "refused", "score")
EQUIVALENT = (
    "Equivalent (decided exactly by decision diagrams over all answer combinations: same class, statuses, obligation, "
    "verdict,\n  measures, rules, and passages each rule cites; they do not count)"
)
REFUSED = "Refused by the loader (neither caught nor counted)"


def judge_mutants() -> int:
    """Print the score by kind, survivors, equivalents and what the loader refuses; returns 1 below 95 %."""
    start = perf_counter()
    knowledge = load_knowledge()
    rulebase = load_rules(knowledge)
    scenarios = load_scenarios(rulebase, knowledge)
    with _no_alerts():
        results = list(judge(rulebase, knowledge, scenarios.values(), mutants(rulebase, knowledge)))
    _print_table(results)
    _print_list(REFUSED, [result for result in results if result.fate == "refused"])
    _print_list(EQUIVALENT, [result for result in results if result.fate == "equivalent"])
    _print_list("Survivors (no scenario notices them)", [result for result in results if result.fate == "survived"])
    reached = score(results)
    enough = "enough" if reached >= ENOUGH else f"below {ENOUGH:.0%}"
    click.echo(f"\n{len(scenarios)} scenarios catch {reached:.2%}: {enough} ({perf_counter() - start:.1f} s)")
    return 0 if reached >= ENOUGH else 1


@contextmanager
def _no_alerts() -> Iterator[None]:
    """The faults are planted on purpose: nobody is to be told."""
    alert = logging.getLogger("kakunin.alert")
    before, alert.disabled = alert.disabled, True
    try:
        yield
    finally:
        alert.disabled = before


def _print_table(results: Sequence[Result]) -> None:
    click.echo(f"{'kind':<18}" + "".join(f"{name:>11}" for name in COLUMNS))
    for kind in KINDS:
        _print_row(kind, [result for result in results if result.mutant.kind == kind])
    _print_row("all", results)


def _print_row(name: str, results: Sequence[Result]) -> None:
    fates = [result.fate for result in results]
    numbers = (len(fates), *(fates.count(fate) for fate in ("caught", "survived", "equivalent", "refused")))
    click.echo(f"{name:<18}" + "".join(f"{number:>11}" for number in numbers) + f"{score(results):>11.1%}")


def _print_list(title: str, results: Iterable[Result]) -> None:
    lines = [f"  {result.mutant.rule}: {result.mutant.edit}{f' — {result.by}' * bool(result.by)}" for result in results]
    click.echo("\n".join([f"\n{title}: {len(lines)}", *lines]))
