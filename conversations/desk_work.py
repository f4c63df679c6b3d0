"""The desk's use cases: bring a case there, move it, rule, see all of it. Whoever moves one is in a transaction."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversations.alarms import met, next_due, targets
from conversations.confirmations import CONFIRMABLE, answers_to
from conversations.desk import CASE, DeskCase, DeskEvent, Did, State, id_at, moved
from conversations.errors import NoOffice, NoSuchCase, NotYourCase, OldCard
from conversations.models import AGAIN, READ, WANTED, WITHDRAWN, Answer, Case, Confirmation, Place
from conversations.rulings import Precedent, Ruling, check, key_of, precedent
from conversations.service import Conversations, Standing, utc_now
from conversations.working_time import WorkingTime
from knowledge.desk import Desk
from knowledge.models import Institution
from rules.models import UNKNOWN, Evaluation

MOST_PRECEDENTS = 3
CHANGES_NOTHING = frozenset({Did.CLAIMED, Did.CLOSED, Did.REOPENED})
"""What is not written down a second time where the case stands so already."""


@dataclass(frozen=True)
class Hesitation:
    """Where the asker hesitated: the card they were at when they came, changed answers, and facts they do not know."""

    card: str = ""
    changes: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class DeskFile:
    """All that the desk sees of a case; `standing` and `evaluation` are None where it is about no check.

    `waited`: the working time since it came. `evaluation`: by what is known so far, also before that settles the
    verdict. `due`: the targets that are still to be met. `ruling`: the last one. `precedents`: of cases like it.
    """

    case: DeskCase
    asker: str
    place: Place
    standing: Standing | None
    hesitation: Hesitation
    due: Mapping[str, datetime]
    waited: timedelta
    evaluation: Evaluation | None = None
    ruling: Ruling | None = None
    precedents: tuple[Precedent, ...] = ()


class DeskWork:
    """Moves cases at the desk. Safe to share between threads."""

    def __init__(self, conversations: Conversations, clock: Callable[[], datetime] = utc_now) -> None:
        """Work with these use cases, on their store."""
        self._conversations = conversations
        self._store = conversations.store
        self._now = clock

    def institution(self, workspace: str) -> Institution | None:
        """Return the institution of the workspace, as its overlay says today. Raises RulesUnreadable."""
        return self._conversations.library.of(workspace).current().knowledge.institution

    def settings(self, workspace: str) -> Desk:
        """Return what the overlay says of the desk."""
        institution = self.institution(workspace)
        return institution.desk if institution else Desk()

    def get(self, workspace: str, case_id: str) -> DeskCase:
        """Return the case. Raises NoSuchCase where the desk has none under this id."""
        found = self._store.desk_case(workspace, case_id)
        if found is None:
            raise NoSuchCase(case_id)
        return found

    def ask(self, workspace: str, case_id: str, by: str, card: str = "") -> tuple[DeskCase, bool]:
        """Bring a check of theirs to the desk, or back; return it, and whether it was not there already.

        `card`: the question they were at. Raises NoSuchCase, NotYourCase.
        """
        return self._brought(self._conversations.owned(workspace, case_id, by), card, "asker")

    def bring(self, standing: Standing) -> DeskCase | None:
        """Bring a check to the desk that the overlay sends there by its verdict; None where it does not."""
        case, evaluation = standing.case, standing.evaluation
        if evaluation is None or evaluation.verdict not in self.settings(case.place.workspace).posts:
            return None
        if self._store.desk_case(case.place.workspace, case.id) is not None:
            return None
        return self._brought(case, "", "rule")[0]

    def _brought(self, case: Case, card: str, by: str) -> tuple[DeskCase, bool]:
        workspace = case.place.workspace
        evaluation = self._conversations.standing(case).evaluation
        urgency = self.settings(workspace).urgency(*([evaluation.verdict] if evaluation else []))
        fresh = DeskCase(workspace, case.id, CASE, urgency, self._now(), self._now())
        return self._opened(fresh, {"by": by, "card": card})

    def ask_about(self, place: Place, asker: str, about: str) -> tuple[DeskCase, bool]:
        """Bring a question or an incident of theirs to the desk, as `ask` does. Raises NotYourCase."""
        urgency, now = self.settings(place.workspace).urgency(about), self._now()
        fresh = DeskCase(place.workspace, id_at(place), about, urgency, now, now)
        fresh = replace(fresh, asker=asker, channel=place.channel, thread=place.thread)
        return self._opened(fresh, {"by": "asker"})

    def _opened(self, fresh: DeskCase, codes: Mapping[str, str]) -> tuple[DeskCase, bool]:
        there = self._store.desk_case(fresh.workspace, fresh.id)
        if there is None:
            self._put(fresh)
            self._store.add_desk_event(fresh.workspace, fresh.id, DeskEvent(fresh.since, "", Did.OPENED, codes))
            return fresh, True
        if there.asker != fresh.asker:
            raise NotYourCase(there.id)
        if there.state not in (State.CLOSED, State.DECIDED):
            return there, False
        return self.do(replace(there, priority=fresh.priority), Did.REOPENED, "", {"by": "asker"}), True

    def do(
        self, case: DeskCase, kind: Did, by: str, codes: Mapping[str, str] | None = None, words: str = ""
    ) -> DeskCase:
        """Write down what happened to the case, and return where it stands then. Raises as `moved` does.

        Its codes tell the targets that were met by it, too, as targets of a later overlay may differ.
        """
        event = DeskEvent(self._now(), by, kind, codes or {}, words)
        after = moved(case, event)
        if after == case and kind in CHANGES_NOTHING:
            return case
        self._put(after)
        told = {**event.codes, **met(case, after, self.settings(case.workspace))}
        self._store.add_desk_event(case.workspace, case.id, replace(event, codes=told))
        return after

    def _put(self, case: DeskCase) -> None:
        self._store.put_desk_case(case, next_due(case, self.settings(case.workspace)))

    def shown_in(self, case: DeskCase, channel: str) -> None:
        """Remember the channel that holds its card."""
        if case.posted_in != channel:
            self._put(replace(case, posted_in=channel))

    def raised(self, case: DeskCase, names: Collection[str], kind: Did | None) -> DeskCase:
        """Remember that alarms were raised; `kind`: what was told of them."""
        after = replace(case, alarmed=case.alarmed | {*names})
        self._put(after)
        if kind:
            self._store.add_desk_event(case.workspace, case.id, DeskEvent(self._now(), "", kind))
        return after

    def ask_card(self, case: DeskCase, by: str, card: str) -> DeskCase:
        """Let the asker be asked a card that the verdict may not need. Raises NoSuchCase, OldCard, DeskClosed."""
        standing = self._standing(case)
        if card not in askable(standing):
            raise OldCard(card)
        after = self.do(case, Did.ASKED, by, {"card": card})
        answer = Answer(WANTED, {WANTED: (card,)}, "", self._now())
        self._store.add_answer(case.workspace, case.id, answer)
        return after

    def confirm(self, case: DeskCase, by: str, capacity: str, confirmed: Confirmation) -> DeskCase:
        """Answer a fact of the check for others to rely on. Raises NoSuchCase, OldCard for what none can, DeskClosed.

        `confirmed` tells id, fact and value; the rest follows from who says so.
        """
        self._standing(case)
        if confirmed.fact not in CONFIRMABLE or confirmed.value not in answers_to(confirmed.fact):
            raise OldCard(confirmed.fact)
        codes = {"fact": confirmed.fact, "value": confirmed.value, "as": capacity}
        after, now = self.do(case, Did.ANSWERED, by, codes), self._now()
        told = replace(confirmed, capacity=capacity, person=by, by=by, asked_at=now, answered_at=now)
        self._store.add_confirmation(case.workspace, case.id, told)
        self._judge_again(case)
        return after

    def take_back(self, case: DeskCase, by: str, capacity: str, fact: str) -> DeskCase:
        """Let what the member answered at the desk count no more. Raises NoSuchCase, DeskClosed, OldCard."""
        given = [each for each in answered_by(self._standing(case).case, by) if each.fact == fact]
        if not given:
            raise OldCard(fact)
        after = self.do(case, Did.TAKEN_BACK, by, {"fact": fact, "as": capacity})
        for each in given:
            self._store.end_confirmation(case.workspace, case.id, each.id, WITHDRAWN, self._now())
        self._judge_again(case)
        return after

    def _judge_again(self, case: DeskCase) -> None:
        standing = self._standing(case)
        if standing.evaluation is not None:
            self._conversations.receipt(standing, standing.evaluation)

    def hand(self, case: DeskCase, by: str, office: str) -> DeskCase:
        """Hand the case to an office that the overlay names. Raises NoOffice, DeskClosed."""
        if office not in self.offices(case.workspace):
            raise NoOffice(office)
        return self.do(case, Did.HANDED, by, {"office": office})

    def rule(self, case: DeskCase, by: str, ruling: Ruling) -> DeskCase:
        """Decide the case as a person. Raises RulingRefused, NoSuchCase, OldCard before there is a verdict, DeskClosed.

        What the rules say stays as it is: a ruling stands beside it.
        """
        ruling = self.checked(case, replace(ruling, by=by, at=self._now()))
        after = self.do(case, Did.RULED, by, {"verdict": ruling.verdict, "judged": ruling.judged})
        self._store.add_ruling(case.workspace, case.id, ruling)
        return after

    def checked(self, case: DeskCase, ruling: Ruling) -> Ruling:
        """Return the ruling with what the rules say of the case. Raises as `rule` does."""
        standing = self._standing(case)
        if standing.evaluation is None:
            raise OldCard(case.id)
        rulebase, knowledge = standing.book.rulebook.rulebase, standing.book.knowledge
        check(rulebase, standing.evaluation, ruling, knowledge.passages, self.offices(case.workspace))
        return replace(ruling, judged=standing.evaluation.verdict, key=key_of(rulebase, standing.evaluation))

    def offices(self, workspace: str) -> tuple[str, ...]:
        """Return the offices that a case can be handed to: all that the overlay names but the desk."""
        institution = self.institution(workspace)
        return tuple(each.office for each in (institution.contacts if institution else ()) if each.office != "desk")

    def _standing(self, case: DeskCase) -> Standing:
        if case.about != CASE:
            raise NoSuchCase(case.id)
        return self._conversations.standing(self._conversations.case(case.workspace, case.id))

    def file(self, case: DeskCase) -> DeskFile:
        """Return all that the desk sees of the case. Raises NoSuchCase where its check is gone, RulesUnreadable."""
        desk = self.settings(case.workspace)
        due = targets(case, desk)
        waited = WorkingTime(desk).between(case.since, case.ended_at or self._now())
        if case.about != CASE:
            place = Place(case.workspace, case.channel, case.thread)
            return DeskFile(case, case.asker, place, None, Hesitation(), due, waited)
        standing = self._standing(case)
        told = standing.case
        return DeskFile(
            case,
            told.asker,
            told.place,
            standing,
            self._hesitation(case, standing),
            due,
            waited,
            standing.evaluation or standing.book.evaluator.evaluate(standing.progress.facts),
            self._conversations.marks(told).ruling,
            self.precedents(standing),
        )

    def precedents(self, standing: Standing) -> tuple[Precedent, ...]:
        """Return what the desk ruled on other cases in which the same rules fired, the newest first."""
        if standing.evaluation is None:
            return ()
        workspace, key = standing.case.place.workspace, key_of(standing.book.rulebook.rulebase, standing.evaluation)
        found = self._store.rulings_like(workspace, key, standing.case.id, MOST_PRECEDENTS)
        return tuple(map(precedent, found))

    def _hesitation(self, case: DeskCase, standing: Standing) -> Hesitation:
        """Count from the codes of the answers; answers before the check was started over count, too."""
        came = [event for event in self._store.desk_events(case.workspace, case.id) if "card" in event.codes]
        opened = next((event.codes["card"] for event in came if event.kind == Did.OPENED), "")
        cards = [answer.card for answer in standing.case.answers if answer.card not in (AGAIN, READ, WANTED)]
        progress, facts = standing.progress, standing.book.rulebook.rulebase.facts
        unknown = [name for name in progress.asked if progress.facts[name] == UNKNOWN and facts[name].given]
        return Hesitation(opened, len(cards) - len({*cards}), len(unknown))


def askable(standing: Standing) -> tuple[str, ...]:
    """Return the cards that the desk may ask: all that are not asked at the moment and can be shown."""
    progress = standing.progress
    current = progress.current.card.id if progress.current else ""
    return tuple(card.id for card in standing.book.interview.shown(progress) if card.id != current)


def answered_by(case: Case, member: str) -> tuple[Confirmation, ...]:
    """Return what a person answered at the desk, unasked by the asker, that still counts."""
    return tuple(each for each in case.confirmations if each.in_force and each.by == member and not each.asked_by)
