"""How long a verdict holds: what ends it first, and that its asker is told once, whenever that is noticed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from conversations.book import Book, Books, open_book
from conversations.library import Library
from conversations.models import Case
from conversations.service import Conversations
from conversations.store.protocol import Store
from conversations.validity import PASSED, Holds, holds_until, queue_passed
from knowledge.errors import DataError
from knowledge.reviews import load_service_review
from rules.editions import followed_on
from rules.models import Edition
from tests.conversations.builders import NOW
from tests.conversations.test_impact import PUBLIC, finished
from tests.conversations.test_todo import PERMITTED
from tests.overlays import INSTITUTION, folder

REVIEW = date(2026, 11, 22) + timedelta(days=180)
"""When the catalogue's words on the service of PERMITTED are to be read again."""
AFTER = datetime(2027, 5, 21, 1, tzinfo=NOW.tzinfo)
CONTRACT = """[[contract]]
service = "chatgpt_business"
[contract.facts.liability_clear]
value = "yes"
as_of = 2026-10-01
source = "contract"
note = { ja = "契約", en = "contract" }
"""


def following(day: date | None) -> Callable[[str, Traversable | None], Book]:
    def opened(name: str, overlay: Traversable | None) -> Book:
        return replace(open_book(name, overlay), followed_on=day)

    return opened


def books(day: date | None = None, overlay: Path | None = None) -> Books:
    return Books(overlay, following(day))


def ends(of: Books, case: Case) -> Holds | None:
    return holds_until(of.of(case.edition), case, of.of(case.edition).interview.progress(case))


def test_what_is_known_of_the_service_ends_a_verdict(store: Store) -> None:
    common = books()
    case = finished(store, common, PERMITTED)
    assert ends(common, case) == Holds(REVIEW, "service")
    conversations = Conversations(store, Library(common))
    assert conversations.holds(conversations.standing(case)) == Holds(REVIEW, "service")


def test_a_verdict_without_a_service_ends_with_its_edition_or_never(store: Store) -> None:
    case = finished(store, books(), PUBLIC)
    assert ends(books(), case) is None
    assert ends(books(date(2027, 4, 1)), case) == Holds(date(2027, 4, 1), "edition")


@pytest.mark.parametrize("day", [date(2027, 4, 1), date(2028, 4, 1)])
def test_the_earliest_end_counts(store: Store, day: date) -> None:
    common = books(day)
    expected = Holds(day, "edition") if day < REVIEW else Holds(REVIEW, "service")
    assert ends(common, finished(store, common, PERMITTED)) == expected


def test_an_institutions_contract_is_reviewed_as_well(store: Store, tmp_path: Path) -> None:
    common = books(overlay=folder(tmp_path / "own", institution=INSTITUTION, services=CONTRACT))
    case = finished(store, common, PERMITTED)
    assert ends(common, case) == Holds(date(2026, 10, 1) + timedelta(days=180), "service")


def test_an_open_case_has_nothing_to_hold(store: Store) -> None:
    case = finished(store, books(), {"openness": PUBLIC["openness"]})
    conversations = Conversations(store, Library(books()))
    assert conversations.holds(conversations.standing(case)) is None


def test_the_asker_is_told_once_when_the_day_is_there(store: Store) -> None:
    library = Library(books())
    case = finished(store, library.common, PERMITTED)
    finished(store, library.common, PUBLIC, "2.2")
    assert queue_passed(store, library, AFTER - timedelta(days=1)) == 0
    assert [queue_passed(store, library, AFTER + timedelta(days=more)) for more in (0, 0, 1, 400)] == [1, 0, 0, 0]
    (notice,) = store.waiting_notices()
    assert (notice.case_id, notice.kind) == (case.id, PASSED)
    assert notice.details == {"until": REVIEW.isoformat(), "why": "service", "after": "confirm_first"}


def test_nobody_is_told_of_a_case_that_is_nobodys(store: Store) -> None:
    library = Library(books())
    case = finished(store, library.common, PERMITTED)
    store.forget("T1", case.asker, lambda *_: "2026-W47")
    assert queue_passed(store, library, AFTER) == 0


def test_the_next_edition_is_the_earliest_later_one() -> None:
    first = Edition.model_validate({"id": "a", "effective_from": date(2020, 1, 1), "note": {"ja": "a", "en": "a"}})
    assert followed_on(first) == date(2026, 11, 22)
    assert followed_on(first.model_copy(update={"effective_from": date(2026, 11, 22)})) is None


@pytest.mark.parametrize("days", ["0", "-1", '"180"', "true"])
def test_a_period_that_is_none_is_told(tmp_path: Path, days: str) -> None:
    (tmp_path / "reviews.toml").write_text(f"[service_facts]\ndays = {days}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"reviews\.toml.*days"):
        load_service_review(tmp_path)
