"""`kakunin edition diff`: what another edition changes, as plain text: verdicts first, then what lies behind them."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

import click

from knowledge.models import Passage, ServiceFact
from rules.listing import Listed, Values
from rules.moves import Move
from rules.quotations import Quotations, Requoted
from rules.revision import Revision


def tell_revision(revision: Revision, language: str) -> None:
    """Print what changes, facts by their label in the language; sections with nothing to tell are left out."""
    click.echo("\n".join(_Report(revision, language).lines()))


class _Report:
    """A revision in one language, line by line."""

    def __init__(self, revision: Revision, language: str) -> None:
        self._revision = revision
        self._language = language

    def lines(self) -> Iterator[str]:
        """Yield the summary, then each section under its title."""
        revision = self._revision
        yield self._summary()
        yield from self._moves()
        yield from _section("other decisions", self._decisions())
        yield from _section("facts", self._facts())
        for title in ("tables", "rules"):
            yield from _section(title, _ids(getattr(revision, title)))
        yield from _section("quotations", _quotations(revision.quotations))
        for title in ("sources", "measures", "brands", "services"):
            yield from _section(title, _ids(getattr(revision, title)))
        yield from _section("what is known of services", self._service_facts())

    def _summary(self) -> str:
        revision = self._revision
        if revision.moves:
            return f"{revision.moved:,} of {revision.total:,} answer combinations move ({self._share(revision.moved)})"
        return f"no answer combination moves; 0 of {revision.total:,}" + "; nothing else differs" * revision.same

    def _moves(self) -> Iterator[str]:
        if self._revision.moves:
            yield f"{self._revision.unchanged:,} keep their verdict"
        for move in self._revision.moves:
            side = "severer" if move.step > 0 else "milder"
            title = f"{side}: {move.before} → {move.after}: {self._count(move.combinations)}"
            yield from _section(title, self._example(move))

    def _example(self, move: Move) -> Iterator[str]:
        yield "for example, with everything else unknown:" if move.example else "for example, with everything unknown"
        yield from (f"  {self._fact(name)}: {value}" for name, value in move.example.items())

    def _decisions(self) -> Iterator[str]:
        for shift in self._revision.shifts:
            yield f"{shift.target}: {shift.before} → {shift.after}: {self._count(shift.combinations)}"
        for advised in self._revision.advice:
            if advised.gained:
                yield f"measure {advised.measure}: now told: {self._count(advised.gained)}"
            if advised.lost:
                yield f"measure {advised.measure}: no longer told: {self._count(advised.lost)}"

    def _facts(self) -> Iterator[str]:
        facts = self._revision.facts
        yield from (f"added: {self._fact(name)}; it has no effect in the old edition" for name in facts.added)
        yield from (f"removed: {self._fact(name)}; it has no effect in the new edition" for name in facts.removed)
        yield from (f"changed: {self._fact(name)}" for name in facts.changed)
        for values in self._revision.values:
            yield from (f"  {values.fact}: {line}" for line in self._values(values))

    def _values(self, values: Values) -> Iterator[str]:
        """A value that the tables do not see is a name on a list, which counts as some."""
        seen = self._revision.vocabulary[values.fact].table_values
        for kind, changed, other in (("new", values.added, "old"), ("gone", values.removed, "new")):
            for value in changed:
                counts = f"counts as unknown in the {other} edition" if value in seen else "on a list, counts as some"
                yield f"{kind} value {value}; {counts}"

    def _service_facts(self) -> Iterator[str]:
        for change in self._revision.service_facts:
            yield f"{change.service}: {self._fact(change.fact)}"
            yield f"  was: {self._known(change.old)}"
            yield f"  is: {self._known(change.new)}"

    def _known(self, fact: ServiceFact | None) -> str:
        if fact is None:
            return "not told"
        verified = "verified" if fact.verified else "not verified"
        asked = ", still asked" * fact.ask
        return f"{fact.value}, as of {fact.as_of}, {verified}{asked}, {fact.source} ({fact.note.say(self._language)})"

    def _fact(self, name: str) -> str:
        return f"{self._revision.vocabulary[name].label.say(self._language)} ({name})"

    def _count(self, combinations: int) -> str:
        return f"{combinations:,} ({self._share(combinations)})"

    def _share(self, combinations: int) -> str:
        return f"{100 * combinations / self._revision.total:.3g} %"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = [f"  {line}" for line in lines]
    if told:
        yield from ("", title, *told)


def _ids(listed: Listed) -> Iterator[str]:
    for field in fields(listed):
        yield from (f"{field.name}: {name}" for name in getattr(listed, field.name))


def _quotations(quotations: Quotations) -> Iterator[str]:
    for vanished in quotations.vanished:
        yield from (f"vanished: {_place(vanished.passage)}", f"  {_said(vanished.passage)}", *_cited(vanished.cited_by))
    for passage in quotations.new:
        yield from (f"new: {_place(passage)}", f"  {_said(passage)}")
    for moved in quotations.moved:
        yield from (f"moved: {_place(moved.old)}", f"  to: {_place(moved.new)}")
    for reworded in quotations.reworded:
        yield from (f"reworded: {_place(reworded.new)}", *_words(reworded), *_cited(reworded.cited_by))
    yield from (f"same words, other rendering: {retouched.new.id}" for retouched in quotations.retouched)


def _place(passage: Passage) -> str:
    return f"{passage.id}, {passage.source}, {passage.section}"


def _said(passage: Passage) -> str:
    return passage.ja.replace("\n", " ")


def _words(reworded: Requoted) -> Iterator[str]:
    yield from (f"  was: {_said(reworded.old)}", f"  is: {_said(reworded.new)}")


def _cited(by: tuple[str, ...]) -> Iterator[str]:
    if by:
        yield f"  cited by: {', '.join(by)}"
