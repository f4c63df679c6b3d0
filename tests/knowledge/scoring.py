"""Labelled sentences, and how well a reader does on them.

A sentence is `id`, `text`, `services`, `facts`, `warnings`, and what may be said as well without fault (`accept`,
`accept_warnings`). Sets are written by different hands, apart from the reader; `untouched.toml` is never looked at
while the lexicon is tuned.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.understanding.reader import Reader
from knowledge.understanding.reading import Reading, Value
from knowledge.understanding.said import clears

SENTENCES = Path(__file__).parent / "sentences"
Sentence = Mapping[str, Any]


def sentences(name: str) -> list[Sentence]:
    """Return the sentences of a set."""
    found: list[Sentence] = tomllib.loads((SENTENCES / f"{name}.toml").read_text(encoding="utf-8"))["sentence"]
    return found


@dataclass
class Score:
    """Counts over a set: said, right and wanted, of services, facts and warnings; and wrong clears, by sentence."""

    services: list[int] = field(default_factory=lambda: [0, 0, 0])
    facts: list[int] = field(default_factory=lambda: [0, 0, 0])
    warnings: list[int] = field(default_factory=lambda: [0, 0, 0])
    false_clears: list[str] = field(default_factory=list)

    @staticmethod
    def precision(counts: Sequence[int]) -> float:
        """Return which share of what was said is right."""
        return counts[1] / counts[0] if counts[0] else 1.0

    @staticmethod
    def recall(found: int, wanted: int) -> float:
        """Return which share of what was wanted was found."""
        return found / wanted if wanted else 1.0


def score(reader: Reader, asked: Iterable[Sentence]) -> tuple[Score, Mapping[str, float]]:
    """Return the counts, and precision and recall of services, facts and warnings."""
    total, found = Score(), {"services": 0, "facts": 0, "warnings": 0}
    for sentence in asked:
        reading = reader.read(sentence["text"])
        named = {*(s.id for s in reading.services), *(s.service for s in reading.slips)}
        wanted = set(sentence["services"])
        _add(total.services, len(named), len(named & wanted), len(wanted))
        found["services"] += len(named & wanted)
        found["facts"] += _count_facts(total, sentence, reading)
        warned, due = set(reading.warnings), set(sentence.get("warnings", ()))
        allowed = due | set(sentence.get("accept_warnings", ()))
        _add(total.warnings, len(warned), len(warned & allowed), len(due))
        found["warnings"] += len(warned & due)
    ratios = {}
    for name, right in found.items():
        counts = getattr(total, name)
        ratios[f"{name} precision"] = Score.precision(counts)
        ratios[f"{name} recall"] = Score.recall(right, counts[2])
    return total, ratios


def _count_facts(total: Score, sentence: Sentence, reading: Reading) -> int:
    facts, accept = sentence.get("facts", {}), sentence.get("accept", {})
    right = {name for name, value in reading.facts.items() if _right(name, value, facts, accept)}
    _add(total.facts, len(reading.facts), len(right), len(facts))
    wrong = reading.facts.keys() - right
    total.false_clears += [f"{sentence['id']}.{n}" for n in wrong if n != "use" and clears(n, reading.facts[n])]
    return len(right & facts.keys())


def _right(name: str, value: Value, facts: Mapping[str, Any], accept: Mapping[str, Any]) -> bool:
    if isinstance(value, tuple):
        needed, allowed = set(facts.get(name, ())), {*facts.get(name, ()), *accept.get(name, ())}
        return name in facts.keys() | accept.keys() and needed <= set(value) <= allowed
    others = accept.get(name)
    return value in (facts.get(name), *(others if isinstance(others, list) else (others,)))


def _add(counts: list[int], *more: int) -> None:
    for place, number in enumerate(more):
        counts[place] += number
