"""Letters with a file: one message with one file in the end, whatever breaks between its steps."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import urlopen

import pytest
from slack_sdk import WebClient
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from bot.outbox import tell_outbox
from bot.playground.files import Files
from bot.playground.workspace import BOT, BOT_ID, TEAM, Message
from bot.relay import Relay
from bot.upload import PATIENT
from conversations.service import Conversations
from conversations.store.protocol import File, Letter, Posted
from conversations.store.sqlite import SqliteStore
from tests.bot.driver import PATIENCE, Office, Researcher

FILE = File("weekly.csv", "Counts of the week", "", b"week,cases\n2026-W47,12\n")
TEXT = "This week's counts"
LEASE, PAUSE, BURST = timedelta(minutes=1), timedelta(0), 5
BEGIN, SEND, COMPLETE, LOOK = (
    "files.getUploadURLExternal",
    "send",
    "files.completeUploadExternal",
    "conversations.replies",
)
Call = Callable[..., Any]


def letter(person: Researcher, file: File = FILE, **changes: Any) -> Letter:
    case = person.standing().case
    at, thread = person.office.tools.clock(), person.thread
    lane = f"{person.channel}:{thread}"
    made = Letter(TEAM, case.id, "week", "week", lane, person.channel, thread, {"text": TEXT}, f"week:{thread}", at)
    return replace(made, file=file, **changes)


def posts(person: Researcher, file: File = FILE, **changes: Any) -> None:
    """Queue the letter, and wait until it was tried."""
    person.office.tools.conversations.store.put_letter(letter(person, file, **changes))
    person.office.works.wake()
    person.office.settle()


def files_of(person: Researcher) -> list[Message]:
    """Return the messages of the bot in the thread that hold a file."""
    return [message for message in person.from_bot() if message.get("files")]


def is_there_once(person: Researcher, file: File = FILE) -> Message:
    """Return the one message with the file, whole."""
    (message,) = files_of(person)
    (shown,) = message["files"]
    assert (message["text"], shown["name"], shown["title"]) == (TEXT, file.name, file.title)
    with urlopen(shown["url_private"], timeout=PATIENCE) as answer:
        assert answer.read() == file.content
    return message


class Breaking:
    """Lets steps of uploads go wrong; each time in place of the step, or once it is done."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        api = office.slack.api
        self._call, self._take = api.call, api.files.take
        self._faults: dict[str, list[tuple[Call, bool]]] = {}
        monkeypatch.setattr(api, "call", self.call)
        monkeypatch.setattr(api.files, "take", self.take)

    def next(self, step: str, fault: Call, *, done: bool = False) -> None:
        self._faults.setdefault(step, []).append((fault, done))

    def call(self, method: str, token: str, arguments: Mapping[str, Any]) -> Any:
        return self._step(method, self._call, method, token, arguments)

    def take(self, file_id: str, content: bytes) -> Any:
        return self._step(SEND, self._take, file_id, content)

    def _step(self, step: str, act: Call, *given: Any) -> Any:
        if not self._faults.get(step):
            return act(*given)
        fault, done = self._faults[step].pop(0)
        if done:
            act(*given)
        return fault()


def refusing(code: str) -> Call:
    return lambda: {"ok": False, "error": code}


def answering(status: int, **headers: str) -> Call:
    def answer() -> None:
        raise HTTPException(response=Response("{}", status, headers))

    return answer


@pytest.fixture
def breaking(office: Office, monkeypatch: pytest.MonkeyPatch) -> Breaking:
    return Breaking(office, monkeypatch)


