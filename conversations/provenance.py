"""Who gave each fact of a case, and when: asker, others who confirmed it, setting, catalogue, reading, or nobody.

A giver is told as a role, never as a person, so that a receipt outlives the link to one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, SerializerFunctionWrapHandler, StringConstraints, model_serializer

from conversations.catalogue import service_answers
from conversations.choices import settle, shown_options, shown_parts
from conversations.confirmations import first_end, givers
from conversations.interview import Progress, Step
from conversations.models import PARTIES, READ, SHORTCUT, Case, Confirmation, Value
from knowledge.models import Knowledge, Office, Record
from rules.models import UNKNOWN, RuleBase

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?\+00:00$"


def _real(moment: str) -> str:
    """A time that there was: no thirteenth month."""
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        raise ValueError("is no time that there is") from None
    return moment


Moment = Annotated[str, StringConstraints(pattern=MOMENT), AfterValidator(_real)]
Source = Literal["asker", "approver", "office", "catalogue", "presumed", "institution", "setting", "reading", "nobody"]
Role = Literal["asker", "leader", "company", "catalogue", "institution", "setting", "reading", Office]
BY_PERSONS = ("approver", "office")
"""Sources that are somebody else's word: a party's, or an office's."""

PROGRAMME = "programme"
"""The one fact that is a setting of the place and never asked."""


class Given(Record):
    """A fact's value and where it comes from; whatever does not apply to its source is null.

    `at`: when it was said, in UTC. `card`: the card that settled it. `as_of`, `reference`: day and page on which the
    catalogue found it. `until`: the last day on which a confirmation counts; it is left out where there is none.
    """

    fact: Code
    value: Code | tuple[Code, ...]
    source: Source
    by: Role | None
    at: Moment | None
    card: Code | None
    as_of: Day | None
    reference: str | None
    until: Day | None = None

    @model_serializer(mode="wrap")
    def _as_ever(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Receipts from before there were confirmations keep their form, and so their hash."""
        told: dict[str, object] = handler(self)
        return {name: value for name, value in told.items() if name != "until" or value}


def moment(at: datetime) -> str:
    """Return the time in UTC as receipts write it."""
    return at.astimezone(UTC).isoformat()


def given_facts(rulebase: RuleBase, knowledge: Knowledge, case: Case, progress: Progress) -> tuple[Given, ...]:
    """Return every fact that somebody may give, in the order of the rule base, with the value that counts."""
    told = _Told(knowledge, case, progress)
    return tuple(told.given(name, progress.facts[name]) for name, fact in rulebase.facts.items() if fact.given)


def source_of(said: Confirmation) -> Source:
    """Return what a confirmation is as a source: a party's word, or an office's."""
    return "approver" if said.capacity in PARTIES else "office"


def by_catalogue(knowledge: Knowledge, service: str | None, fact: str) -> Given:
    """Return what the catalogue answers or presumes on the fact; by `nobody`, and unknown, where it does not."""
    catalogue = service_answers(knowledge, service)
    value = catalogue.stands_for(fact)
    if value == UNKNOWN or service is None:
        return _given(fact, UNKNOWN, "nobody")
    record = knowledge.services[service].facts[fact]
    by: Source = "institution" if record.institution else "catalogue"
    source: Source = by if record.institution or fact in catalogue.answers else "presumed"
    return _given(fact, value, source, by, as_of=record.as_of.isoformat(), reference=record.source)


def _given(fact: str, value: Value, source: Source, by: str | None = None, **more: str) -> Given:
    nothing = dict.fromkeys(("at", "card", "as_of", "reference"))
    return Given.model_validate({"fact": fact, "value": value, "source": source, "by": by, **nothing, **more})


@dataclass(frozen=True)
class _Told:
    """A case as it was told, to look up fact by fact."""

    knowledge: Knowledge
    case: Case
    progress: Progress

    def given(self, fact: str, value: Value) -> Given:
        if fact == PROGRAMME:
            return _given(fact, value, "setting", "setting", at=moment(self.case.started_at))
        if fact in self.progress.by_others:
            return self._confirmed(fact, value)
        card = self._said_on(fact, value)
        if card is not None:
            return _given(fact, value, "asker", "asker", at=self._last(card), card=card)
        if self.progress.read.raising.get(fact) == value:
            return _given(fact, value, "reading", "reading", at=self._last(READ))
        found = by_catalogue(self.knowledge, self.progress.service, fact)
        return found if found.value == value else _given(fact, value, "nobody")

    def _confirmed(self, fact: str, value: Value) -> Given:
        said, end = givers(self.case, fact, value)[-1], first_end(self.case, fact)
        if said.answered_at is None:
            raise RuntimeError("a fact is owed to nobody's word")
        more = {"until": end.isoformat()} if end else {}
        return _given(fact, value, source_of(said), said.capacity, at=moment(said.answered_at), **more)

    def _last(self, card: str) -> str:
        return moment(next(answer.at for answer in reversed(self.case.answers) if answer.card == card))

    def _said_on(self, fact: str, value: Value) -> str | None:
        """Return the card on which the asker gave the fact this value; the last one that is about it counts.

        What they confirmed of a reading still stands where a later card left it open.
        """
        about = ((s, s.choice) for s in reversed(self.progress.steps) if s.choice is not None and fact in s.card.facts)
        for step, choice in about:
            said = settle(step.card, choice, step.known).get(fact)
            if said == value:
                return step.card.id if value != UNKNOWN or fact in _spoken_of(step, choice) else None
            if said is not None and said != UNKNOWN:
                return None
        return None


def _spoken_of(step: Step, choice: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The facts that the choice could have settled: those of the inputs shown, or the whole card by a shortcut."""
    if SHORTCUT in choice:
        return set(step.card.facts)
    shown = [option for part in shown_parts(step.card, step.known) for option in shown_options(part, step.known)]
    return {name for option in shown for name in (*option.sets, *option.unticked)}
