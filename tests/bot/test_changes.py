"""Changing an answer: the modal, what it does to later cards and the verdict, and what it refuses."""

import json
from collections.abc import Sequence

import pytest

from bot.ids import INPUT
from bot.playground import payloads
from tests.bot.driver import SAFE, Office, Researcher


def chosen_beforehand(person: Researcher) -> dict[str, list[str]]:
    """Return what the open modal has chosen, by block id."""
    values = payloads.state_values(person.view["blocks"], {})
    found = {}
    for block, inputs in values.items():
        element = inputs[INPUT]
        options = element.get("selected_options") or [element.get("selected_option")]
        found[block] = [option["value"] for option in options if option]
    return {block: names for block, names in found.items() if names}


def test_the_modal_shows_the_present_answer(unpublished: Researcher) -> None:
    unpublished.changes("service")
    assert chosen_beforehand(unpublished) == {"service": ["chatgpt_free"], "use": ["prompt"]}
    unpublished.changes("content")
    assert chosen_beforehand(unpublished) == {"content": ["novelty"], "fields": ["none"]}
    unpublished.changes("duties")
    assert chosen_beforehand(unpublished) == {"shortcut": ["none"]}
    unpublished.changes("safeguards")
    assert chosen_beforehand(unpublished) == SAFE


def test_another_answer_withdraws_the_verdict_and_asks_on(allowed: Researcher) -> None:
    verdict = allowed.from_bot()[-1]["ts"]
    before = allowed.answered("openness")
    allowed.changes("openness")
    assert allowed.submits(shortcut=["undecided"]) == {}
    assert not allowed.has_view
    after = allowed.answered("openness")
    assert before is not None
    assert after is not None
    assert after["ts"] == before["ts"]
    assert allowed.verdicts() == []
    assert allowed.asked == ["partners"]
    assert verdict in [m["ts"] for m in allowed.from_bot()]
    allowed.answers("partners", "nobody").answers("content", "none")
    assert allowed.verdicts() == ["allowed_with_conditions"]
    assert allowed.from_bot()[-1]["blocks"][0]["block_id"] == "verdict:allowed_with_conditions"


