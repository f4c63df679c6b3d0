"""What another edition does to stored cases: told by outcome, recorded as new receipts, each owner told once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

import conversations.book as book_module
from conversations.book import Book, Books, open_book
from conversations.impact import RECENT, examine, examine_all, record_edition, reexamine_recent
from conversations.library import Library
from conversations.models import Case, Choice, Place
from conversations.receipts import read_receipts
from conversations.service import Conversations
from conversations.store.protocol import Notice, Posted, Store
from knowledge.errors import KakuninError
from rules.editions import in_force
from tests.conversations.builders import ASKER, NOW, pick
from tests.overlays import INSTITUTION, alerts, card, fact, floor, folder
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
    "safeguards": pick(confirmed="access channel purpose person liability", place="japan"),
    "partners": pick(shortcut="nobody"),
}


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The data as shipped, as the edition 2027-04."""
    for room in ("knowledge", "rules", "conversations"):
        copy_data(room, tmp_path / room)
    with (tmp_path / "rules" / "editions.toml").open("a", encoding="utf-8") as file:
        file.write(LATER)
    return tmp_path


def both(draft: Path, overlay: Path | None = None, today: date = date(2026, 12, 1)) -> Books:
    def opened(name: str, overlay: Traversable | None) -> Book:
        return open_book(str(draft) if name == "2027-04" else name, overlay)

    return Books(overlay, opened, lambda: today)


def everywhere(_: str) -> bool:
    return True


def finished(store: Store, books: Books, answers: Answers, thread: str = "1.1") -> Case:
    """A case in which every card that was asked is answered, as far as there is an answer."""
    conversations = Conversations(store, Library(books), clock=lambda: NOW)
    standing = conversations.start(Place("T1", "C1", thread), ASKER)
    while (step := standing.progress.current) and step.card.id in answers:
        standing = conversations.answer("T1", standing.case.id, step.card.id, answers[step.card.id], ASKER)
    return conversations.case("T1", standing.case.id)


