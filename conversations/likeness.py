"""What a new case takes over from another one: the same data, for another service or another use. Pure."""

from collections.abc import Sequence
from datetime import datetime

from conversations.interview import Interview
from conversations.models import READ, READING_CARD, SERVICE_CARD, Answer, Card, Case, Choice
from conversations.newest import newest
from conversations.reading import SLIP

OF_ALL = (READ, READING_CARD)
"""Answers that may speak of the service among other things."""


def answers_kept(interview: Interview, case: Case, by: str, at: datetime) -> tuple[Answer, ...]:
    """Return what counts in the case as answers to a new one, but for what was said of the service and for it alone."""
    told = tuple((answer.card, tuple(sorted(answer.choice.items()))) for answer in case.answers)
    counting = newest(told, interview.cards, interview.readings.brands)
    dropped = {card.id for card in interview.cards if SERVICE_CARD in (card.id, card.renewed_by)}
    names = _of_the_service(interview.cards)
    kept = {
        card: {name: codes for name, codes in choice.items() if card not in OF_ALL or name not in names}
        for card, choice in counting.items()
        if card not in dropped
    }
    if not interview.readings.understood(kept.get(READ, {})).facts:  # then there is nothing left to ask about
        kept = {card: choice for card, choice in kept.items() if card not in OF_ALL}
    return tuple(_answer(card, choice, by, at) for card, choice in kept.items())


def _of_the_service(cards: Sequence[Card]) -> frozenset[str]:
    """Everything that a reading may say of the service, its use, and what was settled for it alone."""
    facts = (card.facts for card in cards if SERVICE_CARD in (card.id, card.renewed_by))
    return frozenset((SERVICE_CARD, SLIP)).union(*facts)


def _answer(card: str, choice: Choice, by: str, at: datetime) -> Answer:
    return Answer(card, choice, "" if card == READ else by, at)
