"""What a first message was read as: what it may settle, what waits for a click, and what wins over it."""

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.example import EXAMPLE
from conversations.book import Book, Books, open_book
from conversations.choices import preselected
from conversations.errors import ChoiceError, NotYourCase, OldCard
from conversations.impact import examine
from conversations.interview import Interview, Progress, Step
from conversations.library import Library
from conversations.models import READ, READING_CARD, SHORTCUT, Case, Choice, Value
from conversations.provenance import Given
from conversations.reading import choice_of, raises
from conversations.receipts import make_receipt
from conversations.replay import differences
from conversations.service import Conversations
from knowledge.understanding.reading import NamedService, Reading, Slip
from rules.evaluator import Evaluator
from rules.models import SEVERITY, UNKNOWN, RuleBase
from tests.conversations.builders import (
    ASKER,
    NOW,
    PLACE,
    answered,
    case,
    chooser,
    counted,
    heard,
    more,
    names,
    pick,
    random_choice,
    random_heard_case,
    random_read,
    waiting,
)
from tests.conversations.first_messages import FIRST_MESSAGES, FirstMessage, clicks
from tests.conversations.situations import SITUATIONS, Situation, truthful_choice

PATIENTS = pick(personal_information="yes", sensitive_domains="health")
SUMMARY = {**PATIENTS, **pick(service="chatgpt_free", use="prompt")}
PUBLIC = pick(already_public="yes")
DROPPED = (READING_CARD, pick(shortcut="ask"))
PUBLISHED = ("openness", pick(shortcut="public"))
UNDECIDED = ("openness", pick(shortcut="undecided"))
FREE = ("duties", pick(shortcut="none"))
NOVEL = ("content", pick(content="novelty", fields="none"))
NOBODY = ("partners", pick(shortcut="nobody"))
DONT_KNOW = ("duties", pick(shortcut="unsure"))


@pytest.fixture
def book(books: Books) -> Book:
    return books.current()


def yes(interview: Interview, started: Case) -> Case:
    """The case once everything that was read is accepted with one click, if that is asked."""
    step = interview.progress(started).current
    if step is None or step.card.id != READING_CARD:
        return started
    choice = interview.readings.accepted(step.read)
    interview.check(started, READING_CARD, choice)
    return more(started, (READING_CARD, choice))


def given_of(book: Book, done: Case) -> Mapping[str, Given]:
    progress = book.interview.progress(done)
    receipt = make_receipt(book.rulebook, done, progress, book.evaluator.evaluate(progress.facts), NOW, None)
    assert differences(receipt, book.rulebook) == []
    return {given.fact: given for given in receipt.answers}


def beforehand(step: Step) -> dict[str, tuple[str, ...]]:
    return {part.id: found for part in step.card.parts if (found := preselected(part, step.beforehand))}


@pytest.mark.parametrize(
    ("read", "asked"),
    [
        (SUMMARY, READING_CARD),
        (PUBLIC, READING_CARD),
        (pick(purpose_limited="yes"), READING_CARD),
        (pick(service="chatgpt_free copilot"), READING_CARD),
        (pick(slip="chatgpt"), READING_CARD),
        (PATIENTS, "openness"),
        (pick(personal_information=UNKNOWN), "openness"),
        (pick(legal_clearance=UNKNOWN), "openness"),
        (pick(service="chatgpt"), "openness"),
        (pick(service="chatgpt", use="prompt"), "openness"),
        (pick(service="chatgpt_free"), "openness"),
        (pick(use="prompt"), "openness"),
        (pick(novelty="no"), "openness"),
        (pick(legal_clearance="yes"), "openness"),
        (pick(warning="several_data_sets"), "openness"),
    ],
)
def test_it_is_asked_only_where_a_click_is_needed_and_spares_another(
    interview: Interview, read: Choice, asked: str
) -> None:
    assert waiting(interview.progress(heard(read))) == asked


def test_nothing_is_taken_before_the_click_but_what_raises_concern(interview: Interview) -> None:
    progress = interview.progress(heard({**SUMMARY, **PUBLIC}))
    assert (progress.service, progress.asked) == (None, frozenset())
    told = {name: value for name, value in progress.facts.items() if value != UNKNOWN}
    assert told == {"personal_information": "yes", "sensitive_domains": ("health",)}


