"""What becomes of stored cases when the rules change: another edition, or another overlay over the same one.

A case keeps its edition and what was recorded; judging it again is a new receipt, and its owner is told once.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from conversations.book import Book
from conversations.confirmations import as_of
from conversations.errors import RulesUnreadable, StoreError
from conversations.interview import Progress
from conversations.library import Library, Wanted
from conversations.models import Case
from conversations.receipts import Receipt, make_receipt, read_receipts, result_of
from conversations.store.protocol import Notice, Posted, Store
from conversations.todo import conditions
from knowledge.models import ServiceFact
from rules.models import Evaluation
from rules.policies import PLAN_UNKNOWN, SUSPENSION

alert = logging.getLogger("kakunin.alert")

Outcome = Literal["unchanged", "changed", "needs a new answer", "cannot be judged"]
RECENT = timedelta(days=30)
VERDICT, WITHDRAWN = "verdict", "withdrawn"
"""The part of a thread that shows the verdict, and how its state begins where the verdict was taken back."""


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
    def asks(self) -> str | None:
        """The card that the verdict waits for."""
        current = self.progress.current if self.evaluation is None else None
        return current.card.id if current else None

    @property
    def suspended(self) -> bool:
        """Whether the service itself is; where one of its plans may be, there is no more to say than the verdict."""
        rules = self.evaluation.rules if self.evaluation else ()
        return any(rule.startswith(SUSPENSION) and not rule.endswith(PLAN_UNKNOWN) for rule in rules)

    @property
    def service_facts(self) -> Mapping[str, tuple[str, bool]]:
        service = self.book.knowledge.services.get(self.progress.service or "")
        facts: Mapping[str, ServiceFact] = service.facts if service else {}
        return {name: (fact.value, fact.verified) for name, fact in facts.items()}


def examine_all(library: Library, cases: Iterable[Case], new: str) -> Iterator[Impact]:
    """Yield what becomes of each case under the edition `new`; one that cannot be judged does not stop the others.

    Raises KakuninError if `new` is not here.
    """
    library.common.of(new)
    for case in cases:
        try:
            found = examine(library, case, new)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one case, the others are judged
            _tell_fault(case, error)
            found = Impact(case, "cannot be judged", None, None, None)
        yield found


def examine(library: Library, case: Case, new: str) -> Impact:
    """Return what becomes of the case under the edition `new`. Raises KakuninError for an edition not here."""
    before, after = (_judged(_book(library, case, edition), case) for edition in (case.edition, new))
    return Impact(case, _outcome(before, after), before.verdict, after.verdict, after.asks)


def _book(library: Library, case: Case, edition: str) -> Book:
    return library.of(case.place.workspace).of(edition)


def _judged(book: Book, case: Case) -> _Judged:
    progress = book.interview.progress(case)
    return _Judged(book, progress, book.evaluator.evaluate(progress.facts) if progress.settled else None)


def _outcome(before: _Judged, after: _Judged) -> Outcome:
    if before.evaluation is None:  # still open: it is finished under its own edition, whatever another one says
        return "needs a new answer" if after.asks not in (None, before.asks) else "unchanged"
    if after.evaluation is None:
        return "needs a new answer"
    if result_of(before.evaluation) != result_of(after.evaluation):
        return "changed"
    same = before.progress.facts == after.progress.facts and before.service_facts == after.service_facts
    return "unchanged" if same else "changed"


def record_edition(store: Store, library: Library, found: Iterable[Impact], new: str, at: datetime) -> int:
    """Write a new receipt for each changed case and queue a message to its owner, and one to the officers, once each.

    Returns how many messages were queued now; what was queued by an earlier run is not repeated. A case without an
    owner (the link was deleted) is counted and stays as it is.
    """
    queued = 0
    for workspace, impacts in groupby(found, key=lambda impact: impact.case.place.workspace):
        told = list(impacts)
        moved = [each for each in told if each.case.asker and each.outcome in ("changed", "needs a new answer")]
        queued += sum(_record(store, library, impact, new, at) for impact in moved)
        counts = Counter(impact.outcome.replace(" ", "_") for impact in told)
        details = {"edition": new, **{name: str(count) for name, count in counts.items()}}
        key = f"edition:{told[0].case.edition}:{new}"
        queued += store.queue_notice(Notice(workspace, key, "", "edition_summary", details, at))
    return queued


def _record(store: Store, library: Library, impact: Impact, new: str, at: datetime) -> bool:
    case = impact.case
    kind = "edition_changed" if impact.outcome == "changed" else "edition_question"
    details = {"edition": new, "before": impact.before or "", "after": impact.after or ""}
    notice = Notice(case.place.workspace, f"edition:{new}:{case.id}", case.id, kind, details, at)
    with store.transaction():
        if not store.queue_notice(notice):
            return False
        _append(store, _judged(_book(library, case, new), case), case, at)
    return True


def reexamine_recent(store: Store, library: Library, at: datetime, wanted: Wanted) -> int:
    """Judge open and recent cases again under the overlay as it is now; returns how many owners are to be told.

    `wanted`: in which workspaces. A case that cannot be judged is logged as an alert and does not stop the others.
    Raises StoreError.
    """
    recent = (case for case in store.cases(wanted) if at - last_seen(case) < RECENT)
    return sum(_guarded(store, library, case, at) for case in recent)


def _guarded(store: Store, library: Library, case: Case, at: datetime) -> bool:
    try:
        return _reexamine(store, library, case, at)
    except StoreError:
        raise
    except RulesUnreadable:  # that was told; the case is judged once the overlay is put right
        return False
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one case, the others are judged
        _tell_fault(case, error)
        return False


def _tell_fault(case: Case, error: Exception) -> None:
    """Log the case's id and the kind of fault; what was answered stays out of the log."""
    alert.error("case %s cannot be judged: %s", case.id, type(error).__name__)


