"""What the tests of editions share: two rule bases judged case by case, without a diagram; small random rule bases."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import strategies as st

from knowledge.models import Bilingual
from rules.interpreter import decide
from rules.models import SEVERITY, UNKNOWN, VERDICTS, Fact, Rule, RuleBase, Table

Case = dict[str, str]
TEXT = Bilingual(ja="文", en="text")
NAMES, POOL, CLASSES, MEASURES = ("a", "b", "c", "d"), ("x", "y", "z"), ("p", "q"), ("m1", "m2")


def project(rulebase: RuleBase, case: Case) -> Case:
    """Return the case as an edition sees it: what it does not know is unknown."""
    return {f.id: case[f.id] if case[f.id] in f.table_values else UNKNOWN for f in rulebase.facts.values()}


def told(rulebase: RuleBase, case: Case) -> tuple[str, Mapping[str, str], set[str]]:
    """Return verdict, decided targets and measures."""
    outcome = decide(rulebase, project(rulebase, case))
    fired = [rulebase.rules[name] for name in outcome.fired]
    return outcome.verdict, outcome.decided, {rule.then for rule in fired if rule.target == "measures"}


def cases(vocabulary: Mapping[str, Fact]) -> Iterator[Case]:
    for values in product(*(fact.table_values for fact in vocabulary.values())):
        yield dict(zip(vocabulary, values, strict=True))


class Brute:
    """Every case of a small vocabulary, judged by both: counts, and in `fewest` the smallest example of each move."""

    def __init__(self, old: RuleBase, new: RuleBase, vocabulary: Mapping[str, Fact]) -> None:
        self.moves: Counter[tuple[str, str]] = Counter()
        self.shifts: Counter[tuple[str, str, str]] = Counter()
        self.advice: Counter[tuple[str, bool]] = Counter()
        self.fewest: dict[tuple[str, str], Case] = {}
        self.total = 0
        for case in cases(vocabulary):
            self.total += 1
            self._judge(told(old, case), told(new, case), answered(case), vocabulary)

    def _judge(
        self,
        was: tuple[str, Mapping[str, str], set[str]],
        now: tuple[str, Mapping[str, str], set[str]],
        answers: Case,
        vocabulary: Mapping[str, Fact],
    ) -> None:
        if was[0] != now[0]:
            move = (was[0], now[0])
            self.moves[move] += 1
            best = self.fewest.setdefault(move, answers)
            self.fewest[move] = min(best, answers, key=lambda each: rank(each, vocabulary))
        for target in was[1].keys() & now[1].keys():
            if was[1][target] != now[1][target]:
                self.shifts[target, was[1][target], now[1][target]] += 1
        for measure in was[2] ^ now[2]:
            self.advice[measure, measure in now[2]] += 1


def answered(case: Case) -> Case:
    return {name: value for name, value in case.items() if value != UNKNOWN}


def rank(answers: Case, vocabulary: Mapping[str, Fact]) -> tuple[int, list[tuple[int, int]]]:
    """Fewest first, then by the order of facts and values."""
    order = list(vocabulary)
    return len(answers), sorted((order.index(n), vocabulary[n].table_values.index(v)) for n, v in answers.items())


def fixed(rulebase: RuleBase, given: Case) -> RuleBase:
    """Return the rule base for cases with the given answers: fewer facts, the same decisions."""

    def left(rule: Rule) -> Rule:
        return rule.model_copy(update={"when": {n: values for n, values in rule.when.items() if n not in given}})

    def possible(rule: Rule) -> bool:
        return all(given[name] in rule.when[name] for name in rule.when.keys() & given.keys())

    tables = tuple(
        table.model_copy(update={"rules": tuple(left(rule) for rule in table.rules if possible(rule))})
        for table in rulebase.tables
    )
    free = {name: fact for name, fact in rulebase.facts.items() if name not in given}
    return RuleBase(facts=free, tables=tables, editions=())


@st.composite
def rulebases(draw: st.DrawFn) -> RuleBase:
    """A few facts in any order, a class of up to three lines and a default, floors and advice."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=3))
    some = st.lists(st.sampled_from(POOL), unique=True, min_size=1).map(tuple)
    facts = {n: Fact(id=n, values=draw(some), many=draw(st.booleans()), label=TEXT) for n in names}
    choices = {name: fact.table_values for name, fact in facts.items()}

    def rules(target: str, thens: tuple[str, ...], choices: Mapping[str, tuple[str, ...]]) -> tuple[Rule, ...]:
        found = []
        for number in range(draw(st.integers(0, 4))):
            read = draw(st.sets(st.sampled_from(sorted(choices)), max_size=2))
            when = {n: draw(st.frozensets(st.sampled_from(choices[n]), min_size=1)) for n in sorted(read)}
            then = thens[number // 2 % len(thens)] if target == "data_class" else draw(st.sampled_from(thens))
            found.append(rule(f"{target}.{number}", target, then, number // 2, when))
        return tuple(found)

    lines = (*rules("data_class", CLASSES, choices), rule("rest", "data_class", draw(st.sampled_from(CLASSES)), 9, {}))
    choices["data_class"] = CLASSES
    floors, advice = rules("verdict", VERDICTS, choices), rules("measures", MEASURES, choices)
    tables = (
        Table(decides="data_class", mode="first_line", values=CLASSES, rule=lines),
        Table(decides="verdict", mode="floor", values=tuple(SEVERITY), rule=floors),
        Table(decides="measures", mode="advice", values=(), rule=advice),
    )
    return RuleBase(facts=facts, tables=tables, editions=())


def rule(name: str, target: str, then: str, line: int, when: Mapping[str, frozenset[str]]) -> Rule:
    return Rule(id=name, target=target, then=then, line=line, when=when, cites=("check.1",), because=TEXT)
