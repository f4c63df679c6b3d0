"""`kakunin when`: which answers lead to at least, at most, or exactly a verdict; counts, then patterns by page."""

from itertools import groupby

import click

from knowledge.errors import KakuninError
from knowledge.loader import load_knowledge
from rules.diagram import Diagram
from rules.loader import load_rules
from rules.models import SEVERITY, VERDICTS, RuleBase
from rules.reverse import Answers, Pattern, ReverseQuery

PAGE = 20


def tell_when(side: str, verdict: str, page: int, language: str) -> None:
    """Print the answers; `side` is at-least, at-most or exactly. Raises KakuninError for a page that is not there."""
    rulebase = load_rules(load_knowledge())
    query = ReverseQuery(rulebase, Diagram(rulebase))
    if side == "exactly":
        _tell_exactly(query, verdict)
        return
    found = query.at_least(verdict) if side == "at-least" else query.at_most(verdict)
    _tell_counts(f"{side} {verdict}", found)
    _tell_page(found.patterns, page, rulebase, language)


def _tell_counts(what: str, found: Answers) -> None:
    share = 100 * found.combinations / found.of
    click.echo(f"{what}: {found.combinations:,} of {found.of:,} answer combinations ({share:.3g} %)")
    click.echo(f"{len(found.patterns):,} minimal patterns; the other answers do not matter")


def _tell_page(patterns: tuple[Pattern, ...], page: int, rulebase: RuleBase, language: str) -> None:
    pages = max(1, -(-len(patterns) // PAGE))
    if page > pages:
        raise KakuninError(f"there are {pages} pages; choose --page between 1 and {pages}")
    shown = patterns[(page - 1) * PAGE : page * PAGE]
    for rule, group in groupby(shown, key=lambda pattern: pattern.rule):
        reason = rulebase.rules[rule].because.say(language) if rule in rulebase.rules else ""
        click.echo(f"\n{rule} {reason}".rstrip())
        for pattern in group:
            click.echo("  " + ", ".join(f"{name} = {value}" for name, value in pattern.answers))
    click.echo(f"\npage {page} of {pages}")


def _tell_exactly(query: ReverseQuery, verdict: str) -> None:
    """A single verdict is the difference of two: at least it, but not at least the next severer one."""
    found = query.at_least(verdict)
    click.echo(f"exactly {verdict}: {query.count(verdict):,} of {found.of:,} answer combinations")
    severer = VERDICTS[SEVERITY[verdict] + 1 :]
    without = f", less those of `--at-least {severer[0]}`" if severer else ""
    click.echo(f"its patterns are those of `--at-least {verdict}` ({len(found.patterns):,}){without}")
