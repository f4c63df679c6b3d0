"""An institution's overlay folder → a rule base with its facts and floors on top. A floor can only raise a verdict.

Its rules may read, besides the facts, the class and the items, what the national tables never use: the service, its
kind, and each field of the list. Those come into the vocabulary only where a rule reads them.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.errors import DataError
from knowledge.institution import overlay_records
from knowledge.models import Bilingual, Id, Knowledge, Record
from knowledge.records import by_id, parse
from rules.checks import check_ids, check_services, check_table
from rules.compiler import WIDE, check_limits
from rules.lawful import breaches_alone
from rules.loader import checked_facts, conditions
from rules.models import TARGETS, UNKNOWN, Condition, Fact, Rule, RuleBase
from rules.vocabulary import DOMAIN, SERVICE, SERVICE_KIND

FACTS, RULES = "facts.toml", "rules.toml"
KINDS = ("consumer", "contracted", "self_hosted", "other")
OUTSIDE = "other"
"""The service that is not in the catalogue; its kind is `other`, too."""
UNREADABLE = frozenset({"obligation"})
TAKEN = frozenset({SERVICE, SERVICE_KIND, WIDE, "sid", "id", "never"})
"""Names that no fact of an institution may have: what its rules read besides facts, and the keys of the engine."""
TOLD_OF_SERVICES = frozenset(
    {"access_limited", "secure_channel", "purpose_limited", "data_location", "leakage_protection", "liability_clear"}
)
"""The national facts that a contract can answer: items ②–⑤, and who is liable. The others are about the data."""
SUSPENSION, PLAN_UNKNOWN = "suspended.", ".plan_unknown"
"""How the ids of the rules begin that a suspension makes (no other rule may), and end where it is of one plan."""
SUSPENDED = Bilingual(
    ja="所属機関がこのサービスの利用を停止しています。再開の知らせがあるまで入力しないでください。",
    en="Your institution has suspended this service: enter nothing until it says that the service may be used again.",
)
PLAN_SUSPENDED = Bilingual(
    ja="所属機関がこのサービスのプランの一つを停止しています。ご利用のプランを先に確かめてください。",
    en="Your institution has suspended a plan of this service: first make sure which plan you use.",
)


class Policy(Record):
    """A floor of the institution. `institution_policy`: it is meant, even where it breaks a law of the tables."""

    id: Id
    when: Condition = Field(min_length=1)
    then: str
    cites: tuple[Id, ...] = Field(min_length=1)
    because: Bilingual
    institution_policy: bool = False


def load_policies(knowledge: Knowledge, folder: Traversable) -> tuple[Policy, ...]:
    """Load the rules, and one for every suspended service. Raises DataError naming file, id and fault."""
    records = overlay_records(folder, RULES, "rule")["rule"]
    own = (parse(Policy, {**record, "when": conditions(record)}, RULES) for record in records)
    found = by_id(own, RULES)
    for name in found:
        if name.startswith(SUSPENSION):
            raise DataError(RULES, name, f"ids that begin with {SUSPENSION!r} are kept for suspensions; choose another")
    stopped = (policy for service in _suspended(knowledge) for policy in _suspension(service, knowledge))
    return (*stopped, *(_of_plans(policy, knowledge) for policy in found.values()))


def check_policies(national: RuleBase, merged: RuleBase, policies: Iterable[Policy]) -> None:
    """Raise DataError with the smallest counterexample for a floor that breaks a law and does not say it is meant."""
    unmeant = [policy.id for policy in policies if not policy.institution_policy]
    for name, broken in breaches_alone(national, merged, unmeant):
        fault = f"is not {broken.law}: {broken.says} (smallest counterexample: {broken.told})"
        raise DataError(RULES, name, f"{fault}; write institution_policy = true if that is meant")


def _suspension(service: str, knowledge: Knowledge) -> Iterator[Policy]:
    """The service is refused; where one plan is, its brand without a plan waits until the plan is known."""
    name, plan = f"{SUSPENSION}{service}", knowledge.services.get(service)
    yield _stop(name, _with_plans(frozenset((service,)), knowledge), "do_not_upload", SUSPENDED)
    if plan and plan.brand not in knowledge.services and plan.brand not in _suspended(knowledge):
        yield _stop(f"{name}{PLAN_UNKNOWN}", frozenset((plan.brand,)), "confirm_first", PLAN_SUSPENDED)


def _suspended(knowledge: Knowledge) -> tuple[str, ...]:
    return knowledge.institution.suspended if knowledge.institution else ()


def _stop(name: str, services: frozenset[str], verdict: str, because: Bilingual) -> Policy:
    return Policy(
        id=name,
        when={SERVICE: services},
        then=verdict,
        cites=("principle.contracts",),
        because=because,
        institution_policy=True,
    )


def with_policies(
    rulebase: RuleBase, knowledge: Knowledge, folder: Traversable, policies: Iterable[Policy]
) -> RuleBase:
    """Return the rule base with the folder's facts and these floors. Raises DataError naming file, id and remedy."""
    rules = [_floor(policy) for policy in policies]
    used = {name for rule in rules for name in rule.when}
    facts = {**rulebase.facts, **_own_facts(rulebase, folder)}
    facts |= dict(_context(facts, knowledge, used))
    tables = tuple(
        table.model_copy(update={"rules": (*rules, *table.rules)}) if table.mode == "floor" else table
        for table in rulebase.tables
    )
    merged = RuleBase(facts=facts, tables=tables, editions=rulebase.editions)
    _check(rulebase, merged, knowledge, rules)
    return merged


