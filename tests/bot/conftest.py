"""One running playground a session: real Bolt app, real HTTP, and a view of when the bot has nothing left to do."""

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot import app as composition
from bot import languages
from bot.app import House, build_house
from bot.playground.server import Playground, playground
from bot.serving import QuietServer
from bot.settings import load_settings
from bot.spoken import LANGUAGES
from tests.bot.driver import SAFE, Office, Researcher

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE = 60.0
Lines = Callable[[], list[str]]
ROOT = Path(__file__).parents[2]


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


class Clock:
    """The time of the bot, which tests may put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Complaints(logging.Handler):
    """Keeps every log record of level ERROR or above, with the line of the bot that an exception passed last."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        frames = traceback.extract_tb(record.exc_info[2]) if record.exc_info else []
        ours = [f"{Path(f.filename).relative_to(ROOT)}:{f.lineno}" for f in frames if _is_ours(Path(f.filename))]
        self.records.append(f"{record.name}: {record.getMessage()} {' '.join(ours[-1:])}".strip())


def _is_ours(file: Path) -> bool:
    inside = file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in {"bot", "conversations", "rules"}
    return inside and file.name != "serving.py"


@contextmanager
def opened(house: House, store: str, before: Office | None = None) -> Iterator[Office]:
    """Run a playground whose executor can be waited for and whose connection to Slack can be cut.

    `before`: an office whose bot was stopped; its Slack and its time go on.
    """
    executors: list[CountingExecutor] = []
    clients: list[WebClient] = []
    make_client, make_carrier = composition.web_client, composition.carrying_client

    def executor(*given: Any, **named: Any) -> CountingExecutor:
        executors.append(CountingExecutor(*given, **named))
        return executors[-1]

    def client(*given: Any) -> WebClient:
        clients.append(make_client(*given))
        return clients[-1]

    def carrier(*given: Any) -> WebClient:
        clients.append(make_carrier(*given))
        return clients[-1]

    complaints, clock = Complaints(), before._clock if before else Clock()
    logging.getLogger().addHandler(complaints)
    with ExitStack() as stack:
        stack.callback(logging.getLogger().removeHandler, complaints)
        with pytest.MonkeyPatch.context() as patch:
            clear_environment(patch)
            patch.setattr(composition, "ThreadPoolExecutor", executor)
            patch.setattr(composition, "web_client", client)
            patch.setattr(composition, "carrying_client", carrier)
            patch.setattr(composition, "utc_now", clock)
            patch.setattr(languages, "SECONDS", 0)  # people of these tests change theirs as they go
            play = stack.enter_context(
                playground(
                    house,
                    load_settings(port=0, store=store, round_seconds=3600, post_seconds=0),
                    before.slack if before else None,
                )
            )
        stack.callback(executors[0].shutdown)
        yield Office(play, executors[0].settle, complaints.records, clients, clock)


def clear_environment(patch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("SLACK_", "KAKUNIN_")):
            patch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def quick_to_stop() -> Iterator[None]:
    """Let servers of this process look more often whether they are to stop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuietServer, "expiration_interval", 0.02)
        yield


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    clear_environment(monkeypatch)


@pytest.fixture(scope="session")
def house() -> House:
    with pytest.MonkeyPatch.context() as patch:
        clear_environment(patch)
        return build_house()


@pytest.fixture(scope="session")
def open_office(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(house, str(tmp_path_factory.mktemp("office") / "kakunin.db")) as office:
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
    with opened(house, str(file)) as office:
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


@pytest.fixture
def allowed(alex: Researcher) -> Researcher:
    """Alex, with a verdict: all public, no duties."""
    return alex.asks().answers("openness", "public").answers("duties", "none")


@pytest.fixture
def unpublished(alex: Researcher) -> Researcher:
    """Alex, with a new result, a consumer plan and everything answered."""
    alex.asks().answers("openness", "undecided").answers("duties", "none")
    alex.answers("partners", "nobody").answers("content", content=["novelty"], fields=["none"])
    alex.answers("service", service=["chatgpt_free"], use=["prompt"])
    alex.answers("safeguards", **SAFE)
    assert alex.verdicts() == ["allowed_with_conditions"]
    return alex


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A real Chromium."""
    from tests.bot.browser import chromium  # noqa: PLC0415 - only tests in the browser need its driver

    with chromium() as started:
        yield started


@pytest.fixture
def running(house: House) -> Iterator[Playground]:
    """A playground of its own that forgets everything."""
    with playground(house, load_settings(port=0, store=":memory:")) as started:
        yield started
        started.slack.workspace.touch()  # ends the page's long poll: the server would wait 20 seconds for it


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """What the log wrote so far; logging is put back afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("kakunin")
    level, ours_level = root.level, ours.level
    for place, name in ((threading, "excepthook"), (sys, "excepthook")):
        monkeypatch.setattr(place, name, getattr(place, name))
    monkeypatch.setattr(root, "handlers", [])  # pytest's own would be closed
    so_far: list[str] = []

    def lines() -> list[str]:
        so_far.extend(capsys.readouterr().err.splitlines())
        return so_far

    yield lines
    root.setLevel(level)
    ours.setLevel(ours_level)


@pytest.fixture
def shot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Views as they were last looked at."""
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)