def test_a_case_keeps_the_edition_it_was_started_under(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    books = both(draft)
    case = finished(store, books, PUBLIC)
    assert case.edition == "2026-11"
    by = {
        name: Conversations(store, Library(books)).standing(replace(case, edition=name))
        for name in ("2026-11", "2027-04")
    }
    verdicts = {name: standing.evaluation and standing.evaluation.verdict for name, standing in by.items()}
    assert verdicts == {"2026-11": "allowed", "2027-04": "allowed_with_conditions"}


def test_nothing_changed(store: Store, draft: Path) -> None:
    books = both(draft)
    impact = examine(Library(books), finished(store, books, PUBLIC), "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("unchanged", "allowed", "allowed")
    still_open = {"openness": PUBLIC["openness"]}
    assert examine(Library(books), finished(store, books, still_open, "2.2"), "2027-04").outcome == "unchanged"


def test_another_verdict(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    books = both(draft)
    impact = examine(Library(books), finished(store, books, PUBLIC), "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("changed", "allowed", "allowed_with_conditions")


def test_other_grounds_for_the_same_verdict_are_a_change(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", '"open.definition", ', "")
    books = both(draft)
    impact = examine(Library(books), finished(store, books, PUBLIC), "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("changed", "allowed", "allowed")


def test_a_question_that_became_necessary(store: Store, draft: Path) -> None:
    plant(
        draft / "rules" / "tables" / "verdict.toml",
        'id = "verdict.public"\n',
        'id = "verdict.public_to_train"\nwhen = { use = "training" }\nthen = "confirm_first"\ncites = ["check.5"]\n'
        'because = { ja = "x", en = "x" }\n\n[[table.rule]]\nid = "verdict.public"\n',
    )
    books = both(draft)
    impact = examine(Library(books), finished(store, books, PUBLIC), "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("needs a new answer", "allowed", None)
    assert impact.card == "service"


def test_a_changed_service_fact_is_a_change(store: Store, draft: Path) -> None:
    old = '[service.facts.purpose_limited]\nvalue = "yes"'
    plant(draft / "knowledge" / "services.toml", old, old.replace("yes", "no"))
    books = both(draft)
    name = next(s.id for s in books.current().knowledge.services.values() if s.facts["purpose_limited"].value == "yes")
    with_it = finished(store, books, {**UNPUBLISHED, "service": pick(service=name, use="prompt")})
    without = finished(store, books, PUBLIC, "2.2")
    assert [examine(Library(books), case, "2027-04").outcome for case in (with_it, without)] == ["changed", "unchanged"]


def test_every_owner_is_told_once_and_nothing_is_relabelled(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    books = both(draft)
    public = finished(store, books, PUBLIC)
    patient = finished(store, books, PATIENT, "2.2")
    found = [examine(Library(books), case, "2027-04") for case in store.cases()]
    assert record_edition(store, Library(books), found, "2027-04", NOW) == 2, "one owner, and the officers"
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

    assert record_edition(store, Library(books), found, "2027-04", NOW) == 0, "once each"
    assert len(store.receipts("T1", public.id)) == 2
    kept = store.case("T1", public.id)
    assert kept is not None
    assert kept.edition == "2026-11"


def test_another_edition_on_record_does_not_change_the_case_under_its_own(store: Store, draft: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    books = both(draft)
    case = finished(store, books, PUBLIC)
    record_edition(store, Library(books), [examine(Library(books), case, "2027-04")], "2027-04", NOW)
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 0
    assert {notice.kind for notice in store.waiting_notices()} == {"edition_changed", "edition_summary"}
    assert len(store.receipts("T1", case.id)) == 2


UNSETTLED: Answers = {"openness": pick(shortcut="undecided")}
NOT_PUBLIC = 'already_public = ["no", "unknown"]'


def test_an_open_case_is_finished_under_its_own_edition(store: Store, draft: Path) -> None:
    because = 'cites = ["check.5"]\nbecause = { ja = "x", en = "x" }\n'
    with (draft / "rules" / "tables" / "verdict.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[table.rule]]\nid = "v.all"\nwhen = {{ {NOT_PUBLIC} }}\nthen = "do_not_upload"\n{because}')
    books = both(draft)
    case = finished(store, books, UNSETTLED)
    impact = examine(Library(books), case, "2027-04")
    assert (impact.outcome, impact.before, impact.after) == ("unchanged", None, "do_not_upload")
    assert record_edition(store, Library(books), [impact], "2027-04", NOW) == 1, "the officers alone"
    assert store.receipts("T1", case.id) == ()


def test_a_case_that_cannot_be_judged_does_not_stop_the_others(
    store: Store, draft: Path, caplog: pytest.LogCaptureFixture
) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    books = both(draft)
    public = finished(store, books, PUBLIC)
    store.add_case(Case("lost", Place("T0", "C1", "9"), ASKER, NOW, edition="2099-01"))
    cases = list(store.cases())
    assert [case.id for case in cases] == ["lost", public.id]
    found = list(examine_all(Library(books), cases, "2027-04"))
    assert [impact.outcome for impact in found] == ["cannot be judged", "changed"]
    assert record_edition(store, Library(books), found, "2027-04", NOW) == 3, (
        "one owner, and the officers of either workspace"
    )
    assert "case lost cannot be judged: KakuninError" in caplog.messages
    assert ASKER not in caplog.text
    caplog.clear()
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 0
    assert caplog.messages == ["case lost cannot be judged: KakuninError"]


def test_an_edition_that_is_not_there_is_told_at_once(store: Store, draft: Path) -> None:
    with pytest.raises(KakuninError, match="no edition '2027-05'; there are: 2026-11"):
        list(examine_all(Library(Books()), [], "2027-05"))


# --- another overlay over the same edition


def of_kind(store: Store, kind: str) -> list[Notice]:
    return [notice for notice in store.waiting_notices() if notice.kind == kind]


def shows(store: Store, case: Case, state: str) -> None:
    """The thread shows the verdict in this state."""
    store.set_posted("T1", case.id, "verdict", Posted("1.2", state))


def test_an_overlay_that_settles_an_open_case_is_told_and_recorded(store: Store, tmp_path: Path) -> None:
    overlay = folder(tmp_path / "overlay")
    books = Books(overlay)
    case, quiet = finished(store, books, UNSETTLED), finished(store, books, PUBLIC, "2.2")
    shows(store, quiet, "verdict:1")
    folder(overlay, rules=floor("own.x", NOT_PUBLIC, "do_not_upload"))
    assert books.refresh()
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 1
    (notice,) = store.waiting_notices()
    assert (notice.kind, notice.case_id, notice.details["after"]) == ("policy_changed", case.id, "do_not_upload")
    (receipt,) = read_receipts("\n".join(store.receipts("T1", case.id)))
    assert (receipt.result.verdict, receipt.occasion) == ("do_not_upload", "re-evaluation")
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 0


READ = floor("own.x", f'own = ["no", "unknown"], {NOT_PUBLIC}', "do_not_upload")


def test_an_overlay_that_opens_a_finished_case_is_told_and_so_is_its_end(store: Store, tmp_path: Path) -> None:
    overlay = folder(tmp_path / "overlay")
    books = Books(overlay)
    case = finished(store, books, UNPUBLISHED)
    shows(store, case, "verdict:1")
    folder(overlay, rules=READ, facts=fact("own"), cards=card("own", "own"))
    assert books.refresh()
    for _ in "12":
        reexamine_recent(store, Library(books), NOW, everywhere)
    (question,) = store.waiting_notices()
    assert (question.kind, question.details["after"]) == ("policy_question", "")
    assert question.details["before"] == "allowed_with_conditions"
    assert len(store.receipts("T1", case.id)) == 1, "nothing is decided, so nothing is recorded"

    shows(store, case, "withdrawn")
    for name in ("rules", "facts", "cards"):
        (overlay / f"{name}.toml").unlink()
    assert books.refresh()
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 1
    (again,) = of_kind(store, "policy_changed")
    assert (again.details["before"], again.details["after"]) == ("", "allowed_with_conditions")

    shows(store, case, "verdict:2")
    folder(overlay, rules=READ, facts=fact("own"), cards=card("own", "own"))
    assert books.refresh()
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 1
    assert len(of_kind(store, "policy_question")) == 2


def test_who_opened_the_case_again_is_not_told(store: Store, tmp_path: Path) -> None:
    books = Books(folder(tmp_path / "overlay"))
    case = finished(store, books, PUBLIC)
    later = Conversations(store, Library(books), clock=lambda: NOW + RECENT / 2)
    assert later.change("T1", case.id, "openness", pick(shortcut="undecided"), ASKER).evaluation is None
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 0
    assert store.waiting_notices() == ()


def test_an_answer_that_comes_meanwhile_counts(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    books = Books(folder(tmp_path / "overlay"))
    open_case = finished(store, books, {"openness": PUBLIC["openness"]})
    Conversations(store, Library(books), clock=lambda: NOW).answer(
        "T1", open_case.id, "duties", PUBLIC["duties"], ASKER
    )
    monkeypatch.setattr(store, "cases", lambda _: iter([open_case]))
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 0


def test_nobody_is_told_of_a_case_without_an_owner(store: Store, draft: Path, tmp_path: Path) -> None:
    plant(draft / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')
    overlay = folder(tmp_path / "overlay")
    books = both(draft, overlay)
    answers = finished(store, books, PUBLIC).answers
    store.add_case(Case("nobodys", Place("T9", "", "nobodys"), "", NOW, edition="2026-11"))
    for answer in answers:
        store.add_answer("T9", "nobodys", answer)
    nobodys = store.case("T9", "nobodys")
    assert nobodys
    found = list(examine_all(Library(books), [nobodys], "2027-04"))
    assert [impact.outcome for impact in found] == ["changed"]
    assert record_edition(store, Library(books), found, "2027-04", NOW) == 1, "the officers alone"
    folder(overlay, rules=floor("own.x", 'use = "unknown"', "do_not_upload", more="institution_policy = true"))
    assert books.refresh()
    reexamine_recent(store, Library(books), NOW, everywhere)
    assert {notice.case_id for notice in store.waiting_notices()}.isdisjoint({"nobodys"})


@pytest.mark.parametrize(("suspended", "told"), [("chatgpt_free", "policy_changed"), ("chatgpt", "suspended")])
def test_a_suspended_plan_holds_its_brand_until_the_plan_is_known(
    store: Store, tmp_path: Path, suspended: str, told: str
) -> None:
    overlay = folder(tmp_path / "overlay")
    suspend(overlay, "gemini_api")
    books = Books(overlay)
    case = finished(store, books, {**PUBLIC, "service": pick(service="chatgpt", use="prompt")})
    shows(store, case, "verdict:1")
    suspend(overlay, suspended)
    assert books.refresh()
    assert reexamine_recent(store, Library(books), NOW, everywhere) == 1
    (notice,) = store.waiting_notices()
    after = {"policy_changed": "confirm_first", "suspended": "do_not_upload"}[told]
    assert (notice.kind, notice.details["before"], notice.details["after"]) == (told, "allowed", after)


# --- the books under an overlay that changes


def suspend(overlay: Path, *names: str) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    folder(overlay, institution=f"{INSTITUTION}suspended = [{listed}]\n")


def rules_of(books: Books, edition: str) -> set[str]:
    return {name for name in books.of(edition).rulebook.rulebase.rules if name.startswith("suspended.")}


def test_every_edition_is_opened_under_the_overlay_that_was_sound(tmp_path: Path, draft: Path) -> None:
    overlay = folder(tmp_path / "overlay")
    suspend(overlay, "gemini")
    books = both(draft, overlay)
    (overlay / "rules.toml").write_text("nonsense", encoding="utf-8")
    suspend(overlay, "chatgpt")
    assert not books.refresh()
    assert rules_of(books, "2026-11") == rules_of(books, "2027-04") == {"suspended.gemini"}
    assert books.of("2027-04").rulebook.digests["overlay"] == books.current().rulebook.digests["overlay"]
    (overlay / "rules.toml").unlink()
    assert books.refresh()
    assert rules_of(books, "2026-11") == rules_of(books, "2027-04") == {"suspended.chatgpt"}
    assert not books.refresh()


def test_an_overlay_has_to_be_sound_under_every_open_edition(
    tmp_path: Path, draft: Path, caplog: pytest.LogCaptureFixture
) -> None:
    facts = draft / "rules" / "facts.toml"
    plant(facts, "[[fact]]", fact("own_now_national") + "[[fact]]")
    plant(draft / "conversations" / "cards.toml", "[[card]]", card("own_card", "own_now_national") + "[[card]]")
    overlay = folder(tmp_path / "overlay")
    books = both(draft, overlay)
    books.of("2027-04")
    name = "own_now_national"
    folder(overlay, rules=floor("own.x", f'{name} = "no", {NOT_PUBLIC}', "confirm_first"), facts=fact(name))
    (overlay / "cards.toml").write_text(card("mine", name), encoding="utf-8")
    assert not books.refresh()
    assert "the national tables have this name" in caplog.text
    assert "own.x" not in books.current().rulebook.rulebase.rules


def test_a_fault_is_told_once_a_change(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    overlay = folder(tmp_path / "overlay")
    books = Books(overlay)
    for text, told in (("nonsense", 1), (f"x = {'9' * 5000}", 2)):
        (overlay / "rules.toml").write_text(text, encoding="utf-8")
        assert [books.refresh() for _ in "123"] == [False] * 3
        assert len(alerts(caplog)) == told
    (overlay / "rules.toml").unlink()
    (overlay / "rules.toml").symlink_to(tmp_path / "nowhere")
    assert not books.refresh()
    assert "leads nowhere" in alerts(caplog)[-1]
    (overlay / "rules.toml").unlink()
    (overlay / "institution.toml").unlink()
    overlay.rmdir()
    assert [books.refresh() for _ in "12"] == [False] * 2
    assert len(alerts(caplog)) == 4
    assert "is missing" in alerts(caplog)[-1]
    suspend(overlay, "gemini")
    assert books.refresh()


def test_a_new_edition_comes_into_force_under_the_sound_overlay(
    tmp_path: Path, draft: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    days = [date(2027, 3, 31)]

    class Later:
        id = "2027-04"

    monkeypatch.setattr(book_module, "in_force", lambda day: Later if day >= date(2027, 4, 1) else in_force(day))
    overlay = folder(tmp_path / "overlay")
    suspend(overlay, "gemini")

    def opened(name: str, overlay: Traversable | None) -> Book:
        return open_book(str(draft) if name == "2027-04" else name, overlay)

    books = Books(overlay, opened, lambda: days[0])
    (overlay / "rules.toml").write_text("nonsense", encoding="utf-8")
    assert not books.refresh()
    days[0] = date(2027, 4, 1)
    assert books.current().edition == "2027-04"
    assert rules_of(books, "") == {"suspended.gemini"}
    (overlay / "rules.toml").unlink()
    suspend(overlay, "chatgpt")
    assert books.refresh()
    assert rules_of(books, "") == {"suspended.chatgpt"}


def test_an_edition_that_the_overlay_does_not_fit_waits_for_the_overlay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    days = [date(2026, 12, 1)]

    class Later:
        id = "2027-04"

    monkeypatch.setattr(book_module, "in_force", lambda day: Later if day >= date(2027, 4, 1) else in_force(day))
    books = Books(None, today=lambda: days[0])
    days[0] = date(2027, 4, 1)
    assert [books.current().edition for _ in "12"] == ["2026-11"] * 2
    assert [line for line in alerts(caplog) if "2026-11 stays in force" in line] == alerts(caplog)
    assert len(alerts(caplog)) == 1
