"""What is heard of a message that may be a typed answer: codes of a closed vocabulary, and nothing of its words. Pure.

The door knows no card. `typed.py` holds what was heard against the card that is asked by the time it is handled.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from conversations.models import SHORTCUT, Card
from knowledge.models import Bilingual, Id, Knowledge, Record
from knowledge.records import parse, read_toml

FILE = "typed.toml"
Word = Literal["yes", "no", "unsure", "answers"]
LONGEST, MOST_NUMBERS, MOST_NEAR = 60, 10, 24
"""Characters of what may be an answer, numbers in it, and how many options a part of a name may mean."""
ALIKE, SHARE = 0.8, 5
"""How similar a mistyped name is (`SequenceMatcher.ratio`); a part of a name is one character of so many, or more."""

NUMBER = r"\(?(?:no\.?\s*)?#?([0-9]{1,2})\)?(?:番目|番|つ目|\.)?"
NUMBERS = re.compile(rf"{NUMBER}(?:(?:\s*(?:[,、・/&+と]|and)\s*|\s+){NUMBER})*")
ASIDE = re.compile(r"\([^()]*\)")
POLITE = re.compile(r"(?:です|だ|でお願いします|をお願いします|にします|(?:[, ]|、)*please)$")
AROUND = " \n.,!?。、！？「」『』“”\"'"

Ref = tuple[str, str, str]
"""Card, part (or `shortcut`) and option."""


class CardWords(Record):
    """The shortcut or option that yes or no comes to on a card."""

    id: Id
    yes: Id | None = None
    no: Id | None = None


class Words(Record):
    """The words of typed.toml."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    unsure: tuple[str, ...]
    answers: tuple[str, ...]
    card: tuple[CardWords, ...]


@dataclass(frozen=True)
class Heard:
    """What was heard of a typed answer: codes only. `exact`, `near`: options of that name, or of a similar one."""

    word: Word | None = None
    numbers: tuple[int, ...] = ()
    exact: tuple[Ref, ...] = ()
    near: tuple[Ref, ...] = ()

    def codes(self) -> dict[str, object]:
        """Return it as a job holds it."""
        refs = {"exact": list(map(list, self.exact)), "near": list(map(list, self.near))}
        return {"word": self.word, "numbers": list(self.numbers), **refs}


def heard_of(codes: Mapping[str, Any]) -> Heard:
    """Return what a job holds."""
    exact, near = (tuple((c, p, o) for c, p, o in codes[name]) for name in ("exact", "near"))
    return Heard(codes["word"], tuple(codes["numbers"]), exact, near)


@cache
def load_words() -> Words:
    """Load typed.toml. Raises DataError."""
    return parse(Words, read_toml(files("conversations") / FILE), FILE)


class Vocabulary:
    """The names of everything that can be chosen on any card of an edition. Safe to share between threads."""

    def __init__(self, cards: Sequence[Card], knowledge: Knowledge) -> None:
        """Take the names of options in both languages, and those of services."""
        self._refs: dict[str, list[Ref]] = {}
        for ref, label in (*_labels(cards), *_services(cards, knowledge)):
            for name in (bare(label), bare(ASIDE.sub("", unicodedata.normalize("NFKC", label)))):
                found = self._refs.setdefault(name, [])
                if name and ref not in found:
                    found.append(ref)

    def heard(self, text: str) -> Heard | None:
        """Return what a message may answer, or None for talk."""
        said = bare(text)
        if not said or len(said) > LONGEST:
            return None
        if numbers := _numbers(said):
            return Heard(numbers=numbers)
        forms = (said, bare(POLITE.sub("", said)))
        exact = tuple(dict.fromkeys(ref for form in forms for ref in self._refs.get(form, ())))
        word = next((words()[form] for form in forms if form in words()), None)
        if word or exact:
            return Heard(word, exact=exact)
        near = tuple(dict.fromkeys(self._near(forms[-1])))
        return Heard(near=near) if 0 < len(near) <= MOST_NEAR else None

    def _near(self, said: str) -> Iterator[Ref]:
        matcher = SequenceMatcher(None, "", said, autojunk=False)
        for name, refs in self._refs.items():
            matcher.set_seq1(name)
            if _part_of(said, name) or _alike(matcher):
                yield from refs


def bare(text: str) -> str:
    """Return the text as names are compared: NFKC, lower case, one space for several, no marks around."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(folded.split()).strip(AROUND)


def _labels(cards: Sequence[Card]) -> Iterator[tuple[Ref, str]]:
    for card in cards:
        for shortcut in card.shortcuts:
            yield from _both((card.id, SHORTCUT, shortcut.id), shortcut.label)
        for part in card.parts:
            for option in part.options:
                yield from _both((card.id, part.id, option.id), option.label)


def _both(ref: Ref, label: Bilingual) -> Iterator[tuple[Ref, str]]:
    yield ref, label.ja
    yield ref, label.en


def _services(cards: Sequence[Card], knowledge: Knowledge) -> Iterator[tuple[Ref, str]]:
    """A service is called by its name with its plan, or by its aliases."""
    parts = [(card.id, part.id) for card in cards for part in card.parts if part.kind == "service"]
    for card, part in parts:
        for service in knowledge.services.values():
            names = [f"{service.name} {plan}" for plan in (service.plan.ja, service.plan.en)]
            yield from (((card, part, service.id), name) for name in (*names, *service.aliases))


def _numbers(said: str) -> tuple[int, ...]:
    found = re.findall(r"[0-9]+", said) if NUMBERS.fullmatch(said) else []
    return tuple(map(int, found)) if len(found) <= MOST_NUMBERS else ()


@cache
def words() -> Mapping[str, Word]:
    """Return what each word means that stands for an answer."""
    told = load_words()
    known: tuple[tuple[Word, tuple[str, ...]], ...] = (
        ("answers", told.answers), ("unsure", told.unsure), ("no", told.no), ("yes", told.yes),
    )  # fmt: skip
    return {bare(word): meaning for meaning, spelled in known for word in spelled}


def _part_of(said: str, name: str) -> bool:
    """Whether it is a telling part of the name: whole words of three letters, or two Japanese characters, or more.

    What a name says in brackets is said by the way.
    """
    if len(said) * SHARE < len(name) or "(" in name:
        return False
    if said.isascii():
        return len(said) > 2 and re.search(rf"(?<![a-z0-9]){re.escape(said)}(?![a-z0-9])", name) is not None  # noqa: PLR2004
    return len(said) > 1 and said in name


def _alike(matcher: SequenceMatcher[str]) -> bool:
    """Whether two names are, the cheapest bounds first."""
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(ratio() >= ALIKE for ratio in ratios)