def test_a_yes_makes_it_the_askers_answer(interview: Interview) -> None:
    progress = interview.progress(yes(interview, heard({**SUMMARY, **PUBLIC})))
    assert progress.service == "chatgpt_free"
    assert {"use", "already_public", "personal_information", "sensitive_domains"} <= progress.asked
    assert "openness" not in {card.id for card in progress.unasked}
    assert waiting(progress) == "duties"


def test_the_card_shows_what_was_read_chosen_beforehand(interview: Interview) -> None:
    step = interview.progress(heard(SUMMARY)).steps[0]
    shown = {"use": ("prompt",), "personal_information": ("yes",), "sensitive_domains": ("health",)}
    assert beforehand(step) == shown
    assert step.plan == "chatgpt_free"


def test_what_raises_concern_is_ticked_on_its_card(interview: Interview) -> None:
    progress = interview.progress(heard({**PATIENTS, **pick(export_controlled=UNKNOWN)}, UNDECIDED))
    assert names(progress) == ["openness", "duties"]
    assert beforehand(progress.steps[-1]) == {"bound": ("personal",), "unsure": ("export",)}


def test_a_service_alone_waits_on_its_own_card(interview: Interview) -> None:
    progress = interview.progress(heard(pick(service="chatgpt_free"), UNDECIDED, FREE, NOBODY, NOVEL))
    assert (waiting(progress), progress.service) == ("service", None)
    assert progress.steps[-1].plan == "chatgpt_free"


def test_several_fields_of_a_list_are_ticked_together(interview: Interview) -> None:
    fields = pick(sensitive_domains="energy food")
    progress = interview.progress(heard(fields, UNDECIDED, FREE, NOBODY))
    assert beforehand(progress.steps[-1])["fields"] == ("food", "energy")


def test_a_permission_that_was_read_clears_nothing(interview: Interview) -> None:
    """It may have spoken of one restriction, and the data may have two."""
    read = {**PATIENTS, **pick(legal_clearance="yes", service="chatgpt_free", use="prompt")}
    progress = interview.progress(
        more(yes(interview, heard(read)), UNDECIDED, ("duties", pick(bound="personal other")))
    )
    assert waiting(progress) == "clearance"
    assert progress.facts["legal_clearance"] == UNKNOWN
    assert beforehand(progress.steps[-1]) == {}
    doubted = heard({**SUMMARY, **pick(legal_clearance=UNKNOWN)})
    with pytest.raises(ChoiceError):
        interview.check(doubted, READING_CARD, {**SUMMARY, **pick(legal_clearance="yes")})


def test_a_later_card_wins(interview: Interview) -> None:
    read = yes(interview, heard({**PATIENTS, **pick(collaboration="none", already_public="no")}))
    progress = interview.progress(more(read, FREE))
    assert progress.facts["personal_information"] == "no"
    asked = yes(interview, heard({**PATIENTS, **PUBLIC}))
    assert interview.progress(asked).facts["already_public"] == "yes"


def test_a_later_word_on_the_reading_wins(interview: Interview) -> None:
    read = heard({**PATIENTS, **pick(already_public="no", collaboration="none")})
    both = ("duties", pick(bound="personal other"))
    done = answered(interview, chooser(random.Random(1)), more(yes(interview, read), UNDECIDED, both))
    said = dict(counted(interview.progress(done)))[READING_CARD]
    progress = interview.progress(more(done, (READING_CARD, {**said, "personal_information": ("no",)})))
    assert "duties" not in dict(counted(progress))
    assert progress.facts["personal_information"] == "no"
    same = interview.progress(more(done, (READING_CARD, {**said, "collaboration": ("ask",)})))
    assert dict(counted(same))["duties"] == both[1]


def test_another_service_takes_back_what_was_confirmed_for_the_first(interview: Interview) -> None:
    read = heard(pick(service="chatgpt_free", leader_approval="yes", purpose_limited="yes", already_public="no"))
    accepted = more(yes(interview, read), UNDECIDED)
    assert interview.progress(accepted).facts["leader_approval"] == "yes"
    same = interview.progress(more(accepted, ("service", pick(service="chatgpt_free", use="prompt"))))
    assert (same.facts["leader_approval"], same.facts["purpose_limited"]) == ("yes", "yes")
    other = interview.progress(more(accepted, ("service", pick(service="claude_team", use="prompt"))))
    assert (other.facts["leader_approval"], other.facts["purpose_limited"]) == (UNKNOWN, UNKNOWN)
    assert other.facts["already_public"] == "no"


