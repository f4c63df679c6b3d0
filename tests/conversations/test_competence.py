"""Whom a verdict sends people to: the offices competent for what sets it, and whose answer would lift a refusal."""

from itertools import product

import pytest

from conversations.book import Book, Books
from conversations.competence import Whom, cleared, whom_to_ask
from conversations.interview import Progress
from conversations.models import SHORTCUT
from rules.models import Evaluation
from rules.vocabulary import parse_facts
from tests.conversations.builders import case, pick

Facts = dict[str, object]
NONE = dict.fromkeys(("personal_information", "export_controlled", "other_restriction"), "no")
SECRETS = dict.fromkeys(("company_secret", "novelty", "national_security", "strategic_value"), "no")
SAFE = dict.fromkeys(("responsible_person", "liability_clear", "access_limited", "secure_channel"), "yes")
SOUND: Facts = {
    **NONE,
    **SECRETS,
    **SAFE,
    "purpose_limited": "yes",
    "data_location": "japan",
    "already_public": "no",
    "sensitive_domains": [],
    "collaboration": "none",
    "use": "prompt",
}
ABROAD: Facts = {"export_controlled": "yes", "data_location": "abroad", "legal_clearance": "unknown"}


@pytest.fixture(scope="module")
def book(books: Books) -> Book:
    return books.current()


def asked(book: Book, facts: Facts, *unasked: str) -> tuple[Evaluation, Whom]:
    """Return the judgement of facts that were all asked about, but for some, and whom it sends to."""
    rulebase = book.rulebook.rulebase
    evaluation = book.evaluator.evaluate(parse_facts(rulebase, {**SOUND, **facts}))
    progress = Progress((), evaluation.facts, None, frozenset(evaluation.facts) - {*unasked}, (), (), ())
    return evaluation, whom_to_ask(rulebase, book.matters, progress, evaluation)


@pytest.mark.parametrize(
    ("facts", "verdict", "offices"),
    [
        ({"personal_information": "yes", "legal_clearance": "no"}, "do_not_upload", ["privacy"]),
        ({"personal_information": "yes", "legal_clearance": "unknown"}, "confirm_first", ["privacy"]),
        ({"personal_information": "yes", "legal_clearance": "yes"}, "allowed_with_conditions", []),
        (ABROAD, "do_not_upload", ["export_control"]),
        ({**ABROAD, "already_public": "yes"}, "do_not_upload", ["export_control"]),
        ({"export_controlled": "unknown", "legal_clearance": "unknown"}, "confirm_first", ["export_control"]),
        ({"other_restriction": "yes", "legal_clearance": "no"}, "do_not_upload", ["industry", "ethics"]),
        ({"national_security": "yes", "legal_clearance": "no"}, "do_not_upload", ["compliance"]),
        ({"company_secret": "yes", "leader_approval": "unknown"}, "confirm_first", ["industry"]),
        ({"collaboration": "industry", "leader_approval": "unknown"}, "confirm_first", ["industry"]),
        ({"collaboration": "international", "leader_approval": "unknown"}, "confirm_first", []),
        ({"strategic_value": "yes", "responsible_person": "unknown"}, "confirm_first", []),
    ],
)
def test_the_competent_offices(book: Book, facts: Facts, verdict: str, offices: list[str]) -> None:
    evaluation, whom = asked(book, facts)
    assert evaluation.verdict == verdict
    assert [matter.office for matter in whom.matters] == offices
    wanting = verdict == "do_not_upload"
    assert (whom.lifts, whom.leaders, whom.alone) == (wanting, False, wanting)


def test_every_refusal_says_whose_answer_would_lift_it(book: Book) -> None:
    """And with that answer it is lifted, where nothing else refuses."""
    wanting: list[Facts] = [{"legal_clearance": "no"}, {"legal_clearance": "unknown", "purpose_limited": "no"}]
    for number, want in product(range(1, 16), wanting):
        held = {name for bit, name in enumerate((*NONE, "national_security")) if number >> bit & 1}
        facts: Facts = {**dict.fromkeys(held, "yes"), **want}
        evaluation, whom = asked(book, facts)
        assert (evaluation.verdict, whom.lifts, whom.alone) == ("do_not_upload", True, True)
        assert {matter.fact for matter in whom.matters} == held
        assert asked(book, {**facts, "legal_clearance": "yes"})[0].verdict != "do_not_upload"


def test_what_leaders_refused_they_would_lift(book: Book) -> None:
    evaluation, whom = asked(book, {"collaboration": "both", "leader_approval": "no"})
    assert (evaluation.verdict, whom.lifts, whom.leaders, whom.alone) == ("do_not_upload", False, True, True)


def test_what_was_not_asked_about_sends_nobody_anywhere(book: Book) -> None:
    facts: Facts = {"personal_information": "yes", "export_controlled": "unknown", "legal_clearance": "unknown"}
    assert [matter.office for matter in asked(book, facts)[1].matters] == ["privacy", "export_control"]
    assert [matter.office for matter in asked(book, facts, "export_controlled")[1].matters] == ["privacy"]


def test_who_knows_nothing_is_sent_to_the_desk(book: Book) -> None:
    unknown: Facts = dict.fromkeys((*NONE, *SECRETS, "legal_clearance"), "unknown")
    assert asked(book, unknown)[1].matters == ()
    known = asked(book, {**unknown, "export_controlled": "yes"})[1]
    assert [matter.office for matter in known.matters] == ["export_control"]


def test_a_restriction_that_is_permitted_is_nobodys_to_lift(book: Book) -> None:
    said = {"personal": "permitted", "export": "refused"}
    given = case(
        ("openness", {SHORTCUT: ("undecided",)}), ("duties", pick(bound="personal export")), ("clearance", pick(**said))
    )
    progress = book.interview.progress(given)
    evaluation = book.evaluator.evaluate(progress.facts)
    whom = whom_to_ask(book.rulebook.rulebase, book.matters, progress, evaluation)
    assert cleared(progress) == {"personal_information"}
    assert [matter.office for matter in whom.matters] == ["export_control"]
