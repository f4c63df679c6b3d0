"""`kakunin coverage`: each sentence of the guideline → passages → rules → scenarios, or why no rule encodes it."""

import textwrap
from collections.abc import Iterable, Iterator

import click

from knowledge.coverage import load_reasons
from knowledge.loader import load_knowledge
from knowledge.sentences import load_sentences
from rules.coverage import Covered, cover
from rules.loader import load_rules
from rules.scenarios import load_scenarios

WIDTH = 110
ENCODED, UNTRIED = "encoded, with scenarios", "encoded, in no scenario"
REASONED, NEITHER = "not encoded, with a reason", "neither"


def print_coverage(language: str) -> int:
    """Print every sentence; returns 1 if one is neither encoded nor given a reason."""
    knowledge = load_knowledge()
    rulebase = load_rules(knowledge)
    told = {name: scenario.expect for name, scenario in load_scenarios(rulebase, knowledge).items()}
    scenarios = {name: (*expect.rules, *expect.passages) for name, expect in told.items()}
    covered = cover(load_sentences(knowledge), rulebase, load_reasons(knowledge), scenarios)
    for line in report(covered, language):
        click.echo(line)
    return complain(covered)


def complain(covered: Iterable[Covered]) -> int:
    """Say what is wrong with the coverage; returns 1 if anything is."""
    faults = list(dict.fromkeys(fault for one in covered for fault in one.faults))
    for fault in faults:
        click.echo(f"kakunin: {fault}", err=True)
    return 1 if faults else 0


def report(covered: Iterable[Covered], language: str) -> Iterator[str]:
    """Yield the lines of the report: headings, sentences with what became of them, and the count."""
    heading, counts = "", dict.fromkeys((ENCODED, UNTRIED, REASONED, NEITHER), 0)
    for number, one in enumerate(covered, 1):
        if one.sentence.heading != heading:
            heading = one.sentence.heading
            yield from (f"\n{heading}", "")
        yield f"{number:3}  {one.sentence.text}"
        yield from _became(one, language)
        counts[_kind(one)] += 1
    yield f"\n{sum(counts.values())} sentences: " + "; ".join(f"{n} {word}" for word, n in counts.items())


def _kind(one: Covered) -> str:
    if one.faults:
        return NEITHER
    return (ENCODED if one.scenarios else UNTRIED) if one.rules else REASONED


def _became(one: Covered, language: str) -> Iterator[str]:
    yield from _column("passages", one.sentence.passages)
    yield from _column("rules", one.rules)
    yield from _column("scenarios", one.scenarios)
    for reason in one.reasons:
        yield f"     not encoded, because {reason.because.say(language)}"
    for fault in one.faults:
        yield f"     ✗ {fault}"


def _column(name: str, ids: tuple[str, ...]) -> Iterator[str]:
    """Yield the ids after their name and number, wrapped."""
    if ids:
        words = f"{name} ({len(ids)}): {' '.join(ids)}"
        indent = " " * 5
        yield from textwrap.wrap(
            words, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
        )
