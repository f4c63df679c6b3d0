"""Two editions of the national data, one with planted changes: what is told of facts, rules, words and services."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from knowledge.loader import load_knowledge
from knowledge.models import Knowledge
from rules.diagram import Diagram
from rules.listing import Listed
from rules.loader import load_rules
from rules.models import UNKNOWN, VERDICTS, RuleBase
from rules.reverse import ReverseQuery
from rules.revision import Revision, compare
from tests.planting import copy_data, plant
from tests.rules.faults import ADVICE, CHECKLIST, CLASS, VERDICT
from tests.rules.revising import Brute, fixed

TOTAL = 1_115_771_008_320
NOTHING = Listed((), (), ())
RULE, NEXT_FACT = '[[table.rule]]\nid = "verdict.unlisted"', '[[fact]]\nid = "programme"'
FLOOR = """[[table.rule]]
id = "verdict.dual_use"
when = { dual_use = "yes" }
then = "do_not_upload"
cites = ["check.1"]
because = { ja = "仮", en = "x" }

"""
FACT = """[[fact]]
id = "dual_use"
values = ["yes", "no"]
label = { ja = "軍民両用か", en = "whether it is dual-use" }

"""
DUAL_USE = (
    ("rules/facts.toml", NEXT_FACT, FACT + NEXT_FACT),
    (f"rules/{VERDICT}", RULE, FLOOR + RULE),
)

Edit = tuple[str, str, str]
Edited = Callable[..., tuple[Knowledge, RuleBase]]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    def edit(*edits: Edit) -> tuple[Knowledge, RuleBase]:
        for package in ("knowledge", "rules"):
            copy_data(package, tmp_path / package)
        for file, old, new in edits:
            plant(tmp_path / file, old, new)
        knowledge = load_knowledge(tmp_path / "knowledge")
        return knowledge, load_rules(knowledge, tmp_path / "rules")

    return edit


@pytest.fixture
def revised(edited: Edited, knowledge: Knowledge, rulebase: RuleBase) -> Callable[..., Revision]:
    return lambda *edits: compare(knowledge, rulebase, *edited(*edits))


def in_rules(file: str, old: str, new: str) -> Edit:
    return f"rules/{file}", old, new


def test_an_edition_is_the_same_as_its_copy(revised: Callable[..., Revision]) -> None:
    begin = perf_counter()
    revision = revised()
    assert perf_counter() - begin < 2
    assert revision.same
    assert (revision.total, revision.unchanged, revision.moved) == (TOTAL, TOTAL, 0)


def test_the_day_and_name_of_an_edition_are_no_difference(revised: Callable[..., Revision]) -> None:
    assert revised(in_rules("editions.toml", 'id = "2026-11"', 'id = "2027-04"')).same


def test_facts_and_records_in_another_order_are_no_difference(edited: Edited, rulebase: RuleBase) -> None:
    knowledge, copy = edited()
    turned = RuleBase(facts=dict(reversed(list(copy.facts.items()))), tables=tuple(copy.tables), editions=copy.editions)
    assert compare(knowledge, rulebase, knowledge, turned).same


def test_a_new_fact_moves_just_what_its_floor_raises(revised: Callable[..., Revision], rulebase: RuleBase) -> None:
    revision = revised(*DUAL_USE)
    was = ReverseQuery(rulebase, Diagram(rulebase))
    assert revision.total == 3 * TOTAL
    assert {(m.before, m.after): m.combinations for m in revision.moves} == {
        (verdict, "do_not_upload"): was.count(verdict) for verdict in VERDICTS if verdict != "do_not_upload"
    }
    assert [m.before for m in revision.moves] == list(VERDICTS[:-1])
    assert next(m for m in revision.moves if m.before == "confirm_first").example == {"dual_use": "yes"}
    assert (revision.facts, revision.rules.added) == (Listed(("dual_use",), (), ()), ("verdict.dual_use",))
    assert list(revision.vocabulary)[:3] == ["use", "dual_use", "programme"]
    assert (revision.shifts, revision.advice, revision.values) == ((), (), ())


def test_a_fact_that_is_gone_mirrors_a_new_one(edited: Edited, knowledge: Knowledge, rulebase: RuleBase) -> None:
    new = edited(*DUAL_USE)
    there, back = compare(knowledge, rulebase, *new), compare(*new, knowledge, rulebase)
    assert [(m.before, m.after, m.combinations) for m in back.moves] == [
        (m.after, m.before, m.combinations) for m in there.moves
    ]
    assert list(back.vocabulary) == list(there.vocabulary)
    assert (back.facts.removed, back.rules.removed) == (("dual_use",), ("verdict.dual_use",))


def test_a_new_value_counts_as_unknown_before(edited: Edited, knowledge: Knowledge, rulebase: RuleBase) -> None:
    new = edited(
        in_rules("facts.toml", '["japan", "abroad", "undisclosed"]', '["japan", "orbit", "abroad", "undisclosed"]'),
        in_rules(CHECKLIST, 'data_location = "undisclosed"', 'data_location = ["undisclosed", "orbit"]'),
    )
    revision = compare(knowledge, rulebase, *new)
    assert revision.total == TOTAL // 4 * 5
    assert [(v.fact, v.added, v.removed) for v in revision.values] == [("data_location", ("orbit",), ())]
    assert revision.facts.changed == ("data_location",)
    assert {m.example["data_location"] for m in revision.moves} == {"orbit"}
    free = ("data_location", "access_limited", "personal_information", "already_public")
    given = {name: UNKNOWN for name in rulebase.facts if name not in free}
    slices = fixed(rulebase, given), fixed(new[1], given)
    part = compare(knowledge, slices[0], new[0], slices[1])
    brute = Brute(*slices, part.vocabulary)
    assert brute.moves
    assert {(m.before, m.after): m.combinations for m in part.moves} == brute.moves
    assert {(m.before, m.after): m.example for m in part.moves} == brute.fewest


def test_a_name_on_a_list_moves_nothing(revised: Callable[..., Revision]) -> None:
    revision = revised(in_rules("facts.toml", '["economic_security", "tech', '["space", "economic_security", "tech'))
    assert (revision.same, revision.moved, revision.total) == (False, 0, TOTAL)
    assert [(v.fact, v.added) for v in revision.values] == [("sensitive_domains", ("space",))]


def test_a_changed_condition_moves_class_and_verdict(revised: Callable[..., Revision], rulebase: RuleBase) -> None:
    revision = revised(in_rules(CLASS, 'when = { novelty = "yes"', 'when = { novelty = ["yes", "unknown"]'))
    assert revision.rules.changed == ("class.closed.novelty",)
    assert {(s.target, s.after) for s in revision.shifts if s.target == "data_class"} == {("data_class", "closed")}
    assert sum(move.combinations for move in revision.moves) + revision.unchanged == TOTAL
    assert revision.facts == NOTHING


def test_a_value_that_no_rule_decides_is_a_change_of_its_table(revised: Callable[..., Revision]) -> None:
    values = 'values = ["met", "not_met", "unconfirmed", "not_applicable"]'
    revision = revised(in_rules(CHECKLIST, values, values.replace("]", ', "waived"]')))
    assert (revision.tables, revision.shifts, revision.moved) == (Listed((), (), ("item_1",)), (), 0)


def test_rules_told_otherwise_are_told_apart(revised: Callable[..., Revision]) -> None:
    revision = revised(
        in_rules(VERDICT, 'cites = ["open.definition", "principle.proportionate"]', 'cites = ["open.definition"]'),
        in_rules(VERDICT, 'en = "The data are already public, so they', 'en = "They are public already, so they'),
        in_rules(VERDICT, 'id = "verdict.unlisted"', 'id = "verdict.not_listed"'),
        in_rules(VERDICT, 'en = "Responsibility is not settled', 'en = "Nobody is responsible'),
    )
    rules = revision.rules
    assert (rules.recited, rules.changed, rules.reordered) == (("verdict.public",), (), ())
    assert rules.reworded == ("verdict.public", "verdict.item_1_not_met")
    assert (rules.added, rules.removed) == (("verdict.not_listed",), ("verdict.unlisted",))
    assert (revision.moves, revision.shifts, revision.advice) == ((), (), ())


def test_reasons_in_another_order_are_told(knowledge: Knowledge, rulebase: RuleBase) -> None:
    tables = tuple(
        table.model_copy(update={"rules": table.rules[::-1]}) if table.decides == "verdict" else table
        for table in rulebase.tables
    )
    turned = RuleBase(facts=rulebase.facts, tables=tables, editions=rulebase.editions)
    revision = compare(knowledge, rulebase, knowledge, turned)
    assert (revision.rules.reordered, revision.moved, revision.same) == (("verdict",), 0, False)


def test_advice_that_is_no_longer_told_is_counted(revised: Callable[..., Revision], rulebase: RuleBase) -> None:
    revision = revised(in_rules(ADVICE, 'responsible_person = ["no", "unknown"]', 'responsible_person = ["no", "yes"]'))
    assert (revision.moves, revision.shifts) == ((), ())
    (advised,) = revision.advice
    assert advised.measure == "name_responsible_person"
    assert advised.gained == advised.lost > 0
