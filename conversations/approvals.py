"""The use cases about confirmations, one transaction each: asked for, answered, taken back, called back, or over."""

from dataclasses import replace
from datetime import date, datetime, tzinfo

from conversations.choices import shown_parts
from conversations.confirmations import CONFIRMABLE, answers_to, end_of
from conversations.errors import AlreadySaid, DayOver, NoSuchCase, NotAnApprover, NotAsked, OldCard
from conversations.models import EXPIRED, RECALLED, WITHDRAWN, Case, Confirmation, Delegation
from conversations.service import Conversations, Standing
from conversations.store.protocol import Asked

Wanted = tuple[str, str]
"""A fact, and the input of its card where that combines several (else empty)."""

MOST_SHOWN = 20
"""How many of a person's confirmations are listed."""


def wanted(standing: Standing) -> tuple[Wanted, ...]:
    """Return what somebody may be asked to confirm: what is asked now, was asked because it matters, or is in doubt."""
    progress, interview = standing.progress, standing.book.interview
    matters = set(progress.asked | {*progress.in_doubt} | progress.by_others)
    matters |= progress.current.card.facts if progress.current else set()
    found: list[Wanted] = []
    for fact in (fact for fact in CONFIRMABLE if fact in matters):
        combining = [card for card in interview.cards if card.combine and fact in card.facts]
        parts = [part.id for card in combining for part in shown_parts(card, progress.facts)]
        found += [(fact, part) for part in parts] if combining else [(fact, "")]
    return tuple(found)


