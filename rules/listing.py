"""Which facts, tables, rules and services differ between two editions, by id.

The order of records in their files is no difference, except that of the rules in a table: their reasons are told in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.models import Knowledge, ServiceFact
from rules.models import Fact, Rule, RuleBase

WORDING = {"because", "reading"}


@dataclass(frozen=True)
class Listed:
    """Ids that only the new side has, only the old side has, or both have with other content."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any((self.added, self.removed, self.changed))


@dataclass(frozen=True)
class Rules(Listed):
    """`changed`: what it decides or when. Else `recited` has other citations, `reworded` other words, maybe both.

    `reordered`: tables in which the rules of both sides stand in another order.
    """

    recited: tuple[str, ...]
    reworded: tuple[str, ...]
    reordered: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return super().__bool__() or any((self.recited, self.reworded, self.reordered))


@dataclass(frozen=True)
class Values:
    """Values that a fact of both sides has on one side only."""

    fact: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class ServiceChange:
    """What is known of a service that both sides have, where it differs; None where a side does not know."""

    service: str
    fact: str
    old: ServiceFact | None
    new: ServiceFact | None


def compare_ids(old: Mapping[str, object], new: Mapping[str, object]) -> Listed:
    """Return which ids of records differ, and how."""
    return Listed(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and old[name] != new[name]),
    )


def kinds(rulebase: RuleBase) -> dict[str, object]:
    """Return each table's kind and values by target."""
    tables = sorted(rulebase.tables, key=lambda table: table.decides)
    return {table.decides: (table.mode, frozenset(table.values)) for table in tables}


def names(knowledge: Knowledge) -> dict[str, object]:
    """Return each service by id, without what is known of it for the rules."""
    return {name: service.model_dump(exclude={"facts"}) for name, service in knowledge.services.items()}


def compare_values(old: Mapping[str, Fact], new: Mapping[str, Fact]) -> tuple[Values, ...]:
    """Return the facts of both sides whose values differ."""
    both = [(old[name], new[name]) for name in new if name in old and set(old[name].values) != set(new[name].values)]
    return tuple(
        Values(
            now.id,
            tuple(value for value in now.values if value not in was.values),
            tuple(value for value in was.values if value not in now.values),
        )
        for was, now in both
    )


def compare_rules(old: RuleBase, new: RuleBase) -> Rules:
    """Return which rules differ, and in what; by the target they decide."""
    listed = compare_ids(_logic(old), _logic(new))
    same = [name for name in _logic(new) if name in old.rules and name not in listed.changed]
    return Rules(
        listed.added,
        listed.removed,
        listed.changed,
        recited=tuple(name for name in same if old.rules[name].cites != new.rules[name].cites),
        reworded=tuple(name for name in same if _words(old.rules[name]) != _words(new.rules[name])),
        reordered=_reordered(old, new),
    )


def _logic(rulebase: RuleBase) -> dict[str, object]:
    rules = sorted(rulebase.rules.values(), key=lambda rule: rule.target)
    return {rule.id: rule.model_dump(exclude={"cites", *WORDING}) for rule in rules}


def _words(rule: Rule) -> object:
    return rule.model_dump(include=WORDING)


def _reordered(old: RuleBase, new: RuleBase) -> tuple[str, ...]:
    stayed = {name for name, rule in new.rules.items() if name in old.rules and old.rules[name].target == rule.target}
    was, now = (
        {table.decides: [rule.id for rule in table.rules if rule.id in stayed] for table in side.tables}
        for side in (old, new)
    )
    return tuple(target for target in sorted(was) if was[target] != now.get(target, []))


def compare_service_facts(old: Knowledge, new: Knowledge) -> tuple[ServiceChange, ...]:
    """Return what is known otherwise of the services of both sides."""
    both = [(old.services[name].facts, service) for name, service in new.services.items() if name in old.services]
    return tuple(
        ServiceChange(service.id, fact, was.get(fact), service.facts.get(fact))
        for was, service in both
        for fact in dict.fromkeys((*service.facts, *was))
        if was.get(fact) != service.facts.get(fact)
    )