def last_seen(case: Case) -> datetime:
    """Return when anybody last did anything on the case."""
    answered = [each.answered_at for each in case.confirmations if each.answered_at]
    return max([case.started_at, *answered, *(answer.at for answer in case.answers[-1:])])


def _reexamine(store: Store, library: Library, case: Case, at: datetime) -> bool:
    """Whether the overlay settled the case otherwise, settled an open one, or opened a settled one: then it is told.

    A case without an owner stays as it is. What stood before is the last receipt by the case's own edition; what
    another edition left is not about the thread.
    """
    with store.transaction():
        case = as_of(
            store.case(case.place.workspace, case.id) or case, at
        )  # an answer may have come since it was listed
        if not case.asker:
            return False
        judged, receipts = _judged(_book(library, case, case.edition), case), _receipts(store, case)
        last = next((r for r in reversed(receipts) if r.edition.id == judged.book.edition), None)
        kind = _news(judged, case, last, store.posted(case.place.workspace, case.id).get(VERDICT))
        if kind is None:
            return False
        _append(store, judged, case, at)
        before, after = last.result.verdict if last else "", judged.verdict or ""
        details = {
            "before": before if before != after else "",
            "after": after,
            "service": judged.progress.service or "",
        }
        key = f"overlay:{case.id}:{len(receipts) + 1}{'' if after else ':question'}"
        return store.queue_notice(Notice(case.place.workspace, key, case.id, kind, details, at))


def _news(judged: _Judged, case: Case, last: Receipt | None, shown: Posted | None) -> str | None:
    """Return the kind of notice, or None where the owner knows how the case stands: the thread is asked for that."""
    withdrawn = shown is not None and shown.state.startswith(WITHDRAWN)
    if judged.evaluation is None:
        told = withdrawn or last is None or _answered_since(case, last)
        return None if told else "policy_question"
    if judged.suspended:
        kind, opened = "suspended", True
    else:  # a case finished before there were receipts shows its verdict
        kind, opened = "policy_changed", judged.book.rulebook.institution is not None and shown is None
    if last is None:
        return kind if opened else None
    return kind if withdrawn or judged.verdict != last.result.verdict else None


def _answered_since(case: Case, receipt: Receipt) -> bool:
    return bool(case.answers) and case.answers[-1].at > datetime.fromisoformat(receipt.made_at)


def _append(store: Store, judged: _Judged, case: Case, at: datetime) -> None:
    """Write a receipt of the new judgement; a case that is open again has none to write."""
    if judged.evaluation:
        previous, book = last_receipt(store, case), judged.book.rulebook
        receipt = make_receipt(book, case, judged.progress, judged.evaluation, at, previous, "re-evaluation")
        to_do = conditions(book.rulebase, judged.evaluation, judged.progress.asked)
        store.add_receipt(case.place.workspace, case.id, receipt.to_json(), to_do)


def last_receipt(store: Store, case: Case) -> Receipt | None:
    """Return the newest receipt of the case, or None."""
    bodies = store.receipts(case.place.workspace, case.id)
    return read_receipts(bodies[-1])[0] if bodies else None


def _receipts(store: Store, case: Case) -> list[Receipt]:
    return [read_receipts(body)[0] for body in store.receipts(case.place.workspace, case.id)]
