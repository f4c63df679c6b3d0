"""Facts from outside → the closed vocabulary of the tables. Every fault is named, with the nearest spelling."""

import json
from collections.abc import Iterator, Mapping

from knowledge.errors import nearest
from rules.errors import FactError
from rules.models import UNKNOWN, Fact, Facts, RuleBase

SERVICE, SERVICE_KIND, DOMAIN = "service", "service_kind", "domain_"
"""What an institution's rules may read besides the facts: the service, its kind, and each field of the list."""


def parse_facts(rulebase: RuleBase, given: Mapping[str, object], service: str | None = None) -> Facts:
    """Return every fact of the rule base, omitted ones `unknown`, and what follows from them and the service.

    Raises FactError naming all faults.
    """
    known = {name: fact for name, fact in rulebase.facts.items() if fact.given}
    facts: dict[str, str | tuple[str, ...]] = dict.fromkeys(known, UNKNOWN)
    faults = []
    for name, value in given.items():
        fact = known.get(name)
        found = _faults(fact, value) if fact else [f"unknown fact {name!r}{nearest(name, known)}"]
        faults.extend(found)
        if not found:
            facts[name] = tuple(value) if isinstance(value, list | tuple) else str(value)
    if faults:
        raise FactError(faults)
    return in_context(rulebase, facts, service or UNKNOWN)


def _faults(fact: Fact, value: object) -> list[str]:
    if fact.many and isinstance(value, list | tuple):
        return list(_list_faults(fact, list(value)))
    allowed = (UNKNOWN,) if fact.many else (*fact.values, UNKNOWN)
    if isinstance(value, str) and value in allowed:
        return []
    hint = nearest(value, allowed) if isinstance(value, str) else ""
    expected = f"a list out of {', '.join(fact.values)}, or 'unknown'" if fact.many else ", ".join(allowed)
    return [f"{fact.id}: unknown value {_written(value)}{hint} (expected {expected})"]


def _written(value: object) -> str:
    """The value as JSON has it, a text as in every other message."""
    return repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _list_faults(fact: Fact, names: list[object]) -> Iterator[str]:
    for position, name in enumerate(names):
        if not isinstance(name, str) or name not in fact.values:
            hint = nearest(name, fact.values) if isinstance(name, str) else ""
            yield f"{fact.id}: unknown value {_written(name)}{hint}"
        elif name in names[:position]:
            yield f"{fact.id}: {name!r} is named twice"


def in_context(rulebase: RuleBase, facts: Facts, service: str | None) -> Facts:
    """Return the facts with what the rule base takes from them and the service; None: no service is named yet."""
    told = dict(facts)
    if service is not None and SERVICE in rulebase.facts:
        told[SERVICE] = service if service in rulebase.facts[SERVICE].values else UNKNOWN
    for fact in rulebase.facts.values():
        if fact.many and fact.id in facts:
            told |= {f"{DOMAIN}{name}": _listed(name, facts[fact.id]) for name in fact.values}
        elif fact.follows and not fact.free and told.keys() >= _sources(fact):
            told[fact.id] = next(value for value in fact.table_values if _holds(fact, value, told))
    return {name: value for name, value in told.items() if name in rulebase.facts}


def _listed(name: str, value: str | tuple[str, ...]) -> str:
    return UNKNOWN if value == UNKNOWN else "yes" if name in value else "no"


def _sources(fact: Fact) -> set[str]:
    return {name for conditions in fact.follows.values() for condition in conditions for name in condition}


def _holds(fact: Fact, value: str, told: Facts) -> bool:
    conditions = fact.follows.get(value, ())
    return any(all(told[name] in accepted for name, accepted in condition.items()) for condition in conditions)


def for_tables(facts: Facts) -> dict[str, str]:
    """Return the facts as the tables read them: a list becomes none, some or unknown."""
    return {name: table_value(value) for name, value in facts.items()}


def table_value(value: str | tuple[str, ...]) -> str:
    """Return the value as the tables read it."""
    return value if isinstance(value, str) else "some" if value else "none"
