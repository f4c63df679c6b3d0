"""Which floors of an institution break a law of the tables: exact, against brute force, with a real counterexample."""

import random
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.example import EXAMPLE
from knowledge.errors import DataError
from knowledge.institution import with_institution
from knowledge.models import Bilingual, Knowledge
from rules.editions import load_rulebook
from rules.interpreter import decide
from rules.lawful import Breach, breaches, clears_early
from rules.models import SEVERITY, UNKNOWN, VERDICTS, RuleBase
from rules.overlay import with_policies
from rules.policies import Policy
from rules.vocabulary import for_tables, parse_facts
from tests.overlays import fact, floor, folder, insert
from tests.planting import copy_data
from tests.rules.cases import CHOICES
from tests.rules.oracle import RESTRICTIONS, SAFE

Answers = dict[str, object]
"""What is answered, the service among it; the rest is unknown."""

RULES = "rules.toml"
MEANT = "institution_policy = true"
OWN = "ethics_approval_covers_ai"
SERVICES = ("chatgpt_free", "m365_copilot_chat", "kakuu_ai", "other", UNKNOWN)
"""One of each kind."""
VALUES: dict[str, tuple[object, ...]] = {
    **CHOICES,
    "sensitive_domains": ((), ("health",), ("food",), UNKNOWN),
    OWN: ("yes", "no", UNKNOWN),
    "service": SERVICES,
}
SAFELY: Answers = {**SAFE, OWN: "yes"}
READABLE = ("data_class", "item_1", "item_3", "item_4", "item_5", "item_6", "item_7", "service_kind", "domain_health")


def loaded(overlay: Path) -> RuleBase:
    return load_rulebook(None, overlay).rulebase


def refused(overlay: Path) -> str:
    with pytest.raises(DataError) as caught:
        load_rulebook(None, overlay)
    return str(caught.value)


def severity(rulebase: RuleBase, answers: Mapping[str, object]) -> int:
    facts = {name: value for name, value in answers.items() if name != "service"}
    flat = for_tables(parse_facts(rulebase, facts, str(answers.get("service", UNKNOWN))))
    return SEVERITY[decide(rulebase, flat).verdict]


UNLAWFUL: dict[str, tuple[str, str, str]] = {
    "the safe way of use": ("monotone", 'use = "prompt", data_class = ["closed", "careful"]', "public_data_only"),
    "a safe answer": ("monotone", 'purpose_limited = "yes", personal_information = "yes"', "do_not_upload"),
    "no field": ("monotone", 'sensitive_domains = "none", data_class = "closed"', "public_data_only"),
    "not this field": ("monotone", 'domain_health = "no", already_public = ["no", "unknown"]', "do_not_upload"),
    "an own safe answer": ("monotone", 'own = "yes", personal_information = "yes"', "do_not_upload"),
    "public data": ("monotone", 'already_public = "yes"', "confirm_first"),
    "a kind for public data": ("proportionate", 'service_kind = "consumer"', "confirm_first"),
    "a service for public data": ("proportionate", 'service = "gemini"', "do_not_upload"),
    "public data only for public data": (
        "proportionate",
        'personal_information = "yes", service_kind = "consumer"',
        "public_data_only",
    ),
}


@pytest.mark.parametrize("name", UNLAWFUL)
def test_a_floor_that_breaks_a_law_is_refused_with_a_counterexample(tmp_path: Path, name: str) -> None:
    law, when, then = UNLAWFUL[name]
    told = refused(folder(tmp_path / "unlawful", facts=fact("own"), rules=floor("own.x", when, then)))
    assert told.startswith(f"{RULES}: own.x: is not {law}: ")
    assert "institution_policy = true" in told
    text = told.partition("smallest counterexample: ")[2].partition(")")[0]
    answers = {} if text == "nothing answered" else dict(each.split(" = ") for each in text.split(", "))
    rules = loaded(folder(tmp_path / "meant", facts=fact("own"), rules=floor("own.x", when, then, more=MEANT)))
    verdict = verdict_of(rules, answers)
    if law == "monotone":
        safe = dict([told.partition("the safe answer ")[2].partition(" makes ")[0].split(" = ")])
        assert SEVERITY[verdict_of(rules, {**answers, **safe})] > SEVERITY[verdict]
    else:
        restricted = any(answers.get(n) != "no" for n in ("personal_information", "export_controlled"))
        assert answers["already_public"] == "yes"
        assert verdict == "public_data_only" if restricted else SEVERITY[verdict] >= SEVERITY["confirm_first"]


