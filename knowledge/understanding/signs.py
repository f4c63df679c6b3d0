"""What a message is: a case, a question about the guideline, something that happened already, or no text at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from knowledge.records import read_records
from knowledge.understanding.clauses import Clause
from knowledge.understanding.patterns import Found, Phrases
from knowledge.understanding.personal import holds_personal_data
from knowledge.understanding.reading import Value
from knowledge.understanding.said import Said, clears
from knowledge.understanding.text import plain

FILE = "signs.toml"
ENOUGH_WEAK_WORDS = 2
MARKS_OF_CODE = 4
FEWEST_VOWELS = 5
"""Of so many letters one is a vowel, or nobody could say the word."""
TOLD = ("already_uploaded", "override_attempt", "several_data_sets")
"""Signs that are warnings of their own."""

ABOUT_THE_SERVICE = frozenset(
    {
        "use",
        "access_limited",
        "secure_channel",
        "purpose_limited",
        "data_location",
        "liability_clear",
        "leakage_protection",
    }
)
"""Facts that several data sets share, as they are entered in one service."""

CASES_TOO = frozenset({"subscribed_pdf", "student_reports", "peer_review", "deletion"})
"""Topics that a case may be about as well."""

WORD = re.compile(r"[a-z]{2,}|[ぁ-んァ-ヶー一-龯々]{2,}|[^\W\d_a-zぁ-んァ-ヶー一-龯々]{2,}")
CODE = re.compile(r"[{};=<>\[\]]|def |import |function |#include|</|\bSELECT\b")
BLOB = re.compile(r"[A-Za-z0-9+/=_-]{60,}")
VOWELS = re.compile(r"[aeiouy]")


Places = Mapping[str, Sequence[Found[str]]]


@dataclass(frozen=True)
class Told:
    """The signs that a message bears."""

    signs: Places
    about: Sequence[Found[str]]
    asked: bool
    warnings: tuple[str, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """Return what it is about that is often answered elsewhere."""
        return tuple(dict.fromkeys(found.meaning for found in self.about))

    @property
    def places(self) -> list[tuple[int, int]]:
        """Return where the signs and topics stand."""
        return [(found.start, found.end) for those in (*self.signs.values(), self.about) for found in those]

    def counts(self, said: Said, parts: Sequence[Clause]) -> bool:
        """Whether what was said counts: nothing clearing beside orders; of several data sets, what was said of all."""
        if "override_attempt" in self.warnings and clears(said.fact, said.value):
            return False
        if "several_data_sets" not in self.warnings or said.fact in ABOUT_THE_SERVICE:
            return True
        clause = parts[said.clause]
        return any(clause.start <= found.start < clause.end for found in self.signs.get("of_all", ()))

    def kind(self, facts: Mapping[str, Value], *, named: bool) -> str:
        """Return the kind of the message, as in Reading; `named`: whether it names a service."""
        if "already_uploaded" in self.warnings:
            return "incident"
        if "guideline_question" in self.warnings:
            return "guideline"
        if "help" in self.signs and not (named or facts):
            return "help"
        if self._redirects(facts, named=named):
            return "redirect"
        weak = len({(found.start, found.end) for found in self.signs.get("weak", ())})
        asks = "strong" in self.signs or (weak and weak + self.asked >= ENOUGH_WEAK_WORDS)
        return "case" if named or facts or asks else "other"

    def _redirects(self, facts: Mapping[str, Value], *, named: bool) -> bool:
        """Whether it only asks about what is answered elsewhere."""
        only_elsewhere = any(topic not in CASES_TOO for topic in self.topics)
        enters = named and ("use" in facts or "strong" in self.signs)
        says_more = named and bool(facts.keys() - {"use"})
        return bool(self.topics) and not says_more and (only_elsewhere or not enters)


class Signs:
    """Finds the signs."""

    def __init__(self, folder: Traversable) -> None:
        """Sort the phrases of `signs.toml`. Raises DataError."""
        data = read_records(folder / FILE, "whole", "sign", "topic")
        self._whole = {plain(word).text: record["means"] for record in data["whole"] for word in record["words"]}
        self._signs: Phrases[str] = Phrases(_phrases(data["sign"]))
        self._topics: Phrases[str] = Phrases(_phrases(data["topic"]))

    def whole(self, text: str) -> str | None:
        """Return what a message that holds nothing else asks for; `empty` for one that holds nothing."""
        bare = text.strip(" \n?!。、.…")
        return self._whole.get(bare) if text.strip() else "empty"

    def is_no_text(self, text: str) -> bool:
        """Whether it is emoji, code, a blob or noise rather than words of a person."""
        words = WORD.findall(text)
        if not words:
            return True
        letters = sum(map(len, words))
        if sum(len(blob) for blob in BLOB.findall(text)) > len(text) / 2:
            return True
        marks = len(CODE.findall(text))
        if marks >= MARKS_OF_CODE and marks > letters / 12:
            return True
        vowels = sum(len(VOWELS.findall(word)) for word in words)
        return all(word.isascii() for word in words) and vowels < letters / FEWEST_VOWELS

    def of(self, text: str, parts: Sequence[Clause], facts: frozenset[str], *, named: bool) -> Told:
        """Return the signs of a message; `facts` are those it speaks of, `named` whether it names a service."""
        found: dict[str, list[Found[str]]] = {}
        for each in self._signs.find(text, 0, len(text)):
            found.setdefault(each.meaning, []).append(each)
        topics = list(self._topics.find(text, 0, len(text)))
        asked = "?" in text or any(part.asked for part in parts)
        warnings = [sign for sign in TOLD if sign in found]
        if holds_personal_data(text):
            warnings.append("personal_data_in_text")
        if _about_the_guideline(found, warnings, named=named, facts=facts):
            warnings.append("guideline_question")
        elif not (named or facts or topics or warnings) and _off_topic(found, asked=asked):
            warnings.append("off_topic")
        return Told(found, topics, asked, tuple(warnings))


def _about_the_guideline(found: Places, warnings: Sequence[str], *, named: bool, facts: frozenset[str]) -> bool:
    """Whether it asks what the guideline says, rather than whether something may be entered."""
    if named or "strong" in found or "already_uploaded" in warnings or "override_attempt" in warnings:
        return False
    return "guideline_itself" in found or ("guideline" in found and not facts - {"use"})


def _off_topic(found: Places, *, asked: bool) -> bool:
    few = len(found.get("weak", ())) + asked < ENOUGH_WEAK_WORDS
    return few and not found.keys() - {"weak", "abuse", "of_all"}


def _phrases(records: Sequence[Mapping[str, object]]) -> list[tuple[str, str]]:
    return [(str(word), str(record["means"])) for record in records for word in record["words"]]  # type: ignore[attr-defined]
