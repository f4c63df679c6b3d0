"""An institution's floors over the national tables: they only raise, and what cannot be right is refused."""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import process_time

import pytest

from bot.example import EXAMPLE
from knowledge.errors import DataError
from rules.diagram import Diagram
from rules.editions import Rulebook, load_rulebook
from rules.engine import available
from rules.evaluator import Evaluator, make_evaluator
from rules.interpreter import decide
from rules.lawful import breaches, clears_early
from rules.models import SEVERITY, UNKNOWN, Outcome, RuleBase
from rules.overlay import with_policies
from rules.policies import load_policies
from rules.vocabulary import for_tables, parse_facts
from tests.overlays import example, fact, floor, folder
from tests.planting import plant
from tests.rules.cases import BIASES, samples
from tests.rules.oracle import DOMAINS, RESTRICTIONS, Case, judge

OWN = "ethics_approval_covers_ai"
RULES, FACTS, SERVICES = "rules.toml", "facts.toml", "services.toml"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(None, EXAMPLE)


@pytest.fixture(scope="module")
def merged(book: Rulebook) -> RuleBase:
    return book.rulebase


def services(book: Rulebook) -> tuple[str, ...]:
    """Every answer to which service it is."""
    return tuple(dict.fromkeys((*book.knowledge.services, *book.knowledge.brands, "other", UNKNOWN)))


def kind_of(book: Rulebook, service: str) -> str:
    known = book.knowledge.services
    kinds = {plan.kind for plan in known.values() if plan.brand == service}
    fallback = "other" if service == "other" else kinds.pop() if len(kinds) == 1 else UNKNOWN
    return known[service].kind if service in known else fallback


