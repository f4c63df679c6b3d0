"""`kakunin when`: which answers lead to at least, at most, or exactly a verdict; counts, then patterns by page."""

from itertools import groupby
from pathlib import Path

import click

from bot.rendering import Phrases
from knowledge.errors import KakuninError
from rules.diagram import Diagram
from rules.editions import load_rulebook
from rules.models import SEVERITY, VERDICTS, RuleBase
from rules.reverse import SEVERAL, Answers, Pattern, ReverseQuery

PAGE = 20


def tell_when(side: str, verdict: str, page: int, language: str, overlay: Path | None = None) -> None:
    """Print the answers; `side` is at-least, at-most or exactly. Of the edition in force, under an overlay if given.

    Raises KakuninError for a page that is not there.
    """
    rulebase = load_rulebook(overlay=overlay).rulebase
    query, told = ReverseQuery(rulebase, Diagram(rulebase)), _Told(rulebase, language)
    if side == "exactly":
        told.exactly(query, verdict)
    elif side == "at-most":
        told.found("when.at_most", verdict, query.at_most(verdict), page)
    else:
        told.found("when.at_least", verdict, query.at_least(verdict), page)


class _Told:
    """What is printed, in one language."""

    def __init__(self, rulebase: RuleBase, language: str) -> None:
        self._rulebase = rulebase
        self._language = language
        self._phrases = Phrases()

    def found(self, phrase: str, verdict: str, found: Answers, page: int) -> None:
        pages = max(1, -(-len(found.patterns) // PAGE))
        if page > pages:
            raise KakuninError(f"there are {pages} pages; choose --page between 1 and {pages}")
        self._count(phrase, verdict, found.combinations, found.of)
        self._say("when.patterns", count=f"{len(found.patterns):,}")
        for rule, group in groupby(found.patterns[(page - 1) * PAGE : page * PAGE], key=lambda pattern: pattern.rule):
            click.echo(f"\n{self._heading(rule)}")
            for pattern in group:
                click.echo(f"  {self._pattern(pattern)}")
        click.echo()
        self._say("when.page", page=page, pages=pages)

    def exactly(self, query: ReverseQuery, verdict: str) -> None:
        """A single verdict is the difference of two: at least it, but not at least the next severer one."""
        found = query.at_least(verdict)
        self._count("when.exactly", verdict, query.count(verdict), found.of)
        self._say("when.difference")
        self._say("when.listed", count=f"{len(found.patterns):,}", verdict=verdict)
        severer = VERDICTS[SEVERITY[verdict] + 1 :]
        if severer:
            count = f"{len(query.at_least(severer[0]).patterns):,}"
            self._say("when.listed", count=count, verdict=severer[0])
        else:
            self._say("when.nothing_severer")

    def _count(self, phrase: str, verdict: str, combinations: int, of: int) -> None:
        share = f"{100 * combinations / of:.3g} %"
        self._say(phrase, verdict=verdict, count=f"{combinations:,}", total=f"{of:,}", share=share)

    def _heading(self, rule: str) -> str:
        if rule == SEVERAL:
            return self._phrases.label(self._language, "when.several")
        return f"{rule} {self._rulebase.rules[rule].because.say(self._language)}"

    def _pattern(self, pattern: Pattern) -> str:
        """Return the answers as facts.toml and `evaluate` write them."""
        told = ", ".join(f"{name} = {value}" for name, value in pattern.answers)
        return told or self._phrases.label(self._language, "when.anything")

    def _say(self, phrase: str, **values: object) -> None:
        click.echo(self._phrases.label(self._language, phrase, **values))
