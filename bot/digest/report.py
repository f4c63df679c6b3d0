"""A digest → a report in one language: sentences, and tables of texts. What shows it makes nothing else of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.rendering import Phrases
from bot.views.speaking import Views
from conversations.book import Book
from conversations.digest import FINISHED, HEADLINE, LEFT, STARTED, Digest, Due, Rows
from conversations.hiding import Count
from conversations.models import PARTIES

NAMED_BY = {
    "verdict": "verdict.{code}",
    "data_class": "verdict.class_{code}",
    "not_met": "digest.item_{code}",
    "unconfirmed": "digest.item_{code}",
    "desk": "digest.desk_{code}",
    "unplaced": "note.words_{code}",
}
"""Tables of which every code has a phrase."""


@dataclass(frozen=True)
class Line:
    """A row of a table: its name, what stands beside it, and the numbers among that (None where it is no number)."""

    name: str
    cells: tuple[str, ...]
    numbers: tuple[int | None, ...]


@dataclass(frozen=True)
class Sheet:
    """A table: what it is called, its columns, its rows; `instead` says why there is none."""

    id: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    instead: str = ""


@dataclass(frozen=True)
class Report:
    """What is told of a week in one language, as plain text."""

    week: str
    language: str
    title: str
    opening: tuple[str, ...]
    hiding: str
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet:
        """Return the table of that id."""
        return next(sheet for sheet in self.sheets if sheet.id == name)


class Reporter:
    """Speaks digests with the names of one edition."""

    def __init__(self, phrases: Phrases, views: Views, book: Book) -> None:
        """Read names of services, cards and measures from the book."""
        self._phrases = phrases
        self._views = views
        self._book = book

    def report(self, digest: Digest, language: str, *remarks: str) -> Report:
        """Return the report; `remarks` come first, such as that it is late."""
        sheets = [self._headline(digest, language), self._trend(digest, language)]
        sheets += [self._table(name, rows, language) for name, rows in digest.tables.items()]
        sheets.append(self._due(digest.due, language))
        title = self._say(language, "digest.title", week=digest.week)
        hiding = self._say(language, "digest.hiding", threshold=digest.threshold)
        opening = (*remarks, *self._opening(digest, language))
        return Report(digest.week, language, title, opening, hiding, tuple(sheets))

    def _say(self, language: str, phrase: str, **values: object) -> str:
        return self._phrases.label(language, phrase, **values)

    def _opening(self, digest: Digest, language: str) -> Iterator[str]:
        """Sentences that a template makes: the headline, what stands out among shown counts, and the change."""
        days = {"monday": digest.monday.isoformat(), "sunday": digest.sunday.isoformat()}
        yield self._say(language, "digest.period", week=digest.week, **days)
        if digest.empty:
            yield self._say(language, "digest.nothing")
            return
        counts = {kind: self._in_words(digest.headline[kind], language) for kind in HEADLINE}
        yield self._say(language, "digest.opening", **counts)
        if leader := (digest.tables["waiting"] or {}).get("leader"):
            yield self._say(language, "digest.leaders", count=self._in_words(leader, language))
        if item := _most(digest.tables["unconfirmed"]):
            yield self._say(language, "digest.most_unconfirmed", item=self._name("unconfirmed", item, language))
        if card := _most(digest.tables["unsure"]):
            yield self._say(language, "digest.most_unsure", card=self._name("unsure", card, language))
        started, finished = digest.changes[STARTED], digest.changes[FINISHED]
        if started is not None and finished is not None:
            yield self._say(language, "digest.changed", started=_signed(started), finished=_signed(finished))

    def _in_words(self, count: Count, language: str) -> str:
        phrase = "none" if count.number == 0 else "few" if count.number is None else "cases"
        return self._say(language, f"digest.{phrase}", count=count.text.lstrip("<"))

    def _columns(self, language: str, *names: str) -> tuple[str, ...]:
        return tuple(self._say(language, f"digest.column_{name}") for name in names)

    def _headline(self, digest: Digest, language: str) -> Sheet:
        none = self._say(language, "digest.no_change")
        lines = []
        for kind in HEADLINE:
            count, change = digest.headline[kind], digest.changes[kind]
            told = none if change is None else _signed(change)
            lines.append(Line(self._say(language, f"digest.{kind}"), (count.text, told), (count.number, change)))
        columns = self._columns(language, "name", "count", "change")
        return Sheet("headline", self._say(language, "digest.table_headline"), columns, tuple(lines))

    def _trend(self, digest: Digest, language: str) -> Sheet:
        lines = [
            Line(week, tuple(rows[kind].text for kind in HEADLINE), tuple(rows[kind].number for kind in HEADLINE))
            for week, rows in digest.trend.items()
        ]
        kinds = (self._say(language, f"digest.{kind}") for kind in (STARTED, FINISHED, LEFT))
        columns = (*self._columns(language, "week"), *kinds)
        return Sheet("trend", self._say(language, "digest.table_trend"), columns, tuple(lines))

    def _table(self, kind: str, rows: Rows | None, language: str) -> Sheet:
        instead = "" if rows else self._say(language, f"digest.{'withheld' if rows is None else 'empty'}")
        lines = [
            Line(self._name(kind, code, language), (count.text,), (count.number,))
            for code, count in (rows or {}).items()
        ]
        columns = self._columns(language, "name", "count")
        return Sheet(kind, self._say(language, f"digest.table_{kind}"), columns, tuple(lines), instead)

    def _due(self, due: tuple[Due, ...], language: str) -> Sheet:
        lines = [Line(self._known(each, language), (each.seen_on.isoformat(),), (None,)) for each in due]
        columns = self._columns(language, "name", "seen")
        instead = "" if due else self._say(language, "digest.empty")
        return Sheet("due", self._say(language, "digest.table_due"), columns, tuple(lines), instead)

    def _known(self, due: Due, language: str) -> str:
        if due.kind == "service":
            return self._views.services.name(due.name, language)
        return self._say(language, "digest.source", title=self._book.knowledge.sources[due.name].title)

    def _name(self, kind: str, code: str, language: str) -> str:
        """Return what a code is called; one that the book does not know (any more) stands as it is."""
        say = self._phrases.label
        if kind == "service":
            return self._views.services.name(code, language) or code or say(language, "note.no_service")
        if kind == "undone":
            known = code in self._book.knowledge.measures
            return self._views.verdicts.to_do.label(code, language) if known else code
        if kind in ("unsure", LEFT):
            return self._card(code, language)
        if kind in ("waiting", "ending"):
            return say(language, f"digest.party_{code}" if code in PARTIES else f"reply.office_{code}")
        return say(language, NAMED_BY[kind].format(code=code))

    def _card(self, code: str, language: str) -> str:
        if code == "reading":
            return self._say(language, "digest.reading")
        topics = (card.topic.say(language) for card in self._book.interview.cards if card.id == code)
        return next(topics, code)


def _signed(change: int) -> str:
    return f"{change:+}" if change else "±0"


def _most(rows: Rows | None) -> str:
    """Return the row with the highest count, if that is shown and no other is as high; else nothing."""
    shown = [(count.number, name) for name, count in (rows or {}).items() if count.number]
    alone = len(shown) == 1 or (len(shown) > 1 and shown[0][0] != shown[1][0])
    return shown[0][1] if shown and alone else ""
