"""What others confirm: how it counts against the asker's words, what it leaves to ask, and when it ends."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.approvals import Approvals
from conversations.book import Books
from conversations.confirmations import CONFIRMABLE, answers_to, as_of, confirmed, end_of, missing
from conversations.errors import NotAnApprover
from conversations.interview import Interview
from conversations.library import Library
from conversations.models import CHANGED, EXPIRED, RECALLED, WITHDRAWN, Case, Confirmation, Place
from conversations.preview import previewed
from conversations.receipts import Receipt, make_receipt, read_receipts
from conversations.replay import differences
from conversations.service import Conversations, Standing
from conversations.store.protocol import Store
from conversations.validity import Holds, holds_until
from rules.evaluator import Evaluator
from rules.models import UNKNOWN
from tests.conversations.builders import NOW, PLACE, answered, case, chooser, edited, more, pick, waiting
from tests.conversations.situations import SITUATIONS, truthful_choice
from tests.overlays import INSTITUTION, folder
from tests.rules.oracle import judge

DAY = date(2027, 3, 31)
OVER = NOW + timedelta(days=200)


def said(fact: str, value: str = "", person: str = "U7", **more_of: Any) -> Confirmation:
    """Return what somebody was asked, answered where there is a value."""
    told = Confirmation(f"{fact}:{person}", fact, "leader", person, "U1", NOW, value=value)
    return replace(told, **{"answered_at": NOW if value else None, "by": person if value else "", **more_of})


def confirming(start: Case, *told: Confirmation) -> Case:
    return replace(start, confirmations=told)


def word(*told: Confirmation) -> str | None:
    """Return what they come to on the one fact they are about."""
    return next((value for _, _, value in confirmed(confirming(case(), *told)).told), None)


@pytest.mark.parametrize(
    ("told", "comes_to"),
    [
        ([said("leader_approval")], None),
        ([said("leader_approval", "yes")], "yes"),
        ([said("leader_approval", "yes"), said("leader_approval", "", "U8")], UNKNOWN),
        ([said("leader_approval", "yes"), said("leader_approval", "no", "U8")], "no"),
        ([said("leader_approval", "yes"), said("leader_approval", "yes", "U8")], "yes"),
        ([said("openness_review", "open"), said("openness_review", "closed", "U8")], "closed"),
        ([said("leader_approval", "yes"), said("leader_approval", "", "U8", ended=RECALLED)], "yes"),
        ([said("leader_approval", "yes"), said("leader_approval", "yes", "U8", ended=WITHDRAWN)], UNKNOWN),
        ([said("leader_approval", "yes", ended=CHANGED)], None),
        ([said("leader_approval", "yes", ended=EXPIRED)], None),
        ([said("leader_approval", "", "", claimed=True)], None),
        ([said("leader_approval", "yes"), said("leader_approval", "", "", claimed=True)], UNKNOWN),
        ([said("leader_approval", "no"), said("leader_approval", "", id="later")], "no"),
        ([said("leader_approval", "no"), said("leader_approval", "yes", id="later")], "yes"),
    ],
)
def test_any_refusal_is_no_all_confirmed_is_yes_and_else_it_is_unknown(
    told: Sequence[Confirmation], comes_to: str | None
) -> None:
    assert word(*told) == comes_to


def random_word(rng: random.Random) -> list[Confirmation]:
    """Return what one or two people said on some of the facts."""
    facts = [fact for fact in CONFIRMABLE if rng.random() < 0.5] or ["leader_approval"]
    return [said(fact, rng.choice((*answers_to(fact), "")), who) for fact in facts for who in ("U7", "U8")]


@settings(max_examples=60)
@given(rng=st.randoms(use_true_random=False))
def test_the_asker_never_clears_what_others_said(
    interview: Interview, evaluator: Evaluator, rng: random.Random
) -> None:
    """Whatever they answer and change, the verdict is the one of the facts with the others' word in them."""
    told = random_word(rng)
    done = edited(interview, answered(interview, chooser(rng), confirming(case(), *told)), rng, rng.randint(0, 3))
    end = interview.progress(done)
    stands = {fact: value for fact, _, value in confirmed(done).told}
    assert {fact: end.facts[fact] for fact in stands if fact != "legal_clearance"} == {
        fact: value for fact, value in stands.items() if fact != "legal_clearance"
    }
    if "legal_clearance" in end.by_others:
        assert end.facts["legal_clearance"] == stands["legal_clearance"]
    assert evaluator.evaluate(end.facts).verdict == judge({**end.facts}).verdict


