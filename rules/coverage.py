"""Each sentence of the sources → passages → rules → scenarios, or the recorded reason why no rule encodes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.coverage import NOT_ENCODED, Reason
from knowledge.errors import DataError
from knowledge.sentences import Sentence
from rules.models import RuleBase


@dataclass(frozen=True)
class Covered:
    """A sentence and what became of it; `faults` is empty if it is encoded or has a reason, whole."""

    sentence: Sentence
    rules: tuple[str, ...]
    scenarios: tuple[str, ...]
    reasons: tuple[Reason, ...]
    faults: tuple[str, ...]


def cover(
    sentences: Iterable[Sentence],
    rulebase: RuleBase,
    reasons: Mapping[str, Reason],
    scenarios: Mapping[str, Iterable[str]],
) -> tuple[Covered, ...]:
    """Cross the sentences with the rules that cite them; `scenarios`: the rules and passages each expects.

    Raises DataError for a reason whose passage a rule does cite.
    """
    citing = _citing(rulebase)
    for passage, reason in reasons.items():
        if passage in citing:
            fault = f"gives a reason for {passage!r}, which {citing[passage][0]} cites; remove one of them"
            raise DataError(NOT_ENCODED, reason.id, fault)
    return tuple(_covered(sentence, citing, reasons, scenarios) for sentence in sentences)


def _covered(
    sentence: Sentence,
    citing: Mapping[str, list[str]],
    reasons: Mapping[str, Reason],
    scenarios: Mapping[str, Iterable[str]],
) -> Covered:
    rules = tuple(dict.fromkeys(rule for passage in sentence.passages for rule in citing.get(passage, ())))
    met = {*rules, *sentence.passages}
    return Covered(
        sentence=sentence,
        rules=rules,
        scenarios=tuple(name for name, expected in scenarios.items() if not met.isdisjoint(expected)),
        reasons=tuple({reasons[p].id: reasons[p] for p in sentence.passages if p in reasons}.values()),
        faults=tuple(_faults(sentence, citing.keys() | reasons.keys())),
    )


def _faults(sentence: Sentence, settled: set[str]) -> list[str]:
    faults = [
        f"{NOT_ENCODED}: {passage}: no rule cites this passage; cite it in a rule or give a reason"
        for passage in sentence.passages
        if passage not in settled
    ]
    if not sentence.whole:
        faults.append(f"passages: {sentence.source}: no passage quotes all of “{sentence.text}”; quote it")
    return faults


def _citing(rulebase: RuleBase) -> dict[str, list[str]]:
    """Return the rules that cite each passage, in deciding order."""
    found: dict[str, list[str]] = {}
    for rule in rulebase.rules.values():
        for passage in rule.cites:
            found.setdefault(passage, []).append(rule.id)
    return found