def cases(number: int) -> Iterator[Case]:
    rng = random.Random(number)
    for bias in BIASES:
        for drawn in samples(bias, number // len(BIASES), seed=5):
            yield {**drawn, OWN: rng.choice(("yes", "no", UNKNOWN))}


def nationally(given: Case) -> Case:
    return {name: value for name, value in given.items() if name != OWN}


def flat(rulebase: RuleBase, given: Mapping[str, object], service: str = UNKNOWN) -> dict[str, str]:
    return for_tables(parse_facts(rulebase, given, service))


def judged(rulebase: RuleBase, given: Mapping[str, object], service: str = UNKNOWN) -> Outcome:
    return decide(rulebase, flat(rulebase, given, service))


def loaded(overlay: Path) -> RuleBase:
    return load_rulebook(None, overlay).rulebase


def refused(overlay: Path) -> str:
    with pytest.raises(DataError) as caught:
        load_rulebook(None, overlay)
    return str(caught.value)


# --- the worked example


def own_floors(book: Rulebook, given: Case, service: str) -> Iterator[str]:
    """Yield the floors of the example, written from its policy alone."""
    kind, of = kind_of(book, service), judge(given)
    protected = of.data_class in {"closed", "careful"}
    if service == "deepl_free":
        yield "do_not_upload"
    if given["already_public"] == "yes":
        return
    if protected and kind in {"consumer", "other", UNKNOWN}:
        yield "confirm_first"
    if given["personal_information"] == "yes" and kind == "consumer":
        yield "do_not_upload"
    if given["personal_information"] != "no" and given[OWN] != "yes":
        yield "confirm_first"
    if protected and kind in {"consumer", "other"} and "health" in given["sensitive_domains"]:
        yield "public_data_only"
    if given["use"] == "training" and of.checklist["5"] == "unconfirmed":
        yield "public_data_only"


def test_every_floor_of_the_example_raises_and_nothing_lowers(book: Rulebook, merged: RuleBase) -> None:
    raised = 0
    for service in services(book):
        for given in cases(40):
            national = decide(book.national, flat(book.national, nationally(given)))
            told = judged(merged, given, service)
            expected = max((national.verdict, *own_floors(book, given, service)), key=SEVERITY.__getitem__)
            assert told.verdict == expected, (service, given)
            assert told.decided == national.decided, (service, given)
            assert [name for name in told.fired if name in book.national.rules] == list(national.fired)
            raised += told.verdict != national.verdict
    assert raised > 100


def test_every_rule_of_the_example_can_raise_a_verdict(book: Rulebook, merged: RuleBase) -> None:
    own = {name for name, rule in merged.rules.items() if rule.target == "verdict"} - book.national.rules.keys()
    assert len(own) == 6
    raising = set[str]()
    for given in cases(400):
        for service in ("deepl_free", "chatgpt_free", "other", "self_hosted"):
            told = judged(merged, given, service)
            raising |= {name for name in own & set(told.fired) if _national(book, given) < _severity(merged, name)}
    assert raising == own


def _national(book: Rulebook, given: Case) -> int:
    return SEVERITY[judged(book.national, nationally(given)).verdict]


def _severity(rulebase: RuleBase, rule: str) -> int:
    return SEVERITY[rulebase.rules[rule].then]


def test_the_example_keeps_the_laws_and_leaves_nothing_open(book: Rulebook) -> None:
    lawful = [rule for rule in load_policies(book.knowledge, EXAMPLE) if not rule.institution_policy]
    together = with_policies(book.national, book.knowledge, EXAMPLE, lawful)
    assert list(breaches(together)) == []
    assert clears_early(book.national, together) is None


def test_the_reasons_of_the_example_are_short_and_in_both_languages(book: Rulebook, merged: RuleBase) -> None:
    for name in merged.rules.keys() - book.national.rules.keys():
        rule = merged.rules[name]
        assert len(rule.because.ja) <= 60, name
        assert len(rule.because.en) <= 120, name
        assert all(passage.startswith("kakuu.policy.") for passage in rule.cites), name


def test_both_engines_agree_over_the_overlay(book: Rulebook, merged: RuleBase) -> None:
    evaluator, alone = make_evaluator(merged), Evaluator(merged, None)
    names = services(book)
    for number, given in enumerate(cases(800)):
        facts = parse_facts(merged, given, names[number % len(names)])
        told = evaluator.evaluate(facts)
        assert not told.disputed
        assert told.model_copy(update={"engine": "interpreter"}) == alone.evaluate(facts)
        assert told.engine == ("durable_rules" if available() else "interpreter")


def test_the_diagram_is_the_verdict_of_the_merged_tables(book: Rulebook, merged: RuleBase) -> None:
    diagram = Diagram(merged)
    names = services(book)
    for number, given in enumerate(cases(3000)):
        facts = flat(merged, given, names[number % len(names)])
        assert diagram.settled(facts) == decide(merged, facts).verdict
        assert diagram.support(facts) == set()


def test_what_the_diagram_calls_settled_stays_so_whatever_is_added(book: Rulebook, merged: RuleBase) -> None:
    diagram = Diagram(merged)
    rng = random.Random(3)
    names = services(book)
    settled = 0
    for given in cases(300):
        gone = rng.sample(sorted(given), rng.randint(1, 8))
        known = {name: value for name, value in flat(merged, given).items() if name in given.keys() - set(gone)}
        if "sensitive_domains" not in gone:
            known["domain_health"] = flat(merged, given)["domain_health"]
        answer = diagram.settled(known)
        assert (answer is None) == bool(diagram.support(known))
        settled += answer is not None
        for other, service in zip(cases(12), rng.sample(names, 12), strict=True) if answer else ():
            rest = {name: other[name] for name in gone}
            assert judged(merged, {**given, **rest}, service).verdict == answer
    assert settled > 20


# --- what a rule may read


@pytest.fixture(scope="module")
def of_services(tmp_path_factory: pytest.TempPathFactory) -> RuleBase:
    """Rules that ask for a brand, a plan, `other`, an unknown service, and each kind."""
    policy = "institution_policy = true"
    asked = {"brand": "copilot", "plan": "deepl_pro", "outside": "other", "open": UNKNOWN}
    rules = [floor(f"own.{name}", f'service = "{of}"', "do_not_upload", more=policy) for name, of in asked.items()]
    kinds = ("consumer", "contracted", "self_hosted", "other", UNKNOWN)
    rules += [floor(f"own.kind.{of}", f'service_kind = "{of}"', "do_not_upload", more=policy) for of in kinds]
    return loaded(folder(tmp_path_factory.mktemp("services"), rules="\n".join(rules)))


def own_of(rulebase: RuleBase, service: str | None) -> set[str]:
    fired = judged(rulebase, {}, UNKNOWN if service is None else service).fired
    return {name.removeprefix("own.") for name in fired if name.startswith("own.")}


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("m365_copilot", {"brand", "kind.contracted"}),
        ("copilot_consumer", {"brand", "kind.consumer"}),
        ("copilot", {"brand", f"kind.{UNKNOWN}"}),
        ("deepl_pro", {"plan", "kind.contracted"}),
        ("deepl_free", {"kind.consumer"}),
        ("deepl", {f"kind.{UNKNOWN}"}),
        ("openai", {"kind.contracted"}),
        ("self_hosted", {"kind.self_hosted"}),
        ("other", {"outside", "kind.other"}),
        (UNKNOWN, {"open", f"kind.{UNKNOWN}"}),
        (None, {"open", f"kind.{UNKNOWN}"}),
        ("a service that was taken off the list", {"open", f"kind.{UNKNOWN}"}),
    ],
)
def test_a_service_is_read_by_plan_brand_and_kind(of_services: RuleBase, service: str | None, told: set[str]) -> None:
    assert own_of(of_services, service) == told


