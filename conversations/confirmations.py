"""What of others' confirmations counts in a case, and since when one does not any more. Pure; knows no store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from conversations.choices import shown_parts
from conversations.models import (
    CHANGED,
    EXPIRED,
    READ,
    READING_CARD,
    RECALLED,
    SHORTCUT,
    Answer,
    Card,
    Case,
    Choice,
    Confirmation,
    Value,
)
from rules.models import UNKNOWN

CONFIRMABLE = ("responsible_person", "liability_clear", "leader_approval", "legal_clearance", "openness_review")
"""What a named person may be asked to confirm: ①, ⑦, legal clearance and the review of openness."""

YES, NO = "yes", "no"
REVIEWED = {"openness_review": ("open", "closed")}


def answers_to(fact: str) -> tuple[str, str]:
    """Return the values by which the fact is confirmed and refused."""
    return REVIEWED.get(fact, (YES, NO))


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return when the day is over in the zone."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


@dataclass(frozen=True)
class Confirmed:
    """What others' word comes to: fact, input of its card (empty: all of it) and value, `unknown` while one is missing.

    It is a part of the key of an interview: nothing else of a confirmation moves one.
    """

    told: tuple[tuple[str, str, str], ...] = ()

    def fixed(self, cards: Sequence[Card], known: Mapping[str, Value]) -> dict[str, Value]:
        """Return the facts that stand whatever the asker says, as far as the case is known.

        Where a card combines several inputs, one has to be refused, or all that the case calls for told.
        """
        found: dict[str, Value] = {}
        for fact in self._facts():
            values = self._values(cards, fact, known)
            if NO in values:
                found[fact] = NO
            elif values and None not in values:
                found[fact] = values[0] if len({*values}) == 1 and values[0] else UNKNOWN
        return found

    def concerned(self, cards: Sequence[Card], known: Mapping[str, Value]) -> frozenset[str]:
        """Return the facts whose value is owed to others, at least in part."""
        return frozenset(fact for fact in self._facts() if any(self._values(cards, fact, known)))

    def filled(self, card: Card, choice: Choice, known: Mapping[str, Value]) -> Choice:
        """Return a choice on a card that combines inputs, with what others said of some in place of what it says."""
        if not card.combine or SHORTCUT in choice:
            return choice
        own: dict[str, tuple[str, ...]] = {}
        for fact in card.facts.intersection(self._facts()):
            for part in shown_parts(card, known):
                said = self._said(fact, part.id)
                own.update((part.id, (o.id,)) for o in part.options if said and o.sets.get(fact) == said)
        return {**choice, **own}

    def _values(self, cards: Sequence[Card], fact: str, known: Mapping[str, Value]) -> list[str | None]:
        """Return what was said, of each input that the case calls for where its card combines several."""
        combining = [card for card in cards if card.combine and fact in card.facts]
        parts = [part for card in combining for part in shown_parts(card, known)]
        return [self._said(fact, part.id) for part in parts] if combining else [self._said(fact, "")]

    def _said(self, fact: str, part: str) -> str | None:
        """Return what was said of an input, or else of the whole fact."""
        said = {name: value for of, name, value in self.told if of == fact}
        return said.get(part, said.get(""))

    def _facts(self) -> list[str]:
        return list(dict.fromkeys(fact for fact, _, _ in self.told))


BY_NOBODY_ELSE = Confirmed()


def confirmed(case: Case) -> Confirmed:
    """Return what others' word comes to, once one spoke: any refusal = no, all confirmed = yes, else unknown."""
    told: dict[tuple[str, str], list[Confirmation]] = {}
    for each in _asked(case):
        told.setdefault((each.fact, each.part), []).append(each)
    found = {key: _comes_to(key[0], parties) for key, parties in told.items() if any(p.in_force for p in parties)}
    return Confirmed(tuple((fact, part, value) for (fact, part), value in sorted(found.items())))


def _comes_to(fact: str, parties: Sequence[Confirmation]) -> str:
    yes, no = answers_to(fact)
    values = {party.value if party.in_force else UNKNOWN for party in parties}
    return no if no in values else yes if values == {yes} else UNKNOWN


def _asked(case: Case) -> Iterator[Confirmation]:
    """Yield one confirmation of each person and input: the newest that is in force, or else the newest of all.

    Whoever is asked again counts as before until they answer. What the asker called back, or what was given for
    something else, does not count; each claim stands for somebody of its own.
    """
    newest: dict[tuple[str, ...], Confirmation] = {}
    for each in case.confirmations:
        if each.ended not in (RECALLED, CHANGED):
            key = (each.fact, each.part, each.person or each.id)
            before = newest.get(key)
            if before is None or each.in_force or not before.in_force:
                newest[key] = each
    yield from newest.values()


def missing(case: Case) -> tuple[Confirmation, ...]:
    """Return what was asked for and is not answered in force, oldest first: waiting, over, taken back, or claimed."""
    return tuple(each for each in _asked(case) if not each.in_force)


def givers(case: Case, fact: str, value: Value) -> tuple[Confirmation, ...]:
    """Return the confirmations that a value is owed to, oldest first: those that say so, or all of the fact."""
    said = sorted((each for each in _asked(case) if each.in_force and each.fact == fact), key=_answered)
    return tuple(each for each in said if each.value == value) or tuple(said)


def first_end(case: Case, fact: str) -> date | None:
    """Return the first day on which a confirmation of the fact counts for the last time; None where none ends."""
    ends = [each.until for each in _asked(case) if each.in_force and each.fact == fact]
    return min((day for day in ends if day), default=None)


def as_of(case: Case, now: datetime) -> Case:
    """Return the case with what is over by then marked so."""
    if not any(_over(each, now) for each in case.confirmations):
        return case
    told = (replace(e, ended=EXPIRED, ended_at=e.ends_at) if _over(e, now) else e for e in case.confirmations)
    return replace(case, confirmations=tuple(told))


def _over(each: Confirmation, now: datetime) -> bool:
    return each.in_force and each.ends_at is not None and each.ends_at <= now


def standing_answers(case: Case, cards: Sequence[Card]) -> tuple[Answer, ...]:
    """Return the asker's answers without what they said before the last confirmation of it ended: it is asked again."""
    ended: dict[str, datetime] = {}
    for each in missing(case):
        if each.value and each.ended_at:
            ended[each.fact] = max(each.ended_at, ended.get(each.fact, each.ended_at))
    for fact, _, _ in confirmed(case).told:
        ended.pop(fact, None)
    return tuple(_without(case.answers, ended, cards)) if ended else case.answers


def _without(answers: Sequence[Answer], ended: Mapping[str, datetime], cards: Sequence[Card]) -> Iterator[Answer]:
    facts = {card.id: card.facts for card in cards}
    for answer in answers:
        over = {name for name, at in ended.items() if answer.at <= at}
        if answer.card in (READ, READING_CARD):
            yield replace(answer, choice={name: said for name, said in answer.choice.items() if name not in over})
        elif over.isdisjoint(facts.get(answer.card, ())):
            yield answer


def _answered(each: Confirmation) -> datetime:
    return each.answered_at or each.asked_at
