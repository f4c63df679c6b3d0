"""Whole interviews by click: which cards come, which verdict, rules and quotations reach Slack, and how cards look."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.app import House
from bot.ids import INPUT
from bot.playground import payloads
from tests.bot.driver import Office, Researcher

Answer = str | Mapping[str, Sequence[str]]
Interview = list[tuple[str, Answer]]

FREE_CHATGPT = {"service": ["chatgpt_free"], "use": ["prompt"]}
CAMPUS_CHATGPT = {"service": ["chatgpt_edu"], "use": ["prompt"]}
ALL_SAFE = {"confirmed": ["access", "channel", "purpose", "person", "liability"], "place": ["japan"]}
NOT_CHECKED = {"confirmed": ["access", "channel", "person", "liability"], "place": ["japan"]}
ABROAD = {"confirmed": ["access", "channel", "purpose", "person", "liability"], "place": ["abroad"]}
NOVELTY = {"content": ["novelty"], "fields": ["none"]}


def goes_through(person: Researcher, interview: Interview) -> None:
    for card, answer in interview:
        if isinstance(answer, str):
            person.answers(card, answer)
        else:
            person.answers(card, **answer)


INTERVIEWS: dict[str, tuple[Interview, str, set[str], list[str]]] = {
    "public data": (
        [("openness", "public"), ("duties", "none")],
        "allowed",
        {"verdict.public"},
        ["open.definition", "principle.proportionate"],
    ),
    "open, not public yet": (
        [
            ("openness", {"status": ["decided_open"]}),
            ("duties", "none"),
            ("partners", "nobody"),
            ("content", "none"),
        ],
        "allowed_with_conditions",
        {"verdict.open_not_public"},
        ["principle.share_by_nature", "principle.contracts"],
    ),
    "nothing of concern found": (
        [("openness", "undecided"), ("duties", "none"), ("partners", "nobody"), ("content", "none")],
        "allowed_with_conditions",
        {"verdict.unlisted"},
        ["principle.share_by_nature"],
    ),
    "unpublished, everything settled": (
        [
            ("openness", "undecided"),
            ("duties", "none"),
            ("partners", "nobody"),
            ("content", NOVELTY),
            ("service", CAMPUS_CHATGPT),
            ("safeguards", ALL_SAFE),
        ],
        "allowed_with_conditions",
        {"verdict.protected"},
        ["principle.checklist", "principle.contracts", "closed.secret", "policy.keep_closed.secret"],
    ),
    "export control not asked, in Japan": (
        [
            ("openness", "undecided"),
            ("duties", {"bound": ["export"]}),
            ("clearance", "unsure"),
            ("service", CAMPUS_CHATGPT),
            ("safeguards", ALL_SAFE),
            ("partners", "nobody"),
        ],
        "confirm_first",
        {"verdict.ask.export_controlled"},
        ["closed.law", "policy.keep_closed.law"],
    ),
    "training not checked": (
        [
            ("openness", "undecided"),
            ("duties", "none"),
            ("partners", "nobody"),
            ("content", NOVELTY),
            ("service", CAMPUS_CHATGPT),
            ("safeguards", NOT_CHECKED),
        ],
        "confirm_first",
        {"verdict.item_6_unconfirmed"},
        ["check.6", "closed.secret", "policy.keep_closed.secret", "check.3", "check.5"],
    ),
    "a consumer plan trains by default": (
        [
            ("openness", "undecided"),
            ("duties", "none"),
            ("partners", "nobody"),
            ("content", NOVELTY),
            ("service", FREE_CHATGPT),
            ("safeguards", NOT_CHECKED),
        ],
        "public_data_only",
        {"verdict.item_6_required"},
        ["check.6", "closed.secret", "policy.keep_closed.secret", "check.3", "check.5"],
    ),
    "export control abroad": (
        [
            ("openness", "undecided"),
            ("duties", {"bound": ["export"]}),
            ("clearance", "unsure"),
            ("service", CAMPUS_CHATGPT),
            ("safeguards", ABROAD),
        ],
        "do_not_upload",
        {"verdict.export_abroad"},
        ["closed.law", "check.4", "policy.keep_closed.law"],
    ),
    "personal information refused": (
        [("openness", "undecided"), ("duties", {"bound": ["personal"]}), ("clearance", "refused")],
        "do_not_upload",
        {"verdict.refused.personal_information"},
        ["closed.law", "policy.keep_closed.law"],
    ),
    "one of two offices refuses": (
        [
            ("openness", "undecided"),
            ("duties", {"bound": ["personal", "other"]}),
            ("clearance", {"personal": ["permitted"], "other": ["refused"]}),
        ],
        "do_not_upload",
        {"verdict.refused.personal_information", "verdict.refused.other_restriction"},
        ["closed.law", "principle.contracts", "policy.keep_closed.law"],
    ),
    "a company's secret that is public after all": (
        [("openness", "public"), ("duties", {"bound": ["secret"]}), ("all_public", "all")],
        "allowed",
        {"verdict.public"},
        ["open.definition", "principle.proportionate"],
    ),
}


@pytest.mark.parametrize("name", INTERVIEWS)
def test_an_interview_ends_in_its_verdict(name: str, office: Office, house: House, alex: Researcher) -> None:
    interview, verdict, rules, quoted = INTERVIEWS[name]
    goes_through(alex.asks(), interview)
    assert alex.asked == []
    assert alex.verdicts() == [verdict]
    evaluation = alex.evaluation()
    assert evaluation.verdict == verdict
    setting = {r for r in evaluation.rules if r.startswith("verdict.") and house.rulebase.rules[r].then == verdict}
    assert setting == rules
    assert alex.quoted()[: len(quoted)] == quoted
    assert set(quoted) <= set(evaluation.passages)
    assert bool(evaluation.measures) == (verdict != "allowed")
    assert alex.notes() == []


def test_the_verdict_is_the_same_in_japanese(hanako: Researcher) -> None:
    interview, verdict, _, quoted = INTERVIEWS["a consumer plan trains by default"]
    goes_through(hanako.asks("この実験データを入力していい？"), interview)
    assert (hanako.verdicts(), hanako.quoted()[: len(quoted)]) == ([verdict], quoted)


def test_an_answered_card_is_updated_in_place(office: Office, alex: Researcher) -> None:
    alex.asks()
    asked = alex.cards("openness")[0]["ts"]
    alex.answers("openness", "undecided")
    answered = alex.answered("openness")
    assert answered is not None
    assert answered["ts"] == asked
    assert [m["ts"] for m in alex.from_bot()].index(asked) == 1
    assert len(alex.from_bot()) == 3


def test_every_card_of_a_long_interview_stays_in_its_place(alex: Researcher) -> None:
    interview = INTERVIEWS["unpublished, everything settled"][0]
    goes_through(alex.asks(), interview)
    answered = [alex.answered(card) for card, _ in interview]
    shown = [message["ts"] for message in alex.from_bot()]
    assert [m["ts"] for m in answered if m] == shown[1:-1]
    assert len(shown) == len(interview) + 2


def test_the_verdict_comes_last_and_once(alex: Researcher) -> None:
    goes_through(alex.asks(), INTERVIEWS["public data"][0])
    assert alex.from_bot()[-1]["blocks"][0]["block_id"] == "verdict:allowed"
    assert len(alex.verdicts()) == 1


def test_the_catalogue_is_shown_with_source_and_date(house: House, alex: Researcher) -> None:
    goes_through(alex.asks(), INTERVIEWS["a consumer plan trains by default"][0][:5])
    (card,) = alex.cards("safeguards")
    shown = str(card["blocks"])
    facts = house.knowledge.services["chatgpt_free"].facts
    for name in ("purpose_limited", "data_location"):
        assert facts[name].source.removeprefix("[O] ").removesuffix(" [GK]") in shown
        assert facts[name].as_of.isoformat() in shown
    assert house.knowledge.services["chatgpt_free"].name in shown


def test_a_consumer_plan_counts_as_training_until_the_asker_says_otherwise(alex: Researcher) -> None:
    goes_through(alex.asks(), INTERVIEWS["a consumer plan trains by default"][0])
    evaluation = alex.evaluation()
    assert evaluation.facts["purpose_limited"] == "no"
    assert {"item_3.not_met", "item_6.required.item_3"} <= set(evaluation.rules)
    alex.changes("safeguards")
    assert alex.submits(**ALL_SAFE) == {}
    assert alex.standing().progress.facts["purpose_limited"] == "yes"


def test_an_unverified_catalogue_fact_does_not_count(alex: Researcher) -> None:
    goes_through(alex.asks(), INTERVIEWS["training not checked"][0])
    assert alex.evaluation().facts["purpose_limited"] == "unknown"


def test_only_parts_that_apply_are_asked(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", bound=["personal", "export"])
    (card,) = alex.cards("clearance")
    inputs = {block for block, action in payloads.elements(card["blocks"]) if action == INPUT}
    assert inputs == {"personal"}
    assert {block for block, action in payloads.elements(card["blocks"]) if action.startswith("card.pick:export:")}


def test_everyone_may_read_the_reasons(office: Office, alex: Researcher, hanako: Researcher) -> None:
    goes_through(alex.asks(), INTERVIEWS["public data"][0])
    hanako.looks_at(alex)
    for reader in (alex, hanako):
        reader.presses("verdict.reasons", on=alex.from_bot()[-1])
        ids: list[Any] = [block["block_id"] for block in reader.view["blocks"]]
        passages = {name.removeprefix("passage:") for name in ids if name.startswith("passage:")}
        assert passages == set(alex.evaluation().passages)


def test_two_people_in_two_threads_do_not_disturb_each_other(alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    hanako.asks("データを入力していい？")
    alex.answers("openness", "public")
    hanako.answers("openness", "undecided")
    alex.answers("duties", "none")
    assert alex.verdicts() == ["allowed"]
    assert hanako.asked == ["duties"]
    assert hanako.choices() == {"openness": {"shortcut": ["undecided"]}}


def test_one_person_may_have_several_checks_open(office: Office, alex: Researcher) -> None:
    alex.asks()
    first = alex.thread
    alex.asks().answers("openness", "public").answers("duties", "none")
    assert alex.verdicts() == ["allowed"]
    alex.thread = first
    assert alex.asked == ["openness"]
