"""A question in either language → the passages that answer it, or none.

BM25 in plain Python over the terms of `knowledge.terms`. SQLite's FTS5, over pairs of characters and `porter`, takes as
long (0.15 ms) and knows less: of the phrases, each left out of the index and asked, it found 88 of 100, this 92, while
both told three of four others that no passage says it. A term may be a concept here, the same in both languages.
And an index that never changes needs no lock, and no second door to SQLite.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from knowledge.models import Knowledge
from knowledge.terms import shipped_terms

Entry = tuple[str, Iterable[str]]
"""An id, and the texts that it is found by."""

ENOUGH = 0.75
"""What the best has to reach, tuned on the tuning questions and on phrases left out of the index."""

SATURATION, LENGTH = 1.2, 0.75
"""BM25's k and b."""
UNKNOWN = 0.8
"""What a term weighs that no entry holds; one that a single entry holds weighs some 1, one that all hold some 0."""
UNSAID = "unsaid:"


class PassageSearch:
    """An index over the passages. It never changes, so threads may share it."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Index the passages, the institution's own among them."""
        self._terms = shipped_terms()
        known = {name: tuple(texts) for name, texts in _entries(knowledge)}
        usual = sum(map(len, known.values())) / (len(known) or 1)
        self._shares: dict[str, dict[str, float]] = {}
        for name, texts in known.items():
            self._add(name, _known(texts), len(texts) / usual)
        self._weights = {term: _rarity(len(held), len(known)) for term, held in self._shares.items()}

    def find(self, text: str, most: int = 3) -> tuple[str, ...]:
        """Return the ids of what answers the text, best first; nothing if the best does not fit well. Never raises."""
        ranked = self.ranked(text)
        if not ranked or ranked[0][0].startswith(UNSAID) or ranked[0][1] < ENOUGH:
            return ()
        return tuple(name for name, _ in ranked if not name.startswith(UNSAID))[:most]

    def ranked(self, text: str) -> list[tuple[str, float]]:
        """Return every entry that has a term of the text, with its score, best first.

        The root keeps a question that goes on longer from needing as much more.
        """
        asked = {term: weight * self._weights.get(term, UNKNOWN) for term, weight in self._terms.of(text).items()}
        scores: dict[str, float] = {}
        for term, weight in asked.items():
            for name, share in self._shares.get(term, {}).items():
                scores[name] = scores.get(name, 0.0) + weight * share
        whole = math.sqrt(sum(asked.values()))
        return sorted(((name, score / whole) for name, score in scores.items()), key=lambda one: (-one[1], one[0]))

    def _add(self, name: str, counts: Mapping[str, int], length: float) -> None:
        """Take an entry in: the more of its texts hold a term, the more it is about that, up to a limit."""
        slow = SATURATION * (1 - LENGTH + LENGTH * length)
        for term, count in counts.items():
            self._shares.setdefault(term, {})[name] = count * (SATURATION + 1) / (count + slow)


def _counted(texts: tuple[str, ...]) -> Mapping[str, int]:
    """Return in how many of the texts each term is."""
    return Counter(term for text in texts for term in shipped_terms().of(text))


_known = lru_cache(maxsize=256)(_counted)
"""The same, kept: editions and overlays have most entries of the knowledge in common."""


def _rarity(holding: int, entries: int) -> float:
    """Return what a term weighs that so many of the entries hold, from 1 down to 0."""
    return math.log(1 + (entries - holding + 0.5) / (holding + 0.5)) / math.log(1 + (entries + 0.5) / 0.5)


def _entries(knowledge: Knowledge) -> Iterator[Entry]:
    for passage in knowledge.passages.values():
        asked = knowledge.asked_as.get(passage.id)
        yield passage.id, (passage.ja, passage.en, *(asked.phrases if asked else ()))
    for topic in knowledge.unsaid.values():
        yield UNSAID + topic.id, topic.phrases
