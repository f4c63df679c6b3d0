"""The shapes of facts, rules and tables, and of what a decision returns. Data only, all frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from knowledge.models import Bilingual, Flag, Id, Record

UNKNOWN = "unknown"
VERDICTS = ("allowed", "allowed_with_conditions", "confirm_first", "public_data_only", "do_not_upload")
TARGETS = {
    "data_class": "first_line",
    **{f"item_{item}": "first_line" for item in "1234567"},
    "obligation": "first_line",
    "verdict": "floor",
    "measures": "advice",
}
"""What the tables have to decide, and the kind of table that does."""

SEVERITY = {verdict: step for step, verdict in enumerate(VERDICTS)}

Facts = Mapping[str, str | tuple[str, ...]]
"""Fact id to value; a fact with many values holds a tuple of names or `unknown`."""


Condition = Mapping[str, frozenset[str]]
"""Facts or decided targets to accepted values; holds where all of them do."""


class Fact(Record):
    """One thing the rules may ask of a case; `unknown` is a value of every fact.

    `improves`: further values that are better to have than another, besides `safe`. `actionable`: somebody can
    bring about another answer (a contract, an approval, another plan, anonymising, publishing first); otherwise it
    is a fact about the data or the project. `blocked_by`: while one of these facts is yes, nobody should (what is
    restricted cannot simply be published). `given`: somebody answers it; otherwise it is the service, or follows from
    other facts. `follows`: each value with the conditions under which it has that, any of which is enough.
    """

    id: Id
    values: tuple[Id, ...] = Field(min_length=1)
    safe: str | None = None
    improves: tuple[Id, ...] = ()
    many: Flag = False
    actionable: Flag = False
    blocked_by: tuple[Id, ...] = ()
    follows: Mapping[str, tuple[Condition, ...]] = {}
    given: Flag = True
    value_names: Mapping[str, Bilingual] = {}
    label: Bilingual

    @cached_property
    def better(self) -> tuple[str, ...]:
        """Table values worth changing to: the safe one, and those that improve."""
        safe = ("none",) if self.many else (self.safe,) if self.safe else ()
        return (*safe, *self.improves)

    def name(self, value: str) -> Bilingual:
        """Return what a value is called; the value itself where it has no name."""
        return self.value_names.get(value) or Bilingual(ja=value, en=value)

    @property
    def free(self) -> bool:
        """Whether its value can differ while the others stay: it follows from no others, or not from them alone."""
        conditions = [condition for conditions in self.follows.values() for condition in conditions]
        return not conditions or any(self.id in condition for condition in conditions)

    @cached_property
    def table_values(self) -> tuple[str, ...]:
        """Values as the rule tables see them: a list becomes none, some or unknown."""
        return ("none", "some", UNKNOWN) if self.many else (*self.values, UNKNOWN)


class Rule(Record):
    """If all of `when` holds then `then`; `when` maps a fact or a decided target to accepted values."""

    id: Id
    target: str
    line: int = 0
    when: Condition = {}
    then: str
    cites: tuple[Id, ...] = Field(min_length=1)
    because: Bilingual
    reading: Bilingual | None = None


class Table(Record):
    """The rules that decide one target.

    `first_line`: the first line with a rule that holds decides. `floor`: every rule that holds
    raises the verdict at least to `then`. `advice`: every rule that holds adds its measure.
    """

    decides: Id
    mode: Literal["first_line", "floor", "advice"]
    values: tuple[str, ...]
    rules: tuple[Rule, ...] = Field(alias="rule")


class Edition(Record):
    """A state of the rulebook with the day from which it counts."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
    effective_from: date
    note: Bilingual


class RuleBase(Record):
    """Facts, tables in deciding order, and editions, oldest first: the last one is what the tables say."""

    facts: Mapping[str, Fact]
    tables: tuple[Table, ...]
    editions: tuple[Edition, ...]

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by id, in deciding order."""
        return {rule.id: rule for table in self.tables for rule in table.rules}

    @cached_property
    def decided(self) -> Mapping[str, Table]:
        """The first-line tables by target: what later tables may build on."""
        return {table.decides: table for table in self.tables if table.mode == "first_line"}

    @cached_property
    def about(self) -> Mapping[str, frozenset[str]]:
        """The facts each rule is about: those that it and the items it builds on read, besides the data class."""
        behind: dict[str, frozenset[str]] = {"data_class": frozenset()}
        told: dict[str, frozenset[str]] = {}
        for table in self.tables:
            for rule in table.rules:
                names = (name for name in rule.when if name != "already_public")
                parts = (behind[name] if name in behind else self.sources(name) for name in names)
                told[rule.id] = frozenset().union(*parts)
            rules = frozenset().union(*(told[rule.id] for rule in table.rules))
            behind.setdefault(table.decides, rules)
        return told

    def sources(self, name: str) -> frozenset[str]:
        """The facts somebody is asked for in place of one that follows from them."""
        follows = self.facts[name].follows.values()
        return frozenset(source for each in follows for condition in each for source in condition) or frozenset((name,))

    @property
    def edition(self) -> Edition:
        """Return the edition of these tables."""
        return self.editions[-1]


@dataclass(frozen=True)
class Outcome:
    """What the tables say of fully given facts: decided targets, verdict, ids of the rules that fired."""

    decided: Mapping[str, str]
    verdict: str
    fired: tuple[str, ...]


class Evaluation(Record):
    """A decision with its reasons: rules and passages severest first, and where it came from."""

    facts: Facts
    data_class: str
    checklist: Mapping[str, str]
    verdict: str
    obligation: str
    rules: tuple[str, ...]
    passages: tuple[str, ...]
    measures: tuple[str, ...]
    engine: Literal["durable_rules", "interpreter"]
    edition: str
    disputed: bool = False
