"""What becomes of stored cases when the rules change: another edition, or another overlay over the same one.

A case keeps its edition and what was recorded; judging it again is a new receipt, and its owner is told once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from conversations.book import Book, Books
from conversations.interview import Progress
from conversations.models import Case
from conversations.receipts import Receipt, make_receipt, read_receipts, result_of
from conversations.store.protocol import Notice, Store
from knowledge.models import ServiceFact
from rules.models import Evaluation

Outcome = Literal["unchanged", "changed", "needs a new answer"]
RECENT = timedelta(days=30)
SUSPENDED = "suspended."


@dataclass(frozen=True)
class Impact:
    """A case under other rules: the verdicts before and after (None: still open), and the card it now waits for."""

    case: Case
    outcome: Outcome
    before: str | None
    after: str | None
    card: str | None


@dataclass(frozen=True)
class _Judged:
    """Where a case stands by one book."""

    book: Book
    progress: Progress
    evaluation: Evaluation | None

    @property
    def verdict(self) -> str | None:
        return self.evaluation.verdict if self.evaluation else None

    @property
    def service_facts(self) -> Mapping[str, tuple[str, bool]]:
        service = self.book.knowledge.services.get(self.progress.service or "")
        facts: Mapping[str, ServiceFact] = service.facts if service else {}
        return {name: (fact.value, fact.verified) for name, fact in facts.items()}


def examine(books: Books, case: Case, new: str) -> Impact:
    """Return what becomes of the case under the edition `new`. Raises KakuninError for an edition not here."""
    before, after = (_judged(books.of(edition), case) for edition in (case.edition, new))
    asks = after.progress.current if after.evaluation is None else None
    return Impact(case, _outcome(before, after), before.verdict, after.verdict, asks.card.id if asks else None)


def _judged(book: Book, case: Case) -> _Judged:
    progress = book.interview.progress(case)
    return _Judged(book, progress, book.evaluator.evaluate(progress.facts) if progress.settled else None)


def _outcome(before: _Judged, after: _Judged) -> Outcome:
    if after.evaluation is None:
        return "needs a new answer" if before.evaluation else "unchanged"
    if before.evaluation is None or result_of(before.evaluation) != result_of(after.evaluation):
        return "changed"
    same = before.progress.facts == after.progress.facts and before.service_facts == after.service_facts
    return "unchanged" if same else "changed"


def record_edition(store: Store, books: Books, found: Iterable[Impact], new: str, at: datetime) -> int:
    """Write a new receipt for each changed case and queue a message to its owner, and one to the officers, once each.

    Returns how many messages were queued now; what was queued by an earlier run is not repeated.
    """
    queued = 0
    for workspace, impacts in groupby(found, key=lambda impact: impact.case.place.workspace):
        told = list(impacts)
        queued += sum(_record(store, books, impact, new, at) for impact in told if impact.outcome != "unchanged")
        counts = Counter(impact.outcome.replace(" ", "_") for impact in told)
        details = {"edition": new, **{name: str(count) for name, count in counts.items()}}
        key = f"edition:{told[0].case.edition}:{new}"
        queued += store.queue_notice(Notice(workspace, key, "", "edition_summary", details, at))
    return queued


def _record(store: Store, books: Books, impact: Impact, new: str, at: datetime) -> bool:
    case = impact.case
    kind = "edition_changed" if impact.outcome == "changed" else "edition_question"
    details = {"edition": new, "before": impact.before or "", "after": impact.after or ""}
    notice = Notice(case.place.workspace, f"edition:{new}:{case.id}", case.id, kind, details, at)
    with store.transaction():
        if not store.queue_notice(notice):
            return False
        _append(store, _judged(books.of(new), case), case, at)
    return True


def reexamine_recent(store: Store, books: Books, at: datetime) -> int:
    """Judge open and recent cases again under the overlay as it is now; returns how many owners are to be told."""
    return sum(_reexamine(store, books, case, at) for case in store.cases() if at - _last_seen(case) < RECENT)


def _last_seen(case: Case) -> datetime:
    return case.answers[-1].at if case.answers else case.started_at


def _reexamine(store: Store, books: Books, case: Case, at: datetime) -> bool:
    """Whether its verdict is another now: then a receipt is written and its owner is to be told."""
    with store.transaction():
        judged, last = _judged(books.of(case.edition), case), last_receipt(store, case)
        if judged.evaluation is None:
            return False
        suspended = any(rule.startswith(SUSPENDED) for rule in judged.evaluation.rules)
        before = last.result.verdict if last else ""
        if judged.verdict == before or not (last or suspended):
            return False
        _append(store, judged, case, at)
        details = {"before": before, "after": judged.evaluation.verdict, "service": judged.progress.service or ""}
        kind = "suspended" if suspended else "policy_changed"
        key = f"overlay:{case.id}:{last.number + 1 if last else 1}"
        return store.queue_notice(Notice(case.place.workspace, key, case.id, kind, details, at))


def _append(store: Store, judged: _Judged, case: Case, at: datetime) -> None:
    """Write a receipt of the new judgement; a case that is open again has none to write."""
    if judged.evaluation:
        previous, book = last_receipt(store, case), judged.book.rulebook
        receipt = make_receipt(book, case, judged.progress, judged.evaluation, at, previous, "re-evaluation")
        store.add_receipt(case.place.workspace, case.id, receipt.to_json())


def last_receipt(store: Store, case: Case) -> Receipt | None:
    """Return the newest receipt of the case, or None."""
    bodies = store.receipts(case.place.workspace, case.id)
    return read_receipts(bodies[-1])[0] if bodies else None