@pytest.fixture
def hanging(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """A fault: no answer as long as the bot waits for one."""
    waited_for = Event()
    for client in office._clients:
        monkeypatch.setattr(client, "timeout", 0.5)

    def hang() -> None:
        waited_for.wait(PATIENCE)
        answering(503)()

    yield hang
    waited_for.set()
    assert all(complaint.endswith("timed out") for complaint in office.take_complaints())


@pytest.fixture
def asking(alex: Researcher) -> Researcher:
    return alex.asks()


def test_a_file_goes_into_its_thread_with_its_text(asking: Researcher) -> None:
    posts(asking)
    message = is_there_once(asking)
    store = asking.office.tools.conversations.store
    case = asking.standing().case
    assert store.posted(TEAM, case.id)["week"] == Posted(message["ts"], "week")
    steps = [method for method, _ in asking.office.slack.api.calls if method in (BEGIN, COMPLETE, LOOK)]
    assert steps[-3:] == [BEGIN, COMPLETE, LOOK]


def test_a_picture_is_described_and_may_be_private(alex: Researcher) -> None:
    alex.asks_directly("May I paste this?")
    picture = File("line.png", "件数", "a line that rises", b"\x89PNG")
    posts(alex, picture)
    (shown,) = is_there_once(alex, picture)["files"]
    assert (shown["mimetype"], shown["alt_txt"]) == ("image/png", "a line that rises")


@pytest.mark.parametrize("done", [False, True], ids=["not done", "done"])
@pytest.mark.parametrize("step", [BEGIN, SEND, COMPLETE, LOOK])
def test_after_a_time_out_there_is_one_message_with_one_file(
    step: str, done: bool, breaking: Breaking, hanging: Call, asking: Researcher
) -> None:
    breaking.next(step, hanging, done=done)
    posts(asking)
    asking.office.later()
    is_there_once(asking)
    asking.office.later()
    is_there_once(asking)
    assert asking.office.tools.conversations.store.backlog().letters == 0
    asking.office.take_refusals()


@pytest.mark.parametrize("done", [False, True], ids=["not done", "done"])
@pytest.mark.parametrize("step", [BEGIN, SEND, COMPLETE, LOOK])
def test_what_a_failing_slack_begins_is_finished_later(
    step: str, done: bool, breaking: Breaking, asking: Researcher
) -> None:
    for _ in range(3):
        breaking.next(step, answering(500), done=done)
    posts(asking)
    for _ in range(4):
        asking.office.later()
    is_there_once(asking)
    asking.office.take_refusals()


@pytest.mark.parametrize("step", [BEGIN, SEND, COMPLETE, LOOK])
def test_slack_says_when_to_try_again(step: str, breaking: Breaking, asking: Researcher) -> None:
    limited = Response('{"ok": false, "error": "ratelimited"}', 429, {"Retry-After": "40"})

    def limit() -> None:
        raise HTTPException(response=limited)

    breaking.next(step, limit)
    posts(asking)
    before = len(files_of(asking))
    asking.office.later(30)
    assert len(files_of(asking)) == before
    assert asking.office.tools.conversations.store.backlog().letters == 1
    asking.office.later(11)
    is_there_once(asking)
    asking.office.take_refusals()


def test_a_file_that_slack_shares_late_is_waited_for(asking: Researcher, monkeypatch: pytest.MonkeyPatch) -> None:
    files, held = asking.office.slack.api.files, list[Any]()
    monkeypatch.setattr(files, "share", lambda *given: held.append(given))
    posts(asking)
    asking.office.later()
    assert files_of(asking) == []
    (shared,) = held
    Files.share(files, *shared)
    asking.office.later()
    is_there_once(asking)
    assert asking.office.tools.conversations.store.backlog().letters == 0
    assert set(asking.office.take_refusals()) == {f"{COMPLETE}: file_not_found"}


def test_a_file_that_cannot_be_looked_for_is_not_sent_again(breaking: Breaking, asking: Researcher) -> None:
    for _ in range(PATIENT):
        breaking.next(LOOK, answering(500))
    posts(asking)
    for _ in range(PATIENT):
        asking.office.later()
    is_there_once(asking)
    assert asking.office.tools.conversations.store.backlog().letters == 0


def test_a_file_that_slack_threw_away_is_sent_anew_in_the_end(breaking: Breaking, asking: Researcher) -> None:
    breaking.next(COMPLETE, answering(500))
    posts(asking)
    asking.office.slack.api.files._uploads.clear()
    for _ in range(PATIENT - 2):
        asking.office.later()
        assert files_of(asking) == []
    asking.office.later()
    is_there_once(asking)
    asking.office.take_refusals()


@pytest.mark.parametrize(
    ("step", "code"), [(BEGIN, "file_uploads_disabled"), (COMPLETE, "file_type_not_allowed"), (LOOK, "missing_scope")]
)
def test_a_file_that_slack_refuses_is_given_up_and_may_be_sent_again(
    step: str, code: str, breaking: Breaking, asking: Researcher
) -> None:
    breaking.next(step, refusing(code))
    posts(asking)
    store = asking.office.tools.conversations.store
    (dead,) = [each for each in store.dead_letters() if each.key == f"week:{asking.thread}"]
    assert (dead.error, dead.file) == (code, FILE)
    assert len(asking.office.take_complaints()) == 1
    assert store.retry_letter(dead.id)
    asking.office.later()
    is_there_once(asking)
    asking.office.take_refusals()


def test_an_upload_that_never_works_is_given_up(breaking: Breaking, asking: Researcher) -> None:
    for _ in range(12):
        breaking.next(SEND, answering(501))
    posts(asking)
    for _ in range(11):
        asking.office.later()
    store = asking.office.tools.conversations.store
    (dead,) = [each for each in store.dead_letters() if each.key == f"week:{asking.thread}"]
    assert (dead.error, dead.attempts, files_of(asking)) == ("upload_501", 12, [])
    assert len(asking.office.take_complaints()) == 1
    assert store.retry_letter(dead.id)
    asking.office.later()
    is_there_once(asking)


def test_the_bot_does_not_listen_to_its_own_file(asking: Researcher) -> None:
    posts(asking)
    shown = is_there_once(asking)
    held = len(asking.everything())
    own = {**shown, "type": "message", "subtype": "file_share", "channel_type": "channel", "channel": asking.channel}
    assert (own["user"], own["bot_id"]) == (BOT, BOT_ID)
    asking.office.send_event(own)
    assert len(asking.everything()) == held


def test_the_outbox_tells_of_a_file_without_what_it_holds(
    filed_office: tuple[Office, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office, store = filed_office
    asking = office.newcomer("en-US").asks()
    Breaking(office, monkeypatch).next(BEGIN, refusing("file_uploads_disabled"))
    posts(asking)
    office.take_complaints()
    assert tell_outbox(str(store), ()) == 0
    told = capsys.readouterr().out
    assert "1 given up" in told
    assert "file_uploads_disabled  week (week)" in told
    assert all(word not in told for word in (TEXT, FILE.name, FILE.title, "2026-W47"))


class Crash(BaseException):
    """The process is gone, at this very point."""


@dataclass
class Rig:
    """A store that nobody else carries from, and relays on it one after the other."""

    person: Researcher
    path: Path
    client: WebClient

    def opened(self) -> SqliteStore:
        return SqliteStore(self.path)

    def carry(self, store: SqliteStore, after: timedelta = PAUSE) -> bool:
        """Take the letter that is due then, if there is one, to Slack."""
        tools = self.person.office.tools
        conversations = Conversations(store, tools.conversations.library, clock=tools.clock)
        claimed = store.claim_letter(tools.clock() + after, LEASE, PAUSE, BURST)
        if claimed:
            Relay(replace(tools, conversations=conversations), lambda _: self.client, LEASE).deliver(claimed)
        return claimed is not None


@pytest.fixture
def rig(asking: Researcher, tmp_path: Path) -> Rig:
    made = Rig(asking, tmp_path / "aside.db", asking.office._clients[1])
    with closing(made.opened()) as store:
        store.put_letter(letter(asking, case_id=""))
    return made


POINTS = [
    ("note_upload", 1, False),
    ("note_upload", 1, True),
    ("note_upload", 2, False),
    ("note_upload", 2, True),
    ("letter_sent", 1, False),
]
NAMES = ["announced", "noted", "sent", "noted as sent", "completed"]


def happens(store: SqliteStore, monkeypatch: pytest.MonkeyPatch, point: tuple[str, int, bool], event: Call) -> None:
    """Let something happen at the point: before or after so many calls of the store's method."""
    name, number, after = point
    act, calls = getattr(store, name), iter(range(1, 100))

    def step(*given: Any, **named: Any) -> Any:
        here = next(calls) == number
        if here and not after:
            event()
        done = act(*given, **named)
        if here and after:
            event()
        return done

    monkeypatch.setattr(store, name, step)


@pytest.mark.parametrize("point", POINTS, ids=NAMES)
def test_after_a_crash_what_was_begun_is_finished(
    point: tuple[str, int, bool], rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash() -> None:
        raise Crash

    with closing(rig.opened()) as store:
        happens(store, monkeypatch, point, crash)
        with pytest.raises(Crash):
            rig.carry(store)
    with closing(rig.opened()) as store:
        assert not rig.carry(store)
        assert rig.carry(store, LEASE)
        assert store.backlog().letters == 0
    is_there_once(rig.person)
    rig.person.office.take_refusals()


@pytest.mark.parametrize("point", POINTS, ids=NAMES)
def test_two_who_carry_the_same_letter_post_one_file(
    point: tuple[str, int, bool], rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease of the first runs out at the point; the second does it all, then the first goes on."""
    with closing(rig.opened()) as store, closing(rig.opened()) as other:
        carried = list[bool]()
        happens(store, monkeypatch, point, lambda: carried.append(rig.carry(other, LEASE)))
        rig.carry(store)
        assert carried == [True]
        assert store.backlog().letters == 0
        assert not rig.carry(store, 10 * LEASE)
    is_there_once(rig.person)
    rig.person.office.take_refusals()
