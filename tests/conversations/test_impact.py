"""What another edition does to stored cases: told by outcome, recorded as new receipts, each owner told once."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from conversations.book import Book, Books, open_book
from conversations.impact import examine, record_edition
from conversations.models import Case, Choice, Place
from conversations.receipts import read_receipts
from conversations.service import Conversations
from conversations.store.protocol import Store
from tests.conversations.builders import ASKER, NOW, pick
from tests.planting import copy_data, plant

LATER = '\n[[edition]]\nid = "2027-04"\neffective_from = 2027-04-01\nnote = { ja = "改訂", en = "revised" }\n'
Answers = Mapping[str, Choice]
PUBLIC: Answers = {"openness": pick(shortcut="public"), "duties": pick(shortcut="none")}
PATIENT: Answers = {
    "openness": pick(shortcut="undecided"),
    "duties": pick(bound="personal"),
    "clearance": pick(personal="refused"),
}
UNPUBLISHED: Answers = {
    "openness": pick(shortcut="undecided"),
    "duties": pick(shortcut="none"),
    "content": pick(content="novelty", fields="none"),
    "service": pick(service="chatgpt_business", use="prompt"),
    "safeguards": pick(confirmed="access channel purpose", rest="not_so", place="japan"),
    "partners": pick(shortcut="nobody"),
    "responsibility": pick(shortcut="both"),
}


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The data as shipped, as the edition 2027-04."""
    for room in ("knowledge", "rules", "conversations"):
        copy_data(room, tmp_path / room)
    with (tmp_path / "rules" / "editions.toml").open("a", encoding="utf-8") as file:
        file.write(LATER)
    return tmp_path


def both(draft: Path) -> Books:
    def opened(name: str, overlay: Path | None) -> Book:
        return open_book(str(draft) if name == "2027-04" else name, overlay)

    return Books(opened=opened)


def finished(store: Store, books: Books, answers: Answers, thread: str = "1.1") -> Case:
    """A case in which every card that was asked is answered, as far as there is an answer."""
    conversations = Conversations(store, books, clock=lambda: NOW)
    standing = conversations.start(Place("T1", "C1", thread), ASKER)
    while (step := standing.progress.current) and step.card.id in answers:
        standing = conversations.answer("T1", standing.case.id, step.card.id, answers[step.card.id], ASKER)
    return conversations.case("T1", standing.case.id)


def test_a_case_keeps_the_edition_it_was_started_under(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    books = both(draft)
    case = finished(store, books, PUBLIC)
    assert case.edition == "2026-11"
    by = {name: Conversations(store, books).standing(replace(case, edition=name)) for name in ("2026-11", "2027-04")}
    verdicts = {name: standing.evaluation and standing.evaluation.verdict for name, standing in by.items()}
    assert verdicts == {"2026-11": "allowed", "2027-04": "allowed_with_conditions"}


def test_nothing_changed(store: Store, draft: Path) -> None:
    books = both(draft)
    impact = examine(books, finished(store, books, PUBLIC), "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("unchanged", "allowed", "allowed")
    still_open = {"openness": PUBLIC["openness"]}
    assert examine(books, finished(store, books, still_open, "2.2"), "2027-04").outcome == "unchanged"


def test_another_verdict(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    books = both(draft)
    impact = examine(books, finished(store, books, PUBLIC), "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("changed", "allowed", "allowed_with_conditions")


def test_other_grounds_for_the_same_verdict_are_a_change(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", '"open.definition", ', "")
    books = both(draft)
    impact = examine(books, finished(store, books, PUBLIC), "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("changed", "allowed", "allowed")


def test_a_question_that_became_necessary(store: Store, draft: Path) -> None:
    plant(
        draft / "rules" / "tables" / "verdict.toml",
        'id = "verdict.public"\n',
        'id = "verdict.public_to_train"\nwhen = { use = "training" }\nthen = "confirm_first"\ncites = ["check.5"]\n'
        'because = { ja = "x", en = "x" }\n\n[[table.rule]]\nid = "verdict.public"\n',
    )
    books = both(draft)
    impact = examine(books, finished(store, books, PUBLIC), "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("needs a new answer", "allowed", None)
    assert impact.card == "service"


def test_a_changed_service_fact_is_a_change(store: Store, draft: Path) -> None:
    old = '[service.facts.purpose_limited]\nvalue = "yes"'
    plant(draft / "knowledge" / "services.toml", old, old.replace("yes", "no"))
    books = both(draft)
    name = next(s.id for s in books.current().knowledge.services.values() if s.facts["purpose_limited"].value == "yes")
    with_it = finished(store, books, {**UNPUBLISHED, "service": pick(service=name, use="prompt")})
    without = finished(store, books, PUBLIC, "2.2")
    assert [examine(books, case, "2027-04").outcome for case in (with_it, without)] == ["changed", "unchanged"]


def test_every_owner_is_told_once_and_nothing_is_relabelled(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    books = both(draft)
    public = finished(store, books, PUBLIC)
    patient = finished(store, books, PATIENT, "2.2")
    found = [examine(books, case, "2027-04") for case in store.cases()]
    assert record_edition(store, books, found, "2027-04", NOW) == 2, "one owner, and the officers"
    told = {notice.kind: notice for notice in store.waiting_notices()}
    assert told["edition_changed"].case_id == public.id
    assert told["edition_changed"].details == {
        "edition": "2027-04",
        "before": "allowed",
        "after": "allowed_with_conditions",
    }
    assert told["edition_summary"].details == {"edition": "2027-04", "unchanged": "1", "changed": "1"}

    first, second = read_receipts("\n".join(store.receipts("T1", public.id)))
    assert (first.edition.id, first.result.verdict, first.occasion) == ("2026-11", "allowed", "verdict")
    assert (second.edition.id, second.result.verdict) == ("2027-04", "allowed_with_conditions")
    assert (second.occasion, second.previous) == ("re-evaluation", first.hash)
    assert len(store.receipts("T1", patient.id)) == 1

    assert record_edition(store, books, found, "2027-04", NOW) == 0, "once each"
    assert len(store.receipts("T1", public.id)) == 2
    kept = store.case("T1", public.id)
    assert kept is not None
    assert kept.edition == "2026-11"