@settings(max_examples=60)
@given(rng=st.randoms(use_true_random=False))
def test_it_comes_to_what_a_fresh_interview_does_in_which_the_asker_says_so(
    interview: Interview, evaluator: Evaluator, rng: random.Random
) -> None:
    """Whoever answers truthfully comes to one verdict, whether they say it or others confirm it."""
    situation = rng.choice([each for each in SITUATIONS if each.facts.keys() & {*CONFIRMABLE}])
    facts = {name: value for name, value in situation.facts.items() if name in CONFIRMABLE and value != "pending"}
    told = [said(name, str(value)) for name, value in facts.items() if rng.random() < 0.7]
    silent = {name: value for name, value in situation.facts.items() if name not in {each.fact for each in told}}
    by_others = answered(
        interview, lambda step: truthful_choice(step, silent, situation.service), confirming(case(), *told)
    )
    by_asker = answered(interview, lambda step: truthful_choice(step, situation.facts, situation.service))
    ends = [interview.progress(each) for each in (by_others, by_asker)]
    assert {evaluator.evaluate(end.facts).verdict for end in ends} == {situation.verdict}


def bound(*restrictions: str, approval: str = "waiting") -> Case:
    """Return a case with restrictions and nothing else in the way, finished."""
    return case(
        ("openness", pick(shortcut="undecided")),
        ("duties", pick(bound=" ".join(restrictions), unsure="")),
        ("clearance", dict.fromkeys(restrictions, (approval,))),
        ("service", pick(service="self_hosted", use="prompt")),
        ("safeguards", pick(confirmed="access channel purpose person liability", place="japan")),
        ("partners", pick(shortcut="nobody")),
    )


def clearance(part: str, value: str = "yes") -> Confirmation:
    return said("legal_clearance", value, f"U{part}", part=part, capacity="privacy")


def test_an_approval_lifts_only_the_restriction_it_names(interview: Interview) -> None:
    both = bound("personal", "export")
    for told, comes_to in (
        ([clearance("personal")], UNKNOWN),
        ([clearance("personal"), clearance("export")], "yes"),
        ([clearance("personal"), clearance("export", "no")], "no"),
        ([clearance("personal"), clearance("other", "no")], UNKNOWN),
    ):
        assert interview.progress(confirming(both, *told)).facts["legal_clearance"] == comes_to
    own = confirming(bound("personal", "export", approval="permitted"), clearance("personal"))
    assert interview.progress(own).facts["legal_clearance"] == "yes"
    refused = confirming(bound("personal", "export", approval="permitted"), clearance("personal", "no"))
    assert interview.progress(refused).facts["legal_clearance"] == "no"


def test_a_card_is_not_asked_once_all_of_it_that_matters_was_confirmed(interview: Interview) -> None:
    told = [said("responsible_person", "yes"), said("liability_clear", "yes"), clearance("personal")]
    open_case = replace(bound("personal"), answers=())
    half = more(open_case, *((a.card, a.choice) for a in bound("personal").answers if a.card in {"openness", "duties"}))
    asked = {step.card.id for step in interview.progress(confirming(bound("personal"), *told)).steps}
    assert "clearance" not in asked
    assert waiting(interview.progress(half)) == "clearance"
    assert waiting(interview.progress(confirming(half, *told))) != "clearance"


def test_what_ended_is_asked_again(interview: Interview) -> None:
    told = clearance("personal")
    done = bound("personal", approval="permitted")
    assert interview.progress(confirming(done, told)).current is None
    over = replace(told, ended=WITHDRAWN, ended_at=NOW + timedelta(hours=1))
    again = interview.progress(confirming(done, over))
    assert waiting(again) == "clearance"
    later = replace(more(done, ("clearance", pick(personal="permitted"))).answers[-1], at=NOW + timedelta(hours=2))
    assert interview.progress(replace(confirming(done, over), answers=(*done.answers, later))).current is None


def test_it_counts_through_its_last_day_where_the_institution_is(interview: Interview) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    end = end_of(DAY, tokyo)
    assert end.astimezone(UTC) == datetime(2027, 3, 31, 15, tzinfo=UTC)
    done = confirming(case(), said("leader_approval", "yes", until=DAY, ends_at=end))
    assert as_of(done, end - timedelta(seconds=1)) is done
    (over,) = as_of(done, end).confirmations
    assert (over.ended, over.ended_at, missing(as_of(done, end))) == (EXPIRED, end, (over,))
    assert "leader_approval" not in interview.progress(as_of(done, end)).by_others


def receipt_of(books: Books, done: Case) -> Receipt:
    book = books.current()
    progress = book.interview.progress(done)
    return make_receipt(book.rulebook, done, progress, book.evaluator.evaluate(progress.facts), NOW, None)


