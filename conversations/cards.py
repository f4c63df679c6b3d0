"""cards.toml → cards in asking order, checked against the facts."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from conversations.models import AGAIN, READ, READING_CARD, SERVICE_CARD, SHORTCUT, WANTED, Card, Value
from knowledge.errors import DataError, nearest
from knowledge.institution import overlay_records, reworded
from knowledge.records import by_id, parse, read_records
from rules.models import UNKNOWN, RuleBase

FILE = "cards.toml"
NOT_ASKED = frozenset({"programme"})


def load_cards(
    rulebase: RuleBase, folder: Traversable | None = None, overlay: Traversable | None = None
) -> tuple[Card, ...]:
    """Load the cards in asking order, an overlay's own questions last. Raises DataError naming card and fault."""
    national = by_id(_parsed(read_records((folder or files("conversations")) / FILE, "card")["card"]), FILE)
    own: dict[str, Card] = {}
    if overlay:
        national = reworded(national, overlay, "card", ("question", "help"))
        own = by_id(_parsed(overlay_records(overlay, FILE, "card")["card"]), FILE)
    _refuse_second_answers(national, own)
    cards = (*national.values(), *own.values())
    for card in cards:
        _check_card(card, rulebase, {other.id for other in cards})
    given = {fact.id for fact in rulebase.facts.values() if fact.given}
    unasked = given - NOT_ASKED - {fact for card in cards for fact in card.facts}
    if unasked:
        raise DataError(FILE, "card", f"no card asks for {', '.join(sorted(unasked))}")
    return cards


def _parsed(records: Iterable[dict[str, Any]]) -> Iterable[Card]:
    return (parse(Card, _listed(record), FILE) for record in records)


def _refuse_second_answers(national: Mapping[str, Card], own: Mapping[str, Card]) -> None:
    """A second answer to a fact could take back one that raised concern: an overlay asks for its own facts alone."""
    taken = {fact for card in national.values() for fact in card.facts}
    for card in own.values():
        if card.id in national:
            raise DataError(FILE, card.id, "a card with this id is asked already; choose another id")
        for part in card.parts:
            if part.kind == SERVICE_CARD or part.id in (SERVICE_CARD, SHORTCUT):
                raise DataError(
                    FILE, card.id, f"part {part.id!r}: the service is asked for already; ask something else"
                )
        for fact in sorted(card.facts & taken):
            raise DataError(FILE, card.id, f"asks for {fact!r}, which a card asks already; ask for facts of your own")


def _listed(value: Any) -> Any:  # noqa: ANN401 - TOML is any shape until pydantic has read it
    """TOML arrays as tuples, so that the records hold nothing that can change."""
    if isinstance(value, dict):
        return {key: _listed(inner) for key, inner in value.items()}
    return tuple(_listed(inner) for inner in value) if isinstance(value, list) else value


def _check_card(card: Card, rulebase: RuleBase, ids: set[str]) -> None:
    if card.id in (AGAIN, READ, READING_CARD, WANTED):
        raise DataError(FILE, card.id, "is a name that the interview uses itself; choose another id")
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
