"""What became of the quotations between two editions: vanished, new, moved, reworded.

Words are compared as quotations are checked against their source: without white space and marks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.loader import bare
from knowledge.models import Knowledge, Passage
from rules.models import RuleBase


@dataclass(frozen=True)
class Vanished:
    """A passage whose id and words are both gone, and the old rules and measures that cited it."""

    passage: Passage
    cited_by: tuple[str, ...]


@dataclass(frozen=True)
class Requoted:
    """A passage as it was and as it is, and the old rules and measures that cited it."""

    old: Passage
    new: Passage
    cited_by: tuple[str, ...]


@dataclass(frozen=True)
class Quotations:
    """`moved`: the same words under another id or in another place. `reworded`: the same id with other words.

    An id that is given to other words while its own words went elsewhere is in both. `retouched`: same id, words and
    place; another rendering, its status, or white space. `new`: neither the id nor the words were there.
    """

    vanished: tuple[Vanished, ...]
    new: tuple[Passage, ...]
    moved: tuple[Requoted, ...]
    reworded: tuple[Requoted, ...]
    retouched: tuple[Requoted, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any((self.vanished, self.new, self.moved, self.reworded, self.retouched))


def compare_quotations(old: Knowledge, rulebase: RuleBase, new: Knowledge) -> Quotations:
    """Return what became of the old passages; `rulebase` is the old one, whose rules cite them."""
    cited = _citations(old, rulebase)
    after = _followed(old.passages, new.passages)
    kept = [(passage, new.passages[name]) for name, passage in old.passages.items() if name in new.passages]
    went = [(passage, new.passages[after[name]]) for name, passage in old.passages.items() if name in after]
    gone = [p for name, p in old.passages.items() if name not in after and name not in new.passages]
    found = set(after.values())

    def requoted(pairs: list[tuple[Passage, Passage]]) -> tuple[Requoted, ...]:
        return tuple(Requoted(one, other, cited.get(one.id, ())) for one, other in pairs)

    return Quotations(
        vanished=tuple(Vanished(passage, cited.get(passage.id, ())) for passage in gone),
        new=tuple(p for name, p in new.passages.items() if name not in old.passages and name not in found),
        moved=requoted([(one, other) for one, other in went if _address(one) != _address(other)]),
        reworded=requoted([(one, other) for one, other in kept if bare(one.ja) != bare(other.ja)]),
        retouched=requoted([(one, other) for one, other in went if _address(one) == _address(other) and one != other]),
    )


def _address(passage: Passage) -> tuple[str, str, str]:
    return passage.id, passage.source, passage.section


def _followed(old: Mapping[str, Passage], new: Mapping[str, Passage]) -> dict[str, str]:
    """Old id to the new id of the same words: its own, else one in the same place, else the first that is left."""
    after = {name: name for name in old if name in new and bare(old[name].ja) == bare(new[name].ja)}
    left: dict[str, list[Passage]] = {}
    for name, passage in new.items():
        if name not in after:
            left.setdefault(bare(passage.ja), []).append(passage)
    for name, passage in old.items():
        candidates = left.get(bare(passage.ja), [])
        if name not in after and candidates:
            best = min(candidates, key=lambda other: _address(other)[1:] != _address(passage)[1:])
            candidates.remove(best)
            after[name] = best.id
    return after


def _citations(knowledge: Knowledge, rulebase: RuleBase) -> dict[str, tuple[str, ...]]:
    """Passage to the rules, then measures, that cite it."""
    cited = {rule.id: rule.cites for rule in rulebase.rules.values()}
    cited |= {measure.id: measure.passages for measure in knowledge.measures.values()}
    found: dict[str, tuple[str, ...]] = {}
    for name, passages in cited.items():
        for passage in dict.fromkeys(passages):
            found[passage] = (*found.get(passage, ()), name)
    return found