def test_one_plan_of_a_brand_with_its_name_is_named_with_its_kind(tmp_path: Path) -> None:
    """`notebooklm` is a brand and one of its plans."""
    when = 'service = "notebooklm", service_kind = "consumer"'
    rules = loaded(folder(tmp_path, rules=floor("own.x", when, "do_not_upload", more="institution_policy = true")))
    assert own_of(rules, "notebooklm") == {"x"}
    assert own_of(rules, "notebooklm_workspace") == set()


@pytest.fixture(scope="module")
def of_fields(tmp_path_factory: pytest.TempPathFactory) -> RuleBase:
    """A rule for each field of the list and each of its values."""
    rules = [
        floor(f"own.{field}.{value}", f'domain_{field} = "{value}"', "do_not_upload", more="institution_policy = true")
        for field in DOMAINS
        for value in ("yes", "no", UNKNOWN)
    ]
    return loaded(folder(tmp_path_factory.mktemp("fields"), rules="\n".join(rules)))


@pytest.mark.parametrize(
    "listed", [(), *((field,) for field in DOMAINS), ("food", "energy"), DOMAINS, UNKNOWN], ids="+".join
)
def test_each_field_is_yes_no_or_unknown(of_fields: RuleBase, listed: tuple[str, ...] | str) -> None:
    told = {field: UNKNOWN if listed == UNKNOWN else "yes" if field in listed else "no" for field in DOMAINS}
    assert own_of_fields(of_fields, listed) == {f"{field}.{value}" for field, value in told.items()}
    facts = flat(of_fields, {"sensitive_domains": listed})
    assert Diagram(of_fields).settled(facts) == "do_not_upload"
    evaluator = make_evaluator(of_fields)
    assert not evaluator.evaluate(parse_facts(of_fields, {"sensitive_domains": listed})).disputed


def own_of_fields(rulebase: RuleBase, listed: tuple[str, ...] | str) -> set[str]:
    fired = judged(rulebase, {"sensitive_domains": listed}).fired
    return {name.removeprefix("own.") for name in fired if name.startswith("own.")}


def test_only_what_is_read_comes_into_the_vocabulary(tmp_path: Path, rulebase: RuleBase) -> None:
    assert loaded(folder(tmp_path / "none")) == rulebase
    kind = loaded(folder(tmp_path / "kind", rules=floor("own.x", 'service_kind = "other"', "allowed")))
    assert kind.facts.keys() - rulebase.facts.keys() == {"service", "service_kind"}
    food = loaded(folder(tmp_path / "food", rules=floor("own.x", 'domain_food = "yes"', "allowed")))
    assert food.facts.keys() - rulebase.facts.keys() == {"domain_food"}


def test_a_rule_may_read_the_class_and_an_item(tmp_path: Path) -> None:
    when = 'data_class = "closed", item_4 = "not_met", already_public = ["no", "unknown"]'
    rules = loaded(folder(tmp_path, rules=floor("own.x", when, "public_data_only")))
    closed = {"personal_information": "yes", "legal_clearance": "yes"}
    assert "own.x" in judged(rules, {**closed, "data_location": "undisclosed"}).fired
    assert "own.x" not in judged(rules, {**closed, "data_location": "abroad"}).fired


# --- suspension


