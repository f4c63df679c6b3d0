"""Cards, answers and cases: data only, all frozen. Every answer is a code; the only words are those for the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from pydantic import Field

from knowledge.models import Bilingual, Flag, Id, Record
from rules.models import UNKNOWN

Value = str | tuple[str, ...]
Holds = Mapping[str, tuple[str, ...]]
"""Fact id to accepted values: the condition under which a card, part, option or shortcut is shown."""

SHORTCUT = "shortcut"
SERVICE_CARD = "service"
OTHER_SERVICE = "other"
NO_SERVICE = (OTHER_SERVICE, UNKNOWN)
"""What may be said instead of a service or brand of the catalogue."""

AGAIN = "again"
"""An answer under this starts the case over: what was answered before counts no more."""

WANTED = "wanted"
"""Under this, an answer that nobody gave tells the card that the desk asks: anew, if it was answered before."""

READ, READING_CARD = "read", "reading"
"""Under these, answers tell what the first message was read as, by nobody, and what the asker says to that."""


class Option(Record):
    """One thing to choose; `rest` gives every option that is not ticked that value, `alone` bears no company."""

    id: Id
    label: Bilingual
    hint: Bilingual | None = None
    when: Holds = {}
    sets: Mapping[str, Value] = {}
    unticked: Mapping[str, Value] = {}
    rest: str | None = None
    initial: Holds | None = None
    alone: Flag = False


class Part(Record):
    """One input of a card: pick one, tick many, or pick a service of the catalogue."""

    id: Id
    kind: Literal["one", "many", "service"]
    label: Bilingual
    when: Holds = {}
    compact: Flag = False
    options: tuple[Option, ...] = Field(default=(), alias="option")


class Shortcut(Record):
    """A button that answers the whole card; facts it does not set become unknown."""

    id: Id
    label: Bilingual
    when: Holds = {}
    sets: Mapping[str, Value] = {}


class Card(Record):
    """One question, settling one or several facts.

    `combine`: several answers to one fact count as the strictest (any no = no, all yes = yes, else unknown).
    `renewed_by`: a changed answer to that card voids earlier answers to this one.
    """

    id: Id
    topic: Bilingual
    question: Bilingual
    help: Bilingual
    when: Holds = {}
    combine: Flag = False
    renewed_by: Id | None = None
    shortcuts: tuple[Shortcut, ...] = Field(default=(), alias="shortcut")
    parts: tuple[Part, ...] = Field(alias="part", min_length=1)

    @cached_property
    def facts(self) -> frozenset[str]:
        """Every fact the card can settle."""
        return frozenset(fact for part in self.parts for option in part.options for fact in option.sets)

    @property
    def partial(self) -> bool:
        """Whether what the answer does not speak of stays open; on any other card it becomes unknown."""
        return self.id == READING_CARD


Choice = Mapping[str, tuple[str, ...]]
"""Part id to chosen option ids, or {"shortcut": (id,)}."""


@dataclass(frozen=True)
class Answer:
    """A card's answer as codes, with who gave it and when (UTC)."""

    card: str
    choice: Choice
    by: str
    at: datetime


@dataclass(frozen=True)
class Confirmation:
    """What somebody other than the asker says of one fact of a case: a request until `value` is there.

    `capacity`: out of PARTIES, or an office of the institution. `part`: the input of the card that it answers, where
    the card combines several (legal clearance, by restriction); empty for the whole fact. `person`: who was asked,
    empty for somebody outside the workspace or whose link was deleted; `by`: who answered, the person or whoever stands
    in for them. `until`: the last day on which it counts, `ends_at` (UTC) when that day is over where the institution
    is. `claimed`: the asker says that there is a signed form; it never counts as confirmed. `ended`: a code out of
    ENDS, why it counts no more, since `ended_at`. `words`: what whoever answered wrote for the record.
    """

    id: str
    fact: str
    capacity: str
    person: str
    asked_by: str
    asked_at: datetime
    part: str = ""
    value: str = ""
    by: str = ""
    answered_at: datetime | None = None
    until: date | None = None
    ends_at: datetime | None = None
    claimed: bool = False
    ended: str = ""
    ended_at: datetime | None = None
    words: str = field(default="", repr=False)

    @property
    def waiting(self) -> bool:
        """Whether somebody is still to answer it."""
        return not (self.value or self.claimed or self.ended)

    @property
    def in_force(self) -> bool:
        """Whether it was answered, by whoever was asked, and still counts."""
        return bool(self.value) and not (self.claimed or self.ended)


@dataclass(frozen=True)
class Delegation:
    """Somebody stands in for a person, through the day `until`, which is over at `ends_at` (UTC)."""

    person: str
    delegate: str
    until: date
    ends_at: datetime


PARTIES = ("leader", "institution", "company")
"""In which capacity a person confirms who speaks for no office: leader, institution concerned, company's contact."""

WITHDRAWN, EXPIRED, RECALLED, CHANGED = "withdrawn", "expired", "recalled", "changed"
ENDS = (WITHDRAWN, EXPIRED, RECALLED, CHANGED)
"""Taken back by who gave it; over by its date; no longer asked for by the asker; given for what the case is not now."""


@dataclass(frozen=True)
class Opinion:
    """What the asker thought of a verdict: `kind` out of OPINIONS; `reason` out of OBJECTIONS, for a wrong one only."""

    kind: str
    reason: str = ""


HELPFUL, NOT_HELPFUL, WRONG = "helpful", "not_helpful", "wrong"
OPINIONS = (HELPFUL, NOT_HELPFUL, WRONG)
OBJECTIONS = ("too_strict", "too_mild", "misread", "service", "quotation", "other")
"""Why a verdict is thought wrong: how severe it is, my answers, what is said of the service, the passage, or other."""


@dataclass(frozen=True)
class Place:
    """Where a case is talked about: a thread of a channel in a workspace."""

    workspace: str
    channel: str
    thread: str


@dataclass(frozen=True)
class Case:
    """One data set × one AI service × one way of using it, and everything answered so far, oldest first.

    `edition`: id of the edition it is judged by, empty where none is chosen yet. `whole_list`: the asker wants every
    item of the checklist answered, not only what moves the verdict. `confirmations`: what others were asked or said.
    """

    id: str
    place: Place
    asker: str
    started_at: datetime
    programme: str = UNKNOWN
    brand: str | None = None
    answers: tuple[Answer, ...] = ()
    edition: str = ""
    whole_list: bool = False
    confirmations: tuple[Confirmation, ...] = ()
