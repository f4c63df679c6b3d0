"""What a message says of the facts: phrases of the lexicon, each as it is meant in its clause."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from itertools import zip_longest

from pydantic import Field

from knowledge.models import Flag, Id, Record
from knowledge.records import parse_all, read_records
from knowledge.understanding.clauses import Clause
from knowledge.understanding.cues import ASKED, DENIED, DOUBTED, MASK, NAME, Cues
from knowledge.understanding.framing import takes_back
from knowledge.understanding.patterns import Found, Phrases, filled
from knowledge.understanding.reading import Value
from knowledge.understanding.said import RAISES_BY_YES, UNKNOWN, Said, clears

FILE, PARTS = "facts.toml", "parts.toml"
OF_THE_DATA = RAISES_BY_YES | {"already_public", "openness_review"}
NOTHING = frozenset({"told", "supposed", "hoped"})
"""Cues after which a word says nothing at all."""
THINGS = frozenset({"personal_information", "company_secret", "sensitive_domains"})
"""Facts told by what is in the data: nothing follows from a thing that is not entered."""
BY_OTHERS = frozenset(
    {"export_controlled", "other_restriction", "company_secret", "legal_clearance", "leader_approval"}
)
"""Facts that others decide: what they told counts where it raises concern."""
AFTERTHOUGHT = 30
"""Characters of a clause that only doubts what was said before it."""
EXCEPTED, UNDECIDED = "excepted", "undecided"
NOT_NOW = frozenset({"elsewhere", "past"})
TURNS_USE = frozenset({DENIED, DOUBTED})
TRIPS_CLEARING = frozenset({"told", "supposed", "hoped", "open", DOUBTED})


class Phrase(Record):
    """Words and what they say of the facts; without `sets` they only hide shorter words in them.

    `denied`: what they say where they are denied. `final`: they settle the matter against words that only point at it.
    """

    words: tuple[str, ...] = Field(min_length=1)
    sets: Mapping[Id, Value] = {}
    denied: Mapping[Id, Value] = {}
    final: Flag = False


@dataclass(frozen=True)
class Stretch:
    """A clause, its words, the mentions in it, and the cues anywhere in it."""

    clause: Clause
    words: str
    mentions: Sequence[Found[Phrase]]
    cues: frozenset[str]

    @property
    def is_silent(self) -> bool:
        """Return whether nothing in it speaks of a fact, but for the way of use."""
        return all(set(each.meaning.sets) <= {"use"} for each in self.mentions)


class Facts:
    """Reads facts."""

    def __init__(self, folder: Traversable, cues: Cues) -> None:
        """Sort the phrases of `facts.toml`, which share the lists of `parts.toml`. Raises DataError."""
        parts = {part["id"]: "|".join(part["words"]) for part in read_records(folder / PARTS, "part")["part"]}
        records = parse_all(Phrase, read_records(folder / FILE, "phrase")["phrase"], FILE)
        self._cues = cues
        self._phrases: Phrases[Phrase] = Phrases(
            (filled(word, parts), record) for record in records for word in record.words
        )

    def read(self, text: str, clauses: Sequence[Clause], names: Sequence[tuple[int, int]]) -> list[Said]:
        """Return everything that is said of a fact, in order; `names` are the places of services.

        What clears all of the data counts only where nothing in the whole message is excepted.
        """
        text = _hidden(text, names, NAME)
        found = [_outermost(self._phrases.find(text, each.start, each.end)) for each in clauses]
        about = [
            Stretch(clause, text[clause.start : clause.end], mentions, self._cues.somewhere(text, clause))
            for clause, mentions in zip(clauses, found, strict=True)
        ]
        told = [
            replace(said, clause=number)
            for number, (stretch, after) in enumerate(zip_longest(about, about[1:]))
            for said in self._in_clause(text, stretch, after)
        ]
        if any(EXCEPTED in each.cues for each in about):
            told = [said for said in told if not (said.fact in OF_THE_DATA and clears(said.fact, said.value))]
        return told

    def _in_clause(self, text: str, stretch: Stretch, after: Stretch | None) -> Iterator[Said]:
        doubted = {DOUBTED} if after and _only_doubts(after) else set[str]()
        limited = after is not None and after.is_silent and takes_back(after.words, asked=after.clause.asked)
        for mention in stretch.mentions:
            masked = _masked(text, stretch.mentions, mention)
            meant = self._cues.meant(masked, stretch.clause, mention.start, mention.end) | doubted
            for fact in mention.meaning.sets.keys() | mention.meaning.denied.keys():
                value = self._held_back(fact, _value(fact, mention.meaning, meant), masked, stretch, mention)
                if value is not None and not (limited and fact != "use" and clears(fact, value)):
                    thing = not mention.meaning.denied and not mention.meaning.final
                    yield Said(fact, value, mention.start, mention.end, mention.meaning.final, thing)

    def _held_back(
        self, fact: str, value: Value | None, text: str, stretch: Stretch, mention: Found[Phrase]
    ) -> Value | None:
        """What is told of other data, or of the past, says nothing; a clearing word needs a clause without doubts."""
        if value is None or stretch.cues & ({UNDECIDED} if fact == "use" else NOT_NOW):
            return None
        if fact == "use" or not clears(fact, value):
            return value
        text = _hidden(text, mention.stretches)
        around = self._cues.somewhere(text, stretch.clause) & TRIPS_CLEARING
        if around:
            return UNKNOWN if DOUBTED in around else None
        return None if self._cues.left_open(text, stretch.clause, mention.start, mention.end) else value


def _only_doubts(after: Stretch) -> bool:
    """Whether the clause is an afterthought that only doubts the one before it: “…, I think”."""
    short = after.clause.end - after.clause.start <= AFTERTHOUGHT
    return short and not after.mentions and DOUBTED in after.cues


def _value(fact: str, phrase: Phrase, meant: frozenset[str]) -> Value | None:
    """Return what the mention says of the fact, None for nothing."""
    stated = phrase.sets.get(fact)
    if fact == "use":
        return None if meant & TURNS_USE else stated
    value = phrase.denied.get(fact) if DENIED in meant else stated
    raises = value is not None and not clears(fact, value)
    if meant & (NOTHING - ({"hoped", *({"told"} if fact in BY_OTHERS else ())} if raises else set())):
        return None
    removed = fact == "personal_information" and stated == "yes" and "left_out" not in meant
    if "removed" in meant or ("left_out" in meant and fact in THINGS):
        return "yes" if removed else None
    if fact == "sensitive_domains":
        return None if DENIED in meant else stated
    return UNKNOWN if meant & {DOUBTED, ASKED} else value


def _outermost(found: Iterable[Found[Phrase]]) -> list[Found[Phrase]]:
    """Drop mentions inside a longer one that is about the same fact, or hides them."""
    listed = sorted(found, key=lambda f: (f.start - f.end, not f.meaning.final, f.start))
    kept: list[Found[Phrase]] = []
    for each in listed:
        if not any(_hides(other, each) for other in kept):
            kept.append(each)
    return sorted((each for each in kept if each.meaning.sets), key=lambda f: f.start)


def _hides(other: Found[Phrase], each: Found[Phrase]) -> bool:
    if each.end <= other.start or each.start >= other.end:
        return False
    if not other.meaning.sets:
        return each.end <= other.end
    return bool(each.meaning.sets.keys() & other.meaning.sets.keys())


def _masked(text: str, mentions: Sequence[Found[Phrase]], mention: Found[Phrase]) -> str:
    """Return the text with the other mentions of the clause masked."""
    others = [(each.start, each.end) for each in mentions if each.end <= mention.start or each.start >= mention.end]
    return _hidden(text, others)


def _hidden(text: str, places: Iterable[tuple[int, int]], mark: str = MASK) -> str:
    letters = list(text)
    for start, end in places:
        letters[start:end] = mark * (end - start)
    return "".join(letters)