def test_one_line_suspends_a_brand_and_all_its_plans(tmp_path: Path, book: Rulebook) -> None:
    overlay = example(tmp_path / "overlay")
    plant(overlay / "institution.toml", "suspended = []", 'suspended = ["chatgpt", "kakuu_ai", "deepl_pro"]')
    rules = loaded(overlay)
    names = {"chatgpt", "kakuu_ai", "deepl_pro"}
    names |= {plan.id for plan in book.knowledge.services.values() if plan.brand == "chatgpt"}
    for service in services(book):
        for given in cases(8):
            told, before = judged(rules, given, service), judged(book.rulebase, given, service)
            held = (
                max(before.verdict, "confirm_first", key=SEVERITY.__getitem__) if service == "deepl" else before.verdict
            )
            assert told.verdict == ("do_not_upload" if service in names else held), (service, given)
            assert any(name.startswith("suspended.") for name in told.fired) == (service in {*names, "deepl"})


def test_a_suspended_plan_holds_its_brand_until_the_plan_is_known(tmp_path: Path) -> None:
    overlay = example(tmp_path / "overlay")
    plant(overlay / "institution.toml", "suspended = []", 'suspended = ["deepl_pro", "notebooklm"]')
    rules = loaded(overlay)
    assert {name for name in rules.rules if name.startswith("suspended.")} == {
        "suspended.deepl_pro",
        "suspended.deepl_pro.plan",
        "suspended.notebooklm",  # the brand of this name is the plan
    }
    held = rules.rules["suspended.deepl_pro.plan"]
    assert (held.when["service"], held.then) == (frozenset({"deepl"}), "confirm_first")
    public = {"already_public": "yes", **dict.fromkeys(RESTRICTIONS, "no")}
    told = {name: judged(rules, public, name).verdict for name in ("deepl_pro", "deepl", UNKNOWN, "other", "gemini")}
    assert told == {
        "deepl_pro": "do_not_upload",
        "deepl": "confirm_first",
        **dict.fromkeys((UNKNOWN, "other", "gemini"), "allowed"),
    }


def test_a_brand_that_is_suspended_needs_no_second_rule(tmp_path: Path) -> None:
    overlay = example(tmp_path / "overlay")
    plant(overlay / "institution.toml", "suspended = []", 'suspended = ["deepl", "deepl_pro"]')
    assert {name for name in loaded(overlay).rules if name.startswith("suspended.")} == {
        "suspended.deepl",
        "suspended.deepl_pro",
    }


@pytest.mark.parametrize("kept", ["suspended.", "measure."])
def test_no_rule_may_pass_for_one_that_is_made(tmp_path: Path, kept: str) -> None:
    told = refused(folder(tmp_path, rules=floor(f"{kept}mine", LOWER, "confirm_first")))
    assert f"rules.toml: {kept}mine: ids that begin with '{kept}'" in told


@pytest.mark.parametrize(("length", "sound"), [(40, True), (41, False)])
def test_every_service_can_be_suspended(tmp_path: Path, length: int, sound: bool) -> None:
    name = "p" * length
    text = '{ ja = "仮", en = "x" }'
    services = f'[[brand]]\nid = "own"\nname = "own"\n[[service]]\nid = "{name}"\nbrand = "own"\nkind = "consumer"\n'
    overlay = folder(tmp_path, services=f'{services}name = "own"\nplan = {text}\n')
    plant(overlay / "institution.toml", "name", f'suspended = ["{name}"]\nname')
    if sound:
        assert f"suspended.{name}.plan" in loaded(overlay).rules
    else:
        assert f"services.toml: {name}: this id is too long" in refused(overlay)


def test_many_rules_are_loaded_quickly(tmp_path: Path, book: Rulebook) -> None:
    services, facts = (
        list(book.knowledge.services)[:10],
        ("novelty", "company_secret", *RESTRICTIONS, "strategic_value"),
    )
    when = 'service = "{}", {} = ["yes", "unknown"], already_public = ["no", "unknown"]'
    rules = [
        floor(f"own.{s}.{f}", when.format(s, f), "confirm_first") for s in services if s != "kakuu_ai" for f in facts
    ]
    overlay = folder(tmp_path, rules="".join(rules))
    start = process_time()
    assert len(loaded(overlay).rules) > len(book.national.rules) + 50
    assert process_time() - start < 3, "under a second where nothing else runs"


