"""Facts from outside: every fault is named, with the nearest spelling, and nothing is guessed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.models import Knowledge
from rules.errors import FactError
from rules.models import RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.rules.cases import CHOICES, cases
from tests.rules.oracle import DOMAINS, Case


def faults(rulebase: RuleBase, **given: object) -> tuple[str, ...]:
    with pytest.raises(FactError) as caught:
        parse_facts(rulebase, given)
    assert str(caught.value) == "; ".join(caught.value.faults)
    return caught.value.faults


def test_nothing_given_is_all_unknown(rulebase: RuleBase) -> None:
    assert parse_facts(rulebase, {}) == dict.fromkeys(CHOICES, "unknown")


@given(case=cases())
def test_every_value_of_the_vocabulary_is_taken_as_it_is(rulebase: RuleBase, case: Case) -> None:
    as_json = {name: list(value) if isinstance(value, tuple) else value for name, value in case.items()}
    assert parse_facts(rulebase, as_json) == parse_facts(rulebase, case) == case


@given(
    value=st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
    )
)
def test_null_true_and_numbers_are_refused(rulebase: RuleBase, value: object) -> None:
    for name in CHOICES:
        (fault,) = faults(rulebase, **{name: value})
        assert fault.startswith(f"{name}: unknown value {json.dumps(value, ensure_ascii=False)}"), "told as JSON has it"


@given(value=st.text(max_size=12))
def test_any_other_text_is_refused(rulebase: RuleBase, value: str) -> None:
    for name, choices in CHOICES.items():
        if value not in choices:
            assert faults(rulebase, **{name: value})[0].startswith(f"{name}: ")


@pytest.mark.parametrize("value", ["YES", "Yes", " yes", "yes ", "はい", "", "true", "y", "ｙｅｓ", "yes\x00"])
def test_near_misses_are_not_taken_for_yes(rulebase: RuleBase, value: str) -> None:
    assert faults(rulebase, novelty=value)


def test_the_nearest_spelling_is_shown(rulebase: RuleBase) -> None:
    assert "did you mean 'undisclosed'" in faults(rulebase, data_location="undisclosd")[0]
    assert "did you mean 'already_public'" in faults(rulebase, alredy_public="yes")[0]
    assert "did you mean 'health'" in faults(rulebase, sensitive_domains=["helth"])[0]


def test_the_expected_values_are_shown(rulebase: RuleBase) -> None:
    assert "expected japan, abroad, undisclosed, unknown" in faults(rulebase, data_location="moon")[0]
    assert "or 'unknown'" in faults(rulebase, sensitive_domains="none")[0]


def test_all_faults_are_named_at_once(rulebase: RuleBase) -> None:
    found = faults(
        rulebase, noveltee="yes", use="chat", legal_clearance=None, sensitive_domains=["food", "food"], programme="yes"
    )
    assert len(found) == 4
    assert [
        fault
        for word in ("noveltee", "use", "legal_clearance", "sensitive_domains")
        for fault in found
        if word in fault
    ] == list(found)


@pytest.mark.parametrize("value", [["yes"], [], ("yes",)])
def test_a_list_is_refused_where_one_value_is_asked(rulebase: RuleBase, value: object) -> None:
    assert faults(rulebase, novelty=value)


@pytest.mark.parametrize(
    ("value", "table_value"), [([], "none"), (["food"], "some"), (list(DOMAINS), "some"), ("unknown", "unknown")]
)
def test_lists_become_none_some_or_unknown(rulebase: RuleBase, value: object, table_value: str) -> None:
    facts = parse_facts(rulebase, {"sensitive_domains": value})
    assert for_tables(facts)["sensitive_domains"] == table_value
    assert facts["sensitive_domains"] == (value if isinstance(value, str) else tuple(value))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [["food", "food"], ["food", "helth"], ["unknown"], [None], [True], [["food"]], "food", "", "none", "some"]
)
def test_wrong_lists_are_refused(rulebase: RuleBase, value: object) -> None:
    (fault,) = faults(rulebase, sensitive_domains=value)
    assert fault.startswith("sensitive_domains: ")


def test_programming_names_are_no_facts(rulebase: RuleBase) -> None:
    assert faults(rulebase, service="chatgpt_free")
    assert faults(rulebase, data_class="open")
    assert faults(rulebase, interview="1")


def test_the_catalogue_answers_in_this_vocabulary(knowledge: Knowledge, rulebase: RuleBase) -> None:
    for service in knowledge.services.values():
        parse_facts(rulebase, {name: fact.value for name, fact in service.facts.items()})
