"""How a mention is meant: stated, denied, doubted, asked, supposed, hoped, told by others, or removed.

Japanese turns a word by what follows it, English mostly by what stands before it. From the mention outwards light
words are passed over, until a cue is met or a word that says something else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable

from knowledge.records import read_records
from knowledge.understanding.clauses import Clause
from knowledge.understanding.framing import asks_otherwise, quotes, reports
from knowledge.understanding.patterns import Phrases

FILE = "cues.toml"
LIGHT, DENIED, DOUBTED, ASKED, RULED_OUT = "light", "denied", "doubted", "asked", "ruled_out"
LIGHT_MARKS = ' \n、,「」『』")#&・'
MASK, NAME = "#", "&"
"""Stand in for the characters of other mentions, which may be listed together with this one, and of services."""

WORD = re.compile(r"([a-z']+|[#&]+|,|-)\s*$")
YES_NO = re.compile(
    r"^\W*(?:(?:so|and|or|but|also|then|hi|hello|well|ok)\b[,\s]*)*(?:is|are|was|were|does|do|did|has|have|would|isn't|aren't)\b"
    r"(?!.*\b(?:ok|okay|fine|allowed|alright|safe|permitted|possible|acceptable|legal|problem|upload|paste|put|enter|feed|use|need|i|we)\b)"
)
"""A question about what is so, as against one for permission."""

DETERMINER = re.compile(
    r"\b(?:no|without|neither|nor|zero) (?:(?!(?:about|of|for|from|with|to|on|in|that|problem|idea|longer|more)\b)"
    r"[a-z'-]+ ){1,2}$"
)
"""“No <word> <mention>”: what stands between a denial and the noun it belongs to."""

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
        self._later, self._earlier = _phrases(records, "later"), _phrases(records, "earlier")
        before = {word: record["means"] for record in records for word in record.get("before", ())}
        self._before = {word: cue for word, cue in before.items() if word.isascii()}
        self._prefixes = {word: cue for word, cue in before.items() if not word.isascii()}

    def meant(self, text: str, clause: Clause, start: int, end: int) -> frozenset[str]:
        """Return the cues that turn the mention from `start` to `end`; `text` has the other mentions masked.

        What is denied twice is doubted: who does not exclude a thing has not said that it is so.
        """
        following, _ = self._following(text, end, clause)
        met = [*(cue for cue, _ in following), *self._preceding(text, start, clause)]
        if DENIED not in met and DETERMINER.search(text, clause.start, start):
            met.append(DENIED)
        if met.count(DENIED) > 1:
            met.append(DOUBTED)
        return frozenset(met)

    def ruled_out(self, text: str, clause: Clause, start: int, end: int) -> bool:
        """Whether what is named there is not what is meant: “not X but Y”, where English denies only beforehand."""
        following, _ = self._following(text, end, clause)
        after = {cue for cue, word in following if cue != DENIED or not word.isascii()}
        return bool({RULED_OUT, DENIED} & {*after, *self._preceding(text, start, clause)})

    def somewhere(self, text: str, clause: Clause) -> frozenset[str]:
        """Return the cues anywhere in the clause: enough to keep a clearing word from counting."""
        return frozenset(found.meaning for found in self._anywhere.find(text, clause.start, clause.end))

    def left_open(self, text: str, clause: Clause, start: int, end: int) -> bool:
        """Whether words around the mention leave it open: a denial further off, a wish, a plan, a question.

        Enough to keep a clearing word from counting. Words beyond another mention belong to that one. The mention's own
        words are masked in `text`, those in its gaps are not.
        """
        _, place = self._following(text, end, clause)
        stop = text.find(MASK, place, clause.end)
        stop = stop if stop >= 0 else clause.end
        begin = max(clause.start, text.rfind(MASK, clause.start, start) + 1, text.rfind(",", clause.start, start) + 1)
        before, after = text[clause.start : start], text[end : clause.end]
        return (
            any(self._later.find(text, place, stop))
            or any(self._later.find(text, start, end))
            or any(self._earlier.find(text, begin, start))
            or asks_otherwise(text[clause.start : clause.end], asked=clause.asked)
            or quotes(before)
            or reports(before, after)
        )

    def _following(self, text: str, place: int, clause: Clause) -> tuple[list[tuple[str, str]], int]:
        """Return the cues that follow with their words, and where something else begins."""
        met: list[tuple[str, str]] = []
        while place < clause.end:
            if text[place] in LIGHT_MARKS:
                place += 1
                continue
            found = max(self._after.at(text, place, clause.end), key=lambda each: each.end, default=None)
            if found is None:
                break
            if found.meaning != LIGHT:
                met.append((found.meaning, text[place : found.end]))
            place = found.end
        stretch = text[clause.start : clause.end]
        ends_it = clause.asked and not text[place : clause.end].strip(" 、,.…~ー")
        if ends_it and (YES_NO.match(stretch) or not stretch.isascii()):
            met.append((ASKED, ""))
        return met, place

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
            word = MASK if found.group(1)[0] in (MASK, NAME) else found.group(1)
            words = f"{word} {words}".strip()
            if words in self._before:
                best = self._before[words], length
        return best


def _phrases(records: Sequence[Mapping[str, object]], where: str) -> Phrases[str]:
    return Phrases((word, str(record["means"])) for record in records for word in _words(record, where))


def _words(record: Mapping[str, object], where: str) -> Sequence[str]:
    words = record.get(where, ())
    return words if isinstance(words, list) else ()