def test_a_suspension_quotes_the_guideline_and_is_lifted_by_taking_the_line_away(tmp_path: Path) -> None:
    overlay = example(tmp_path / "overlay")
    plant(overlay / "institution.toml", "suspended = []", 'suspended = ["gemini"]')
    suspended = load_rulebook(None, overlay)
    rule = suspended.rulebase.rules["suspended.gemini"]
    assert set(rule.cites) <= suspended.knowledge.passages.keys()
    plant(overlay / "institution.toml", 'suspended = ["gemini"]', "suspended = []")
    lifted = load_rulebook(None, overlay)
    assert "suspended.gemini" not in lifted.rulebase.rules
    assert lifted.digests["overlay"] != suspended.digests["overlay"]


# --- what to do about it


def told_measures(overlay: Path, service: str, **facts: str) -> tuple[str, tuple[str, ...]]:
    rules = loaded(overlay)
    told = make_evaluator(rules).evaluate(parse_facts(rules, facts, service))
    return told.verdict, told.measures


PUBLIC: dict[str, str] = {"already_public": "yes", **dict.fromkeys(RESTRICTIONS, "no")}


@pytest.mark.parametrize("suspended", [["deepl_free"], ["deepl"], ["chatgpt", "deepl_free"]])
def test_a_suspended_service_comes_with_something_to_do(tmp_path: Path, suspended: list[str]) -> None:
    overlay = folder(tmp_path)
    plant(overlay / "institution.toml", "name", f"suspended = {suspended}\nname")
    assert told_measures(overlay, "deepl_free", **PUBLIC) == ("do_not_upload", ("another_service",))
    unsure = "do_not_upload" if "deepl" in suspended else "confirm_first"
    assert told_measures(overlay, "deepl", **PUBLIC) == (unsure, ("another_service",))
    assert told_measures(overlay, "gemini", **PUBLIC) == ("allowed", ())


def test_what_a_rule_names_is_told_wherever_it_holds_and_nowhere_else(tmp_path: Path) -> None:
    ban = floor(
        "own.x", 'service = "deepl_free"', "do_not_upload", measures='"local_model", "synthetic_data"', more=MEANT
    )
    overlay = folder(tmp_path, rules=ban)
    assert told_measures(overlay, "deepl_free", **PUBLIC) == ("do_not_upload", ("local_model", "synthetic_data"))
    assert told_measures(overlay, "deepl_pro", **PUBLIC) == ("allowed", ())
    rules = loaded(overlay)
    assert {name for name in rules.rules if name.startswith("measure.")} == {"measure.own.x", "measure.own.x.2"}


MEANT = "institution_policy = true"


def test_a_verdict_that_a_rule_raises_needs_something_to_do(tmp_path: Path, book: Rulebook) -> None:
    ban = floor("own.x", 'service = "deepl_free"', "do_not_upload", measures="", more=MEANT)
    told = refused(folder(tmp_path / "bare", rules=ban))
    assert "rules.toml: own.x: raises a verdict with nothing to do about it" in told
    assert 'measures = ["another_service"]' in told
    case = dict(each.split(" = ") for each in told.partition("smallest case: ")[2].partition(")")[0].split(", "))
    given = {name: value for name, value in case.items() if name != "service"}
    assert case["service"] == "deepl_free"
    nationally = make_evaluator(book.national).evaluate(parse_facts(book.national, given))
    assert (nationally.verdict, nationally.measures) == ("allowed", ())
    closed = floor("own.x", LOWER, "confirm_first", measures="")
    assert "own.x" in loaded(folder(tmp_path / "closed", rules=closed)).rules, "the guideline's own measures are told"
    mild = floor("own.x", 'service = "deepl_free"', "allowed", measures="")
    assert "own.x" in loaded(folder(tmp_path / "mild", rules=mild)).rules


@pytest.mark.parametrize(
    ("measures", "words"),
    [
        ('"another_servise"', ["'another_servise'", "did you mean 'another_service'"]),
        ('"check.1"', ["'check.1'"]),
        ('"local_model", "local_model"', ["'local_model' is named twice"]),
    ],
)
def test_a_measure_that_cannot_be_right_is_refused(tmp_path: Path, measures: str, words: list[str]) -> None:
    told = refused(folder(tmp_path, rules=floor("own.x", LOWER, "confirm_first", measures=measures)))
    assert [word for word in ("rules.toml: own.x: measures", *words) if word not in told] == [], told


