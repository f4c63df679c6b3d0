"""What the tests of this floor share: cards, an interview, one store of each kind, the use cases on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conversations.cards import load_cards
from conversations.interview import Interview
from conversations.models import Card
from conversations.service import Conversations
from conversations.store.protocol import Store
from conversations.store.sqlite import SqliteStore
from knowledge.models import Knowledge
from rules.evaluator import Evaluator
from rules.models import RuleBase
from tests.conversations.builders import NOW

STORES: dict[str, Callable[[Path], Store]] = {
    "sqlite file": lambda folder: SqliteStore(folder / "kakunin.db"),
    "sqlite memory": lambda _: SqliteStore(":memory:"),
}
"""Every store keeps the same contract; another one is one line here."""


@pytest.fixture(scope="session")
def cards(rulebase: RuleBase) -> tuple[Card, ...]:
    return load_cards(rulebase)


@pytest.fixture(scope="session")
def interview(cards: tuple[Card, ...], rulebase: RuleBase, knowledge: Knowledge) -> Interview:
    return Interview(cards, rulebase, knowledge)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = STORES[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture
def conversations(store: Store, interview: Interview, evaluator: Evaluator) -> Conversations:
    return Conversations(store, interview, evaluator, clock=lambda: NOW)
