"""What a message says of the facts: phrases of the lexicon, each as it is meant in its clause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable

from knowledge.records import read_records
from knowledge.understanding.clauses import Clause
from knowledge.understanding.cues import ASKED, DENIED, DOUBTED, NAME, Cues
from knowledge.understanding.framing import concedes, takes_back
from knowledge.understanding.guards import Guards
from knowledge.understanding.patterns import Found, Phrases
from knowledge.understanding.phrases import Phrase, hidden, hides, masked, outermost, read_phrases
from knowledge.understanding.reading import Value
from knowledge.understanding.said import RAISES_BY_YES, UNKNOWN, Said, clears

FILE, TASKS, UNSETTLED, PARTS = "facts.toml", "tasks.toml", "unsettled.toml", "parts.toml"
OF_THE_DATA = RAISES_BY_YES | {"already_public", "openness_review"}
NOTHING = frozenset({"told", "supposed", "hoped"})
"""Cues after which a word says nothing at all."""
THINGS = frozenset({"personal_information", "company_secret", "sensitive_domains", "novelty", "already_public"})
"""Facts told by what is in the data: nothing follows from a thing that is not entered."""
BY_OTHERS = frozenset(
    {"export_controlled", "other_restriction", "company_secret", "legal_clearance", "leader_approval"}
)
"""Facts that others decide: what they told counts where it raises concern."""
ASIDE = 30
"""Characters of a clause that only turns what is said beside it."""
EXCEPTED, UNDECIDED = "excepted", "undecided"
NOT_NOW = frozenset({"elsewhere", "past"})
TRIPS_CLEARING = frozenset({"told", "supposed", "hoped", "open", DOUBTED})


@dataclass(frozen=True)
class Stretch:
    """A clause, its words, the phrases found in it, those of them that count, and the cues anywhere in it."""

    clause: Clause
    words: str
    found: Sequence[Found[Phrase]]
    mentions: Sequence[Found[Phrase]]
    cues: frozenset[str]

    @property
    def is_silent(self) -> bool:
        """Return whether nothing in it speaks of a fact, but for the way of use."""
        return all(set(each.meaning.sets) <= {"use"} for each in self.mentions)

    @property
    def is_aside(self) -> bool:
        """Return whether it says nothing of its own, and so only turns what is beside it: “…, I think”."""
        return len(self.words) <= ASIDE and not self.mentions and NAME not in self.words


class Facts:
    """Reads facts."""

    def __init__(self, folder: Traversable, cues: Cues) -> None:
        """Sort the phrases of the three files, which share the lists of PARTS. Raises DataError."""
        parts = {part["id"]: "|".join(part["words"]) for part in read_records(folder / PARTS, "part")["part"]}
        self._cues, self._guards = cues, Guards(folder)
        self._phrases, self._tasks, self._unsettled = (
            read_phrases(folder, file, parts) for file in (FILE, TASKS, UNSETTLED)
        )

    def read(self, text: str, clauses: Sequence[Clause], names: Sequence[tuple[int, int]]) -> list[Said]:
        """Return everything that is said of a fact, in order; `names` are the places of services.

        What clears all of the data counts only where nothing in the whole message is excepted.
        """
        text = hidden(text, names, NAME)
        about = [self._stretch(text, clause) for clause in clauses]
        told = [
            replace(said, clause=number)
            for number, stretch in enumerate(about)
            for said in self._in_clause(text, stretch, *_beside(about, number))
        ]
        kinds = [self._unsettled, *(() if any(said.fact == "use" for said in told) else (self._tasks,))]
        told += [
            replace(said, clause=number)
            for number, stretch in enumerate(about)
            for kind in kinds
            for said in self._weakly(text, stretch, kind)
        ]
        excepted = any(EXCEPTED in each.cues for each in about)
        return [
            said
            for said in told
            if not (clears(said.fact, said.value) and self._spoiled(said.fact, text, excepted=excepted))
        ]

    def _spoiled(self, fact: str, text: str, *, excepted: bool) -> bool:
        """Whether something in the message keeps what clears the fact from counting."""
        return fact != "use" and ((excepted and fact in OF_THE_DATA) or self._guards.spoiled(fact, text))

    def _stretch(self, text: str, clause: Clause) -> Stretch:
        found = list(self._phrases.find(text, clause.start, clause.end))
        words = text[clause.start : clause.end]
        return Stretch(clause, words, found, outermost(found), self._cues.somewhere(text, clause))

    def _weakly(self, text: str, stretch: Stretch, kind: Phrases[Phrase]) -> Iterator[Said]:
        """Yield what is a task, or unsettled, which may go on into the next clause: it turns no other word."""
        clause = stretch.clause
        if stretch.cues & (NOT_NOW | {UNDECIDED}):
            return
        for mention in kind.find(text, clause.start, clause.end, clause.end if kind is self._tasks else len(text)):
            if any(hides(other, mention) for other in stretch.found):
                continue
            meant = self._cues.meant(text, clause, mention.start, mention.end)
            for fact, value in mention.meaning.sets.items():
                turned = self._guards.turns(fact, text, clause, mention)
                if not turned and not meant & ({DENIED} if fact == "use" else NOTHING - {"hoped"}):
                    yield Said(fact, value, mention.start, mention.end, weak=True)

    def _in_clause(self, text: str, stretch: Stretch, before: Stretch | None, after: Stretch | None) -> Iterator[Said]:
        aside = after.cues if after and after.is_aside else frozenset[str]()
        doubted = aside & {DOUBTED}
        opened = before.cues if before and before.is_aside and before.clause.end == stretch.clause.start else aside
        limited = bool((aside | opened) & TRIPS_CLEARING) or (
            after is not None
            and after.is_silent
            and (
                takes_back(after.words, asked=after.clause.asked)
                or (NAME not in after.words and concedes(stretch.words, after.words))
            )
        )
        for mention in stretch.mentions:
            alone = masked(text, stretch.mentions, mention)
            meant = self._cues.meant(alone, stretch.clause, mention.start, mention.end) | doubted
            for fact in mention.meaning.sets.keys() | mention.meaning.denied.keys():
                value = self._held_back(fact, _value(fact, mention.meaning, meant), alone, stretch, mention)
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
            settled = value == UNKNOWN or mention.meaning.final
            return value if settled or not self._guards.turns(fact, text, stretch.clause, mention) else None
        hushed = hidden(text, mention.stretches)
        around = self._cues.somewhere(hushed, stretch.clause) & TRIPS_CLEARING
        if around:
            return UNKNOWN if DOUBTED in around else None
        left_open = self._cues.left_open(hushed, stretch.clause, mention.start, mention.end)
        return None if left_open or not self._guards.plainly(fact, text, stretch.clause, mention) else value


def _beside(about: Sequence[Stretch], number: int) -> tuple[Stretch | None, Stretch | None]:
    """Return the stretches before and after."""
    return (about[number - 1] if number else None, about[number + 1] if number + 1 < len(about) else None)


def _value(fact: str, phrase: Phrase, meant: frozenset[str]) -> Value | None:
    """Return what the mention says of the fact, None for nothing."""
    stated = phrase.sets.get(fact)
    if fact == "use":
        return None if DENIED in meant or (DOUBTED in meant and "hoped" not in meant) else stated
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
