"""Deciding answers and ways out, against brute force over the facts that may move."""

import random
from collections.abc import Mapping
from itertools import combinations, product

import pytest

from rules.counterfactual import Counterfactuals
from rules.diagram import Diagram
from rules.interpreter import decide, read
from rules.models import SEVERITY, VERDICTS, Facts, RuleBase
from rules.vocabulary import for_tables, parse_facts

PATIENT: Mapping[str, object] = {
    "use": "prompt",
    "already_public": "no",
    "personal_information": "yes",
    "export_controlled": "no",
    "other_restriction": "no",
    "national_security": "no",
    "company_secret": "no",
    "purpose_limited": "no",
    "collaboration": "none",
}


@pytest.fixture(scope="module")
def ask(rulebase: RuleBase) -> Counterfactuals:
    return Counterfactuals(Diagram(rulebase))


def random_facts(rulebase: RuleBase, rng: random.Random) -> Facts:
    given: dict[str, object] = {}
    for fact in rulebase.facts.values():
        value = fact.safe if fact.safe and rng.random() < 0.5 else rng.choice((*fact.values, "unknown"))
        given[fact.id] = [value] if fact.many and value != "unknown" else value
    return parse_facts(rulebase, given)


def verdict(rulebase: RuleBase, flat: Mapping[str, str]) -> str:
    return decide(rulebase, flat).verdict


def test_deciding_answers_force_the_verdict_and_none_can_be_spared(rulebase: RuleBase, ask: Counterfactuals) -> None:
    rng = random.Random(11)
    diagram = Diagram(rulebase)
    for _ in range(150):
        facts = random_facts(rulebase, rng)
        flat = for_tables(facts)
        known = {name: flat[name] for name in ask.deciding(facts, verdict(rulebase, flat), frozenset(flat))}
        assert diagram.settled(known) == verdict(rulebase, flat)
        for name in known:
            assert diagram.settled({k: v for k, v in known.items() if k != name}) is None


def test_no_smaller_set_decides(rulebase: RuleBase, ask: Counterfactuals) -> None:
    diagram, facts = Diagram(rulebase), parse_facts(rulebase, PATIENT)
    flat = for_tables(facts)
    told = ask.deciding(facts, "do_not_upload", frozenset(flat))
    assert set(told) == {"already_public", "personal_information", "legal_clearance", "purpose_limited"}
    for smaller in combinations(flat, len(told) - 1):
        assert diagram.settled({name: flat[name] for name in smaller}) != "do_not_upload"


def test_only_what_was_asked_decides(rulebase: RuleBase, ask: Counterfactuals) -> None:
    facts = parse_facts(rulebase, PATIENT)
    assert ask.deciding(facts, "do_not_upload", frozenset({"use"})) == ()


def test_every_way_out_leads_where_it_says(rulebase: RuleBase, ask: Counterfactuals) -> None:
    rng = random.Random(12)
    for _ in range(80):
        facts = random_facts(rulebase, rng)
        flat = for_tables(facts)
        now = verdict(rulebase, flat)
        for way in ask.ways_out(facts, now):
            assert SEVERITY[way.verdict] < SEVERITY[now]
            for changes in (*way.actionable, *way.about_data):
                for values in product(*(change.values for change in changes)):
                    changed = {change.fact: value for change, value in zip(changes, values, strict=True)}
                    assert all(flat[name] != value for name, value in changed.items())
                    assert verdict(rulebase, {**flat, **changed}) == way.verdict


def test_no_smaller_change_for_the_better_is_enough(rulebase: RuleBase, ask: Counterfactuals) -> None:
    """Brute force: every single change and every pair of changes of a case."""
    facts = parse_facts(rulebase, PATIENT)
    flat = for_tables(facts)
    reached: dict[str, int] = {}
    for count in (1, 2):
        for names in combinations(flat, count):
            for chosen in product(*(rulebase.facts[name].better for name in names)):
                found = verdict(rulebase, {**flat, **dict(zip(names, chosen, strict=True))})
                reached.setdefault(found, count)
    least = {
        way.verdict: min(len(changes) for changes in (*way.actionable, *way.about_data))
        for way in ask.ways_out(facts, "do_not_upload")
    }
    assert {v: n for v, n in least.items() if n <= 2} == {v: n for v, n in reached.items() if v != "do_not_upload"}
    assert set(least) <= set(VERDICTS)


def test_nothing_is_made_worse(rulebase: RuleBase, ask: Counterfactuals) -> None:
    rng = random.Random(14)
    for _ in range(60):
        facts = random_facts(rulebase, rng)
        for way in ask.ways_out(facts, verdict(rulebase, for_tables(facts))):
            for change in (c for changes in (*way.actionable, *way.about_data) for c in changes):
                assert set(change.values) <= set(rulebase.facts[change.fact].better)


