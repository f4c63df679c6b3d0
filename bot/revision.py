"""`kakunin edition diff`: what another edition changes, as plain text: verdicts first, then what lies behind them."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

import click

from bot.rendering import Phrases
from knowledge.models import Passage, ServiceFact
from rules.listing import Listed, Values
from rules.moves import Move
from rules.quotations import Quotations
from rules.revision import Revision


def tell_revision(revision: Revision, language: str) -> None:
    """Print what changes, facts by their label in the language; sections with nothing to tell are left out."""
    click.echo("\n".join(_Report(revision, language).lines()))


class _Report:
    """A revision in one language, line by line. Rules, measures and verdicts are told by their ids."""

    def __init__(self, revision: Revision, language: str) -> None:
        self._revision = revision
        self._language = language
        self._phrases = Phrases()

    def lines(self) -> Iterator[str]:
        """Yield the summary, then each section under its title."""
        revision = self._revision
        yield self._summary()
        yield from self._moves()
        yield from self._section("diff.decisions", self._decisions())
        yield from self._section("diff.facts", self._facts())
        yield from self._section("diff.tables", self._ids(revision.tables))
        yield from self._section("diff.rules", self._ids(revision.rules))
        yield from self._section("diff.quotations", self._quotations(revision.quotations))
        yield from self._section("diff.sources", self._ids(revision.sources))
        yield from self._section("diff.measures", self._ids(revision.measures))
        yield from self._section("diff.brands", self._ids(revision.brands))
        yield from self._section("diff.services", self._ids(revision.services))
        yield from self._section("diff.service_facts", self._service_facts())

    def _say(self, phrase: str, **values: object) -> str:
        return self._phrases.label(self._language, phrase, **values)

    def _section(self, title: str, lines: Iterable[str], **values: object) -> Iterator[str]:
        told = [f"  {line}" for line in lines]
        if told:
            yield from ("", self._say(title, **values), *told)

    def _summary(self) -> str:
        revision = self._revision
        total = f"{revision.total:,}"
        if revision.moves:
            return self._say("diff.moved", moved=f"{revision.moved:,}", total=total, share=self._share(revision.moved))
        return self._say("diff.same", total=total) if revision.same else self._say("diff.unmoved", total=total)

    def _moves(self) -> Iterator[str]:
        if self._revision.moves:
            yield self._say("diff.kept", count=f"{self._revision.unchanged:,}")
        for move in self._revision.moves:
            title = "diff.severer" if move.step > 0 else "diff.milder"
            count = self._count(move.combinations)
            yield from self._section(title, self._example(move), before=move.before, after=move.after, count=count)

    def _example(self, move: Move) -> Iterator[str]:
        yield self._say("diff.example") if move.example else self._say("diff.example_bare")
        yield from (f"  {self._fact(name)}: {self._value(value)}" for name, value in move.example.items())

    def _decisions(self) -> Iterator[str]:
        for shift in self._revision.shifts:
            yield f"{shift.target}: {shift.before} → {shift.after}: {self._count(shift.combinations)}"
        for advised in self._revision.advice:
            for phrase, count in (("diff.gained", advised.gained), ("diff.lost", advised.lost)):
                if count:
                    yield self._say(phrase, measure=advised.measure, count=self._count(count))

    def _facts(self) -> Iterator[str]:
        facts = self._revision.facts
        yield from (self._say("diff.fact_added", fact=self._fact(name)) for name in facts.added)
        yield from (self._say("diff.fact_removed", fact=self._fact(name)) for name in facts.removed)
        yield from (self._say("diff.fact_changed", fact=self._fact(name)) for name in facts.changed)
        for values in self._revision.values:
            yield from (f"  {values.fact}: {line}" for line in self._values(values))

    def _values(self, values: Values) -> Iterator[str]:
        """A value that the tables do not see is a name on a list, which counts as some."""
        seen = self._revision.vocabulary[values.fact].table_values
        for value in values.added:
            yield self._say("diff.value_new" if value in seen else "diff.value_new_listed", value=value)
        for value in values.removed:
            yield self._say("diff.value_gone" if value in seen else "diff.value_gone_listed", value=value)

    def _service_facts(self) -> Iterator[str]:
        for change in self._revision.service_facts:
            yield f"{change.service}: {self._fact(change.fact)}"
            yield "  " + self._say("diff.was", what=self._known(change.old))
            yield "  " + self._say("diff.is", what=self._known(change.new))

    def _known(self, fact: ServiceFact | None) -> str:
        if fact is None:
            return self._say("diff.not_told")
        told = {name: getattr(fact, name) for name in ("as_of", "verified", "ask", "source")}
        return self._say("diff.known", value=self._value(fact.value), note=fact.note.say(self._language), **told)

    def _ids(self, listed: Listed) -> Iterator[str]:
        for field in fields(listed):
            yield from (self._say(f"diff.{field.name}", id=name) for name in getattr(listed, field.name))

    def _quotations(self, quotations: Quotations) -> Iterator[str]:
        for vanished in quotations.vanished:
            yield self._say("diff.quotation_vanished", place=_place(vanished.passage))
            yield from (f"  {_said(vanished.passage)}", *self._cited(vanished.cited_by))
        for passage in quotations.new:
            yield from (self._say("diff.quotation_new", place=_place(passage)), f"  {_said(passage)}")
        for moved in quotations.moved:
            yield self._say("diff.quotation_moved", place=_place(moved.old))
            yield "  " + self._say("diff.quotation_to", place=_place(moved.new))
        for reworded in quotations.reworded:
            yield self._say("diff.quotation_reworded", place=_place(reworded.new))
            yield "  " + self._say("diff.was", what=_said(reworded.old))
            yield from ("  " + self._say("diff.is", what=_said(reworded.new)), *self._cited(reworded.cited_by))
        for retouched in quotations.retouched:
            yield self._say("diff.quotation_rendered", id=retouched.new.id)

    def _cited(self, by: tuple[str, ...]) -> Iterator[str]:
        if by:
            yield "  " + self._say("diff.cited_by", rules=", ".join(by))

    def _fact(self, name: str) -> str:
        return f"{self._revision.vocabulary[name].label.say(self._language)} ({name})"

    def _value(self, value: str) -> str:
        """Return what a value is called; one that only an edition knows by its id."""
        phrase = f"value.{value}"
        return self._say(phrase) if self._phrases.has(self._language, phrase) else value

    def _count(self, combinations: int) -> str:
        return f"{combinations:,} ({self._share(combinations)})"

    def _share(self, combinations: int) -> str:
        return f"{100 * combinations / self._revision.total:.3g} %"


def _place(passage: Passage) -> str:
    return f"{passage.id}, {passage.source}, {passage.section}"


def _said(passage: Passage) -> str:
    return passage.ja.replace("\n", " ")