def test_an_unconfirmed_reading_stands_where_the_asker_does_not_know(book: Book) -> None:
    done = answered(book.interview, lambda _: pick(shortcut="unsure"), heard(PATIENTS))
    given = given_of(book, done)["personal_information"]
    assert (given.value, given.source, given.by, given.card) == ("yes", "reading", "reading", None)
    plain = answered(book.interview, lambda _: pick(shortcut="unsure"))
    assert given_of(book, plain)["personal_information"].source == "asker"


def test_a_confirmed_reading_is_the_askers(book: Book) -> None:
    done = answered(book.interview, lambda _: pick(shortcut="unsure"), yes(book.interview, heard(SUMMARY)))
    told = given_of(book, done)
    for name, value in {"use": "prompt", "personal_information": "yes"}.items():
        assert (told[name].value, told[name].source, told[name].by) == (value, "asker", "asker")
        assert told[name].card == READING_CARD


def test_the_catalogue_does_not_clear_what_was_read(interview: Interview) -> None:
    """A verified “does not train” and “it trains on what I enter”: it is asked, and counts as read until answered."""
    answers = (UNDECIDED, FREE, NOBODY, NOVEL, ("service", pick(service="chatgpt_business", use="prompt")))
    knows = interview.progress(case(*answers))
    assert (knows.facts["purpose_limited"], "purpose_limited" in knows.asked) == ("yes", True)
    doubts = interview.progress(heard(pick(purpose_limited="no"), *answers))
    assert (doubts.facts["purpose_limited"], "purpose_limited" in doubts.asked) == ("no", False)
    assert waiting(doubts) == "safeguards"


def test_one_of_two_services_is_picked_and_the_other_is_remembered(interview: Interview) -> None:
    read = heard({**PATIENTS, **pick(service="chatgpt_free m365_copilot_chat")})
    assert interview.progress(read).steps[0].read.candidates == ("chatgpt_free", "m365_copilot_chat")
    picked = interview.progress(more(read, (READING_CARD, {**PATIENTS, **pick(service="m365_copilot_chat")})))
    assert (picked.service, picked.named) == ("m365_copilot_chat", ("chatgpt_free",))
    dropped = interview.progress(more(read, DROPPED))
    assert (dropped.service, dropped.named) == (None, ())


def test_a_brand_that_was_picked_leads_and_answers_nothing(interview: Interview) -> None:
    picked = more(
        heard(pick(slip="chatgpt", purpose_limited="yes")),
        (READING_CARD, pick(service="chatgpt", purpose_limited="yes")),
    )
    progress = interview.progress(more(picked, UNDECIDED, FREE, NOBODY, NOVEL))
    assert (waiting(progress), progress.service, progress.steps[-1].read.services) == ("service", None, ("chatgpt",))
    chosen = interview.progress(
        more(picked, UNDECIDED, FREE, NOBODY, NOVEL, ("service", pick(service="chatgpt_free", use="prompt")))
    )
    assert chosen.facts["purpose_limited"] == "yes"


def test_a_service_that_is_called_like_its_brand_is_a_service(interview: Interview) -> None:
    progress = interview.progress(yes(interview, heard({**PATIENTS, **pick(service="self_hosted", use="prompt")})))
    assert progress.service == "self_hosted"


def test_a_slip_is_never_taken_silently(interview: Interview) -> None:
    step = interview.progress(heard(pick(slip="chatgpt_free", use="prompt"))).steps[0]
    assert (step.card.id, step.plan, step.read.candidates) == (READING_CARD, None, ("chatgpt_free",))
    without = interview.progress(heard(pick(slip="chatgpt_free", use="prompt"), (READING_CARD, pick(use="prompt"))))
    assert without.service is None


@pytest.mark.parametrize(
    "choice",
    [
        pick(use="nonsense"),
        pick(use="prompt training"),
        pick(service="no_such_service"),
        pick(service="chatgpt_free claude_team"),
        pick(sensitive_domains="none health"),
        pick(elsewhere="yes"),
        pick(shortcut="nonsense"),
        pick(shortcut="ask", use="prompt"),
    ],
)
def test_only_codes_of_the_card_are_taken(interview: Interview, choice: Choice) -> None:
    with pytest.raises(ChoiceError) as refused:
        interview.check(heard(SUMMARY), READING_CARD, choice)
    assert refused.value.card == READING_CARD


