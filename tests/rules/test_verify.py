"""The proofs: the shipped tables pass, every planted fault is caught, and the formulas are what Python computes."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import z3

from bot.example import EXAMPLE
from knowledge.errors import DataError
from knowledge.models import Knowledge
from rules.diagram import Diagram
from rules.editions import load_rulebook
from rules.interpreter import decide, read
from rules.loader import load_rules
from rules.models import SEVERITY, UNKNOWN, VERDICTS, RuleBase
from rules.mutation import mutants, planted
from rules.overlay import with_policies
from rules.policies import load_policies
from rules.verify.proofs import STATEMENTS, Result, prove, space_of
from rules.verify.semantics import Page
from rules.verify.solving import Finding
from rules.verify.space import Space
from rules.verify.stopping import Reading, Stop
from rules.verify.translate import Answers, Judged
from rules.vocabulary import for_tables, parse_facts
from tests.planting import copy_data, plant
from tests.rules.cases import BIASES, samples
from tests.rules.faults import CLASS, OBLIGATION, VERDICT
from tests.rules.oracle import Case, judge
from tests.rules.planted import CAUGHT, NOT_PUBLIC

pytestmark = pytest.mark.long

LISTS: Case = {"none": (), "some": ("energy",), UNKNOWN: UNKNOWN}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return copy_data("rules", tmp_path / "rules")


def relined(file: Path, lines: dict[str, str]) -> None:
    """Give rules other lines (all of a table's rules on them) and put them in the order of their new lines."""
    head, *rules = file.read_text(encoding="utf-8").split("[[table.rule]]")
    ends = {f"line = {old}\n": f"line = {new}\n" for old, new in lines.items()}
    moved = [next((rule.replace(old, new) for old, new in ends.items() if old in rule), rule) for rule in rules]
    moved.sort(key=lambda rule: int(rule.split("line = ")[1].split("\n")[0]))
    file.write_text("[[table.rule]]".join([head, *moved]), encoding="utf-8")


def results(rulebase: RuleBase, knowledge: Knowledge, *ids: str, diagram: Diagram | None = None) -> dict[str, Result]:
    chosen = [statement for statement in STATEMENTS if statement.id in ids]
    assert len(chosen) == len(ids)
    return {result.statement.id: result for result in prove(space_of(rulebase, knowledge, diagram), chosen)}


def expected(flat: dict[str, str]) -> tuple[str, dict[str, str], str]:
    said = judge({**flat, "sensitive_domains": LISTS[flat["sensitive_domains"]]})
    items = {f"item_{item}": status for item, status in said.checklist.items()}
    return said.verdict, {"data_class": said.data_class, **items, "obligation": said.obligation}, said.obligation


def confirmed(statement: str, rulebase: RuleBase, finding: Finding) -> bool:
    """Whether the interpreter shows on the counterexample what the finding says."""
    assert finding.answers is not None
    one = decide(rulebase, finding.answers)
    verdict, decided, _ = expected(finding.answers)
    other = decide(rulebase, finding.other) if finding.other else one
    floors = [rule for rule in one.fired if rulebase.rules[rule].target == "verdict"]
    measures = {rulebase.rules[rule].then for rule in one.fired if rulebase.rules[rule].target == "measures"}
    public = finding.answers["already_public"] == "yes"
    severer = SEVERITY[other.verdict] > SEVERITY[one.verdict]
    shown: dict[str, Callable[[], bool]] = {
        "page": lambda: one.verdict != verdict or one.decided != decided,
        "measures": lambda: not measures >= {"public_data_until_confirmed"},
        "grounded": lambda: not floors,
        "monotone": lambda: severer,
        "open questions": lambda: severer and SEVERITY[one.verdict] < SEVERITY["confirm_first"],
        "proportionate": lambda: public and "public_data_only" in {one.verdict, *measures},
        "programme": lambda: one.verdict != other.verdict or set(one.fired) ^ set(other.fired) != set(),
        "by duty": lambda: one.verdict != other.verdict,
    }
    return shown[statement]()


def test_each_rule_and_fact_has_witnesses(rulebase: RuleBase, knowledge: Knowledge) -> None:
    """That all statements are proved of the shipped tables is asserted where the command runs."""
    found = results(rulebase, knowledge, "rules", "facts")
    witnesses = found["rules"].witnesses
    assert list(witnesses) == list(rulebase.rules)
    assert all(rule in decide(rulebase, answers).fired for rule, answers in witnesses.items())
    assert list(found["facts"].witnesses) == list(rulebase.facts)


@pytest.mark.parametrize("name", CAUGHT)
def test_a_planted_fault_is_caught(data: Path, knowledge: Knowledge, name: str) -> None:
    edits, fallen = CAUGHT[name]
    for file, old, new in edits:
        plant(data / file, old, new)
    rulebase = load_rules(knowledge, data)
    found = results(rulebase, knowledge, *fallen)
    for statement, size in fallen.items():
        findings = found[statement].findings
        assert findings, statement
        assert size in (None, findings[0].size)
        shown = [finding for finding in findings if finding.answers is not None]
        assert [finding for finding in shown if not confirmed(statement, rulebase, finding)] == []


@pytest.mark.parametrize(
    ("file", "lines"),
    [(CLASS, {"1": "2", "2": "1"}), (CLASS, {"5": "6", "6": "5"}), (OBLIGATION, {"1": "2", "2": "1"})],
)
def test_a_swapped_order_is_caught(data: Path, knowledge: Knowledge, file: str, lines: dict[str, str]) -> None:
    relined(data / file, lines)
    rulebase = load_rules(knowledge, data)
    page = results(rulebase, knowledge, "page")["page"]
    assert page.findings
    assert all(confirmed("page", rulebase, finding) for finding in page.findings)


def test_a_missing_citation_is_refused_before_any_proof(data: Path, knowledge: Knowledge) -> None:
    plant(data / VERDICT, 'cites = ["check.7"]\n', "")
    with pytest.raises(DataError, match="cites"):
        load_rules(knowledge, data)


def test_a_citation_of_no_passage_is_caught(rulebase: RuleBase, knowledge: Knowledge) -> None:
    fewer = {name: passage for name, passage in knowledge.passages.items() if name != "check.1"}
    grounded = results(rulebase, knowledge.model_copy(update={"passages": fewer}), "grounded")["grounded"]
    assert any(finding.fault.startswith("verdict.item_1_not_met cites") for finding in grounded.findings)
    assert any(finding.fault == "no rule with a passage decides item_1" for finding in grounded.findings)


def test_every_single_citation_that_is_missing_is_caught(rulebase: RuleBase, knowledge: Knowledge) -> None:
    (statement,) = (each for each in STATEMENTS if each.id == "citations")
    removed = [mutant for mutant in mutants(rulebase, knowledge) if mutant.kind == "citation removed"]
    several = [mutant for mutant in removed if len(rulebase.rules[mutant.rule].cites) > 1]
    assert len(several) > 100
    for mutant in several:
        changed = planted(rulebase, knowledge, mutant)
        (result,) = prove(Space(changed, frozenset(knowledge.passages), Diagram(rulebase)), [statement])
        passage = mutant.edit.removeprefix("without ")
        assert [found.fault for found in result.findings] == [f"{mutant.rule} rests on {passage} and does not cite it"]


def test_no_smaller_counterexample_exists(data: Path, knowledge: Knowledge, rulebase: RuleBase) -> None:
    plant(data / VERDICT, ', data_location = "abroad" }', " }")
    changed = load_rules(knowledge, data)
    smallest = results(changed, knowledge, "page")["page"].findings[0]
    assert smallest.answers is not None
    given = {name: value for name, value in smallest.answers.items() if value != UNKNOWN}
    assert given == {"export_controlled": "yes"}
    nothing = dict.fromkeys(rulebase.facts, UNKNOWN)
    assert decide(changed, nothing).verdict == decide(rulebase, nothing).verdict


def test_a_diagram_of_other_tables_is_caught(data: Path, knowledge: Knowledge, rulebase: RuleBase) -> None:
    old = f'item_7 = "unconfirmed"{NOT_PUBLIC}\nthen = "confirm_first"'
    plant(data / VERDICT, old, old.replace("unconfirmed", "met"))
    wrong = Diagram(load_rules(knowledge, data))
    found = results(rulebase, knowledge, "diagram", "stop", "unasked", diagram=wrong)
    assert [name for name, result in found.items() if result.proved] == []
    answers = found["diagram"].findings[0].answers
    assert answers is not None
    assert wrong.settled(answers) != decide(rulebase, answers).verdict


def test_a_reading_that_promises_too_much_is_caught(
    rulebase: RuleBase, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reading, "_surely", Reading._maybe)
    assert results(rulebase, knowledge, "reading")["reading"].findings


def test_tables_under_an_overlay_that_lower_a_verdict_are_caught(
    data: Path, rulebase: RuleBase, knowledge: Knowledge
) -> None:
    plant(
        data / VERDICT,
        f'item_7 = "not_met"{NOT_PUBLIC}\nthen = "do_not_upload"',
        (f'item_7 = "not_met"{NOT_PUBLIC}\nthen = "confirm_first"'),
    )
    statement = [each for each in STATEMENTS if each.id == "overlay"]
    for overlaid, proved in ((rulebase, True), (load_rules(knowledge, data), False)):
        (result,) = prove(space_of(rulebase, knowledge, overlaid=overlaid), statement)
        assert result.proved is proved
    (finding,) = result.findings
    assert finding.answers is not None
    assert SEVERITY[decide(overlaid, finding.answers).verdict] < SEVERITY[decide(rulebase, finding.answers).verdict]


def test_a_floor_of_an_overlay_without_a_measure_is_caught(rulebase: RuleBase, knowledge: Knowledge) -> None:
    """The loader refuses it; the proof does not rely on that."""
    book = load_rulebook(None, EXAMPLE)
    bare = [policy.model_copy(update={"measures": ()}) for policy in load_policies(book.knowledge, EXAMPLE)]
    without = with_policies(rulebase, book.knowledge, EXAMPLE, bare)
    statement = [each for each in STATEMENTS if each.id == "measures"]
    for overlaid, proved in ((book.rulebase, True), (without, False)):
        (result,) = prove(space_of(rulebase, knowledge, overlaid=overlaid), statement)
        assert result.proved is proved
    (finding,) = result.findings
    assert finding.answers is not None
    assert finding.answers["service"] == "deepl_free"


def fixed(rulebase: RuleBase, known: dict[str, str]) -> Answers:
    """Return answers that are certain where known and may be anything elsewhere."""
    facts = rulebase.facts.values()
    return Answers({f.id: {v: z3.BoolVal(known.get(f.id, v) == v) for v in f.table_values} for f in facts}, {})


def holds(formula: z3.BoolRef) -> bool:
    return bool(z3.is_true(z3.simplify(formula)))


@pytest.mark.parametrize("bias", BIASES)
def test_the_formulas_say_what_interpreter_and_page_say(rulebase: RuleBase, bias: str) -> None:
    for case in samples(bias, 15, seed=31):
        flat = for_tables(parse_facts(rulebase, case))
        outcome, answers = decide(rulebase, flat), fixed(rulebase, flat)
        judged, page = Judged(rulebase, answers), Page(answers)
        assert {name for name, fires in judged.fires.items() if holds(fires)} == set(outcome.fired)
        verdict, decided, _ = expected(flat)
        for target, value in decided.items():
            assert [v for v, when in judged.targets[target].items() if holds(when)] == [outcome.decided[target]]
            assert [v for v, when in page.targets[target].items() if holds(when)] == [value]
        assert [v for v in VERDICTS if holds(judged.verdict(v))] == [outcome.verdict]
        assert [v for v in VERDICTS if holds(page.verdict(v))] == [verdict]


@pytest.mark.parametrize("bias", BIASES)
def test_the_stop_formulas_say_what_reading_and_diagram_say(rulebase: RuleBase, bias: str) -> None:
    rng, diagram = random.Random(bias), Diagram(rulebase)
    for case in samples(bias, 6, seed=32):
        flat = for_tables(parse_facts(rulebase, case))
        known = {name: flat[name] for name in rng.sample(sorted(flat), rng.randint(0, len(flat)))}
        possible = fixed(rulebase, known)
        reading, stop, python = Reading(rulebase, possible), Stop(diagram, possible), read(rulebase, known)
        for target, values in reading.targets.items():
            assert {value for value, may in values.items() if holds(may)} == python.possible[target]
        assert (
            max(step for step, when in enumerate(reading.at_least) if step == 0 or holds(when))
            == SEVERITY[python.at_least]
        )
        assert (
            max(step for step, when in enumerate(reading.at_most) if step == 0 or holds(when))
            == SEVERITY[python.at_most]
        )
        assert [v for step, v in enumerate(VERDICTS) if holds(stop.settled(step))] == [
            v for v in [diagram.settled(known)] if v
        ]
        assert {fact for fact in rulebase.facts if fact not in known and holds(stop.asks_for(fact))} == diagram.support(
            known
        )
