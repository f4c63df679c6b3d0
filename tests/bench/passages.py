"""Questions about the guideline: how many the search for passages answers right, and how long one takes."""

import time
from collections.abc import Sequence

from knowledge.loader import load_knowledge
from knowledge.search import PassageSearch
from tests.bench.table import percentile, show
from tests.knowledge.questions import Question, load_questions, score

SETS = ("tuning", "tuning2", "untouched")
LANGUAGES = ("ja", "en")
HEAD = ["set", "language", "with an answer", "hit@1", "hit@3", "without", "told so", "p50 ms", "p99 ms"]


def run() -> None:
    """Print the figures of every set, by language and in all."""
    search = PassageSearch(load_knowledge())
    rows = []
    for name in SETS:
        questions = load_questions(name)
        by_language = {language: [one for one in questions if one.language == language] for language in LANGUAGES}
        rows += [[name, *_measured(search, kind, some)] for kind, some in {**by_language, "both": questions}.items()]
    show("Passages found", HEAD, rows)


def _measured(search: PassageSearch, kind: str, questions: Sequence[Question]) -> list[object]:
    waited = []
    for question in questions:
        start = time.perf_counter()
        search.find(question.text)
        waited.append(time.perf_counter() - start)
    got = score(search, questions)
    times = [percentile(waited, 0.5), percentile(waited, 0.99)]
    return [kind, got.answerable, got.first, got.found, got.unanswerable, got.not_said, *times]