def test_another_answer_may_change_the_verdict_at_once(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", bound=["personal"]).answers("clearance", "refused")
    assert alex.verdicts() == ["do_not_upload"]
    shown = [m["ts"] for m in alex.from_bot()]
    alex.changes("openness")
    alex.submits(status=["decided_open"])
    assert alex.verdicts() == ["do_not_upload"]
    assert [m["ts"] for m in alex.from_bot()] == shown


def test_a_card_that_is_not_needed_any_more_cannot_be_answered(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", bound=["personal"])
    asked = alex.cards("clearance")[0]
    alex.changes("duties")
    alex.submits(bound=["secret"])
    assert "clearance" not in alex.asked
    assert alex.asked == ["partners"]
    left = next(m for m in alex.from_bot() if m["ts"] == asked["ts"])
    assert payloads.elements(left["blocks"]) == {}


def test_a_card_that_is_needed_again_comes_back_at_the_end(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", bound=["personal"])
    alex.changes("duties")
    alex.submits(shortcut=["none"], bound=[])
    alex.changes("duties")
    alex.submits(bound=["personal"])
    assert alex.asked == ["clearance"]
    assert alex.from_bot()[-1] == alex.cards()[0]


def test_an_answer_that_still_counts_is_kept(allowed: Researcher) -> None:
    allowed.changes("openness")
    allowed.submits(shortcut=["undecided"])
    allowed.changes("openness")
    allowed.submits(shortcut=["public"])
    assert allowed.verdicts() == ["allowed"]
    assert allowed.choices() == {"openness": {"shortcut": ["public"]}, "duties": {"shortcut": ["none"]}}


def test_nothing_changed_changes_nothing(office: Office, unpublished: Researcher) -> None:
    shown = [dict(m) for m in unpublished.from_bot()]
    answers = unpublished.standing().case.answers
    for card in ("openness", "content", "service", "safeguards"):
        unpublished.changes(card)
        assert unpublished.submits() == {}
    assert unpublished.from_bot() == shown
    assert unpublished.standing().case.answers == answers


def test_from_a_shortcut_to_ticks(unpublished: Researcher) -> None:
    unpublished.changes("duties")
    assert unpublished.submits(bound=["other"]) == {}
    assert unpublished.choices()["duties"] == {"bound": ["other"]}
    assert unpublished.asked == ["clearance"]


def test_from_ticks_to_a_shortcut(unpublished: Researcher) -> None:
    unpublished.changes("content")
    assert unpublished.submits(shortcut=["unsure"]) == {}
    assert unpublished.choices()["content"] == {"shortcut": ["unsure"]}


def test_another_service_voids_what_depends_on_it(unpublished: Researcher) -> None:
    unpublished.changes("service")
    unpublished.submits(service=["claude_team"])
    assert unpublished.asked == ["partners"]
    assert unpublished.verdicts() == []
    unpublished.answers("partners", "nobody")
    assert unpublished.asked == ["safeguards"]
    assert unpublished.choices().keys() == {"openness", "duties", "partners", "content", "service"}
    unpublished.answers("safeguards", **SAFE)
    assert unpublished.verdicts() == ["allowed_with_conditions"]


Ticked = dict[str, Sequence[str]]


@pytest.mark.parametrize(
    ("card", "ticked", "wrong"),
    [
        ("duties", {"bound": ["personal"], "unsure": ["personal"], "shortcut": []}, {"unsure": "contradiction"}),
        ("duties", {"bound": ["personal"], "shortcut": ["unsure"]}, {"shortcut": "contradiction"}),
        ("content", {"content": [], "fields": []}, {"content": "empty"}),
        ("content", {"fields": ["none", "water"]}, {"fields": "alone"}),
        ("safeguards", {"place": []}, {"place": "missing"}),
        ("service", {"service": []}, {"service": "missing"}),
    ],
)
def test_what_is_wrong_shows_inside_the_modal(
    card: str, ticked: Ticked, wrong: dict[str, str], unpublished: Researcher
) -> None:
    answers = unpublished.standing().case.answers
    unpublished.changes(card)
    assert unpublished.submits(**ticked) == wrong
    assert unpublished.has_view
    assert unpublished.standing().case.answers == answers
    assert unpublished.verdicts() == ["allowed_with_conditions"]


def test_a_modal_may_be_corrected_and_submitted_again(unpublished: Researcher) -> None:
    unpublished.changes("content")
    assert unpublished.submits(fields=["none", "water"]) == {"fields": "alone"}
    assert unpublished.submits(fields=["water"]) == {}
    assert unpublished.choices()["content"] == {"content": ["novelty"], "fields": ["water"]}


def test_a_modal_submitted_twice_is_taken_once(office: Office, allowed: Researcher) -> None:
    allowed.changes("openness")
    allowed.proposes(shortcut=["undecided"])
    twice = allowed.submission()
    office.send_interaction(twice)
    office.send_interaction(twice)
    assert [a.card for a in allowed.standing().case.answers] == ["openness", "duties", "openness"]
    assert allowed.asked == ["partners"]


def test_a_modal_that_was_closed_changes_nothing(office: Office, allowed: Researcher) -> None:
    office.slack.close(allowed.id, allowed.changes("openness")["id"])
    assert allowed.verdicts() == ["allowed"]


@pytest.mark.parametrize("change", ["other_case", "unknown_case", "unknown_card", "later_card"])
def test_tampered_metadata_has_no_effect(change: str, office: Office, allowed: Researcher, hanako: Researcher) -> None:
    hanako.asks("データを入力していい？").answers("openness", "undecided")
    allowed.changes("openness")
    sent = allowed.submission({"shortcut": ["undecided"]})
    kept = json.loads(sent["view"]["private_metadata"])
    kept |= {
        "other_case": {"case": hanako.standing().case.id},
        "unknown_case": {"case": "0" * 16},
        "unknown_card": {"card": "nonsense"},
        "later_card": {"card": "service"},
    }[change]
    sent["view"]["private_metadata"] = json.dumps(kept)
    reply = office.send_interaction(sent)
    assert reply.status == 200
    assert json.loads(reply.body)["response_action"] == "errors"
    assert allowed.verdicts() == ["allowed"]
    assert hanako.choices() == {"openness": {"shortcut": ["undecided"]}}
    assert (hanako.asked, len(hanako.from_bot())) == (["duties"], 3)


GARBAGE = [
    "",
    "{",
    "null",
    "[]",
    "7",
    '{"case": null}',
    '"text"',
    "\x00",
    "x" * 100_000,
    "[" * 100_000,
    '{"case": "\\ud800"}',
]
GARBAGE += [
    '{"case": [], "card": {}}',
    '{"case": 1e999, "card": true}',
    json.dumps({"case": "0" * 16, "card": "x" * 10**5}),
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_as_metadata_has_no_effect(garbage: str, office: Office, allowed: Researcher) -> None:
    allowed.changes("openness")
    sent = allowed.submission({"shortcut": ["undecided"]})
    sent["view"]["private_metadata"] = garbage
    reply = office.send_interaction(sent)
    assert (reply.status, json.loads(reply.body)["response_action"]) == (200, "errors")
    assert [office.name_of(text) for text in json.loads(reply.body)["errors"].values()] == [("en", "no_such_case")]
    assert allowed.verdicts() == ["allowed"]


def test_somebody_else_cannot_submit_the_change(office: Office, allowed: Researcher, hanako: Researcher) -> None:
    allowed.changes("openness")
    sent = allowed.submission({"shortcut": ["undecided"]})
    sent["user"] = {**sent["user"], "id": hanako.id}
    reply = office.send_interaction(sent)
    assert json.loads(reply.body)["response_action"] == "errors"
    assert allowed.verdicts() == ["allowed"]
    assert len(allowed.standing().case.answers) == 2


def test_somebody_else_cannot_open_the_change(allowed: Researcher, hanako: Researcher) -> None:
    hanako.looks_at(allowed).presses_change("openness")
    assert not hanako.has_view
    assert hanako.noted() == [("ja", "not_your_case")]


def test_a_modal_for_a_card_that_went_away_is_refused_inside(office: Office, unpublished: Researcher) -> None:
    unpublished.changes("service")
    sent = unpublished.submission({"service": ["claude_team"]})
    office.slack.close(unpublished.id, unpublished.view["id"])
    unpublished.changes("openness")
    unpublished.submits(shortcut=["public"])
    assert unpublished.verdicts() == ["allowed"]
    reply = office.send_interaction(sent)
    assert json.loads(reply.body)["response_action"] == "errors"
    assert unpublished.verdicts() == ["allowed"]
