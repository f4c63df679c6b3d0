"""Receipts recomputed: what of them does not come out the same, each difference as a line that a person can read."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from conversations.models import NO_SERVICE
from conversations.provenance import BY_PERSONS, Given, by_catalogue
from conversations.reading import raises
from conversations.receipts import Digests, EditionStamp, Receipt, Result, digests_of, result_of
from knowledge.errors import nearest
from rules.editions import Rulebook
from rules.errors import FactError
from rules.evaluator import Evaluator, make_evaluator
from rules.models import UNKNOWN
from rules.vocabulary import parse_facts

CATALOGUED = ("catalogue", "presumed", "institution")
ONE_BY_ONE = ("data_class", "verdict", "obligation", "disputed")
LISTS = ("rules", "passages", "measures")


def differences(receipt: Receipt, rulebook: Rulebook, evaluator: Evaluator | None = None) -> list[str]:
    """Return everything of the receipt that the rulebook does not bear out; empty if it comes out the same.

    `evaluator`: one on the rulebook's tables, where the caller has it already.
    """
    return [
        *hash_differences(receipt),
        *_edition_differences(receipt, rulebook),
        *_answer_differences(receipt, rulebook),
        *_decided_differences(receipt, rulebook, evaluator or make_evaluator(rulebook.rulebase)),
    ]


def hash_differences(receipt: Receipt) -> list[str]:
    """Return whether the content is what was hashed."""
    now = receipt.content_hash()
    return [] if receipt.hash == now else [f"hash: written {receipt.hash}, the content gives {now}"]


def chain_differences(receipts: Sequence[Receipt]) -> list[list[str]]:
    """Return for each receipt how it fails to follow the one before it in its case.

    Receipts of a case stand in a row, oldest first, from the first one on: none of them may be missing.
    """
    before = (None, *receipts[:-1])
    earlier: set[str] = set()
    found = []
    for previous, receipt in zip(before, receipts, strict=True):
        found.append(list(_link_differences(previous, receipt, earlier)))
        earlier.add(receipt.case)
    return found


def _link_differences(previous: Receipt | None, receipt: Receipt, earlier: set[str]) -> Iterator[str]:
    if (receipt.number == 1) != (receipt.previous is None):
        yield f"previous: {_told(receipt.previous)} in number {receipt.number}; the first has none, every other has one"
    if receipt.case not in earlier and receipt.number > 1 and receipt.previous is not None:
        yield f"number: {receipt.number}; {_missing(1, receipt.number - 1)}"
        return
    if previous is None or (receipt.number == 1 and receipt.case not in earlier):
        return
    if receipt.case != previous.case:
        yield f"case: {_told(receipt.case)}, the receipt before is of {_told(previous.case)}"
    if receipt.number != previous.number + 1:
        gap = f"; {_missing(previous.number + 1, receipt.number - 1)}" if receipt.number > previous.number + 1 else ""
        yield f"number: {receipt.number}, after {previous.number}{gap}"
    if receipt.previous != previous.hash:
        yield f"previous: {_told(receipt.previous)}, the receipt before has {previous.hash}"


def _missing(first: int, last: int) -> str:
    return (
        f"number {first} of the case is missing"
        if first == last
        else f"numbers {first} to {last} of the case are missing"
    )


def _edition_differences(receipt: Receipt, rulebook: Rulebook) -> Iterator[str]:
    edition = rulebook.edition
    now = EditionStamp(id=edition.id, effective_from=edition.effective_from.isoformat())
    yield from _changed("edition", receipt.edition.id, now.id)
    yield from _changed("edition in force from", receipt.edition.effective_from, now.effective_from)
    yield from _changed("overlay", receipt.overlay, rulebook.institution)
    digests = digests_of(rulebook)
    for part in Digests.model_fields:
        then, found = getattr(receipt.sha256, part), getattr(digests, part)
        if then != found:
            yield f"{part}: sha256 {_told(then)} then, {_told(found)} now"


def _answer_differences(receipt: Receipt, rulebook: Rulebook) -> Iterator[str]:
    knowledge = rulebook.knowledge
    known = {*knowledge.services, *knowledge.brands, *NO_SERVICE}
    if receipt.service is not None and receipt.service not in known:
        yield f"service: unknown service {_told(receipt.service)}{nearest(receipt.service, known)}"
    facts = rulebook.rulebase.facts
    wanted = [name for name, fact in facts.items() if fact.given]
    told = Counter(given.fact for given in receipt.answers)
    yield from (f"answers: {_told(name)} is given {times} times" for name, times in told.items() if times > 1)
    yield from (f"answers: {_told(name)} is not among them" for name in wanted if name not in told)
    for given in receipt.answers:
        if given.source == "nobody" and given.value != UNKNOWN:
            yield f"answers: {_told(given.fact)} is {_told(given.value)}, but nobody gave it"
        if given.source == "reading" and given.fact in wanted and not raises(facts[given.fact], given.value):
            yield f"answers: {_told(given.fact)} is {_told(given.value)}, and a reading alone may not say so"
        yield from _confirmation_differences(given, receipt.made_at)
        if given.source in CATALOGUED and given.fact in wanted:
            yield from _catalogue_differences(given, by_catalogue(knowledge, receipt.service, given.fact))


def _confirmation_differences(given: Given, made_at: str) -> Iterator[str]:
    """Only somebody's word ends, and it had not ended: a day more is left for where it is later."""
    if given.until and given.source not in BY_PERSONS:
        yield f"answers: {_told(given.fact)} ends on {given.until}, but nobody confirmed it"
    elif given.until and date.fromisoformat(given.until) + timedelta(days=1) < datetime.fromisoformat(made_at).date():
        yield f"answers: {_told(given.fact)} was confirmed until {given.until}, and the receipt is of a later day"


