"""Which confirmations a changed answer voids: they were given for what the case is not any more. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from conversations.confirmations import CONFIRMABLE
from conversations.interview import Progress
from conversations.models import CHANGED, Card, Case
from rules.models import UNKNOWN


def outdated(cards: Sequence[Card], before: Progress, after: Progress, case: Case) -> tuple[str, ...]:
    """Return the ids of what was confirmed for another service or use, or for other partners than now."""
    return tuple(c.id for c in case.confirmations if c.in_force and _moved(cards, before, after, c.fact))


def ended(case: Case, void: Collection[str], at: datetime) -> Case:
    """Return the case without them counting."""
    told = (replace(c, ended=CHANGED, ended_at=at) if c.id in void else c for c in case.confirmations)
    return replace(case, confirmations=tuple(told))


def _moved(cards: Sequence[Card], before: Progress, after: Progress, fact: str) -> bool:
    """Whether what the fact's card is renewed by, or something else that it asks, was known and is another now."""
    own = [card for card in cards if fact in card.facts]
    renewing = {card.renewed_by for card in own if card.renewed_by}
    facts = {name for card in cards if card.id in renewing for name in card.facts}
    facts |= {name for card in own for name in card.facts if name not in CONFIRMABLE}
    moved = any(before.facts[name] not in (UNKNOWN, after.facts[name]) for name in facts)
    return moved or bool(renewing and before.service and before.service != after.service)
