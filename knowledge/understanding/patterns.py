"""Phrases of the lexicon → what finds them in a text, by their first characters.

A phrase is a regular expression in which a space may also be a hyphen or nothing, `~` stands for a few other characters
of the same clause and `~~` for some more, `*` lets a Latin word go on, and `<name>` stands for any word of a list that
phrases share. It is compiled when its first characters are met.
"""

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

GAP, WIDE = r"[^。?!;,\n]{0,20}?", r"[^。?!;,\n]{0,40}?"
GAPS = re.compile("(~+)")
HEAD = 4
STARTS, ENDS = r"(?:(?<![a-z0-9])|(?=[^a-z0-9]))", r"(?:(?![a-z0-9])|(?<=[^a-z0-9]))"
"""A Latin word begins and ends where no Latin letter goes on: `use` is not in `house`."""

PART = re.compile(r"<([a-z_]+)>")

LATIN = frozenset(string.ascii_letters + string.digits)

STOP, SPECIAL = "\0", "~*[.+?{^$"

Meaning = TypeVar("Meaning")


@dataclass(frozen=True)
class Found(Generic[Meaning]):
    """A phrase in a text: where it runs, which stretches of it are its own, and what it means."""

    start: int
    end: int
    stretches: tuple[tuple[int, int], ...]
    meaning: Meaning

    @property
    def own(self) -> int:
        """Return how many characters are its own."""
        return sum(end - start for start, end in self.stretches)


def filled(phrase: str, parts: Mapping[str, str]) -> str:
    """Return the phrase with its shared lists written out. Raises KeyError for a list that there is not."""
    while PART.search(phrase):
        phrase = PART.sub(lambda part: f"({parts[part.group(1)]})", phrase)
    return phrase


class Phrases(Generic[Meaning]):
    """Finds many phrases at once. Safe to share between threads."""

    def __init__(self, phrases: Iterable[tuple[str, Meaning]]) -> None:
        """Sort the phrases by how they begin. Raises ValueError for one whose beginning is not plain."""
        self._by_head: dict[str, list[tuple[str, Meaning]]] = {}
        for phrase, meaning in phrases:
            for head in heads(phrase):
                self._by_head.setdefault(head, []).append((phrase, meaning))
        self._openings = {head[:2] for head in self._by_head}

    def find(self, text: str, begin: int, end: int, last: int | None = None) -> Iterator[Found[Meaning]]:
        """Yield every phrase that starts between `begin` and `end`, and ends there or, if given, before `last`."""
        stop, openings = end if last is None else last, self._openings
        for start in range(begin, end):
            opens = text[start : start + 2] in openings or text[start] in openings
            if opens and not (start and text[start] in LATIN and text[start - 1] in LATIN):  # not inside a Latin word
                yield from self.at(text, start, stop)

    def at(self, text: str, start: int, end: int) -> list[Found[Meaning]]:
        """Return every phrase that starts right there."""
        found = []
        for stop in range(start + 1, min(start + HEAD, end) + 1):
            for phrase, meaning in self._by_head.get(text[start:stop], ()):
                match = compiled(phrase).match(text, start, end)
                if match is not None and match.end() > start:
                    found.append(Found(start, match.end(), match.regs[1:], meaning))
        return found


def longest(found: Iterable[Found[Meaning]]) -> list[Found[Meaning]]:
    """Return the phrases that do not overlap, the longest taken first, in the order of the text."""
    taken: list[Found[Meaning]] = []
    for each in sorted(found, key=lambda f: (-f.own, f.start)):
        if all(each.end <= other.start or each.start >= other.end for other in taken):
            taken.append(each)
    return sorted(taken, key=lambda f: f.start)


@cache
def compiled(phrase: str) -> re.Pattern[str]:
    """Return what matches the phrase at a place; each stretch between gaps is a group."""
    gaps = {"~": GAP, "~~": WIDE}
    return re.compile("".join(gaps.get(part) or f"({STARTS}{expression(part)}{ENDS})" for part in GAPS.split(phrase)))


def expression(part: str) -> str:
    """Return a part of a phrase without a gap as a regular expression without groups that count."""
    part = re.sub(r"\((?!\?)", "(?:", part)
    return part.replace(" ", r"[\s-]?").replace("*", "[a-z]*")


def heads(phrase: str) -> set[str]:
    """Return how the phrase may begin: the first characters of each of its spellings, as far as they are plain."""
    found = {spelling.removesuffix(STOP)[:HEAD] for spelling in _spellings(phrase)}
    if "" in found:
        raise ValueError(f"{phrase!r} does not begin plainly")
    return found


def _spellings(phrase: str) -> set[str]:
    """Return the beginnings of every spelling; STOP ends one after which it is no longer plain."""
    found, rest = {""}, phrase
    while rest and any(_open(each) for each in found):
        if rest.startswith("("):
            inner, rest = _group(rest)
            steps = {STOP} if inner.startswith("?") and len(rest) == 0 else set[str]()
            if not inner.startswith("?"):
                steps = {option for choice in _choices(inner) for option in _spellings(choice)}
        elif rest[0] in SPECIAL:
            steps, rest = {STOP}, ""
        else:
            rest = rest.removeprefix("\\")
            steps, rest = {" ", "-", ""} if rest[0] == " " else {rest[0]}, rest[1:]
        found = {each + step if _open(each) else each for each in found for step in steps or {""}}
    return found


def _open(spelling: str) -> bool:
    return len(spelling) < HEAD and not spelling.endswith(STOP)


def _group(text: str) -> tuple[str, str]:
    """Return what stands between the first parenthesis and the one that closes it, and what follows."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[1:place], text[place + 1 :]
    raise ValueError(f"{text!r} has a parenthesis too few")


def _choices(inner: str) -> list[str]:
    """Split a group at the bars that are not inside another group."""
    depth, parts = 0, [""]
    for letter in inner:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