def _catalogue_differences(then: Given, now: Given) -> Iterator[str]:
    for name in ("source", "value", "as_of", "reference"):
        yield from _changed(f"answer {then.fact}, {name}", getattr(then, name), getattr(now, name))


def _decided_differences(receipt: Receipt, rulebook: Rulebook, evaluator: Evaluator) -> Iterator[str]:
    given = {answer.fact: answer.value for answer in receipt.answers}
    try:
        facts = parse_facts(rulebook.rulebase, given, receipt.service)
    except FactError as error:
        yield from (f"answers: {fault}" for fault in error.faults)
        yield "result: cannot be recomputed from these answers"
    else:
        yield from _result_differences(receipt.result, result_of(evaluator.evaluate(facts)))


def _result_differences(then: Result, now: Result) -> Iterator[str]:
    for name in ONE_BY_ONE:
        yield from _changed(name, getattr(then, name), getattr(now, name))
    for item in sorted({*then.checklist, *now.checklist}):
        yield from _changed(f"item {item}", then.checklist.get(item), now.checklist.get(item))
    for name in LISTS:
        yield from _listed(name, getattr(then, name), getattr(now, name))


def _changed(name: str, then: object, now: object) -> Iterable[str]:
    return () if then == now else (f"{name}: {_told(then)} then, {_told(now)} now",)


def _listed(name: str, then: tuple[str, ...], now: tuple[str, ...]) -> Iterable[str]:
    """Tell what came (+) and went (−), or that the order alone is another."""
    came, went = Counter(now) - Counter(then), Counter(then) - Counter(now)
    moved = [*(f"+ {each}" for each in came.elements()), *(f"− {each}" for each in went.elements())]
    if moved:
        return (f"{name}: {', '.join(moved)}",)
    place = next((n for n, (one, other) in enumerate(zip(then, now, strict=True), 1) if one != other), None)
    if place is None:
        return ()
    return (f"{name}: in another order from place {place} on: {then[place - 1]} then, {now[place - 1]} now",)


def _told(value: object) -> str:
    """Codes as they are; whatever else a file may hold as JSON, so that nothing in it can pass for a line of ours."""
    plain = isinstance(value, str) and value.isascii() and value.isprintable() and " " not in value
    return (
        str(value)
        if plain
        else "none"
        if value is None
        else json.dumps(value, ensure_ascii=not str(value).isprintable())
    )
