"""Which of the answers count: the newest of each card, as long as nothing that was said later voids it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from conversations.models import AGAIN, READ, READING_CARD, SERVICE_CARD, SHORTCUT, WANTED, Card, Choice, Value
from conversations.reading import ASK

Told = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]
"""Answers, oldest first: card and choice, in a form that can be a key."""


def newest(told: Told, cards: Sequence[Card], brands: AbstractSet[str]) -> dict[str, Choice]:
    """Return the newest choice of each card; a changed choice voids older ones of the cards it renews, AGAIN all.

    What the asker says to a reading is about what cards ask, too: of both, the later one counts.
    """
    found: dict[str, Choice] = {}
    for card_id, chosen in told:
        if card_id == AGAIN:
            found.clear()
            continue
        if card_id == WANTED:
            _void(found, wanted_by(dict(chosen)))
            continue
        choice = dict(chosen)
        changed = found.get(card_id, choice) != choice
        if card_id == READING_CARD:
            _reread(found, choice, cards)
        elif card_id == SERVICE_CARD and (asked := _contradicted(found, choice, cards, brands)):
            found[READING_CARD] = {name: names for name, names in found[READING_CARD].items() if name not in asked}
            changed = True
        if changed:
            _void(found, (card.id for card in cards if card.renewed_by == card_id))
        found[card_id] = choice
    return found


def wanted(told: Told) -> tuple[str, ...]:
    """Return the cards that the desk asks, since the case began or was started over; each once, in that order."""
    found: dict[str, None] = {}
    for card_id, chosen in told:
        if card_id == AGAIN:
            found.clear()
        elif card_id == WANTED:
            found |= dict.fromkeys(wanted_by(dict(chosen)))
    return tuple(found)


def wanted_by(choice: Choice) -> tuple[str, ...]:
    """Return the card that an answer under WANTED tells."""
    return choice.get(WANTED, ())


def _reread(found: dict[str, Choice], choice: Choice, cards: Sequence[Card]) -> None:
    """What is now said otherwise on the reading voids the answers of the cards that ask it."""
    before = found.get(READING_CARD, found.get(READ, {}))
    said = {name for name, names in choice.items() if name != SHORTCUT and names != (ASK,)}
    changed = {name for name in said if before.get(name) != choice[name]}
    voided = {card.id for card in cards if changed & _asked_on(card)}
    if SERVICE_CARD in voided:
        voided |= {card.id for card in cards if card.renewed_by == SERVICE_CARD}
    _void(found, voided)


def _contradicted(
    found: Mapping[str, Choice], choice: Choice, cards: Sequence[Card], brands: AbstractSet[str]
) -> set[str]:
    """Return what a reading said of the service and for it alone, if the choice names another service or use."""
    read = found.get(READING_CARD, {})
    card = next(card for card in cards if card.id == SERVICE_CARD)
    service = brands.isdisjoint(read.get(SERVICE_CARD, ())) and read.get(SERVICE_CARD)
    said = _spoken(card, choice)
    another = SERVICE_CARD in choice and service and service != choice[SERVICE_CARD]
    otherwise = any(name in read and read[name] != (value,) for name, value in said.items())
    if not another and not otherwise:
        return set()
    renewed = (other.facts for other in cards if other.renewed_by == SERVICE_CARD)
    return set(_asked_on(card).union(*renewed))


def _asked_on(card: Card) -> frozenset[str]:
    """The facts of the card, and the service, as a reading names them."""
    return card.facts | {SERVICE_CARD} if card.id == SERVICE_CARD else card.facts


def _spoken(card: Card, choice: Choice) -> dict[str, Value]:
    chosen = (option for part in card.parts for option in part.options if option.id in choice.get(part.id, ()))
    return {name: value for option in chosen for name, value in option.sets.items()}


def _void(found: dict[str, Choice], voided: Iterable[str]) -> None:
    for card_id in voided:
        found.pop(card_id, None)
