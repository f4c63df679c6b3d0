"""What must not stand beside words that clear a concern: they count only as a plain statement about what is entered.

Around a clear only words of a list may stand (`around`), or after it (`after`), for people clear much with the same
words of other things: rooms, samples, earlier versions. And some words take a clear back wherever they stand in its
clause or in any other one: another part, another version, a limit, what was made out of the public thing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.errors import DataError
from knowledge.models import Id, Record
from knowledge.records import parse_all, read_records
from knowledge.understanding.clauses import Clause
from knowledge.understanding.patterns import Found
from knowledge.understanding.phrases import Phrase, hidden

FILE = "guards.toml"
STOPS = re.compile(r"[,、:;()/「」=]")
"""What parts a clause into the pieces that are looked at word by word."""
OWN = "¤"
"""Stands in the words that are looked at for each character of what clears."""
ANSWER = 8
"""Characters after a clause in which it is answered: “patient-level? no.”"""
WORD = re.compile(r"[a-z0-9ぁ-んァ-ヶー一-龯々]")


class Guard(Record):
    """Facts, and the words that may stand around (after) what clears them, or keep it from counting.

    `turned`: words that keep what does not clear from counting, for they turn it from further off than a cue does.
    """

    facts: tuple[Id, ...] = Field(min_length=1)
    around: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    turned: tuple[str, ...] = ()


class Guards:
    """Tells whether a clear is a plain statement."""

    def __init__(self, folder: Traversable) -> None:
        """Sort the words of the file by fact. Raises DataError."""
        guards = parse_all(Guard, read_records(folder / FILE, "guard")["guard"], FILE)
        self._around = _by_fact((each.facts, each.around) for each in guards)
        self._after = _by_fact((each.facts, each.after) for each in guards)
        self._clause = _by_fact((each.facts, each.clause) for each in guards)
        self._turned = _by_fact((each.facts, each.turned) for each in guards)
        self._anywhere = _by_fact((each.facts, each.anywhere) for each in guards)

    def plainly(self, fact: str, text: str, clause: Clause, mention: Found[Phrase]) -> bool:
        """Whether only listed words stand beside what clears the fact; other mentions are masked in `text`."""
        start, end = mention.start, mention.end
        words = hidden(text, mention.stretches, OWN)
        spoils, around, after = self._clause.get(fact), self._around.get(fact), self._after.get(fact)
        if spoils is not None and spoils.search(words, clause.start, clause.end):
            return False
        begin = max((stop.end() for stop in STOPS.finditer(text, clause.start, start)), default=clause.start)
        stop = STOPS.search(text, max(start, end - 1), clause.end)
        last = max(end, stop.start()) if stop else clause.end
        beside = around is None or not WORD.search(around.sub("", words[begin:last]))
        return beside and (after is None or not WORD.search(after.sub("", words[end:last])))

    def turns(self, fact: str, text: str, clause: Clause, mention: Found[Phrase]) -> bool:
        """Whether the clause, or a short answer after it, turns what raises a concern: it is then left unread."""
        words = self._turned.get(fact)
        if words is None:
            return False
        return words.search(hidden(text, mention.stretches, OWN)[clause.start : clause.end + ANSWER]) is not None

    def spoiled(self, fact: str, text: str) -> bool:
        """Whether something anywhere in the message keeps what clears the fact from counting."""
        words = self._anywhere.get(fact)
        return words is not None and words.search(text) is not None


def _by_fact(words: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Mapping[str, re.Pattern[str]]:
    """Return for each fact what matches any of its words; a Latin word is matched whole."""
    found: dict[str, list[str]] = {}
    for facts, listed in words:
        for fact in facts:
            found.setdefault(fact, []).extend(listed)
    return {fact: _any_of(each) for fact, each in found.items() if each}


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Return what matches any of the words, the longest first. Raises DataError for one that is no expression."""
    try:
        return re.compile("|".join(_whole(word) for word in sorted(words, key=len, reverse=True)))
    except re.error as error:
        raise DataError(FILE, "guard", f"{error.pattern!r} is no expression: {error.msg}") from None


def _whole(word: str) -> str:
    begins = r"(?<![a-z0-9])" if word[0].isalnum() or word[0] == "(" else ""
    return rf"{begins}(?:{word})(?![a-z0-9])" if re.search(r"[a-z]", word) and word.isascii() else word
