"""cards.toml as shipped, and every fault the loader refuses by name."""

from pathlib import Path

import pytest

from conversations.cards import NOT_ASKED, load_cards
from conversations.choices import holds, settle
from conversations.models import SHORTCUT, Card
from knowledge.errors import DataError
from rules.models import UNKNOWN, RuleBase
from tests.conversations.builders import card_of
from tests.planting import copy_data, plant

LABEL_LIMIT = 75
"""Slack refuses a longer option, radio button or button text."""

FAULTS = {
    "an unknown fact": (
        'sets = { novelty = "yes" }',
        'sets = { noveltie = "yes" }',
        ["content", "'noveltie'", "'novelty'"],
    ),
    "an unknown value": (
        'collaboration = "industry" }',
        'collaboration = "industri" }',
        ["partners", "'industri'", "'industry'"],
    ),
    "an unknown fact in a shortcut": (
        'sets = { already_public = "yes" }\n',
        'sets = { already_publik = "yes" }\n',
        ["openness", "'already_public'"],
    ),
    "an unknown value of a list": (
        'sensitive_domains = ["food"]',
        'sensitive_domains = ["foods"]',
        ["content", "'foods'", "'food'"],
    ),
    "an unknown fact in a condition": (
        'when = { use = ["training"',
        'when = { usage = ["training"',
        ["safeguards", "'usage'"],
    ),
    "an unknown value in a condition": (
        'when = { personal_information = ["yes", "unknown"] }',
        'when = { personal_information = ["yes", "unknow"] }',
        ["clearance", "'unknow'", "'unknown'"],
    ),
    "an unknown fact where unticked": (
        'unticked = { novelty = "no" }',
        'unticked = { novel = "no" }',
        ["content", "'novel'"],
    ),
    "a condition of a card": (
        'when = { already_public = ["yes"], c',
        'when = { already_publik = ["yes"], c',
        ["all_public", "'already_public'"],
    ),
    "an unknown card to renew": (
        'renewed_by = "service"',
        'renewed_by = "servise"',
        ["clearance", "'servise'", "'service'"],
    ),
    "a card id used twice": ('id = "all_public"', 'id = "openness"', ["openness", "twice"]),
    "an option id used twice": ('id = "refused"', 'id = "permitted"', ["clearance", "'personal'", "same id"]),
    "an unknown key of a card": ("combine = true", "combin = true", ["clearance", "'combin'", "'combine'"]),
    "an unknown key of an option": ("compact = true\n", "compakt = true\n", ["duties", "compakt"]),
    "an unknown kind": ('kind = "service"', 'kind = "services"', ["service", "kind"]),
    "a missing translation": (
        'label = { ja = "いいえ、未公開の部分がある", en',
        'label = { ja = "", en',
        ["all_public", "label"],
    ),
    "no TOML at all": ("[[card]]", "[[card", ["not valid TOML"]),
}

OVERLOOKED = {
    "a rest that is no value": (
        'sets = { data_location = "unknown" }',
        'rest = "nope"',
        ["safeguards", "'nope'"],
    ),
    "a part id used twice": ('id = "place"\nkind', 'id = "not_so"\nkind', ["safeguards", "'not_so'"]),
    "a button id used twice": ('id = "undecided"', 'id = "public"', ["openness", "'public'"]),
    "one name where a list belongs": (
        'sensitive_domains = ["food"]',
        'sensitive_domains = "food"',
        ["content", "food"],
    ),
    "a list where one value belongs": ('novelty = "yes" }', 'novelty = ["yes"] }', ["content", "novelty"]),
    "a button for a fact of another card": (
        'sets = { collaboration = "none" }\n',
        'sets = { collaboration = "none", use = "prompt" }\n',
        ["partners", "'use'"],
    ),
}