def test_what_is_not_in_the_vocabulary_is_not_read(interview: Interview) -> None:
    reading = Reading(
        "case",
        services=(
            NamedService("chatgpt_free", "words"),
            NamedService("no_such", "words"),
            NamedService("other", "words"),
        ),
        facts={"use": "prompt", "no_such": "yes", "novelty": "maybe", "sensitive_domains": (), "programme": "yes"},
        warnings=("several_data_sets", "off_topic"),
        slips=(Slip("words", "claude"), Slip("words", "no_such")),
    )
    kept = {
        **pick(use="prompt", sensitive_domains="none", service="chatgpt_free other", slip="claude"),
        **pick(warning="several_data_sets"),
    }
    assert interview.readings.passed(choice_of(reading)) == kept
    assert interview.readings.understood(kept).facts == {"use": "prompt", "sensitive_domains": ()}


def test_it_is_written_down_with_the_case_and_answered_by_its_asker_alone(conversations: Conversations) -> None:
    started = conversations.start(PLACE, ASKER, "chatgpt", {**SUMMARY, "no_such": ("words",)}).case
    assert [(a.card, a.choice, a.by) for a in conversations.case("T1", started.id).answers] == [(READ, SUMMARY, "")]
    assert conversations.start(PLACE, ASKER, None, PUBLIC).case == started
    with pytest.raises(NotYourCase):
        conversations.answer("T1", started.id, READING_CARD, SUMMARY, "U2")
    with pytest.raises(OldCard):
        conversations.answer("T1", started.id, READ, SUMMARY, ASKER)
    standing = conversations.answer("T1", started.id, READING_CARD, SUMMARY, ASKER)
    assert standing == conversations.answer("T1", started.id, READING_CARD, SUMMARY, ASKER)
    assert [answer.by for answer in standing.case.answers] == ["", ASKER]


def test_the_other_service_is_judged_with_the_same_data(conversations: Conversations) -> None:
    started = conversations.start(PLACE, ASKER, None, pick(service="chatgpt_free self_hosted")).case
    conversations.answer("T1", started.id, READING_CARD, pick(service="chatgpt_free"), ASKER)
    conversations.answer("T1", started.id, *PUBLISHED, ASKER)
    standing = conversations.answer("T1", started.id, *FREE, ASKER)
    (other,) = conversations.insight(standing).named
    assert other in conversations.other_services(standing)
    assert other.service == "self_hosted"


def test_a_finished_case_is_not_opened_again_by_what_was_read(interview: Interview) -> None:
    progress = interview.progress(case(UNDECIDED, (READ, SUMMARY)))
    assert names(progress) == ["openness", "duties"]


def test_a_case_that_began_with_a_reading_can_be_judged_by_an_edition(library: Library, books: Books) -> None:
    edition = books.current().edition
    for seed in range(20):
        done = replace(random_heard_case(books.current().interview, seed), edition=edition)
        assert examine(library, done, edition).outcome == "unchanged"


def test_raising_is_what_is_farther_from_the_safe_answer_than_unknown(rulebase: RuleBase) -> None:
    told = {(name, value) for name, fact in rulebase.facts.items() for value in fact.values if raises(fact, value)}
    assert ("personal_information", "yes") in told
    assert ("already_public", "no") in told
    assert {("data_location", "abroad"), ("data_location", "japan"), ("programme", "yes")}.isdisjoint(told)
    assert not any(raises(fact, UNKNOWN) for fact in rulebase.facts.values())
    assert raises(rulebase.facts["sensitive_domains"], ("health",))
    assert not raises(rulebase.facts["sensitive_domains"], ())


def some(situation: Situation, rng: random.Random) -> Choice:
    """A true reading of some of what the asker knows."""
    share = rng.choice((0.1, 0.3, 0.6, 1.0))
    told: dict[str, Value] = {name: v for name, v in situation.facts.items() if rng.random() < share}
    spelled = {name: (value,) if isinstance(value, str) else value or ("none",) for name, value in told.items()}
    return {**spelled, "service": (situation.service,)} if rng.random() < 0.5 else spelled


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_to_confirm_a_true_reading_is_to_answer_the_cards_the_same_way(
    interview: Interview, evaluator: Evaluator, situation: Situation
) -> None:
    truth = partial(truthful_choice, facts=situation.facts, service=situation.service)
    for seed in range(40):
        started = heard(some(situation, random.Random(f"{situation.name} {seed}")))
        progress = interview.progress(answered(interview, truth, yes(interview, started)))
        assert evaluator.evaluate(progress.facts).verdict == situation.verdict, (seed, started.answers[0].choice)


