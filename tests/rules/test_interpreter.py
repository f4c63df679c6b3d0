"""The three-valued reading never claims more than every completion bears out."""

import random

import pytest

from knowledge.models import Bilingual
from rules.interpreter import decide, read
from rules.models import SEVERITY, Fact, Rule, RuleBase, Table
from rules.vocabulary import for_tables, parse_facts
from tests.rules.cases import BIASES, samples

TEXT = Bilingual(ja="仮", en="x")


def rule(name: str, then: str, line: int = 0, target: str = "colour", **when: str) -> Rule:
    accepted = {fact: frozenset(values.split("|")) for fact, values in when.items()}
    return Rule(id=name, target=target, line=line, when=accepted, then=then, cites=("x",), because=TEXT)


@pytest.fixture
def small(rulebase: RuleBase) -> RuleBase:
    facts = {name: Fact(id=name, values=("yes", "no"), label=TEXT) for name in ("a", "b", "c")}
    lines = (
        rule("first", "red", 1, a="yes"),
        rule("also", "red", 1, c="yes"),
        rule("second", "blue", 2, b="yes"),
        rule("rest", "green", 3),
    )
    floors = (
        rule("floor.red", "do_not_upload", target="verdict", colour="red"),
        rule("floor.any", "allowed_with_conditions", target="verdict"),
        rule("floor.cold", "confirm_first", target="verdict", colour="blue|green", c="no|unknown"),
    )
    colour = Table(decides="colour", mode="first_line", values=("red", "blue", "green"), rule=lines)
    verdict = Table(decides="verdict", mode="floor", values=tuple(SEVERITY), rule=floors)
    return RuleBase(facts=facts, tables=(colour, verdict), editions=rulebase.editions)


def test_nothing_given_leaves_everything_open(small: RuleBase) -> None:
    reading = read(small, {})
    assert reading.possible["colour"] == {"red", "blue", "green"}
    assert reading.fired == ("floor.any",)
    assert (reading.at_least, reading.at_most) == ("allowed_with_conditions", "do_not_upload")


def test_a_certain_line_behind_an_open_one_ends_the_search_but_has_not_fired(small: RuleBase) -> None:
    reading = read(small, {"b": "yes", "c": "no"})
    assert reading.possible["colour"] == {"red", "blue"}
    assert "second" not in reading.fired
    assert (reading.at_least, reading.at_most) == ("allowed_with_conditions", "do_not_upload")


def test_a_certain_rule_of_the_first_line_has_fired_though_its_neighbour_is_open(small: RuleBase) -> None:
    reading = read(small, {"c": "yes"})
    assert reading.possible["colour"] == {"red"}
    assert reading.fired == ("also", "floor.red", "floor.any")
    assert reading.at_least == reading.at_most == "do_not_upload"


def test_a_set_within_the_accepted_values_holds(small: RuleBase) -> None:
    reading = read(small, {"a": "no", "c": "no"})
    assert reading.possible["colour"] == {"blue", "green"}
    assert reading.fired == ("floor.any", "floor.cold")
    assert reading.at_least == reading.at_most == "confirm_first"


def test_all_rules_of_the_deciding_line_fire_and_no_later_one(small: RuleBase) -> None:
    outcome = decide(small, {"a": "yes", "b": "yes", "c": "yes"})
    assert outcome.decided == {"colour": "red"}
    assert outcome.fired == ("first", "also", "floor.red", "floor.any")
    assert outcome.verdict == "do_not_upload"


@pytest.mark.parametrize("bias", BIASES)
def test_a_partial_reading_holds_in_every_completion(rulebase: RuleBase, bias: str) -> None:
    rng = random.Random(bias)
    narrowed = 0
    for case in samples(bias, 250, seed=7):
        known = for_tables(parse_facts(rulebase, case))
        missing = rng.sample(sorted(known), rng.randint(0, len(known)))
        partial = {name: value for name, value in known.items() if name not in missing}
        reading = read(rulebase, partial)
        narrowed += bool(missing) and (reading.at_least, reading.at_most) != ("allowed", "do_not_upload")
        for _ in range(12):
            rest = {name: rng.choice(rulebase.facts[name].table_values) for name in missing}
            outcome = decide(rulebase, {**partial, **rest})
            assert SEVERITY[reading.at_least] <= SEVERITY[outcome.verdict] <= SEVERITY[reading.at_most]
            assert set(reading.fired) <= set(outcome.fired)
            assert all(value in reading.possible[target] for target, value in outcome.decided.items())
    assert narrowed > 20


def test_nothing_missing_leaves_nothing_open(rulebase: RuleBase) -> None:
    for case in samples("even", 300, seed=8):
        facts = for_tables(parse_facts(rulebase, case))
        reading = read(rulebase, facts)
        assert reading.at_least == reading.at_most
        assert all(len(reading.possible[target]) == 1 for target in rulebase.decided)
        assert decide(rulebase, facts).fired == reading.fired
        assert len(set(reading.fired)) == len(reading.fired)
