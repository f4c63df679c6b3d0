"""A case at the desk, and what becomes of it: open → claimed → decided → closed, and open again. Pure functions.

What is done with it is a list of events that only grows; where it stands follows from them. Codes and ids; the words
that a desk member writes as a record stand in their event, the asker's stand nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from conversations.errors import AlreadyClaimed, DeskClosed
from conversations.models import Place
from knowledge.desk import Priority

CASE, QUESTION, INCIDENT = "case", "question", "incident"
ABOUT = (CASE, QUESTION, INCIDENT)
"""A check, a question that no passage answers, or data that went out; the last two have no check."""


class State(StrEnum):
    """Where a case stands at the desk."""

    OPEN = "open"
    CLAIMED = "claimed"
    DECIDED = "decided"
    CLOSED = "closed"


class Did(StrEnum):
    """What happened to a case at the desk."""

    OPENED = "opened"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    HANDED = "handed"
    REPLIED = "replied"
    ASKED = "asked"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    RULED = "ruled"
    CLOSED = "closed"
    REOPENED = "reopened"
    REMINDED = "reminded"
    ESCALATED = "escalated"


HEARD_BY_THE_ASKER = frozenset({Did.REPLIED, Did.ASKED, Did.ANSWERED, Did.RULED})
"""What counts as the first answer."""


@dataclass(frozen=True)
class DeskEvent:
    """Something that happened: when, by whose id (nobody's: by rule), its codes, and the words of a record."""

    at: datetime
    by: str
    kind: Did
    codes: Mapping[str, str] = field(default_factory=dict)
    words: str = field(default="", repr=False)


@dataclass(frozen=True)
class DeskCase:
    """Where a case stands at the desk. `id`: that of the check, where it is about one.

    `asker`, `place`: whose it is and where they hear from it; of a check these stand in the check itself, and are empty
    here. `opened_at`: when it first came; `since`: when it came the last time, from which its targets count. `holder`:
    who claimed it. `office`: to which it was handed. `alarmed`: which of its alarms were raised. `posted_in`: the
    channel that holds its card, empty for none.
    """

    workspace: str
    id: str
    about: str
    priority: Priority
    opened_at: datetime
    since: datetime
    state: State = State.OPEN
    asker: str = ""
    channel: str = ""
    thread: str = ""
    holder: str = ""
    office: str = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    alarmed: frozenset[str] = frozenset()
    posted_in: str = ""


@dataclass(frozen=True)
class Queued:
    """A case in a line of the queue, with its last verdict where it is about a check that has one."""

    case: DeskCase
    verdict: str | None


@dataclass(frozen=True)
class Wanted:
    """Which cases of the queue to show: empty stands for any, and for all that are not closed."""

    state: str = ""
    office: str = ""
    holder: str = ""


Cursor = tuple[int, int, str]
"""Where a page of the queue ends: priority, time and id of its last line."""


def id_at(place: Place) -> str:
    """Return the id of what comes to the desk from a thread that holds no check: the same each time."""
    return sha256(f"{place.workspace}:{place.channel}:{place.thread}".encode()).hexdigest()[:16]


def moved(case: DeskCase, event: DeskEvent) -> DeskCase:
    """Return where the case stands after the event. Raises AlreadyClaimed, DeskClosed where it cannot happen."""
    if case.state == State.CLOSED and event.kind not in (Did.REOPENED, Did.CLOSED):
        raise DeskClosed(case.id)
    after = _MOVES.get(event.kind, _unmoved)(case, event)
    if event.kind in HEARD_BY_THE_ASKER and after.answered_at is None:
        return replace(after, answered_at=event.at)
    return after


def _claimed(case: DeskCase, event: DeskEvent) -> DeskCase:
    if case.holder not in ("", event.by, event.codes.get("instead_of", "")):
        raise AlreadyClaimed(case.holder)
    return _held_by(event.by, case)


def _assigned(case: DeskCase, event: DeskEvent) -> DeskCase:
    return _held_by(event.codes["to"], case)


def _held_by(holder: str, case: DeskCase) -> DeskCase:
    state = State.CLAIMED if case.state == State.OPEN else case.state
    return replace(case, holder=holder, state=state)


def _handed(case: DeskCase, event: DeskEvent) -> DeskCase:
    return replace(case, office=event.codes["office"])


def _ruled(case: DeskCase, event: DeskEvent) -> DeskCase:
    return replace(case, state=State.DECIDED, holder=case.holder or event.by, ended_at=case.ended_at or event.at)


def _closed(case: DeskCase, event: DeskEvent) -> DeskCase:
    return replace(case, state=State.CLOSED, ended_at=case.ended_at or event.at)


def _reopened(case: DeskCase, event: DeskEvent) -> DeskCase:
    """By the desk it is theirs who did it; by the asker it is anybody's. Targets count anew."""
    if case.state not in (State.CLOSED, State.DECIDED):
        return case
    holder = event.by if event.codes.get("by") == "desk" else ""
    state = State.CLAIMED if holder else State.OPEN
    fresh = {"answered_at": None, "ended_at": None, "alarmed": frozenset[str]()}
    return replace(case, state=state, holder=holder, since=event.at, **fresh)  # type: ignore[arg-type]


def _unmoved(case: DeskCase, _: DeskEvent) -> DeskCase:
    return case


_MOVES = {
    Did.CLAIMED: _claimed,
    Did.ASSIGNED: _assigned,
    Did.HANDED: _handed,
    Did.RULED: _ruled,
    Did.CLOSED: _closed,
    Did.REOPENED: _reopened,
}