class Approvals:
    """Asks named people, and takes what they say. Safe to share between threads."""

    def __init__(self, conversations: Conversations, zone: tzinfo) -> None:
        """Days end where the institution is."""
        self._conversations = conversations
        self._store = conversations.store
        self._zone = zone

    def ask(self, workspace: str, case_id: str, asked: Confirmation) -> tuple[Standing, bool]:
        """Write down what the asker asks of somebody, or claims to have in writing; False if they were asked before.

        Raises NoSuchCase, NotYourCase, OldCard for what does not matter in the case, NotAnApprover for their own.
        """
        with self._store.transaction():
            case = self._conversations.owned(workspace, case_id, asked.asked_by)
            standing = self._conversations.standing(case)
            if (asked.fact, asked.part) not in wanted(standing):
                raise OldCard(asked.fact)
            self.refuse_own(standing, asked.person)
            waits = (each for each in case.confirmations if each.waiting and each.person == asked.person)
            if any((each.fact, each.part) == (asked.fact, asked.part) for each in waits):
                return standing, False
            new = self._store.add_confirmation(workspace, case_id, asked)
            return self._judged_again(workspace, case_id), new

    def refuse_own(self, standing: Standing, person: str) -> None:
        """Raise NotAnApprover for who would confirm their own case, unless the overlay lets them."""
        institution = standing.book.knowledge.institution
        allowed = institution and institution.approvals.own_case
        if person and person == standing.case.asker and not allowed:
            raise NotAnApprover("approver_is_asker")

    def of(self, workspace: str, case_id: str, confirmation: str) -> tuple[Case, Confirmation]:
        """Return a confirmation with its case. Raises NoSuchCase."""
        case = self._conversations.case(workspace, case_id)
        found = next((each for each in case.confirmations if each.id == confirmation), None)
        if found is None:
            raise NoSuchCase(case_id)
        return case, found

    def to_answer(self, workspace: str, case_id: str, confirmation: str, by: str) -> tuple[Case, Confirmation]:
        """Return what waits for the answer of the person, or of whoever they stand in for.

        Raises NoSuchCase, NotAsked, AlreadySaid, NotAnApprover for the asker.
        """
        case, found = self.of(workspace, case_id, confirmation)
        if not by or by not in (found.person, self.stand_in(workspace, found.person)):
            raise NotAsked(case_id)
        if not case.asker:
            raise NoSuchCase(case_id)
        self.refuse_own(self._conversations.standing(case), by)
        if not found.waiting:
            raise AlreadySaid(case_id)
        return case, found

    def answer(  # noqa: PLR0913 - whose answer, to what, and what they said
        self, workspace: str, case_id: str, confirmation: str, by: str, *, yes: bool, until: date | None, words: str
    ) -> Standing:
        """Take a yes or no; a yes may end with a day. Raises as `to_answer`, and DayOver."""
        with self._store.transaction():
            _, asked = self.to_answer(workspace, case_id, confirmation, by)
            now, end = self._conversations.now(), self.end_of(until) if until and yes else None
            value = answers_to(asked.fact)[0 if yes else 1]
            said = replace(asked, value=value, by=by, answered_at=now, words=words)
            said = replace(said, until=until, ends_at=end) if end else said
            self._store.answer_confirmation(workspace, case_id, said)
            return self._judged_again(workspace, case_id)

    def end_of(self, until: date) -> datetime:
        """Return when a last day ends. Raises DayOver if it has."""
        end = end_of(until, self._zone)
        if end <= self._conversations.now():
            raise DayOver(until.isoformat())
        return end

    def withdraw(self, workspace: str, case_id: str, confirmation: str, by: str) -> tuple[Standing, bool]:
        """Take back what they said; False if that was ended before. Raises NoSuchCase, NotAsked."""
        with self._store.transaction():
            case, said = self.of(workspace, case_id, confirmation)
            if by not in (said.person, said.by) or not case.asker:
                raise NotAsked(case_id)
            return self._end(workspace, case_id, said, WITHDRAWN)

    def recall(self, workspace: str, case_id: str, confirmation: str, by: str) -> tuple[Standing, bool]:
        """Ask no more for what was not answered yet, or claim it no more; False if it is not waiting.

        Raises NoSuchCase, NotYourCase.
        """
        with self._store.transaction():
            self._conversations.owned(workspace, case_id, by)
            case, asked = self.of(workspace, case_id, confirmation)
            if asked.in_force or asked.value:
                return self._conversations.standing(case), False
            return self._end(workspace, case_id, asked, RECALLED)

    def expire(self, over: Asked) -> tuple[Standing, bool]:
        """End what is over; False if somebody else did. Raises NoSuchCase."""
        return self._end(over.workspace, over.case_id, over.confirmation, EXPIRED, over.confirmation.ends_at)

    def _end(
        self, workspace: str, case_id: str, each: Confirmation, ended: str, at: datetime | None = None
    ) -> tuple[Standing, bool]:
        with self._store.transaction():
            told = self._store.end_confirmation(workspace, case_id, each.id, ended, at or self._conversations.now())
            return self._judged_again(workspace, case_id), told

    def _judged_again(self, workspace: str, case_id: str) -> Standing:
        standing = self._conversations.standing(self._conversations.case(workspace, case_id))
        self._conversations.record(standing)
        return standing

    def mine(self, workspace: str, user: str) -> tuple[Asked, ...]:
        """Return what the person is asked or said, and what waits for whom they stand in for; what waits first."""
        now = self._conversations.now()
        own = self._store.confirmations_of(workspace, user, MOST_SHOWN)
        others = [d.person for d in self._store.delegations_to(workspace, user) if d.ends_at > now]
        theirs = [a for person in others for a in self._store.confirmations_of(workspace, person, MOST_SHOWN)]
        return (*(each for each in theirs if each.confirmation.waiting), *own)

    def stand_in(self, workspace: str, person: str) -> str:
        """Return who stands in for the person now; empty for nobody."""
        found = self._store.delegation(workspace, person) if person else None
        return found.delegate if found and found.ends_at > self._conversations.now() else ""

    def delegate(self, workspace: str, person: str, to: str, until: date) -> None:
        """Let somebody stand in through that day. Raises DayOver."""
        end = self.end_of(until)
        self._store.delegate(workspace, Delegation(person, to, until, end))
