"""Choice → facts, card by card."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.choices import preselected, settle, shown_options, shown_parts, shown_shortcuts
from conversations.errors import ChoiceError
from conversations.models import Card, Choice, Part, Value
from knowledge.models import Bilingual
from rules.models import UNKNOWN
from tests.conversations.builders import card_of, pick

NOTHING: Mapping[str, Value] = {}
DUTIES = ("personal_information", "export_controlled", "company_secret", "other_restriction", "national_security")
TICKS = dict(zip(("personal", "export", "secret", "other", "security"), DUTIES, strict=True))
ROWS = {row: TICKS[row] for row in ("personal", "export", "other", "security")}
ANSWERS = {"permitted": "yes", "refused": "no", "waiting": UNKNOWN}
HIDDEN = dict.fromkeys(ROWS.values(), "no")


def told(card: Card, choice: Choice, facts: Mapping[str, Value] = NOTHING) -> dict[str, Value]:
    """Return what the choice settles, unknown left out."""
    settled = settle(card, choice, facts)
    assert settled.keys() == card.facts
    return {name: value for name, value in settled.items() if value != UNKNOWN}


def refusal(card: Card, choice: Choice, facts: Mapping[str, Value] = NOTHING) -> tuple[str, str]:
    with pytest.raises(ChoiceError) as refused:
        settle(card, choice, facts)
    return refused.value.code, refused.value.part


NO_OPEN = {"already_public": "no", "must_be_published": "no", "open_by_agreement": "no"}
OPENNESS: list[tuple[Choice, dict[str, Value]]] = [
    (pick(shortcut="public"), {"already_public": "yes"}),
    (pick(status="paper_evidence"), {**NO_OPEN, "must_be_published": "yes"}),
    (pick(status="agreement"), {**NO_OPEN, "open_by_agreement": "yes"}),
    (pick(status="decided_open"), {**NO_OPEN, "openness_review": "open"}),
    (pick(status="decided_closed"), {**NO_OPEN, "openness_review": "closed"}),
    (pick(shortcut="undecided"), {**NO_OPEN, "openness_review": "pending"}),
    (pick(shortcut="unsure"), {}),
    (
        pick(status="paper_evidence agreement decided_open"),
        {"already_public": "no", "must_be_published": "yes", "open_by_agreement": "yes", "openness_review": "open"},
    ),
]


@pytest.mark.parametrize(("choice", "facts"), OPENNESS)
def test_openness(cards: tuple[Card, ...], choice: Choice, facts: dict[str, Value]) -> None:
    assert told(card_of(cards, "openness"), choice) == facts


def test_open_and_closed_together_are_refused(cards: tuple[Card, ...]) -> None:
    both = pick(status="decided_open decided_closed")
    assert refusal(card_of(cards, "openness"), both) == ("contradiction", "status")


@given(data=st.data())
def test_duties_ticked_is_yes_not_sure_is_unknown_the_rest_is_no(cards: tuple[Card, ...], data: st.DataObject) -> None:
    card = card_of(cards, "duties")
    ticked = data.draw(st.sets(st.sampled_from(sorted(TICKS))))
    unsure = data.draw(st.sets(st.sampled_from(sorted(TICKS))))
    choice = {"bound": tuple(ticked), "unsure": tuple(unsure)}
    if not ticked | unsure:
        assert refusal(card, choice)[0] == "empty"
    elif ticked & unsure:
        assert refusal(card, choice)[0] == "contradiction"
    else:
        marks = {TICKS[tick]: "yes" if tick in ticked else UNKNOWN for tick in ticked | unsure}
        assert settle(card, choice, NOTHING) == {**dict.fromkeys(DUTIES, "no"), **marks}


def test_none_of_the_duties_is_no_to_all(cards: tuple[Card, ...]) -> None:
    assert told(card_of(cards, "duties"), pick(shortcut="none")) == dict.fromkeys(DUTIES, "no")


@given(data=st.data())
def test_clearance_is_as_strict_as_its_strictest_row(cards: tuple[Card, ...], data: st.DataObject) -> None:
    card = card_of(cards, "clearance")
    shown = data.draw(st.sets(st.sampled_from(sorted(ROWS)), min_size=1))
    facts = {**HIDDEN, **{ROWS[row]: data.draw(st.sampled_from(["yes", UNKNOWN])) for row in sorted(shown)}}
    given = {row: data.draw(st.sampled_from(sorted(ANSWERS))) for row in sorted(shown)}
    assert {part.id for part in shown_parts(card, facts)} == shown
    values = {ANSWERS[answer] for answer in given.values()}
    expected = "no" if "no" in values else "yes" if values == {"yes"} else UNKNOWN
    assert settle(card, pick(**given), facts) == {"legal_clearance": expected}
    left_out = next(iter(shown))
    rest = {row: answer for row, answer in given.items() if row != left_out}
    assert refusal(card, pick(**rest), facts) == ("missing", left_out)


def test_a_row_that_is_not_shown_does_not_count(cards: tuple[Card, ...]) -> None:
    facts = {**HIDDEN, "personal_information": "yes"}
    assert told(card_of(cards, "clearance"), pick(personal="permitted", export="refused"), facts) == {
        "legal_clearance": "yes"
    }


CONTENT: list[tuple[Choice, dict[str, Value]]] = [
    (pick(shortcut="none"), {"novelty": "no", "strategic_value": "no", "sensitive_domains": ()}),
    (pick(shortcut="unsure"), {}),
    (pick(content="novelty", fields="none"), {"novelty": "yes", "strategic_value": "no", "sensitive_domains": ()}),
    (pick(content="strategic", unsure="novelty", fields="unsure"), {"strategic_value": "yes"}),
    (pick(unsure="novelty strategic", fields="none"), {"sensitive_domains": ()}),
    (
        pick(content="novelty strategic", fields="food health"),
        {"novelty": "yes", "strategic_value": "yes", "sensitive_domains": ("food", "health")},
    ),
    (pick(content="novelty", unsure="strategic"), {"novelty": "yes"}),
]


@pytest.mark.parametrize(("choice", "facts"), CONTENT)
def test_content(cards: tuple[Card, ...], choice: Choice, facts: dict[str, Value]) -> None:
    assert told(card_of(cards, "content"), choice) == facts


@pytest.mark.parametrize("fields", ["unsure", "none", "health"])
def test_the_fields_alone_say_nothing_of_novelty(cards: tuple[Card, ...], fields: str) -> None:
    """Each of the two lists has its own "none" and "not sure": an untouched list is not an answer."""
    settled = settle(card_of(cards, "content"), pick(fields=fields), NOTHING)
    assert (settled["novelty"], settled["strategic_value"]) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize("fields", ["none food", "unsure energy", "none unsure"])
def test_none_and_not_sure_of_the_fields_stand_alone(cards: tuple[Card, ...], fields: str) -> None:
    assert refusal(card_of(cards, "content"), pick(content="novelty", fields=fields)) == ("alone", "fields")


def test_content_refuses_nothing_ticked_and_yes_with_not_sure(cards: tuple[Card, ...]) -> None:
    card = card_of(cards, "content")
    assert refusal(card, pick(content="", unsure="", fields=""))[0] == "empty"
    assert refusal(card, pick(content="novelty", unsure="novelty"))[0] == "contradiction"


@pytest.mark.parametrize("use", ["prompt", "knowledge_base", "training"])
def test_service_settles_the_way_of_use(cards: tuple[Card, ...], use: str) -> None:
    card = card_of(cards, "service")
    assert told(card, pick(service="deepl_pro", use=use)) == {"use": use}
    assert told(card, pick(service="deepl_pro", use="unsure")) == {}
    assert refusal(card, pick(use=use)) == ("missing", "service")
    assert refusal(card, pick(service="deepl_pro")) == ("missing", "use")


SAFEGUARDS = {
    "access": "access_limited", "channel": "secure_channel", "purpose": "purpose_limited",
    "leakage": "leakage_protection", "person": "responsible_person", "liability": "liability_clear",
}  # fmt: skip


@pytest.mark.parametrize("ticks", ["", "access", "access channel", "access person liability purpose"])
@pytest.mark.parametrize("crosses", ["", "leakage", "channel leakage", "liability"])
def test_safeguards_leave_unknown_what_stands_in_neither_list(
    cards: tuple[Card, ...], ticks: str, crosses: str
) -> None:
    choice, card = pick(confirmed=ticks, not_so=crosses, place="japan"), card_of(cards, "safeguards")
    both = set(ticks.split()) & set(crosses.split())
    if both:
        assert refusal(card, choice, {"use": "training"}) == ("contradiction", "not_so")
        return
    said = {**dict.fromkeys(ticks.split(), "yes"), **dict.fromkeys(crosses.split(), "no")}
    expected = {fact: said.get(name, UNKNOWN) for name, fact in SAFEGUARDS.items()}
    assert settle(card, choice, {"use": "training"}) == {**expected, "data_location": "japan"}


@pytest.mark.parametrize("place", ["japan", "abroad", "undisclosed", "not_checked"])
def test_safeguards_place(cards: tuple[Card, ...], place: str) -> None:
    settled = settle(card_of(cards, "safeguards"), pick(place=place), NOTHING)
    assert settled["data_location"] == (UNKNOWN if place == "not_checked" else place)


def test_safeguards_want_a_place_and_no_leakage_without_training(cards: tuple[Card, ...]) -> None:
    card = card_of(cards, "safeguards")
    assert refusal(card, pick(confirmed="access", not_so="channel")) == ("missing", "place")
    for part in ("confirmed", "not_so"):
        assert refusal(card, pick(**{part: "leakage", "place": "japan"}), {"use": "prompt"}) == ("unknown_option", part)


def test_a_rest_says_what_is_not_ticked() -> None:
    """Without it, that is unknown; an institution's card may have one."""
    word = Bilingual(ja="語", en="word")
    ticked = [{"id": name, "label": word, "sets": {f"own_{name}": "yes"}} for name in ("a", "b")]
    rest = [{"id": "not_so", "label": word, "rest": "no"}, {"id": "not_checked", "label": word, "rest": "unknown"}]
    parts = (
        Part(id="true", kind="many", label=word, option=ticked),
        Part(id="rest", kind="one", label=word, option=rest),
    )
    card = Card(id="own", topic=word, question=word, help=word, part=parts)
    for name, value in (("not_so", "no"), ("not_checked", UNKNOWN)):
        assert settle(card, pick(true="a", rest=name), NOTHING) == {"own_a": "yes", "own_b": value}
    assert refusal(card, pick(true="a")) == ("missing", "rest")


