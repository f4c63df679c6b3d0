"""cards.toml → cards in asking order, checked against the facts."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from conversations.models import Card, Value
from knowledge.errors import DataError, nearest
from knowledge.records import by_id, parse, read_records
from rules.models import UNKNOWN, RuleBase

FILE = "cards.toml"
NOT_ASKED = frozenset({"programme"})


def load_cards(rulebase: RuleBase, folder: Traversable | None = None) -> tuple[Card, ...]:
    """Load the cards in asking order. Raises DataError naming card and fault."""
    folder = folder or files("conversations")
    records = read_records(folder / FILE, "card")["card"]
    cards = tuple(by_id((parse(Card, _listed(record), FILE) for record in records), FILE).values())
    for card in cards:
        _check_card(card, rulebase, {other.id for other in cards})
    unasked = rulebase.facts.keys() - NOT_ASKED - {fact for card in cards for fact in card.facts}
    if unasked:
        raise DataError(FILE, "card", f"no card asks for {', '.join(sorted(unasked))}")
    return cards


def _listed(value: Any) -> Any:  # noqa: ANN401 - TOML is any shape until pydantic has read it
    """TOML arrays as tuples, so that the records hold nothing that can change."""
    if isinstance(value, dict):
        return {key: _listed(inner) for key, inner in value.items()}
    return tuple(_listed(inner) for inner in value) if isinstance(value, list) else value


def _check_card(card: Card, rulebase: RuleBase, ids: set[str]) -> None:
    if card.renewed_by and card.renewed_by not in ids:
        raise DataError(FILE, card.id, f"renewed_by: unknown card {card.renewed_by!r}{nearest(card.renewed_by, ids)}")
    for what, names in _ids(card):
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise DataError(FILE, card.id, f"{what} {twice[0]!r}: two have the same id")
    for what, facts in _mentions(card):
        for name, value in facts.items():
            _check_value(card, what, name, value, rulebase)
    settings = [(s.id, s.sets) for s in card.shortcuts]
    settings += [(option.id, option.unticked) for part in card.parts for option in part.options]
    for what, sets in settings:
        foreign = sorted(sets.keys() - card.facts)
        if foreign:
            raise DataError(FILE, card.id, f"{what}: sets {foreign[0]!r}, which no input of the card asks")


def _ids(card: Card) -> Iterable[tuple[str, list[str]]]:
    yield "shortcut", [shortcut.id for shortcut in card.shortcuts]
    yield "part", [part.id for part in card.parts]
    for part in card.parts:
        yield f"option of {part.id!r}", [option.id for option in part.options]


def _mentions(card: Card) -> Iterable[tuple[str, Mapping[str, Value]]]:
    """Yield every place where the card names facts: conditions as (one of these), settings as values."""
    yield "when", card.when
    for shortcut in card.shortcuts:
        yield from ((shortcut.id, shortcut.when), (f"{shortcut.id}.sets", shortcut.sets))
    for part in card.parts:
        yield f"{part.id}.when", part.when
        for option in part.options:
            where = f"{part.id}.{option.id}"
            yield from ((where, option.when), (where, option.initial or {}))
            yield from ((f"{where}.sets", option.sets), (f"{where}.sets", option.unticked))
            if option.rest:
                yield f"{where}.sets", _rest_facts(card, option.rest)


def _rest_facts(card: Card, rest: str) -> Mapping[str, Value]:
    return {name: rest for part in card.parts if part.kind == "many" for o in part.options for name in o.sets}


def _check_value(card: Card, what: str, name: str, value: Value, rulebase: RuleBase) -> None:
    fact = rulebase.facts.get(name)
    if fact is None:
        raise DataError(FILE, card.id, f"{what}: unknown fact {name!r}{nearest(name, rulebase.facts)}")
    allowed = (*fact.values, UNKNOWN)
    for single in (value,) if isinstance(value, str) else value:
        if single not in allowed:
            raise DataError(FILE, card.id, f"{what}: {name} has no value {single!r}{nearest(single, allowed)}")
    as_list = isinstance(value, tuple)
    if what.endswith(".sets") and value != UNKNOWN and as_list != fact.many:
        expected = "a list" if fact.many else "one value"
        raise DataError(FILE, card.id, f"{what}: {name} = {value!r}, but it takes {expected}")