def test_the_cards_stand_in_asking_order(cards: tuple[Card, ...]) -> None:
    assert [card.id for card in cards] == [
        "openness", "duties", "all_public", "clearance", "content",
        "service", "safeguards", "partners",
    ]  # fmt: skip


def test_every_fact_but_programme_stands_on_a_card(cards: tuple[Card, ...], rulebase: RuleBase) -> None:
    assert frozenset().union(*(card.facts for card in cards)) == rulebase.facts.keys() - {"programme"}
    assert frozenset({"programme"}) == NOT_ASKED


def test_every_card_takes_an_i_do_not_know(cards: tuple[Card, ...]) -> None:
    for card in cards:
        if any(shortcut.id == "unsure" for shortcut in card.shortcuts):
            told = settle(card, {SHORTCUT: ("unsure",)}, {})
        else:
            told = settle(card, {part.id: ("unsure",) for part in card.parts}, {})
        assert told == dict.fromkeys(card.facts, UNKNOWN), card.id


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_label_fits_and_none_is_there_twice(cards: tuple[Card, ...], language: str) -> None:
    for card in cards:
        groups = {part.id: [option.label.say(language) for option in part.options] for part in card.parts}
        groups[SHORTCUT] = [shortcut.label.say(language) for shortcut in card.shortcuts]
        for where, labels in groups.items():
            assert [label for label in labels if len(label) > LABEL_LIMIT] == [], f"{card.id}.{where}"
            assert len(set(labels)) == len(labels), f"{card.id}.{where}"
        assert len({shortcut.id for shortcut in card.shortcuts}) == len(card.shortcuts)
        assert len({part.id for part in card.parts}) == len(card.parts)


def test_what_is_chosen_beforehand_never_answers_a_fact_for_the_asker(cards: tuple[Card, ...]) -> None:
    """Only a company's secret brings a preset answer, the severe one; the way of use is the one that is asked for."""
    preset = {
        (card.id, option.id): dict(option.sets)
        for card in cards
        for part in card.parts
        for option in part.options
        if option.initial is not None and holds(option.initial, {"company_secret": "yes"})
    }
    assert preset == {
        ("service", "prompt"): {"use": "prompt"},
        ("partners", "industry"): {"collaboration": "industry"},
    }


def test_leakage_is_asked_only_where_a_model_may_be_trained(cards: tuple[Card, ...]) -> None:
    leakage = next(o for o in card_of(cards, "safeguards").parts[0].options if o.id == "leakage")
    shown = {use for use in ("prompt", "knowledge_base", "training", UNKNOWN) if holds(leakage.when, {"use": use})}
    assert shown == {"training", UNKNOWN}


def test_a_copy_without_a_fault_loads(cards: tuple[Card, ...], rulebase: RuleBase, tmp_path: Path) -> None:
    assert load_cards(rulebase, copy_data("conversations", tmp_path / "copy")) == cards


@pytest.mark.parametrize("fault", [*FAULTS, *OVERLOOKED])
def test_a_planted_fault_is_refused_by_name(rulebase: RuleBase, tmp_path: Path, fault: str) -> None:
    old, new, told = {**FAULTS, **OVERLOOKED}[fault]
    folder = copy_data("conversations", tmp_path / "copy")
    plant(folder / "cards.toml", old, new)
    with pytest.raises(DataError) as refused:
        load_cards(rulebase, folder)
    assert [word for word in ("cards.toml", *told) if word not in str(refused.value)] == []


def test_a_fact_that_no_card_asks_is_named(rulebase: RuleBase, tmp_path: Path) -> None:
    file = copy_data("conversations", tmp_path / "copy") / "cards.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("leakage_protection", "purpose_limited"), encoding="utf-8")
    with pytest.raises(DataError, match=r"cards\.toml.*leakage_protection"):
        load_cards(rulebase, file.parent)


def test_a_missing_file_is_named(rulebase: RuleBase, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cards\.toml.*missing"):
        load_cards(rulebase, tmp_path)