def test_the_receipt_says_in_which_capacity_when_and_until_when_and_comes_out_the_same(books: Books) -> None:
    told = replace(clearance("personal"), until=DAY, ends_at=end_of(DAY, UTC))
    done = confirming(bound("personal"), told, said("responsible_person", "yes"))
    receipt = receipt_of(books, done)
    given_by = {g.fact: (g.source, g.by, g.at, g.until) for g in receipt.answers}
    assert given_by["legal_clearance"] == ("office", "privacy", NOW.isoformat(), DAY.isoformat())
    assert given_by["responsible_person"] == ("approver", "leader", NOW.isoformat(), None)
    assert given_by["liability_clear"][0] == "asker"
    assert "U" + "personal" not in receipt.to_json()
    (again,) = read_receipts(receipt.to_json())
    assert again == receipt
    assert differences(again, books.current().rulebook) == []
    late = again.model_copy(update={"made_at": OVER.isoformat()})
    late = late.model_copy(update={"hash": late.content_hash()})
    assert differences(late, books.current().rulebook) == [
        f"answers: legal_clearance was confirmed until {DAY}, and the receipt is of a later day"
    ]


def test_a_receipt_without_a_confirmation_keeps_its_form(books: Books) -> None:
    assert "until" not in receipt_of(books, bound("personal")).to_json()


def test_a_verdict_holds_until_the_first_approval_ends(books: Books) -> None:
    soon = date(2026, 12, 1)
    told = [clearance("personal"), said("responsible_person", "yes")]
    ends = [replace(told[0], until=DAY), replace(told[1], until=soon)]
    book = books.current()
    done = confirming(bound("personal"), *ends)
    assert holds_until(book, done, book.interview.progress(done)) == Holds(soon, "approval")


def told_all(conversations: Conversations, place: Place) -> Standing:
    """Answer every card that is asked as `bound` does."""
    choices = {answer.card: answer.choice for answer in bound("personal").answers}
    standing = conversations.start(place, "U1")
    while step := standing.progress.current:
        standing = conversations.answer("T1", standing.case.id, step.card.id, choices[step.card.id], "U1")
    return standing


def test_the_overlay_may_let_people_confirm_their_own(store: Store, tmp_path: Path) -> None:
    """Without its word nobody does, and handing the case to whoever confirmed it ends what they said."""
    for allowed in (False, True):
        text = f"{INSTITUTION}\n[approvals]\nown_case = {str(allowed).lower()}\n"
        library = Library(Books(folder(tmp_path / str(allowed), institution=text)))
        conversations = Conversations(store, library, clock=lambda: NOW)
        approvals = Approvals(conversations, UTC)
        place = Place("T1", "C1", f"1.{int(allowed)}")
        name = told_all(conversations, place).case.id
        own = said("legal_clearance", "", "U1", part="personal", id=f"own{allowed}")
        if not allowed:
            with pytest.raises(NotAnApprover, match="approver_is_asker"):
                approvals.ask("T1", name, own)
            continue
        approvals.ask("T1", name, own)
        approvals.answer("T1", name, own.id, "U1", yes=True, until=None, words="")
        theirs = said("legal_clearance", "", "U2", part="personal", id="theirs")
        approvals.ask("T1", name, theirs)
        approvals.answer("T1", name, "theirs", "U2", yes=True, until=None, words="")
        left = conversations.hand_over("T1", name, "U2").case.confirmations
        assert {each.id: each.ended for each in left} == {own.id: "", "theirs": CHANGED}


def test_a_changed_service_voids_what_was_confirmed_for_one_and_the_preview_says_so(
    conversations: Conversations,
) -> None:
    approvals, name = Approvals(conversations, UTC), told_all(conversations, PLACE).case.id
    for each in (said("legal_clearance", "", part="personal"), said("openness_review", "")):
        approvals.ask("T1", name, each)
        approvals.answer("T1", name, each.id, "U7", yes=each.part != "", until=None, words="")
    standing = conversations.standing(conversations.case("T1", name))
    another = pick(service="gemini_workspace", use="prompt")
    shown = previewed(conversations, standing, "service", another)
    changed = conversations.change("T1", name, "service", another, "U1")
    assert shown.after.progress.facts == changed.progress.facts
    ended = {each.fact: each.ended for each in changed.case.confirmations}
    assert ended == {"legal_clearance": CHANGED, "openness_review": ""}
    again = conversations.begin_again("T1", name, "U1")
    assert {each.ended for each in again.case.confirmations} == {CHANGED}
