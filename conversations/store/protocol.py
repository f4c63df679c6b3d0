"""What the use cases ask of a store. Every record belongs to a workspace, named first."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from conversations.models import Answer, Case, Place


@dataclass(frozen=True)
class Posted:
    """A message that shows a part of a case: its id where it was posted, and which state it shows."""

    message: str
    state: str


@dataclass(frozen=True)
class Notice:
    """A message waiting to be delivered: ids and codes. `key` is used once ever; `case_id` is empty for no case."""

    workspace: str
    key: str
    case_id: str
    kind: str
    details: Mapping[str, str]
    queued_at: datetime


class Store(Protocol):
    """Cases, answers, receipts, posted messages and waiting ones. Safe to share between threads."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is written together or not at all, and no other writer comes between."""

    def add_case(self, case: Case) -> None:
        """Write a new case; its answers are added one by one."""

    def case(self, workspace: str, case_id: str) -> Case | None:
        """Return the case with its answers, oldest first, or None."""

    def case_at(self, place: Place) -> Case | None:
        """Return the case talked about at the place, or None."""

    def cases(self) -> Iterator[Case]:
        """Yield every case of every workspace, by workspace and start, one by one; new ones may be left out."""

    def add_answer(self, workspace: str, case_id: str, answer: Answer) -> None:
        """Append an answer; none is ever changed."""

    def want_whole_list(self, workspace: str, case_id: str) -> None:
        """Remember that the asker wants the whole checklist filled."""

    def add_receipt(self, workspace: str, case_id: str, body: str) -> None:
        """Append a receipt; none is ever changed."""

    def receipts(self, workspace: str, case_id: str) -> tuple[str, ...]:
        """Return the receipts of the case, oldest first."""

    def queue_notice(self, notice: Notice) -> bool:
        """Keep the notice until it is sent and return True, or return False if its key was ever queued."""

    def waiting_notices(self) -> tuple[Notice, ...]:
        """Return what is still to be sent, oldest first."""

    def notice_sent(self, workspace: str, key: str, at: datetime) -> None:
        """Take the notice off the waiting ones; its key stays used."""

    def first_time(self, workspace: str, key: str) -> bool:
        """Write the key down and return True, or return False if it was there."""

    def posted(self, workspace: str, case_id: str) -> Mapping[str, Posted]:
        """Return what was posted for the case, by the name of the part shown."""

    def set_posted(self, workspace: str, case_id: str, name: str, posted: Posted) -> None:
        """Remember what was posted for a part of the case."""

    def close(self) -> None:
        """Let go of everything held open."""
