"""The phrases of the lexicon that say something of a fact, and which of those found in a clause count."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.models import Flag, Id, Record
from knowledge.records import parse_all, read_records
from knowledge.understanding.cues import MASK
from knowledge.understanding.patterns import Found, Phrases, filled
from knowledge.understanding.reading import Value


class Phrase(Record):
    """Words and what they say of the facts; without `sets` they only hide shorter words in them.

    `denied`: what they say where they are denied. `final`: they settle the matter against words that only point at it.
    """

    words: tuple[str, ...] = Field(min_length=1)
    sets: Mapping[Id, Value] = {}
    denied: Mapping[Id, Value] = {}
    final: Flag = False


def read_phrases(folder: Traversable, file: str, parts: Mapping[str, str]) -> Phrases[Phrase]:
    """Return the phrases of a file, with the shared lists written out. Raises DataError."""
    records = parse_all(Phrase, read_records(folder / file, "phrase")["phrase"], file)
    return Phrases((filled(word, parts), record) for record in records for word in record.words)


def outermost(found: Iterable[Found[Phrase]]) -> list[Found[Phrase]]:
    """Drop mentions inside a longer one that is about the same fact, or hides them."""
    listed = sorted(found, key=lambda f: (f.start - f.end, not f.meaning.final, f.start))
    kept: list[Found[Phrase]] = []
    for each in listed:
        if not any(hides(other, each) for other in kept):
            kept.append(each)
    return sorted((each for each in kept if each.meaning.sets), key=lambda f: f.start)


def hides(other: Found[Phrase], each: Found[Phrase]) -> bool:
    """Return whether the other phrase, a longer one, takes the words of this one."""
    if each.end <= other.start or each.start >= other.end:
        return False
    if not other.meaning.sets:
        return each.end <= other.end
    return bool(each.meaning.sets.keys() & other.meaning.sets.keys())


def masked(text: str, mentions: Sequence[Found[Phrase]], mention: Found[Phrase]) -> str:
    """Return the text with the other mentions of the clause masked."""
    others = [(each.start, each.end) for each in mentions if each.end <= mention.start or each.start >= mention.end]
    return hidden(text, others)


def hidden(text: str, places: Iterable[tuple[int, int]], mark: str = MASK) -> str:
    """Return the text with a mark for each character at the places."""
    letters = list(text)
    for start, end in places:
        letters[start:end] = mark * (end - start)
    return "".join(letters)