def verdict_of(rulebase: RuleBase, answers: Mapping[str, str]) -> str:
    """Judge answers in table values as somebody would give them."""
    given: dict[str, object] = {name: v for name, v in answers.items() if not name.startswith(("domain_", "service"))}
    named = tuple(n.removeprefix("domain_") for n, v in answers.items() if n.startswith("domain_") and v == "yes")
    if "sensitive_domains" in given:
        given["sensitive_domains"] = {"none": (), "some": named or ("food",)}.get(answers["sensitive_domains"], UNKNOWN)
    return VERDICTS[severity(rulebase, {**given, "service": answers.get("service", UNKNOWN)})]


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ('personal_information = "yes", service_kind = "consumer"', "do_not_upload"),
        ('data_class = ["closed", "careful"], service_kind = ["consumer", "unknown"]', "confirm_first"),
        ('domain_health = "yes", data_class = "careful"', "public_data_only"),
        ('own = ["no", "unknown"], already_public = ["no", "unknown"]', "confirm_first"),
        ('service = "gemini", already_public = ["no", "unknown"]', "do_not_upload"),
        ('data_location = ["abroad", "undisclosed"], export_controlled = "yes"', "do_not_upload"),
    ],
)
def test_a_floor_that_keeps_the_laws_needs_no_permission(tmp_path: Path, when: str, then: str) -> None:
    rules = loaded(folder(tmp_path, facts=fact("own"), rules=floor("own.x", when, then)))
    assert rules.rules["own.x"].then == then


def test_every_verdict_can_be_a_floor(tmp_path: Path) -> None:
    for then in VERDICTS:
        rules = loaded(folder(tmp_path / then, rules=floor("own.x", 'personal_information = "yes"', then, more=MEANT)))
        assert severity(rules, {"personal_information": "yes"}) >= SEVERITY[then]


@pytest.fixture(scope="module")
def unsound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft whose own tables break a law: the safe answer that the review is open makes a verdict severer."""
    draft = tmp_path_factory.mktemp("draft")
    for room in ("knowledge", "rules", "conversations"):
        copy_data(room, draft / room)
    insert(
        draft / "rules/editions.toml",
        '[[edition]]\nid = "2027-04"\neffective_from = 2027-04-01\nnote = { ja = "仮", en = "x" }',
    )
    because = 'because = { ja = "仮", en = "x" }'
    when = 'data_class = "open", use = "training", already_public = ["no", "unknown"]'
    rule = f'id = "verdict.draft"\nwhen = {{ {when} }}\nthen = "confirm_first"\ncites = ["check.5"]\n{because}'
    insert(draft / "rules/tables/verdict.toml", f"[[table.rule]]\n{rule}")
    return draft


def test_a_floor_is_not_blamed_for_what_the_national_tables_break(unsound: Path, tmp_path: Path) -> None:
    national = load_rulebook(str(unsound))
    assert list(breaches(national.rulebase)), "the draft is not sound by itself"
    sound = floor("own.x", 'export_controlled = "yes", already_public = ["no", "unknown"]', "do_not_upload")
    book = load_rulebook(str(unsound), folder(tmp_path, rules=sound))
    assert "own.x" in book.rulebase.rules
    early = clears_early(book.national, book.rulebase)
    assert early
    assert severity(book.rulebase, {**early.answers, "export_controlled": "yes"}) > severity(
        book.rulebase, early.answers
    )
    held = sound.replace('"yes"', '["yes", "unknown"]')
    book = load_rulebook(str(unsound), folder(tmp_path, rules=held))
    assert clears_early(book.national, book.rulebase) is None


@pytest.mark.parametrize("name", UNLAWFUL)
def test_a_floor_is_blamed_for_what_it_adds_to_tables_that_break_a_law(
    unsound: Path, tmp_path: Path, name: str
) -> None:
    law, when, then = UNLAWFUL[name]
    with pytest.raises(DataError, match=f"own.x: is not {law}: "):
        load_rulebook(str(unsound), folder(tmp_path, facts=fact("own"), rules=floor("own.x", when, then)))


# --- against brute force


@pytest.fixture(scope="module")
def known(knowledge: Knowledge) -> Knowledge:
    return with_institution(knowledge, EXAMPLE)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a floor on one to three facts, targets, the service or a field."""
    values: dict[str, tuple[str, ...]] = {n: tuple(v for v in of if isinstance(v, str)) for n, of in VALUES.items()}
    values |= {"sensitive_domains": ("none", "some", UNKNOWN), "service_kind": ("consumer", "contracted", UNKNOWN)}
    values |= {"data_class": ("closed", "open", "careful", "unlisted"), "domain_health": ("yes", "no", UNKNOWN)}
    values |= {f"item_{n}": ("met", "not_met", "unconfirmed", "not_applicable") for n in "13457"}
    values["item_6"] = ("required", "unconfirmed", "not_applicable")
    names = draw(st.lists(st.sampled_from([*READABLE, *READABLE, *VALUES]), min_size=1, max_size=3, unique=True))
    when = {name: draw(st.frozensets(st.sampled_from(values[name]), min_size=1, max_size=2)) for name in names}
    then = draw(st.sampled_from(VERDICTS[2:]))
    because = Bilingual(ja="仮", en="For a test.")
    return Policy(id="own.drawn", when=when, then=then, cites=("check.1",), because=because)


