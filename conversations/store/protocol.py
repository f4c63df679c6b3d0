"""What the use cases ask of a store. Every record belongs to a workspace, named first."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from conversations.models import Answer, Case, Place


@dataclass(frozen=True)
class Posted:
    """A message that shows a part of a case: its id where it was posted, and which state it shows."""

    message: str
    state: str


class Store(Protocol):
    """Cases, answers and posted messages. Safe to share between threads."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is written together or not at all, and no other writer comes between."""

    def add_case(self, case: Case) -> None:
        """Write a new case; its answers are added one by one."""

    def case(self, workspace: str, case_id: str) -> Case | None:
        """Return the case with its answers, oldest first, or None."""

    def case_at(self, place: Place) -> Case | None:
        """Return the case talked about at the place, or None."""

    def add_answer(self, workspace: str, case_id: str, answer: Answer) -> None:
        """Append an answer; none is ever changed."""

    def first_time(self, workspace: str, key: str) -> bool:
        """Write the key down and return True, or return False if it was there."""

    def posted(self, workspace: str, case_id: str) -> Mapping[str, Posted]:
        """Return what was posted for the case, by the name of the part shown."""

    def set_posted(self, workspace: str, case_id: str, name: str, posted: Posted) -> None:
        """Remember what was posted for a part of the case."""

    def close(self) -> None:
        """Let go of everything held open."""
