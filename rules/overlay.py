"""An institution's overlay folder → a rule base with its facts and rules on top. A floor can only raise a verdict.

Its rules may read, besides the facts, the class and the items, what the national tables never use: the service, its
kind, and each field of the list. Those come into the vocabulary only where a rule reads them.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable

from knowledge.errors import DataError, Faults, nearest
from knowledge.institution import CONTACTS, overlay_records
from knowledge.models import Bilingual, Knowledge
from rules.checks import check_ids, check_services, check_table
from rules.compiler import WIDE, check_limits
from rules.loader import checked_facts
from rules.models import TARGETS, UNKNOWN, Condition, Fact, RuleBase
from rules.policies import RULES, Policy, check_measures
from rules.vocabulary import DOMAIN, SERVICE, SERVICE_KIND

FACTS, NATIONAL = "facts.toml", "the national tables"
KINDS = {
    "consumer": Bilingual(ja="個人向け", en="for consumers"),
    "contracted": Bilingual(ja="組織契約", en="for organisations, by contract"),
    "self_hosted": Bilingual(ja="自前で運用", en="self-hosted"),
    "other": Bilingual(ja="一覧にないもの", en="not on the list"),
}
OUTSIDE = "other"
"""The service that is not in the catalogue; its kind is `other`, too."""
UNREADABLE = frozenset({"obligation"})
TAKEN = frozenset({SERVICE, SERVICE_KIND, WIDE, "sid", "id", "never"})
"""Names that no fact of an institution may have: what its rules read besides facts, and the keys of the engine."""
TOLD_OF_SERVICES = frozenset(
    {"access_limited", "secure_channel", "purpose_limited", "data_location", "leakage_protection", "liability_clear"}
)
"""The national facts that a contract can answer: items ②–⑤, and who is liable. The others are about the data."""


def with_policies(
    rulebase: RuleBase, knowledge: Knowledge, folder: Traversable, policies: Iterable[Policy]
) -> RuleBase:
    """Return the rule base with the folder's facts and these rules. Raises DataError naming file, id and remedy."""
    own = tuple(policies)
    rules = {"floor": [p.floor() for p in own], "advice": [rule for p in own for rule in p.advice()]}
    facts = {**rulebase.facts, **own_facts(rulebase, folder)}
    facts |= dict(_context(facts, knowledge, {name for policy in own for name in policy.when}))
    tables = tuple(
        table.model_copy(update={"rules": (*rules.get(table.mode, ()), *table.rules)}) for table in rulebase.tables
    )
    merged = RuleBase(facts=facts, tables=tables, editions=rulebase.editions)
    _check(rulebase, merged, knowledge, own)
    return merged


def _check(rulebase: RuleBase, merged: RuleBase, knowledge: Knowledge, policies: tuple[Policy, ...]) -> None:
    floors = next(table for table in merged.tables if table.mode == "floor")
    own = floors.model_copy(update={"rules": tuple(policy.floor() for policy in policies)})
    faults = Faults()
    with faults.gathered():
        check_ids([*((NATIONAL, table) for table in rulebase.tables), (RULES, own)], knowledge)
    with faults.gathered():
        check_table(RULES, own, _readable(merged, knowledge), knowledge)
    with faults.gathered():
        check_measures(policies, knowledge)
    with faults.gathered():
        check_services(knowledge, merged.facts)
        _check_contracts(rulebase, merged, knowledge)
    with faults.gathered():
        _check_offices(merged, knowledge)
    faults.tell()
    try:
        check_limits(merged)
    except DataError as error:
        raise DataError(RULES, error.what, error.fault) from None


def _readable(merged: RuleBase, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return every name that a rule may read, with its values."""
    facts = {**dict(_context(merged.facts, knowledge, _context_names(merged.facts))), **merged.facts}
    decided = {target: table.values for target, table in merged.decided.items() if target not in UNREADABLE}
    return {**{fact.id: fact.table_values for fact in facts.values()}, **decided}


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


def _check_offices(merged: RuleBase, knowledge: Knowledge) -> None:
    """An office answers for facts that somebody is asked for, and each fact has one."""
    known = [fact.id for fact in merged.facts.values() if fact.given]
    seen: set[str] = set()
    for contact in knowledge.institution.contacts if knowledge.institution else ():
        for name in contact.answers_for:
            if name not in known:
                fault = f"answers_for: unknown fact {name!r}{nearest(name, known)}"
                raise DataError(CONTACTS, contact.office, fault)
            if name in seen:
                raise DataError(CONTACTS, contact.office, f"answers_for: {name!r} is named twice; one office answers")
            seen.add(name)


def own_facts(rulebase: RuleBase, folder: Traversable) -> dict[str, Fact]:
    """Return the facts that the folder adds, by id. Raises DataError naming file, id and every fault."""
    records = overlay_records(folder, FACTS, "fact")["fact"]
    facts = checked_facts(FACTS, records, rulebase.facts)
    faults = Faults()
    for fact in facts.values():
        with faults.gathered():
            _check_own(fact, rulebase)
    faults.tell()
    return facts


def _check_own(fact: Fact, rulebase: RuleBase) -> None:
    if fact.id in rulebase.facts or fact.id in TARGETS or fact.id in TAKEN or fact.id.startswith(DOMAIN):
        raise DataError(FACTS, fact.id, "the national tables have this name; choose another")
    if fact.many or not fact.safe:
        raise DataError(FACTS, fact.id, "give it single values and say which one is `safe`")
    if UNKNOWN in fact.values:
        raise DataError(FACTS, fact.id, f"leave {UNKNOWN!r} out of its values: it is always there as well")
    nameless = set(fact.values) - fact.value_names.keys() - {"yes", "no"}
    if nameless:
        raise DataError(FACTS, fact.id, f"say in `value_names` what {min(nameless)!r} is called")


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
    """The plan, or the brand where the plan was not said, or `other` for one outside the catalogue.

    Any plan of the catalogue may be worth changing to.
    """
    values = tuple(dict.fromkeys((*knowledge.services, *knowledge.brands, OUTSIDE)))
    label = Bilingual(ja="AIサービス", en="the AI service")
    return Fact(
        id=SERVICE, values=values, improves=tuple(knowledge.services), actionable=True, given=False, label=label
    )


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
    return Fact(id=SERVICE_KIND, values=tuple(KINDS), given=False, follows=follows, value_names=KINDS, label=label)


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
