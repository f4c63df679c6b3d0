"""What the tests of this floor share: cards, an interview, one store of each kind, the use cases on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conversations.book import Books
from conversations.interview import Interview
from conversations.library import Library
from conversations.models import Card
from conversations.service import Conversations
from conversations.store.postgres import PostgresStore
from conversations.store.protocol import Store
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import NOW
from tests.postgres import PostgresServer, postgres_server

STORES: dict[str, Callable[[str], Store]] = {
    "sqlite file": SqliteStore,
    "sqlite memory": SqliteStore,
    "postgresql": PostgresStore,
}
"""Every store keeps the same contract; another one is one line here, and one in `where`."""


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture(scope="session")
def books() -> Books:
    return Books()


@pytest.fixture(scope="session")
def library(books: Books) -> Library:
    return Library(books)


@pytest.fixture(scope="session")
def interview(books: Books) -> Interview:
    return books.current().interview


@pytest.fixture(scope="session")
def cards(interview: Interview) -> tuple[Card, ...]:
    return interview.cards


@pytest.fixture(params=STORES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def where(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a fresh store of the kind is to be."""
    match kind:
        case "sqlite file":
            return str(tmp_path / "kakunin.db")
        case "sqlite memory":
            return ":memory:"
        case _:
            running: PostgresServer = request.getfixturevalue("server")
            return running.fresh()


@pytest.fixture
def store(kind: str, where: str) -> Iterator[Store]:
    made = STORES[kind](where)
    yield made
    made.close()


@pytest.fixture
def another(kind: str, where: str) -> Callable[[], Store]:
    """Opens the same store a second time, as another process would."""
    if where == ":memory:":
        pytest.skip("nobody else can open what is in memory")
    return lambda: STORES[kind](where)


@pytest.fixture
def conversations(store: Store, library: Library) -> Conversations:
    return Conversations(store, library, clock=lambda: NOW)


@pytest.fixture
def planned() -> Iterator[Callable[[Callable[[SqliteStore], object]], list[str]]]:
    """Returns how SQLite goes about every statement that something runs."""
    opened = []

    def plans(act: Callable[[SqliteStore], object]) -> list[str]:
        store = SqliteStore(":memory:")
        opened.append(store)
        asked: list[str] = []
        store._db.conn.set_trace_callback(asked.append)
        act(store)
        store._db.conn.set_trace_callback(None)
        return [row["detail"] for statement in asked for row in store.run(f"EXPLAIN QUERY PLAN {statement}")]

    yield plans
    for store in opened:
        store.close()