def test_nobody_is_told_to_publish_what_is_restricted(rulebase: RuleBase, ask: Counterfactuals) -> None:
    """Unless the same set of changes takes away what restricts it: then that comes first."""
    steps = 0
    for restriction in ("personal_information", "export_controlled"):
        given = {**PATIENT, "personal_information": "no", restriction: "yes"}
        facts = parse_facts(rulebase, given)
        for way in ask.ways_out(facts, verdict(rulebase, for_tables(facts))):
            for names in ([change.fact for change in changes] for changes in way.actionable):
                if "already_public" in names:
                    steps += 1
                    assert names[-2:] == ["personal_information", "already_public"]
                    assert restriction == "personal_information", "nobody can take an export control away"
    assert steps
    plain = parse_facts(rulebase, {**PATIENT, "personal_information": "no", "novelty": "yes"})
    first = ask.ways_out(plain, verdict(rulebase, for_tables(plain)))[0]
    assert [change.fact for change in first.actionable[0]] == ["already_public"]


def test_anonymise_and_publish_is_something_that_can_be_done(rulebase: RuleBase, ask: Counterfactuals) -> None:
    safe: dict[str, object] = {fact.id: fact.safe for fact in rulebase.facts.values() if fact.safe}
    plain = {
        **safe,
        "sensitive_domains": [],
        "personal_information": "yes",
        "already_public": "no",
        "legal_clearance": "no",
    }
    best = ask.ways_out(parse_facts(rulebase, plain), "do_not_upload")[0]
    assert best.verdict == "allowed"
    told = {tuple((change.fact, change.values) for change in changes) for changes in best.actionable}
    assert told == {(("personal_information", ("no",)), ("already_public", ("yes",)))}
    assert not any(len(changes) > 1 for changes in best.about_data)


def test_what_can_be_done_is_smallest_by_brute_force(rulebase: RuleBase, ask: Counterfactuals) -> None:
    """Every set of at most two steps somebody may take: what is blocked only together with what lifts the block."""
    able = [fact for fact in rulebase.facts.values() if fact.actionable]
    for more in ({}, {"company_secret": "yes"}, {"legal_clearance": "no", "export_controlled": "unknown"}):
        facts = parse_facts(rulebase, {**PATIENT, **more})
        flat = for_tables(facts)
        reached: dict[str, set[frozenset[tuple[str, str]]]] = {}
        for chosen in (c for count in (1, 2) for c in combinations(able, count)):
            for values in product(*(fact.better for fact in chosen)):
                changed = {fact.id: value for fact, value in zip(chosen, values, strict=True)}
                after = {**flat, **changed}
                blocked = any(after[b] == "yes" for fact in chosen for b in fact.blocked_by)
                if not blocked and all(flat[name] != value for name, value in changed.items()):
                    reached.setdefault(verdict(rulebase, after), set()).add(frozenset(changed.items()))
        now = verdict(rulebase, flat)
        ways = {way.verdict: way for way in ask.ways_out(facts, now)}
        for milder, sets in reached.items():
            if SEVERITY[milder] < SEVERITY[now]:
                least = min(map(len, sets))
                expected = {frozenset(n for n, _ in changes) for changes in sets if len(changes) == least}
                told = {frozenset(change.fact for change in changes) for changes in ways[milder].actionable}
                assert told == expected or (ways[milder].more and told < expected), milder


def test_among_deciding_answers_of_one_size_given_ones_win(rulebase: RuleBase, ask: Counterfactuals) -> None:
    facts = parse_facts(rulebase, {"personal_information": "yes", "already_public": "no", "use": "prompt"})
    told = ask.deciding(facts, verdict(rulebase, for_tables(facts)), frozenset(facts))
    assert "use" in told
    assert "leakage_protection" not in told


def test_facts_about_the_data_are_told_apart(rulebase: RuleBase, ask: Counterfactuals) -> None:
    rng = random.Random(13)
    for _ in range(60):
        facts = random_facts(rulebase, rng)
        for way in ask.ways_out(facts, verdict(rulebase, for_tables(facts))):
            for changes in way.actionable:
                assert all(rulebase.facts[change.fact].actionable for change in changes)
            least = min((len(changes) for changes in way.actionable), default=99)
            assert all(len(changes) < least for changes in way.about_data)


def test_the_reading_agrees_that_deciding_answers_are_certain(rulebase: RuleBase, ask: Counterfactuals) -> None:
    facts = parse_facts(
        rulebase,
        {
            "already_public": "yes",
            **dict.fromkeys(("personal_information", "export_controlled", "other_restriction"), "no"),
        },
    )
    told = ask.deciding(facts, "allowed", frozenset(facts))
    reading = read(rulebase, {name: for_tables(facts)[name] for name in told})
    assert (reading.at_least, reading.at_most) == ("allowed", "allowed")
