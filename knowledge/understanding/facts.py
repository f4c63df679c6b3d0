"""What a message says of the facts: phrases of the lexicon, each as it is meant in its clause."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.models import Flag, Id, Record
from knowledge.records import parse_all, read_records
from knowledge.understanding.clauses import Clause
from knowledge.understanding.cues import ASKED, DENIED, DOUBTED, MASK, NAME, Cues
from knowledge.understanding.patterns import Found, Phrases, filled
from knowledge.understanding.reading import Evidence, Value
from knowledge.understanding.text import Plain

FILE, PARTS = "facts.toml", "parts.toml"
UNKNOWN = "unknown"
ORDER: Mapping[str, tuple[str, ...]] = {
    "use": ("prompt", "knowledge_base", "training"),
    "data_location": ("japan", "abroad", "undisclosed"),
    "collaboration": ("none", "international", "industry", "both"),
    "openness_review": ("open", "pending", "closed"),
}
"""Values from the one that clears most to the one that raises most, where they are not plainly yes and no."""
RAISES_BY_YES = frozenset(
    {
        "personal_information",
        "export_controlled",
        "other_restriction",
        "company_secret",
        "novelty",
        "national_security",
        "strategic_value",
    }
)
OF_THE_DATA = RAISES_BY_YES | {"already_public", "openness_review"}
NOTHING = frozenset({"told", "supposed", "hoped"})
"""Cues after which a word says nothing at all."""
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
class Said:
    """A mention as it is meant: fact, value, where it stands, and whether it settles the matter."""

    fact: str
    value: Value
    start: int
    end: int
    final: bool = False
    thing: bool = False
    clause: int = 0


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
        found = {number: _outermost(self._phrases.find(text, c.start, c.end)) for number, c in enumerate(clauses)}
        places = [(f.start, f.end) for mentions in found.values() for f in mentions]
        text = _hidden(text, names, NAME)
        told = [said for number in found for said in self._in_clause(text, clauses, found, places, number)]
        wide = any(_of_all_data(said) for said in told)
        if wide and any(EXCEPTED in self._cues.somewhere(text, clause) for clause in clauses):
            told = [said for said in told if not _of_all_data(said)]
        return told

    def _in_clause(
        self,
        text: str,
        clauses: Sequence[Clause],
        found: Mapping[int, Sequence[Found[Phrase]]],
        places: Sequence[tuple[int, int]],
        number: int,
    ) -> Iterator[Said]:
        clause, doubted = clauses[number], self._doubted(text, clauses, found, number)
        after = clauses[number + 1 : number + 2] if not found.get(number + 1) else ()
        limited = any(self._cues.limited(text, each) for each in after)
        for mention in found[number]:
            masked = _masked(text, clause, places, mention)
            meant = self._cues.meant(masked, clause, mention.start, mention.end) | ({DOUBTED} if doubted else set())
            for fact in mention.meaning.sets.keys() | mention.meaning.denied.keys():
                value = self._held_back(fact, _value(fact, mention.meaning, meant), masked, clause, mention)
                if value is not None and not (limited and fact != "use" and clears(fact, value)):
                    thing = not mention.meaning.denied and not mention.meaning.final
                    yield Said(fact, value, mention.start, mention.end, mention.meaning.final, thing, number)

    def _doubted(
        self, text: str, clauses: Sequence[Clause], found: Mapping[int, Sequence[Found[Phrase]]], number: int
    ) -> bool:
        """Whether the next clause is an afterthought that only doubts this one: “…, I think”."""
        after = number + 1
        if after >= len(clauses) or found[after]:
            return False
        clause = clauses[after]
        return clause.end - clause.start <= AFTERTHOUGHT and DOUBTED in self._cues.somewhere(text, clause)

    def _held_back(
        self, fact: str, value: Value | None, text: str, clause: Clause, mention: Found[Phrase]
    ) -> Value | None:
        """What is told of other data, or of the past, says nothing; a clearing word needs a clause without doubts."""
        if value is None or value == UNKNOWN:
            return value
        text = _hidden(text, mention.stretches)
        somewhere = self._cues.somewhere(text, clause)
        if somewhere & ({UNDECIDED} if fact == "use" else NOT_NOW):
            return None
        if fact == "use" or not clears(fact, value):
            return value
        if somewhere & TRIPS_CLEARING:
            return UNKNOWN if DOUBTED in somewhere else None
        return None if self._cues.left_open(text, clause, mention.start, mention.end) else value


def _of_all_data(said: Said) -> bool:
    return said.fact in OF_THE_DATA and clears(said.fact, said.value)


def _value(fact: str, phrase: Phrase, meant: frozenset[str]) -> Value | None:
    """Return what the mention says of the fact, None for nothing."""
    stated = phrase.sets.get(fact)
    if fact == "use":
        return None if meant & TURNS_USE else stated
    raises = stated is not None and not clears(fact, stated)
    if meant & (NOTHING - ({"hoped", *({"told"} if fact in BY_OTHERS else ())} if raises else set())):
        return None
    if "removed" in meant:
        return "yes" if fact == "personal_information" and stated == "yes" else None
    if fact == "sensitive_domains":
        return None if DENIED in meant else stated
    value = phrase.denied.get(fact) if DENIED in meant else stated
    if meant & {DOUBTED, ASKED}:
        return UNKNOWN
    return value


def clears(fact: str, value: Value) -> bool:
    """Whether the value speaks for a milder verdict than an open question would."""
    if fact in ORDER:
        return value in (ORDER[fact][0], *(("abroad",) if fact == "data_location" else ()))
    if fact == "sensitive_domains":
        return not value
    return value == ("no" if fact in RAISES_BY_YES else "yes") and fact != "programme"


def settle(said: Sequence[Said], plain: Plain) -> tuple[dict[str, Value], tuple[Evidence, ...]]:
    """Return the value of each fact and the words for it; where words disagree, what raises concern counts."""
    facts: dict[str, Value] = {}
    evidence: list[Evidence] = []
    for fact in dict.fromkeys(each.fact for each in said):
        about = [each for each in said if each.fact == fact]
        about = [each for each in about if each.final] or about
        value = _together(fact, about)
        if value == UNKNOWN and about[0].final:  # it may be either: the card asks which
            continue
        facts[fact] = value
        evidence += [
            Evidence(fact, each.value, plain.words(each.start, each.end))
            for each in about
            if _supports(each.value, value)
        ]
    return facts, tuple(evidence)


def _supports(said: Value, value: Value) -> bool:
    return (
        said == value
        or (isinstance(said, tuple) and isinstance(value, tuple) and set(said) <= set(value))
        or value == "both"
    )


def _together(fact: str, about: Sequence[Said]) -> Value:
    values = [each.value for each in about]
    if fact == "sensitive_domains":
        return tuple(dict.fromkeys(name for value in values if isinstance(value, tuple) for name in value))
    if fact == "collaboration" and {"international", "industry"} <= set(values):
        return "both"
    explicit = [each.value for each in about if not each.thing]
    if fact == "personal_information" and "no" in explicit and "yes" not in explicit and "yes" in values:
        return UNKNOWN
    return max(values, key=lambda value: _severity(fact, value))


def _severity(fact: str, value: Value) -> float:
    if value == UNKNOWN:
        return 0.5
    if fact in ORDER:
        return float(ORDER[fact].index(str(value)))
    return 0.0 if clears(fact, value) else 1.0


def _outermost(found: Iterable[Found[Phrase]]) -> list[Found[Phrase]]:
    """Drop mentions inside a longer one that is about the same fact, or hides them."""
    listed = sorted(found, key=lambda f: (-(f.end - f.start), f.start))
    kept: list[Found[Phrase]] = []
    for each in listed:
        if not any(_hides(other, each) for other in kept):
            kept.append(each)
    return sorted((each for each in kept if each.meaning.sets), key=lambda f: f.start)


def _hides(other: Found[Phrase], each: Found[Phrase]) -> bool:
    if each.end <= other.start or each.start >= other.end:
        return False
    if not other.meaning.sets:
        return other.start <= each.start and other.end >= each.end
    return bool(each.meaning.sets.keys() & other.meaning.sets.keys())


def _masked(text: str, clause: Clause, places: Iterable[tuple[int, int]], mention: Found[Phrase]) -> str:
    """Return the text with the other mentions of the clause masked."""
    return _hidden(
        text,
        (
            (start, end)
            for start, end in places
            if clause.start <= start < clause.end and (end <= mention.start or start >= mention.end)
        ),
    )


def _hidden(text: str, places: Iterable[tuple[int, int]], mark: str = MASK) -> str:
    letters = list(text)
    for start, end in places:
        letters[start:end] = mark * (end - start)
    return "".join(letters)
