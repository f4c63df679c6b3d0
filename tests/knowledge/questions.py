"""Questions about the guideline with the passages that answer them, and how many of them the search gets right."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.search import PassageSearch

FOLDER = Path(__file__).parent / "sentences"


@dataclass(frozen=True)
class Question:
    """A question in a language; any of the passages is right, and none where the guideline does not say."""

    id: str
    language: str
    text: str
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Shares of the questions with an answer whose first, or any, passage found is right, and of the others told so."""

    answerable: int
    first: float
    found: float
    unanswerable: int
    not_said: float


def load_questions(name: str) -> tuple[Question, ...]:
    """Return the questions of a set."""
    data = tomllib.loads((FOLDER / f"questions_{name}.toml").read_text(encoding="utf-8"))
    return tuple(Question(**{**each, "passages": tuple(each["passages"])}) for each in data["question"])


def score(search: PassageSearch, questions: Sequence[Question]) -> Score:
    """Ask every question."""
    found = [(search.find(question.text), question.passages) for question in questions]
    first = [bool(set(ids[:1]) & set(right)) for ids, right in found if right]
    any_right = [bool(set(ids) & set(right)) for ids, right in found if right]
    not_said = [not ids for ids, right in found if not right]
    return Score(len(first), _share(first), _share(any_right), len(not_said), _share(not_said))


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 1.0
