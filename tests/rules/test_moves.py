"""Moves between two editions: counts and smallest examples are those of judging every case by both."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import DataError
from knowledge.models import Knowledge
from rules.diagram import Diagram
from rules.models import UNKNOWN, VERDICTS, RuleBase
from rules.moves import Movement
from rules.mutation import Mutant, mutants, planted
from rules.nodes import Nodes
from rules.reverse import ReverseQuery
from tests.rules.revising import Brute, answered, fixed, rulebases, told


def agrees(old: RuleBase, new: RuleBase) -> None:
    movement = Movement(old, new)
    brute = Brute(old, new, movement.vocabulary)
    assert movement.total == brute.total
    assert {(move.before, move.after): move.combinations for move in movement.moves()} == brute.moves
    assert {(move.before, move.after): move.example for move in movement.moves()} == brute.fewest
    upwards = [move.step for move in movement.moves() if move.step > 0]
    downwards = [move.step for move in movement.moves() if move.step < 0]
    assert [move.step for move in movement.moves()] == sorted(upwards, reverse=True) + sorted(downwards)
    assert {(s.target, s.before, s.after): s.combinations for s in movement.shifts()} == brute.shifts
    gained = {(each.measure, True): each.gained for each in movement.advice()}
    assert Counter(gained | {(each.measure, False): each.lost for each in movement.advice()}) == brute.advice


@pytest.mark.long
@settings(max_examples=150)
@given(rulebases(), rulebases())
def test_any_two_small_rule_bases_are_compared_as_if_case_by_case(old: RuleBase, new: RuleBase) -> None:
    agrees(old, new)


@settings(max_examples=60)
@given(rulebases(), rulebases())
def test_both_sides_count_in_the_vocabulary_and_going_back_mirrors_every_move(old: RuleBase, new: RuleBase) -> None:
    there, back = Movement(old, new), Movement(new, old)
    values = {
        name: {v for side in (old, new) if name in side.facts for v in side.facts[name].table_values}
        for name in old.facts.keys() | new.facts.keys()
    }
    assert {name: set(fact.table_values) for name, fact in there.vocabulary.items()} == values
    assert [name for name in there.vocabulary if name in new.facts] == list(new.facts)
    for name, fact in new.facts.items():
        assert there.vocabulary[name].values[: len(fact.table_values) - 1] == fact.table_values[:-1]
    moves = {(move.before, move.after): move.combinations for move in there.moves()}
    assert {(move.after, move.before): move.combinations for move in back.moves()} == moves
    assert {(a.measure, a.lost, a.gained) for a in back.advice()} == {
        (a.measure, a.gained, a.lost) for a in there.advice()
    }


def test_of_several_smallest_examples_the_one_of_the_first_facts_is_given() -> None:
    nodes = Nodes([3, 3, 3, 3])
    first, second, third, fourth = (nodes.node(level, (0, 1, 0)) for level in range(4))
    condition = nodes.either(nodes.both(first, fourth), nodes.both(second, third))
    assert nodes.fewest(condition) == ((0, 1), (3, 1))
    assert nodes.fewest(nodes.either(condition, nodes.negate(first))) == ()
    assert nodes.fewest(nodes.either(condition, nodes.node(3, (0, 1, 0)))) == ((3, 1),)


@pytest.fixture(scope="module")
def edits(rulebase: RuleBase, knowledge: Knowledge) -> list[Mutant]:
    return [mutant for mutant in mutants(rulebase, knowledge) if mutant.kind != "citation removed"]


@settings(max_examples=40)
@given(data=st.data())
def test_an_edited_rule_base_moves_what_judging_every_case_of_a_slice_says(
    data: st.DataObject, rulebase: RuleBase, knowledge: Knowledge, edits: list[Mutant]
) -> None:
    mutant = data.draw(st.sampled_from(edits))
    try:
        new = planted(rulebase, knowledge, mutant)
    except DataError:
        return
    read = sorted(rulebase.rules[mutant.rule].when.keys() & rulebase.facts.keys())
    others = [name for name in rulebase.facts if name not in read]
    free = [*read[:2], *data.draw(st.permutations(others))[:3]]
    given = {n: data.draw(st.sampled_from(f.table_values)) for n, f in rulebase.facts.items() if n not in free}
    agrees(fixed(rulebase, given), fixed(new, given))


def examples(rulebase: RuleBase, knowledge: Knowledge, edits: list[Mutant]) -> list[RuleBase]:
    chosen = [
        m for m in edits if m.rule in {"verdict.export_abroad", "verdict.item_7_not_met", "class.open.openness_review"}
    ]
    found = []
    for mutant in [*chosen[::4], *random.Random(3).sample(edits, 12)]:
        try:
            found.append(planted(rulebase, knowledge, mutant))
        except DataError:
            continue
    return found


def test_moves_balance_the_exact_counts_of_each_verdict(
    rulebase: RuleBase, knowledge: Knowledge, edits: list[Mutant]
) -> None:
    was = ReverseQuery(rulebase, Diagram(rulebase))
    for new in examples(rulebase, knowledge, edits):
        now = ReverseQuery(new, Diagram(new))
        moves = Movement(rulebase, new).moves()
        for verdict in VERDICTS:
            come = sum(move.combinations for move in moves if move.after == verdict)
            gone = sum(move.combinations for move in moves if move.before == verdict)
            assert now.count(verdict) - was.count(verdict) == come - gone


@pytest.mark.long
def test_random_cases_move_as_often_as_counted(rulebase: RuleBase, knowledge: Knowledge, edits: list[Mutant]) -> None:
    rng = random.Random(11)
    sample = [{f.id: rng.choice(f.table_values) for f in rulebase.facts.values()} for _ in range(5000)]
    was = [told(rulebase, case)[0] for case in sample]
    for new in examples(rulebase, knowledge, edits)[:4]:
        movement = Movement(rulebase, new)
        shares = {(move.before, move.after): move.combinations / movement.total for move in movement.moves()}
        now = [told(new, case)[0] for case in sample]
        seen = Counter(pair for pair in zip(was, now, strict=True) if pair[0] != pair[1])
        assert seen.keys() <= shares.keys()
        for pair, share in shares.items():
            assert abs(seen[pair] - 5000 * share) <= 5 * (5000 * share * (1 - share)) ** 0.5 + 1


@pytest.mark.long
def test_the_smallest_example_moves_and_no_smaller_one_does(
    rulebase: RuleBase, knowledge: Knowledge, edits: list[Mutant]
) -> None:
    nothing = dict.fromkeys(rulebase.facts, UNKNOWN)
    singles = [{**nothing, f.id: value} for f in rulebase.facts.values() for value in f.values if not f.many]
    singles += [{**nothing, "sensitive_domains": value} for value in ("none", "some")]
    for new in examples(rulebase, knowledge, edits):
        smaller = {(told(rulebase, case)[0], told(new, case)[0]): len(answered(case)) for case in [*singles, nothing]}
        for move in Movement(rulebase, new).moves():
            case = {**nothing, **move.example}
            assert (told(rulebase, case)[0], told(new, case)[0]) == (move.before, move.after)
            assert len(move.example) <= smaller.get((move.before, move.after), len(move.example))
            if len(move.example) <= 1:
                assert smaller[move.before, move.after] == len(move.example)
            for name in move.example:
                less = {**case, name: UNKNOWN}
                assert (told(rulebase, less)[0], told(new, less)[0]) != (move.before, move.after)
