"""How a mention is meant: stated, denied, doubted, asked, supposed, hoped, told by others, or removed.

Japanese turns a word by what follows it, English mostly by what stands before it. From the mention outwards light
words are passed over, until a cue is met or a word that says something else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable

from knowledge.records import read_records
from knowledge.understanding.clauses import Clause
from knowledge.understanding.patterns import Phrases

FILE = "cues.toml"
LIGHT, DENIED, DOUBTED, ASKED, RULED_OUT = "light", "denied", "doubted", "asked", "ruled_out"
LIGHT_MARKS = ' \n、,「」『』"()#・'
MASK = "#"
"""Stands in for the characters of other mentions: they may be listed together with this one."""

WORD = re.compile(r"([a-z']+|#+|,|-)\s*$")
YES_NO = re.compile(
    r"^\W*(?:(?:so|and|or|but|also|then|hi|hello|well|ok)\b[,\s]*)*(?:is|are|was|were|does|do|did|has|have|would|isn't|aren't)\b"
    r"(?!.*\b(?:ok|okay|fine|allowed|alright|safe|permitted|possible|acceptable|legal|problem|upload|paste|put|enter|feed|use|need|i|we)\b)"
)
"""A question about what is so, as against one for permission."""

CONDITION = re.compile(
    r"^\W*(?:and |but |or |so |then )?(?:(?:even |only |what )?if|unless|once|assuming|provided|suppos\w+)\b"
    r"|^もし|^仮に"
)
MOST_WORDS = 4
"""Words of the longest cue that stands before what it turns."""


class Cues:
    """Reads how mentions are meant."""

    def __init__(self, folder: Traversable) -> None:
        """Sort the words of `cues.toml`. Raises DataError."""
        records = read_records(folder / FILE, "cue")["cue"]
        self._after, self._anywhere = _phrases(records, "after"), _phrases(records, "anywhere")
        before = {word: record["means"] for record in records for word in record.get("before", ())}
        self._before = {word: cue for word, cue in before.items() if word.isascii()}
        self._prefixes = {word: cue for word, cue in before.items() if not word.isascii()}

    def meant(self, text: str, clause: Clause, start: int, end: int) -> frozenset[str]:
        """Return the cues that turn the mention from `start` to `end`; `text` has the other mentions masked.

        What is denied twice is doubted: who does not exclude a thing has not said that it is so.
        """
        met = [*(cue for cue, _ in self._following(text, end, clause)), *self._preceding(text, start, clause)]
        if met.count(DENIED) > 1:
            met.append(DOUBTED)
        return frozenset(met)

    def ruled_out(self, text: str, clause: Clause, start: int, end: int) -> bool:
        """Whether what is named there is not what is meant: “not X but Y”, where English denies only beforehand."""
        after = {cue for cue, word in self._following(text, end, clause) if cue != DENIED or not word.isascii()}
        return bool({RULED_OUT, DENIED} & {*after, *self._preceding(text, start, clause)})

    def somewhere(self, text: str, clause: Clause) -> frozenset[str]:
        """Return the cues anywhere in the clause: enough to keep a clearing word from counting."""
        return frozenset(found.meaning for found in self._anywhere.find(text, clause.start, clause.end))

    def _following(self, text: str, place: int, clause: Clause) -> Iterator[tuple[str, str]]:
        while place < clause.end:
            if text[place] in LIGHT_MARKS:
                place += 1
                continue
            found = max(self._after.at(text, place, clause.end), key=lambda each: each.end, default=None)
            if found is None:
                break
            if found.meaning != LIGHT:
                yield found.meaning, text[place : found.end]
            place = found.end
        stretch = text[clause.start : clause.end]
        ends_it = clause.asked and not text[place : clause.end].strip(" 、,.…~ー")
        if ends_it and (YES_NO.match(stretch) or not stretch.isascii()):
            yield ASKED, ""

    def _preceding(self, text: str, place: int, clause: Clause) -> Iterator[str]:
        while place > clause.start:
            before = text[clause.start : place]
            cue, length = self._last(before)
            if not length:
                break
            if cue != LIGHT:
                yield cue
            place -= length
        stretch = text[clause.start : clause.end]
        if clause.asked and YES_NO.match(stretch) and not text[clause.start : place].strip():
            yield ASKED
        if CONDITION.match(stretch):
            yield "supposed"

    def _last(self, before: str) -> tuple[str, int]:
        """Return the cue that ends there and its length, the longest one; no length where there is none."""
        for word, cue in self._prefixes.items():
            if before.endswith(word):
                return cue, len(word)
        length, words, best = 0, "", ("", 0)
        for _ in range(MOST_WORDS):
            found = WORD.search(before[: len(before) - length])
            if found is None:
                break
            length = len(before) - found.start()
            word = MASK if found.group(1).startswith(MASK) else found.group(1)
            words = f"{word} {words}".strip()
            if words in self._before:
                best = self._before[words], length
        return best


def _phrases(records: Sequence[Mapping[str, object]], where: str) -> Phrases[str]:
    return Phrases((word, str(record["means"])) for record in records for word in _words(record, where))


def _words(record: Mapping[str, object], where: str) -> Sequence[str]:
    words = record.get(where, ())
    return words if isinstance(words, list) else ()