def test_public_data_are_not_told_public_data_only_as_a_measure(tmp_path: Path) -> None:
    rule = floor(
        "own.x",
        'personal_information = "yes", service_kind = "consumer"',
        "do_not_upload",
        measures='"public_data_only"',
    )
    told = refused(folder(tmp_path / "refused", rules=rule))
    assert "own.x: is not proportionate: public data are told “public data only”" in told
    assert "own.x" in loaded(folder(tmp_path / "meant", rules=f"{rule}{MEANT}\n")).rules


# --- what is refused


LOWER = 'data_class = "closed"'
FAULTS: dict[str, tuple[str, list[str]]] = {
    "unknown fact": (floor("own.x", 'noveltey = "yes"', "confirm_first"), ["'noveltey'", "did you mean 'novelty'"]),
    "unknown value": (floor("own.x", 'use = "promt"', "confirm_first"), ["use", "'promt'", "did you mean 'prompt'"]),
    "unknown service": (
        floor("own.x", 'service = "chatgtp"', "confirm_first"),
        ["service", "'chatgtp'", "did you mean 'chatgpt'"],
    ),
    "unknown kind": (
        floor("own.x", 'service_kind = "contract"', "confirm_first"),
        ["service_kind", "'contract'", "did you mean 'contracted'"],
    ),
    "unknown field": (
        floor("own.x", 'domain_helth = "yes"', "confirm_first"),
        ["'domain_helth'", "did you mean 'domain_health'"],
    ),
    "unknown value of a field": (
        floor("own.x", 'domain_health = "some"', "confirm_first"),
        ["domain_health", "'some'"],
    ),
    "unknown verdict": (
        floor("own.x", LOWER, "confirm"),
        ["then", "'confirm'", "did you mean 'confirm_first'"],
    ),
    "unknown passage": (
        floor("own.x", LOWER, "confirm_first").replace("check.1", "chek.1"),
        ["'chek.1'", "did you mean 'check.1'"],
    ),
    "no passage": (floor("own.x", LOWER, "confirm_first").replace('"check.1"', ""), ["cites"]),
    "no reason in Japanese": (
        floor("own.x", LOWER, "confirm_first").replace('ja = "仮", ', ""),
        ["because.ja", "is missing"],
    ),
    "a target": (floor("own.x", LOWER, "confirm_first", more='target = "data_class"'), ["unknown key 'target'"]),
    "a line": (floor("own.x", LOWER, "confirm_first", more="line = 1"), ["unknown key 'line'"]),
    "what it decides": (floor("own.x", LOWER, "confirm_first", more='decides = "item_1"'), ["unknown key 'decides'"]),
    "a class for a verdict": (floor("own.x", LOWER, "open"), ["then", "'open'"]),
    "a measure for a verdict": (floor("own.x", LOWER, "keep_record"), ["then", "'keep_record'"]),
    "the obligation": (floor("own.x", 'obligation = "required"', "confirm_first"), ["'obligation'"]),
    "the verdict": (floor("own.x", 'verdict = "allowed"', "confirm_first"), ["'verdict'"]),
    "no condition": (floor("own.x", "", "confirm_first"), ["when"]),
    "a condition without a value": (floor("own.x", "use = []", "confirm_first"), ["use", "at least one value"]),
    "a condition that is no text": (floor("own.x", "novelty = true", "confirm_first"), ["when.novelty"]),
    "a misspelt permission": (
        floor("own.x", LOWER, "confirm_first", more="institution_polcy = true"),
        ["'institution_polcy'", "did you mean 'institution_policy'"],
    ),
    "a value of an item that is another's": (
        floor("own.x", 'item_6 = "not_met"', "confirm_first"),
        ["item_6", "'not_met'", "required, unconfirmed, not_applicable"],
    ),
    "a field as a value": (
        floor("own.x", 'sensitive_domains = "health"', "confirm_first"),
        ["sensitive_domains", "'health'", 'domain_health = "yes"'],
    ),
    "no list of passages": (
        floor("own.x", LOWER, "confirm_first").replace('["check.1"]', '"check.1"'),
        ["cites: write a list"],
    ),
    "a passage without a name": (
        floor("own.x", LOWER, "confirm_first").replace('["check.1"]', "[]"),
        ["cites: needs at least one entry"],
    ),
    "no when": (
        floor("own.x", LOWER, "confirm_first").replace(f"when = {{ {LOWER} }}\n", ""),
        ["when: is missing"],
    ),
    "a permission in quotes": (
        floor("own.x", LOWER, "confirm_first", more='institution_policy = "yes"'),
        ["institution_policy: write true or false"],
    ),
    "a permission that is a number": (
        floor("own.x", LOWER, "confirm_first", more="institution_policy = 1"),
        ["institution_policy: write true or false"],
    ),
    "an id twice": (floor("own.x", LOWER, "confirm_first") * 2, ["twice"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rule_that_cannot_be_right_is_refused(tmp_path: Path, fault: str) -> None:
    rules, words = FAULTS[fault]
    told = refused(folder(tmp_path, rules=rules))
    assert [word for word in (RULES, "own.x", *words) if word not in told] == [], told


@pytest.mark.parametrize(
    ("answers_for", "told"),
    [
        ('["company_secrets"]', "unknown fact 'company_secrets', did you mean 'company_secret'?"),
        ('["novelty", "novelty"]', "'novelty' is named twice"),
    ],
)
def test_an_office_answers_for_facts_that_there_are_each_once(tmp_path: Path, answers_for: str, told: str) -> None:
    office = '[[contact]]\noffice = "it"\nname = { ja = "仮", en = "x" }\nemail = "a@b"\n'
    fault = refused(folder(tmp_path, contacts=f"{office}answers_for = {answers_for}\n"))
    assert f"contacts.toml: it: answers_for: {told}" in fault


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """First whatever cannot be read in any file; then what cannot be right, rule by rule; then what breaks a law."""
    office = '[[contact]]\noffice = "dsk"\nname = { ja = "仮", en = "x" }\nemail = "a@b"\n'
    unread = floor("own.a", LOWER, "confirm_first", more='institution_policy = "yes"')
    facts = fact("own", more="").replace('["yes", "no"]', "[]")
    told = refused(folder(tmp_path / "unread", contacts=office, rules=unread, facts=facts))
    assert [line.split(":")[0] for line in told.splitlines()] == ["contacts.toml", RULES, FACTS]
    assert "office: 'dsk' is not known, did you mean 'desk'? (it takes desk, " in told
    wrong = floor("own.a", 'noveltey = "yes"', "confirm") + floor("own.b", 'use = "promt"', "confirm_first")
    told = refused(folder(tmp_path / "wrong", rules=wrong))
    assert [line.split(": ")[1] for line in told.splitlines()] == ["own.a", "own.b"]
    assert [word for word in ("'noveltey'", "'confirm'", "'promt'") if word not in told] == []
    unlawful = [floor(f"own.{name}", 'use = "prompt", data_class = "closed"', "do_not_upload") for name in "ab"]
    told = refused(folder(tmp_path / "unlawful", rules="".join(unlawful)))
    assert [line.split(": ")[1] for line in told.splitlines()] == ["own.a", "own.b"]


@pytest.mark.parametrize("name", ["verdict.public", "check.1", "keep_record", "deepl_pro"])
def test_an_id_that_is_taken_is_refused(tmp_path: Path, name: str) -> None:
    told = refused(folder(tmp_path, rules=floor(name, LOWER, "confirm_first")))
    where = "the national tables" if name.startswith("verdict.") else "the knowledge"
    assert told == f"rules.toml: {name}: this id is used twice (in {where} already)"


@pytest.mark.parametrize(
    "name",
    [
        *("use", "data_class", "item_1", "obligation", "verdict", "measures"),
        *("service", "service_kind", "domain_health", "domain_x", "sid", "id", "interview", "never"),
    ],
)
def test_a_fact_may_not_have_a_name_that_is_taken(tmp_path: Path, name: str) -> None:
    told = refused(folder(tmp_path, facts=fact(name), rules=floor("own.x", LOWER, "confirm_first")))
    assert f"{FACTS}: {name}: " in told
    assert "choose another" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (fact("own", more=""), ["`safe`"]),
        (fact("own", more='safe = ""'), ["`safe`"]),
        (fact("own", more='safe = "yess"'), ["'yess'", "did you mean 'yes'"]),
        (fact("own", '["yes", "no"]', more="many = true"), ["single values"]),
        (fact("own") + fact("own"), ["twice"]),
        (fact("own", '["yes", "no", "no"]'), ["twice"]),
        (fact("own", '["yes", "no", "unknown"]'), ["'unknown'", "always there"]),
        (fact("own", more='safe = "yes"\ngiven = false'), ["given"]),
        (fact("own", more='safe = "yes"\nsaef = "no"'), ["'saef'", "did you mean 'safe'"]),
        (fact("own", '["full", "part"]', more='safe = "full"'), ["value_names", "'full'"]),
    ],
)
def test_a_fact_that_cannot_be_right_is_refused(tmp_path: Path, text: str, words: list[str]) -> None:
    told = refused(folder(tmp_path, facts=text))
    assert [word for word in (FACTS, "own", *words) if word not in told] == [], told


def test_a_fact_that_only_a_contract_tells_and_one_that_rules_read(tmp_path: Path) -> None:
    read = floor("own.x", 'own = ["no", "unknown"], data_class = "closed", already_public = "no"', "confirm_first")
    rules = loaded(folder(tmp_path, facts=fact("own"), rules=read))
    closed = {"already_public": "no", "personal_information": "yes"}
    assert "own.x" in judged(rules, closed).fired
    assert "own.x" not in judged(rules, {**closed, "own": "yes"}).fired


CONTRACT = """
[[contract]]
service = "deepl_pro"
[contract.facts.{fact}]
value = "{value}"
as_of = 2026-10-01
source = "x"
note = {{ ja = "仮", en = "x" }}
"""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("legal_clearance", "yes"),
        ("already_public", "yes"),
        ("personal_information", "no"),
        ("leader_approval", "yes"),
        ("responsible_person", "yes"),
        ("use", "prompt"),
        ("sensitive_domains", "none"),
        ("service_kind", "contracted"),
    ],
)
def test_a_contract_answers_for_the_service_and_not_for_the_data(tmp_path: Path, name: str, value: str) -> None:
    """An answer about the data could lower a verdict for whoever chooses the service."""
    kind = floor("own.x", 'service_kind = "other"', "allowed")
    told = refused(folder(tmp_path, services=CONTRACT.format(fact=name, value=value), rules=kind))
    assert f"{SERVICES}: deepl_pro: {name}: " in told


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("purpose_limitd", "yes", ["'purpose_limitd'", "did you mean 'purpose_limited'"]),
        ("data_location", "jpan", ["data_location", "'jpan'", "did you mean 'japan'"]),
        ("own", "maybe", ["own", "'maybe'"]),
        ("own", "unknown", ["own", "'unknown' is no answer"]),
        ("data_location", "unknown", ["data_location", "'unknown' is no answer"]),
    ],
)
def test_a_contract_may_not_say_what_there_is_not(tmp_path: Path, name: str, value: str, words: list[str]) -> None:
    told = refused(folder(tmp_path, services=CONTRACT.format(fact=name, value=value), facts=fact("own")))
    assert [word for word in (SERVICES, "deepl_pro", *words) if word not in told] == [], told


def test_a_contract_may_answer_an_own_fact(tmp_path: Path) -> None:
    overlay = folder(tmp_path, services=CONTRACT.format(fact="own", value="yes"), facts=fact("own"))
    assert load_rulebook(None, overlay).knowledge.services["deepl_pro"].facts["own"].institution


def test_more_values_than_the_engine_takes_are_refused_at_load(tmp_path: Path, book: Rulebook) -> None:
    many = [name for name in book.knowledge.services if name != "kakuu_ai"][:31]
    more = "institution_policy = true"
    told = refused(folder(tmp_path, rules=floor("own.x", f"service = {many}", "do_not_upload", more=more)))
    assert "own.x: more than 30 values" in told


def test_more_conditions_than_the_engine_takes_at_once_are_refused_at_load(tmp_path: Path) -> None:
    more = "institution_policy = true"
    names = [f"own_{number}" for number in range(24)]
    rules = [floor(f"own.x{name}", f'{name} = "no"', "confirm_first", more=more) for name in names]
    told = refused(folder(tmp_path, facts="".join(map(fact, names)), rules="".join(rules)))
    assert "at once, the engine takes 64" in told
