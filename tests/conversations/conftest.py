"""What the tests of this floor share: cards, an interview, one store of each kind, the use cases on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conversations.book import Books
from conversations.interview import Interview
from conversations.models import Card
from conversations.service import Conversations
from conversations.store.protocol import Store
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import NOW

STORES: dict[str, Callable[[Path], Store]] = {
    "sqlite file": lambda folder: SqliteStore(folder / "kakunin.db"),
    "sqlite memory": lambda _: SqliteStore(":memory:"),
}
"""Every store keeps the same contract; another one is one line here."""


@pytest.fixture(scope="session")
def books() -> Books:
    return Books()


@pytest.fixture(scope="session")
def interview(books: Books) -> Interview:
    return books.current().interview


@pytest.fixture(scope="session")
def cards(interview: Interview) -> tuple[Card, ...]:
    return interview.cards


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = STORES[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture
def conversations(store: Store, books: Books) -> Conversations:
    return Conversations(store, books, clock=lambda: NOW)
