"""What a picture of the rule base shows: groups of facts, who reads what, and the same as Graphviz source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.errors import DataError
from knowledge.models import Bilingual, Id, Record
from knowledge.records import by_id, parse, read_records
from rules.models import TARGETS, VERDICTS, RuleBase

WORDS = "words.toml"
HEADINGS = ("title", "subtitle", "facts", "rules", "line", "floors", "outside", "checklist")
LEGEND = ("legend_arrow", "legend_tag", "legend_rules", "legend_unknown")
ON_THE_PAGE = ("obligation", "data_class", *(f"item_{n}" for n in "1234567"), "verdict", "measures")
"""The targets from top to bottom, as the facts they are about are grouped."""


class Word(Record):
    """How the picture calls a target or a value."""

    id: Id
    label: Bilingual
    short: str = ""


@dataclass(frozen=True)
class Group:
    """Facts that the same target reads first, of the data class those that the same line does."""

    target: str
    facts: tuple[str, ...]


def load_words(rulebase: RuleBase, folder: Traversable | None = None) -> Mapping[str, Word]:
    """Return the words by id. Raises DataError if one is missing."""
    records = read_records((folder or files("rules.drawing")) / WORDS, "word")["word"]
    words = by_id((parse(Word, record, WORDS) for record in records), WORDS)
    for name in (*HEADINGS, *LEGEND, *TARGETS, *rulebase.decided["data_class"].values, *VERDICTS):
        if name not in words:
            raise DataError(WORDS, name, "has no word yet; the picture shows it")
    return words


def readers(rulebase: RuleBase) -> dict[str, tuple[str, ...]]:
    """Return the targets that read each fact and each decided target, in the order of the page."""
    pairs = {(name, rule.target) for rule in rulebase.rules.values() for name in rule.when}
    names = (*rulebase.facts, *rulebase.decided)
    return {name: tuple(target for target in ON_THE_PAGE if (name, target) in pairs) for name in names}


def groups(rulebase: RuleBase) -> tuple[Group, ...]:
    """Return the facts in groups, from top to bottom; a fact that nothing but advice reads comes last."""
    found: dict[tuple[int, int], list[str]] = {}
    reading = readers(rulebase)
    for fact in rulebase.facts:
        home = min((target for target in reading[fact]), key=list(TARGETS).index, default="measures")
        line = min((r.line for r in rulebase.rules.values() if r.target == home and fact in r.when), default=0)
        found.setdefault((ON_THE_PAGE.index(home), line if home == "data_class" else 0), []).append(fact)
    return tuple(Group(ON_THE_PAGE[place], tuple(facts)) for (place, _), facts in sorted(found.items()))


def graphviz(rulebase: RuleBase, words: Mapping[str, Word]) -> str:
    """Return the picture as Graphviz source, with an arrow for every reading."""
    return "\n".join(("digraph rules {", *(f"  {line}" for line in _graph(rulebase, words)), "}", ""))


def _graph(rulebase: RuleBase, words: Mapping[str, Word]) -> Iterator[str]:
    yield 'rankdir=LR; ranksep=1.5; nodesep=0.15; node [shape=box, fontname="Noto Sans CJK JP", fontsize=11];'
    for number, group in enumerate(groups(rulebase)):
        yield f"subgraph cluster_{number} {{ color=gray70;"
        for name in group.facts:
            yield f"  {_quote(name)} [label={_quote(rulebase.facts[name].label.ja, name)}];"
        yield "}"
    for name in ON_THE_PAGE:
        yield f'{_quote(name)} [style=filled, fillcolor="#eff4ff", label={_quote(words[name].label.ja, name)}];'
    for name, targets in readers(rulebase).items():
        for target in targets:
            style = " [style=dashed, color=gray60]" if target == "measures" else ""
            yield f"{_quote(name)} -> {_quote(target)}{style};"


def _quote(*lines: str) -> str:
    """Return the lines as one quoted word of Graphviz."""
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