def broken(rulebase: RuleBase, answers: Answers, law: str, about: str) -> bool:
    """Whether these answers break the law, by judging them; `about`: the fact made safe, or what is told."""
    if law == "monotone":
        is_open = answers.get(about, UNKNOWN) == UNKNOWN
        return is_open and severity(rulebase, {**answers, about: SAFELY[about]}) > severity(rulebase, answers)
    if answers.get("already_public") != "yes":
        return False
    if about == "held back":
        free = all(answers.get(name) == "no" for name in RESTRICTIONS)
        return free and severity(rulebase, answers) >= SEVERITY["confirm_first"]
    return severity(rulebase, answers) == SEVERITY["public_data_only"]


def named(breach: Breach) -> tuple[str, str]:
    if breach.law == "monotone":
        return breach.law, breach.says.removeprefix("the safe answer ").split(" = ")[0]
    return breach.law, "held back" if "held back" in breach.says else "public data only"


def as_given(breach: Breach) -> Answers:
    """Return the counterexample as somebody would answer: the field as part of the list."""
    answers: Answers = {name: v for name, v in breach.answers.items() if name not in {"domain_health", "service_kind"}}
    if "sensitive_domains" in answers:
        some = ("health",) if breach.answers.get("domain_health") == "yes" else ("food",)
        answers["sensitive_domains"] = {"none": (), "some": some}[str(answers["sensitive_domains"])]
    return answers


def size(answers: Answers) -> int:
    """Count the answers as the diagram does: a field that is listed is one more."""
    return len(answers) + (answers.get("sensitive_domains") == ("health",))


def drawn(rng: random.Random, policy: Policy) -> Answers:
    """Return answers of which most are safe or unknown and many meet the policy."""
    share, safe = rng.random(), rng.random()
    found: Answers = {}
    for name, values in VALUES.items():
        if rng.random() < share:
            found[name] = SAFELY.get(name, UNKNOWN) if rng.random() < safe else rng.choice(values)
        fitting = [v for v in values if v in policy.when.get(name, ())]
        if fitting and rng.random() < 0.7:
            found[name] = rng.choice(fitting)
    if "domain_health" in policy.when and rng.random() < 0.7:
        found["sensitive_domains"] = rng.choice(VALUES["sensitive_domains"])
    if "service_kind" in policy.when and rng.random() < 0.7:
        found["service"] = rng.choice(SERVICES)
    return found


def few(most: int) -> Iterator[Answers]:
    """Yield every combination of at most so many answers, the fewest first."""
    for number in range(most + 1):
        for names in combinations(VALUES, number):
            for values in product(*([v for v in VALUES[name] if v != UNKNOWN] for name in names)):
                yield dict(zip(names, values, strict=True))


LAWS = (*(("monotone", name) for name in SAFELY), ("proportionate", "held back"), ("proportionate", "public data only"))


@pytest.mark.long
@settings(max_examples=50)
@given(policies(), st.integers(0, 10_000))
def test_no_breach_is_missed_and_every_breach_is_real_and_small(
    known: Knowledge, rulebase: RuleBase, policy: Policy, seed: int
) -> None:
    rules = with_policies(rulebase, known, EXAMPLE, [policy])
    found = {named(breach): as_given(breach) for breach in breaches(rules)}
    rng = random.Random(seed)
    for _ in range(10):
        answers = drawn(rng, policy)
        assert [law for law in LAWS if law not in found and broken(rules, answers, *law)] == [], (policy, answers)
    for law, answers in found.items():
        assert broken(rules, answers, *law), (policy, law)
        smaller = [fewer for fewer in few(1) if size(fewer) < size(answers)]
        assert [fewer for fewer in smaller if broken(rules, fewer, *law)] == [], (policy, law)


def test_the_smallest_counterexample_is_smallest(known: Knowledge, rulebase: RuleBase) -> None:
    """Of three answers: no two of any facts break the law."""
    only = {"use": "prompt", "personal_information": "yes", OWN: "no", "service_kind": "consumer"}
    when = {name: frozenset({value}) for name, value in only.items()}
    because = Bilingual(ja="仮", en="For a test.")
    policy = Policy(id="own.x", when=when, then="do_not_upload", cites=("check.1",), because=because)
    rules = with_policies(rulebase, known, EXAMPLE, [policy])
    found = {named(breach): as_given(breach) for breach in breaches(rules)}
    answers = found["monotone", "use"]
    assert broken(rules, answers, "monotone", "use")
    assert size(answers) == 3
    assert not [fewer for fewer in few(2) if broken(rules, fewer, "monotone", "use")]