def _floor(policy: Policy) -> Rule:
    when, because = policy.when, policy.because
    return Rule(id=policy.id, target="verdict", when=when, then=policy.then, cites=policy.cites, because=because)


def _of_plans(policy: Policy, knowledge: Knowledge) -> Policy:
    """Return the rule with every plan of the brands that it names."""
    if SERVICE not in policy.when:
        return policy
    plans = _with_plans(policy.when[SERVICE], knowledge)
    return policy.model_copy(update={"when": {**policy.when, SERVICE: plans}})


def _with_plans(services: frozenset[str], knowledge: Knowledge) -> frozenset[str]:
    """A brand stands for all its plans, and for itself where the plan was not said; a plan's id for that plan alone."""
    brands = services - knowledge.services.keys()
    return services | {plan.id for plan in knowledge.services.values() if plan.brand in brands}


def _check(rulebase: RuleBase, merged: RuleBase, knowledge: Knowledge, rules: Iterable[Rule]) -> None:
    check_ids([(RULES, table) for table in merged.tables], knowledge)
    readable = {**dict(_context(merged.facts, knowledge, _context_names(merged.facts))), **merged.facts}
    vocabulary = {fact.id: fact.table_values for fact in readable.values()}
    vocabulary |= {target: table.values for target, table in merged.decided.items() if target not in UNREADABLE}
    floors = next(table for table in merged.tables if table.mode == "floor")
    check_table(RULES, floors.model_copy(update={"rules": tuple(rules)}), vocabulary, knowledge)
    check_services(knowledge, merged.facts)
    _check_contracts(rulebase, merged, knowledge)
    try:
        check_limits(merged)
    except DataError as error:
        raise DataError(RULES, error.what, error.fault) from None


def _check_contracts(rulebase: RuleBase, merged: RuleBase, knowledge: Knowledge) -> None:
    """A contract answers for its service, not for the data: else it could lower a verdict that no rule can lower."""
    allowed = TOLD_OF_SERVICES | {fact.id for fact in merged.facts.values() if fact.given} - rulebase.facts.keys()
    for service in knowledge.services.values():
        for name, told in service.facts.items():
            if told.institution and name not in allowed:
                fault = f"{name}: is not for a service to answer; it may answer {', '.join(sorted(allowed))}"
                raise DataError("services.toml", service.id, fault)
            if told.institution and told.value == UNKNOWN:
                fault = f"{name}: {UNKNOWN!r} is no answer; leave the fact out"
                raise DataError("services.toml", service.id, fault)


