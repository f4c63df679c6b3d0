"""Facts from outside → the closed vocabulary of the tables. Every fault is named, with the nearest spelling."""

from collections.abc import Iterator, Mapping

from knowledge.errors import nearest
from rules.errors import FactError
from rules.models import UNKNOWN, Fact, Facts, RuleBase


def parse_facts(rulebase: RuleBase, given: Mapping[str, object]) -> Facts:
    """Return every fact of the rule base, omitted ones `unknown`. Raises FactError naming all faults."""
    facts: dict[str, str | tuple[str, ...]] = dict.fromkeys(rulebase.facts, UNKNOWN)
    faults = []
    for name, value in given.items():
        fact = rulebase.facts.get(name)
        found = _faults(fact, value) if fact else [f"unknown fact {name!r}{nearest(name, rulebase.facts)}"]
        faults.extend(found)
        if not found:
            facts[name] = tuple(value) if isinstance(value, list | tuple) else str(value)
    if faults:
        raise FactError(faults)
    return facts


def _faults(fact: Fact, value: object) -> list[str]:
    if fact.many and isinstance(value, list | tuple):
        return list(_list_faults(fact, list(value)))
    allowed = (UNKNOWN,) if fact.many else (*fact.values, UNKNOWN)
    if isinstance(value, str) and value in allowed:
        return []
    hint = nearest(value, allowed) if isinstance(value, str) else ""
    expected = f"a list out of {', '.join(fact.values)}, or 'unknown'" if fact.many else ", ".join(allowed)
    return [f"{fact.id}: unknown value {value!r}{hint} (expected {expected})"]


def _list_faults(fact: Fact, names: list[object]) -> Iterator[str]:
    for position, name in enumerate(names):
        if not isinstance(name, str) or name not in fact.values:
            hint = nearest(name, fact.values) if isinstance(name, str) else ""
            yield f"{fact.id}: unknown value {name!r}{hint}"
        elif name in names[:position]:
            yield f"{fact.id}: {name!r} is named twice"


def for_tables(facts: Facts) -> dict[str, str]:
    """Return the facts as the tables read them: a list becomes none, some or unknown."""
    return {name: value if isinstance(value, str) else "some" if value else "none" for name, value in facts.items()}
