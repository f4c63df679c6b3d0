"""`kakunin coverage`: each sentence of the guideline → passages → rules → scenarios, or why no rule encodes it."""

import textwrap
from collections.abc import Iterable, Iterator

import click

from bot.rendering import Phrases
from knowledge.coverage import load_reasons
from knowledge.loader import load_knowledge
from knowledge.sentences import load_sentences
from rules.coverage import Covered, cover
from rules.loader import load_rules
from rules.scenarios import load_scenarios

WIDTH, INDENT = 110, " " * 5
ENCODED, UNTRIED, REASONED, NEITHER = "encoded", "untried", "reasoned", "neither"
"""What became of a sentence: rules and scenarios, rules alone, a reason, or neither."""


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
    phrases, heading, counts = Phrases(), "", dict.fromkeys((ENCODED, UNTRIED, REASONED, NEITHER), 0)
    for number, one in enumerate(covered, 1):
        if one.sentence.heading != heading:
            heading = one.sentence.heading
            yield from (f"\n{heading}", "")
        yield f"{number:3}  {one.sentence.text}"
        yield from _became(one, phrases, language)
        counts[_kind(one)] += 1
    yield "\n" + phrases.label(language, "coverage.count", sentences=sum(counts.values()), **counts)


def _kind(one: Covered) -> str:
    if one.faults:
        return NEITHER
    return (ENCODED if one.scenarios else UNTRIED) if one.rules else REASONED


def _became(one: Covered, phrases: Phrases, language: str) -> Iterator[str]:
    columns = {
        "coverage.passages": one.sentence.passages,
        "coverage.rules": one.rules,
        "coverage.scenarios": one.scenarios,
    }
    for phrase, ids in columns.items():
        if ids:
            yield from _wrapped(phrases.label(language, phrase, count=len(ids), ids=" ".join(ids)))
    for reason in one.reasons:
        yield INDENT + phrases.label(language, "coverage.because", reason=reason.because.say(language))
    for fault in one.faults:
        yield f"{INDENT}✗ {fault}"


def _wrapped(words: str) -> Iterator[str]:
    yield from textwrap.wrap(
        words, WIDTH, initial_indent=INDENT, subsequent_indent=f"{INDENT}  ", break_on_hyphens=False
    )