@pytest.mark.parametrize("message", FIRST_MESSAGES, ids=lambda message: message.text)
def test_to_be_read_never_takes_a_click_more(interview: Interview, evaluator: Evaluator, message: FirstMessage) -> None:
    plain, without = clicks(interview, message, {})
    count, done = clicks(interview, message, message.says)
    assert count <= plain
    ends = [evaluator.evaluate(interview.progress(end).facts).verdict for end in (without, done)]
    assert ends[0] == ends[1]


@settings(max_examples=80)
@given(rng=st.randoms(use_true_random=False))
def test_to_drop_it_is_to_start_without_it(interview: Interview, rng: random.Random) -> None:
    started = heard(random_read(interview, rng))
    if waiting(interview.progress(started)) != READING_CARD:
        return
    done = answered(interview, chooser(rng), more(started, DROPPED))
    plain = case(*((a.card, a.choice) for a in done.answers[2:]))
    for length in range(len(plain.answers) + 1):
        with_it = interview.progress(replace(done, answers=done.answers[: length + 2]))
        without = interview.progress(replace(plain, answers=plain.answers[:length]))
        assert replace(with_it, steps=with_it.steps[1:]) == without


@settings(max_examples=150)
@given(rng=st.randoms(use_true_random=False))
def test_what_is_not_confirmed_never_makes_a_verdict_milder(
    interview: Interview, evaluator: Evaluator, rng: random.Random
) -> None:
    """Whoever answers every card alike, with it and without it; what was read is confirmed by no click."""
    read, seed = random_read(interview, rng), rng.random()

    def alike(step: Step) -> Choice:
        return random_choice(step, random.Random(f"{seed} {step.card.id}"))

    plain = answered(interview, alike)
    unconfirmed = {name: names for name, names in read.items() if name in interview.readings.understood(read).raising}
    if plain.answers and unconfirmed:
        answers = [(a.card, a.choice) for a in plain.answers]
        without = interview.progress(plain)
        with_it = interview.progress(heard(unconfirmed, *answers))
        raised = {**without.facts, **_raised(without, interview, unconfirmed)}
        assert SEVERITY[evaluator.evaluate(raised).verdict] >= SEVERITY[evaluator.evaluate(without.facts).verdict]
        if with_it.current is None:
            found = evaluator.evaluate(with_it.facts).verdict
            assert SEVERITY[found] >= SEVERITY[evaluator.evaluate(without.facts).verdict]


def _raised(without: Progress, interview: Interview, read: Choice) -> Mapping[str, Value]:
    raising = interview.readings.understood(read).raising
    return {name: value for name, value in raising.items() if without.facts[name] == UNKNOWN}


@pytest.mark.long
@pytest.mark.parametrize("overlay", [None, EXAMPLE], ids=["national", "an institution"])
def test_receipts_of_read_cases_come_out_the_same(overlay: Path | None) -> None:
    book, sources = open_book(None, overlay), set()
    for seed in range(60):
        sources |= {given.source for given in given_of(book, random_heard_case(book.interview, seed)).values()}
    assert {"asker", "reading", "nobody"} <= sources


def test_a_receipt_in_which_a_reading_clears_something_differs(book: Book) -> None:
    done = answered(book.interview, lambda _: pick(shortcut="unsure"), heard(PATIENTS))
    progress = book.interview.progress(done)
    receipt = make_receipt(book.rulebook, done, progress, book.evaluator.evaluate(progress.facts), NOW, None)
    forged = tuple(
        given.model_copy(update={"value": "no"}) if given.source == "reading" else given for given in receipt.answers
    )
    assert any(
        "a reading alone" in line for line in differences(receipt.model_copy(update={"answers": forged}), book.rulebook)
    )


def test_dropping_leaves_nothing_chosen_beforehand(interview: Interview) -> None:
    progress = interview.progress(heard(SUMMARY, DROPPED, UNDECIDED))
    assert beforehand(progress.steps[-1]) == {}
    assert dict(counted(progress))[READING_CARD] == {SHORTCUT: ("ask",)}