def _own_facts(rulebase: RuleBase, folder: Traversable) -> dict[str, Fact]:
    records = overlay_records(folder, FACTS, "fact")["fact"]
    facts = checked_facts(FACTS, records, rulebase.facts)
    for fact in facts.values():
        if fact.id in rulebase.facts or fact.id in TARGETS or fact.id in TAKEN or fact.id.startswith(DOMAIN):
            raise DataError(FACTS, fact.id, "the national tables have this name; choose another")
        if fact.many or not fact.safe:
            raise DataError(FACTS, fact.id, "give it single values and say which one is `safe`")
        if UNKNOWN in fact.values:
            raise DataError(FACTS, fact.id, f"leave {UNKNOWN!r} out of its values: it is always there as well")
        nameless = set(fact.values) - fact.value_names.keys() - {"yes", "no"}
        if nameless:
            raise DataError(FACTS, fact.id, f"say in `value_names` what {min(nameless)!r} is called")
    return facts


def _context_names(facts: Mapping[str, Fact]) -> set[str]:
    """Every name that rules may read though nobody answers it: a misspelt one is told the nearest of these, too."""
    return {
        SERVICE,
        SERVICE_KIND,
        *(f"{DOMAIN}{value}" for fact in facts.values() if fact.many for value in fact.values),
    }


def _context(facts: Mapping[str, Fact], knowledge: Knowledge, used: set[str]) -> Iterator[tuple[str, Fact]]:
    """Yield the facts that nobody answers, as far as they are used: the service, its kind, fields of the list."""
    if used & {SERVICE, SERVICE_KIND}:
        yield SERVICE, _service(knowledge)
    if SERVICE_KIND in used:
        yield SERVICE_KIND, _kind(knowledge)
    for fact in facts.values():
        if fact.many:
            names = {f"{DOMAIN}{value}": value for value in fact.values}
            yield from ((name, _field(fact, name, value)) for name, value in names.items() if name in used)


def _service(knowledge: Knowledge) -> Fact:
    """The plan, or the brand where the plan was not said, or `other` for one outside the catalogue."""
    values = dict.fromkeys((*knowledge.services, *knowledge.brands, OUTSIDE))
    return Fact(id=SERVICE, values=tuple(values), given=False, label=Bilingual(ja="AIサービス", en="the AI service"))


def _kind(knowledge: Knowledge) -> Fact:
    """A brand has the kind of its plans where they all have the same."""
    kinds = {brand: {s.kind for s in knowledge.services.values() if s.brand == brand} for brand in knowledge.brands}
    of: dict[str, str] = {brand: next(iter(found)) if len(found) == 1 else UNKNOWN for brand, found in kinds.items()}
    of |= {service.id: service.kind for service in knowledge.services.values()}
    of |= {OUTSIDE: OUTSIDE, UNKNOWN: UNKNOWN}
    follows = {
        kind: ({SERVICE: frozenset(name for name, its in of.items() if its == kind)},) for kind in (*KINDS, UNKNOWN)
    }
    label = Bilingual(ja="AIサービスの種類", en="the kind of AI service")
    return Fact(id=SERVICE_KIND, values=KINDS, given=False, follows=follows, label=label)


def _field(fact: Fact, name: str, value: str) -> Fact:
    """One field: it counts as named only where some are; its own answer tells which."""
    some, listed, other = frozenset(("some",)), frozenset(("yes",)), frozenset(("no", UNKNOWN))
    follows: dict[str, tuple[Condition, ...]] = {
        "yes": ({fact.id: some, name: listed},),
        "no": ({fact.id: frozenset(("none",))}, {fact.id: some, name: other}),
        UNKNOWN: ({fact.id: frozenset((UNKNOWN,))},),
    }
    label = Bilingual(ja=f"{fact.label.ja}：{fact.name(value).ja}", en=f"{fact.label.en}: {fact.name(value).en}")
    return Fact(id=name, values=("yes", "no"), given=False, follows=follows, label=label)
