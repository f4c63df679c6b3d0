"""How long a verdict holds: until what it builds on should be looked at again. Then who asked is told, once.

What is confirmed and over counts no more by itself: that is told apart (`approvals.py`).
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

from conversations.book import Book
from conversations.confirmations import as_of
from conversations.errors import RulesUnreadable, StoreError
from conversations.interview import Progress
from conversations.library import Library
from conversations.models import Case
from conversations.provenance import given_facts
from conversations.store.protocol import Notice, Outline, Store
from knowledge.errors import KakuninError

alert = logging.getLogger("kakunin.alert")

FIRST = datetime(1970, 1, 2, tzinfo=UTC)
PASSED = "holds_passed"
Why = Literal["service", "edition", "approval"]


@dataclass(frozen=True)
class Holds:
    """The day on which a verdict ends, so that it should be checked again, and what ends it.

    `why`: what is known of the service is due for review, the next edition of the rulebook is in force, or what
    somebody confirmed counts until then.
    """

    until: date
    why: Why


def holds_until(book: Book, case: Case, progress: Progress) -> Holds | None:
    """Return until when a settled case holds, the earliest of what ends it; None where nothing does."""
    return min(_ends(book, case, progress), key=lambda end: end.until, default=None)


def _ends(book: Book, case: Case, progress: Progress) -> list[Holds]:
    found = given_facts(book.rulebook.rulebase, book.knowledge, case, progress)
    ends = [Holds(_review(book, date.fromisoformat(given.as_of)), "service") for given in found if given.as_of]
    ends += [Holds(date.fromisoformat(given.until), "approval") for given in found if given.until]
    return [*ends, *_next_edition(book)]


def _review(book: Book, as_of: date) -> date:
    return as_of + book.service_review


def _next_edition(book: Book) -> list[Holds]:
    return [Holds(book.followed_on, "edition")] if book.followed_on else []


def queue_passed(store: Store, library: Library, now: datetime) -> int:
    """Queue a notice for each verdict that held until today or before; returns how many are new.

    A case that cannot be judged is logged as an alert and does not stop the others. Raises StoreError.
    """
    soonest = lru_cache(1024)(lambda workspace, edition, service: _soonest(library.of(workspace).of(edition), service))
    queued = 0
    for outline in store.outlines(FIRST, now):
        try:
            end = soonest(outline.place.workspace, outline.edition, outline.service)
            if _worth_telling(outline) and end is not None and end <= now.date():
                queued += _queue(store, library, outline, now)
        except StoreError:
            raise
        except RulesUnreadable:  # that was told
            continue
        except KakuninError as error:
            alert.error("case %s cannot be judged: %s", outline.id, type(error).__name__)
    return queued


def _worth_telling(outline: Outline) -> bool:
    return bool(outline.asker) and outline.verdict is not None


def _soonest(book: Book, service: str | None) -> date | None:
    """Return the first day on which a case about the service may end: no case has to be read before."""
    known = book.knowledge.services.get(service or "")
    ends = [_review(book, fact.as_of) for fact in known.facts.values()] if known else []
    return min([*ends, *(end.until for end in _next_edition(book))], default=None)


def _queue(store: Store, library: Library, outline: Outline, now: datetime) -> bool:
    case = store.case(outline.place.workspace, outline.id)
    return any(store.queue_notice(notice) for notice in _passed(library, case, now)) if case else False


def _passed(library: Library, case: Case, now: datetime) -> Iterator[Notice]:
    book, case = library.of(case.place.workspace).of(case.edition), as_of(case, now)
    progress = book.interview.progress(case)
    ends = [end for end in _ends(book, case, progress) if end.why != "approval"] if progress.settled else []
    end = min(ends, key=lambda end: end.until, default=None)
    if end and end.until <= now.date():
        verdict = book.evaluator.evaluate(progress.facts).verdict
        details = {"until": end.until.isoformat(), "why": end.why, "after": verdict}
        key = f"{PASSED}:{case.id}:{end.until}"
        yield Notice(case.place.workspace, key, case.id, PASSED, details, now)
