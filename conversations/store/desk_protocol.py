"""What the desk's use cases ask of a store. Every record belongs to a workspace, named first."""

from datetime import datetime
from typing import Protocol

from conversations.desk import Cursor, DeskCase, DeskEvent, Queued, Wanted
from conversations.drafts import Draft, DraftState
from conversations.models import Place
from conversations.rulings import Ruling


class DeskStore(Protocol):
    """Cases at the desk, what happened to them, rulings, and drafts of scenarios."""

    def put_desk_case(self, case: DeskCase, due_at: datetime | None) -> None:
        """Write down where the case stands, and when the next alarm is due."""

    def desk_case(self, workspace: str, case_id: str) -> DeskCase | None:
        """Return where the case stands, or None; inside a transaction nobody else moves it before that ends."""

    def add_desk_event(self, workspace: str, case_id: str, event: DeskEvent) -> int:
        """Append what happened to the case, and return its number, from 1; none is ever changed."""

    def desk_events(self, workspace: str, case_id: str) -> tuple[DeskEvent, ...]:
        """Return what happened to the case, oldest first."""

    def desk_queue(self, workspace: str, wanted: Wanted, after: Cursor | None, limit: int) -> tuple[Queued, ...]:
        """Return a page of the queue: the most urgent first, then those that wait longest."""

    def desk_length(self, workspace: str, wanted: Wanted) -> int:
        """Return how many cases the queue holds."""

    def desk_workspaces(self) -> tuple[str, ...]:
        """Return the workspaces that have a case at their desk."""

    def desk_due(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return workspace and id of the cases an alarm of which is due."""

    def desk_unposted(self) -> tuple[tuple[str, str], ...]:
        """Return workspace and id of the cases in the queue whose card is in no channel."""

    def desk_closed_at(self, place: Place) -> bool:
        """Whether a case that the desk closed is talked about at the place."""

    def add_ruling(self, workspace: str, case_id: str, ruling: Ruling) -> None:
        """Append a ruling; none is ever changed."""

    def rulings(self, workspace: str, case_id: str) -> tuple[Ruling, ...]:
        """Return the rulings of the case, oldest first."""

    def rulings_like(self, workspace: str, key: str, besides: str, limit: int) -> tuple[Ruling, ...]:
        """Return the last ruling of each other case in which the same rules fired, the newest first."""

    def put_draft(self, draft: Draft) -> None:
        """Write the draft down, in place of another of the same case."""

    def draft(self, workspace: str, case_id: str) -> Draft | None:
        """Return the draft of the case, or None; inside a transaction nobody else reviews it before that ends."""

    def drafts(self, state: DraftState) -> tuple[Draft, ...]:
        """Return the drafts in a state, oldest first."""