@pytest.mark.parametrize("partner", ["none", "international", "industry", "both", "unsure"])
@pytest.mark.parametrize(("approval", "value"), [("confirmed", "yes"), ("refused", "no"), ("waiting", UNKNOWN)])
def test_partners(cards: tuple[Card, ...], partner: str, approval: str, value: str) -> None:
    settled = settle(card_of(cards, "partners"), pick(partner=partner, approval=approval), {"company_secret": "yes"})
    assert settled == {"collaboration": UNKNOWN if partner == "unsure" else partner, "leader_approval": value}


def test_nobody_outside_is_one_click_unless_a_company_may_be_involved(cards: tuple[Card, ...]) -> None:
    card = card_of(cards, "partners")
    assert told(card, pick(shortcut="nobody"), {"company_secret": "no"}) == {"collaboration": "none"}
    for secret in ("yes", UNKNOWN):
        assert "nobody" not in {shortcut.id for shortcut in shown_shortcuts(card, {"company_secret": secret})}
        assert refusal(card, pick(shortcut="nobody"), {"company_secret": secret})[0] == "unknown_option"
    assert "none" not in {option.id for option in shown_options(card.parts[0], {"company_secret": "no"})}
    assert preselected(card.parts[0], {"company_secret": "yes"}) == ("industry",)
    assert preselected(card.parts[0], {"company_secret": "no"}) == ()
    assert refusal(card, pick(partner="industry")) == ("missing", "approval")


