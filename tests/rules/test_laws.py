"""What must hold for every answer combination: the page's own list, by hypothesis and seeded samples."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.models import Knowledge
from rules.evaluator import Evaluator
from rules.interpreter import decide
from rules.models import SEVERITY, VERDICTS, Evaluation, RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.knowledge.test_verbatim import source, squeeze
from tests.rules.cases import BIASES, CHOICES, cases, samples
from tests.rules.oracle import RESTRICTIONS, SAFE, VALUES, Case

STATUSES = {"met", "not_met", "unconfirmed", "not_applicable"}
OBLIGATIONS = {"required", "recommended", "required_if_in_programme", "not_applicable"}
PUBLIC: Case = {"already_public": "yes", **dict.fromkeys(RESTRICTIONS, "no")}


def evaluate(evaluator: Evaluator, case: Case) -> Evaluation:
    return evaluator.evaluate(parse_facts(evaluator.rulebase, case))


def severity(rulebase: RuleBase, case: Case) -> int:
    return SEVERITY[decide(rulebase, for_tables(parse_facts(rulebase, case))).verdict]


@given(case=cases(), rng=st.randoms(use_true_random=False))
def test_total_and_deterministic(
    evaluator: Evaluator, interpreter_only: Evaluator, case: Case, rng: random.Random
) -> None:
    answer = evaluate(evaluator, case)
    assert answer.data_class in {"closed", "open", "careful", "unlisted"}
    assert list(answer.checklist) == list("1234567")
    for item, status in answer.checklist.items():
        assert status in ({"required", "unconfirmed", "not_applicable"} if item == "6" else STATUSES)
    assert answer.verdict in VERDICTS
    assert answer.obligation in OBLIGATIONS
    shuffled = dict(rng.sample(sorted(case.items(), key=str), len(case)))
    assert evaluate(evaluator, shuffled) == answer
    assert evaluate(interpreter_only, case).model_copy(update={"engine": answer.engine}) == answer


@given(case=cases())
def test_grounded(evaluator: Evaluator, knowledge: Knowledge, case: Case) -> None:
    answer = evaluate(evaluator, case)
    text = squeeze(source().decode())
    assert answer.rules
    assert answer.passages
    assert all(squeeze(knowledge.passages[passage].ja) in text for passage in answer.passages)
    assert all(evaluator.rulebase.rules[rule].cites for rule in answer.rules)
    assert set(answer.measures) <= knowledge.measures.keys()


def assert_monotone(rulebase: RuleBase, case: Case) -> None:
    before = severity(rulebase, case)
    for name, safe in SAFE.items():
        if case[name] == "unknown":
            assert severity(rulebase, {**case, name: safe}) <= before, (name, case)


@given(case=cases())
@settings(max_examples=200)
def test_monotone(rulebase: RuleBase, case: Case) -> None:
    assert_monotone(rulebase, case)


@pytest.mark.parametrize("bias", BIASES)
def test_monotone_on_seeded_samples(rulebase: RuleBase, bias: str) -> None:
    for case in samples(bias, 400, seed=15):
        assert_monotone(rulebase, case)


def test_a_known_place_abroad_can_be_severer_than_an_unknown_one(rulebase: RuleBase) -> None:
    """Why japan, not abroad, is the safe answer."""
    case: Case = {**SAFE, "export_controlled": "yes", "legal_clearance": "unknown", "data_location": "unknown"}
    assert severity(rulebase, {**case, "data_location": "abroad"}) > severity(rulebase, case)


@given(case=cases())
def test_proportionate(evaluator: Evaluator, case: Case) -> None:
    """Public data without a legal restriction pass everywhere; no public data are told "public data only"."""
    assert evaluate(evaluator, {**case, **PUBLIC}).verdict == "allowed"
    answer = evaluate(evaluator, {**case, "already_public": "yes"})
    assert answer.verdict != "public_data_only"
    assert "public_data_only" not in answer.measures


def test_nothing_is_cleared_on_an_open_question(rulebase: RuleBase) -> None:
    rng = random.Random(16)
    cleared = 0
    for case in samples("mostly safe, not public", 4_000, seed=16):
        unknown = [name for name, value in case.items() if value == "unknown" and name != "openness_review"]
        before = severity(rulebase, case)
        if before >= SEVERITY["confirm_first"] or not unknown:
            continue
        cleared += 1
        for name in unknown:
            for value in CHOICES[name]:
                assert severity(rulebase, {**case, name: value}) <= before, (name, value, case)
        for _ in range(10):
            rest = {name: rng.choice(CHOICES[name]) for name in unknown}
            assert severity(rulebase, {**case, **rest}) <= before, (rest, case)
    assert cleared > 100


@given(case=cases())
def test_the_programme_moves_only_the_obligation(evaluator: Evaluator, case: Case) -> None:
    answers = [evaluate(evaluator, {**case, "programme": value}) for value in VALUES["programme"]]
    for answer in answers:
        same = {"facts", "obligation", "rules", "passages"}
        assert answer.model_dump(exclude=same) == answers[0].model_dump(exclude=same)
        rules = [[rule for rule in one.rules if not rule.startswith("obligation.")] for one in (answer, answers[0])]
        assert rules[0] == rules[1]
    protected = answers[0].data_class in {"closed", "careful"}
    assert len({answer.obligation for answer in answers}) == (3 if protected else 1)


@given(case=cases())
def test_openness_by_duty_or_agreement_moves_only_class_and_wording(evaluator: Evaluator, case: Case) -> None:
    for name in ("must_be_published", "open_by_agreement"):
        answers = [evaluate(evaluator, {**case, name: value}) for value in VALUES[name]]
        kept = {(a.verdict, a.obligation, tuple(a.checklist.items())) for a in answers}
        assert len(kept) == 1
        assert len({a.data_class for a in answers}) == 1 or {a.data_class for a in answers} == {"open", "unlisted"}


@given(case=cases(), rng=st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_floors_and_of_rules_on_one_line_is_nothing(
    rulebase: RuleBase, case: Case, rng: random.Random
) -> None:
    shuffled = tuple(
        table.model_copy(
            update={"rules": tuple(sorted(rng.sample(table.rules, len(table.rules)), key=lambda rule: rule.line))}
        )
        for table in rulebase.tables
    )
    other = RuleBase(facts=rulebase.facts, tables=shuffled, editions=rulebase.editions)
    facts = for_tables(parse_facts(rulebase, case))
    one, two = decide(rulebase, facts), decide(other, facts)
    assert (one.decided, one.verdict, set(one.fired)) == (two.decided, two.verdict, set(two.fired))
