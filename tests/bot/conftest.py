"""One running playground a session: real Bolt app, real HTTP, and a view of when the bot has nothing left to do."""

import logging
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot import app as composition
from bot.app import House, build_house
from bot.playground.server import Playground, playground
from bot.settings import load_settings
from tests.bot.driver import Office, Researcher

PATIENCE = 60.0


class CountingExecutor(ThreadPoolExecutor):
    """A real executor that knows how much of its work is unfinished."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.unfinished = 0
        self.changed = threading.Condition()

    def submit(self, *given: Any, **named: Any) -> Future[Any]:
        with self.changed:
            self.unfinished += 1
        future: Future[Any] = super().submit(*given, **named)
        future.add_done_callback(self._finished)
        return future

    def _finished(self, _: Future[Any]) -> None:
        with self.changed:
            self.unfinished -= 1
            self.changed.notify_all()

    def settle(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.unfinished == 0, PATIENCE), "the bot is still busy"


class Complaints(logging.Handler):
    """Keeps every log record of level ERROR or above."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(f"{record.name}: {record.getMessage()}")


class OpenOffice:
    """A playground inside `with`; gives an Office."""

    def __init__(self, house: House, store: str) -> None:
        self._house, self._store = house, store
        self._complaints = Complaints()

    def __enter__(self) -> Office:
        made: list[CountingExecutor] = []

        def executor(*given: Any, **named: Any) -> CountingExecutor:
            made.append(CountingExecutor(*given, **named))
            return made[-1]

        with pytest.MonkeyPatch.context() as patch:
            clear_environment(patch)
            patch.setattr(composition, "ThreadPoolExecutor", executor)
            self._running = playground(self._house, load_settings(port=0, store=self._store))
            play: Playground = self._running.__enter__()
        self._executor = made[0]
        logging.getLogger().addHandler(self._complaints)
        return Office(play, self._executor.settle, self._complaints.records)

    def __exit__(self, *raised: Any) -> None:
        self._executor.settle()
        self._executor.shutdown()
        self._running.__exit__(None, None, None)
        logging.getLogger().removeHandler(self._complaints)


def clear_environment(patch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("SLACK_", "KAKUNIN_")):
            patch.delenv(name)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    clear_environment(monkeypatch)


@pytest.fixture(scope="session")
def house() -> House:
    with pytest.MonkeyPatch.context() as patch:
        clear_environment(patch)
        return build_house()


@pytest.fixture(scope="session")
def open_office(house: House) -> Iterator[Office]:
    with OpenOffice(house, ":memory:") as office:
        yield office


@pytest.fixture
def office(open_office: Office) -> Iterator[Office]:
    """The shared playground. A test that provokes refusals or error logs takes them; what is left is a failure."""
    open_office.take_refusals()
    open_office.take_complaints()
    yield open_office
    open_office.settle()
    assert open_office.take_refusals() == []
    assert open_office.take_complaints() == []


@pytest.fixture
def filed_office(house: House, tmp_path: Path) -> Iterator[tuple[Office, Path]]:
    """A playground of its own on a file store."""
    file = tmp_path / "kakunin.db"
    with OpenOffice(house, str(file)) as office:
        yield office, file
        office.settle()
        assert office.take_refusals() == []
        assert office.take_complaints() == []


@pytest.fixture
def alex(office: Office) -> Researcher:
    """An English-speaking researcher whom nothing in the workspace knows yet."""
    return office.newcomer("en-US")


@pytest.fixture
def hanako(office: Office) -> Researcher:
    """A Japanese-speaking researcher whom nothing in the workspace knows yet."""
    return office.newcomer("ja-JP")