def test_every_card_refuses_what_it_does_not_offer(cards: tuple[Card, ...]) -> None:
    for card in cards:
        assert refusal(card, pick(shortcut="wrong"))[0] == "unknown_option"
        for part in shown_parts(card, NOTHING):
            if part.kind != "service":
                assert refusal(card, {part.id: ("wrong",)}) == ("unknown_option", part.id)
        shortcut = {"shortcut": (card.shortcuts[0].id,)} if card.shortcuts else {"shortcut": ("wrong",)}
        assert refusal(card, {**shortcut, card.parts[0].id: ("wrong",)})[0] in {"contradiction", "unknown_option"}


def test_a_button_and_ticks_together_are_refused(cards: tuple[Card, ...]) -> None:
    assert refusal(card_of(cards, "duties"), pick(shortcut="none", bound="personal"))[0] == "contradiction"
    assert told(card_of(cards, "duties"), pick(shortcut="none", bound="")) == dict.fromkeys(DUTIES, "no")


def test_two_of_a_single_choice_and_a_foreign_part_settle_nothing(cards: tuple[Card, ...]) -> None:
    assert refusal(card_of(cards, "all_public"), pick(all="all part"))[0] == "unknown_option"
    assert refusal(card_of(cards, "duties"), pick(elsewhere="personal"))[0] == "empty"


def test_all_public_asks_again(cards: tuple[Card, ...]) -> None:
    card = card_of(cards, "all_public")
    assert [told(card, pick(all=name)) for name in ("all", "part", "unsure")] == [
        {"already_public": "yes"}, {"already_public": "no"}, {},
    ]  # fmt: skip
