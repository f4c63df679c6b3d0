"""The use cases, one transaction each: load, a pure function, save. What is said of it is rendered elsewhere."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from conversations.book import Book
from conversations.choices import leaves_unknown
from conversations.comparison import ServiceVerdict, compare_services, verdicts_with
from conversations.competence import NOBODY, Whom, whom_to_ask
from conversations.confirmations import as_of
from conversations.errors import ChoiceError, NoSuchCase, NotYourCase, OldCard
from conversations.impact import last_receipt
from conversations.interview import Progress
from conversations.library import Library
from conversations.likeness import answers_kept
from conversations.models import AGAIN, CHANGED, OBJECTIONS, OPINIONS, READ, WRONG, Answer, Case, Choice, Opinion, Place
from conversations.receipts import Receipt, make_receipt, same_result
from conversations.renewal import outdated
from conversations.store.protocol import OwnCases, Store
from conversations.todo import Marks, ToDo, conditions, measures_to_do
from conversations.validity import Holds, holds_until
from rules.counterfactual import WayOut
from rules.models import UNKNOWN, Evaluation

Beginning = tuple[str | None, Choice]
"""With what a case begins: the brand that was named, and what was read."""

MOST_SHOWN = 10
"""How many of a person's own cases are listed."""


@dataclass(frozen=True)
class Standing:
    """A case, its edition, where its interview stands, and the evaluation once the verdict is settled."""

    case: Case
    book: Book
    progress: Progress
    evaluation: Evaluation | None


@dataclass(frozen=True)
class Insight:
    """What stands behind a verdict: the answers that decided it, and what would make it milder.

    `named`: what the other services that the first message named would come to, in the order named. `to_do`: measures.
    `holds`: until when it holds. `whom`: whom to ask.
    """

    deciding: tuple[str, ...]
    ways_out: tuple[WayOut, ...]
    named: tuple[ServiceVerdict, ...] = ()
    to_do: tuple[str, ...] = ()
    holds: Holds | None = None
    whom: Whom = NOBODY


def utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


class Conversations:
    """Starts cases and takes answers. Safe to share between threads."""

    def __init__(
        self,
        store: Store,
        library: Library,
        programme: Callable[[Place], str] = lambda _: UNKNOWN,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """`programme` says for a place whether its work is under the programme; it is never asked."""
        self.store = store
        self.library = library
        self._programme = programme
        self._clock = clock

    def start(
        self, place: Place, asker: str, brand: str | None = None, read: Choice | None = None, beside: str = ""
    ) -> Standing:
        """Return the case at the place, started now if there is none.

        `brand`: the service that was named. `read`: what the first message was read as; nobody's answer yet.
        `beside`: the channel that the asker had open beside an assistant's pane; its programme counts.
        """
        with self.store.transaction():
            case = self.store.case_at(place)
            if case is None:
                case_id, book = secrets.token_hex(8), self.library.of(place.workspace).current()
                programme = self._programme(replace(place, channel=beside) if beside else place)
                case = Case(case_id, place, asker, self._clock(), programme, brand, edition=book.edition)
                self.store.add_case(case)
                if told := book.interview.readings.passed(read or {}):
                    answer = Answer(READ, told, "", case.started_at)
                    self.store.add_answer(place.workspace, case_id, answer)
                    case = replace(case, answers=(answer,))
                return self._touched(self.standing(case))
        return self.standing(case)

    def start_like(self, place: Place, asker: str, case_id: str) -> Standing:
        """Return the case at the place, started now with the answers of another of theirs but for its service.

        Raises NoSuchCase, NotYourCase.
        """
        with self.store.transaction():
            like = self.owned(place.workspace, case_id, asker)
            before = self.store.case_at(place)
            standing = self.start(place, asker)
            if before is None:
                for answer in answers_kept(self.book(like).interview, like, asker, self._clock()):
                    self.store.add_answer(place.workspace, standing.case.id, answer)
            return self._touched(self.standing(self.case(place.workspace, standing.case.id)))

    def hand_over(self, workspace: str, case_id: str, to: str) -> Standing:
        """Let a colleague go on with the case. Raises NoSuchCase."""
        with self.store.transaction():
            for each in self.case(workspace, case_id).confirmations:
                if to in (each.person, each.by):  # nobody confirms what is their own
                    self.store.end_confirmation(workspace, case_id, each.id, CHANGED, self._clock())
            self.store.hand_over(workspace, case_id, to)
            return self.standing(self.case(workspace, case_id))

    def answer(self, workspace: str, case_id: str, card_id: str, choice: Choice, by: str) -> Standing:
        """Take the answer to the card that is asked now; the same answer twice is taken once.

        Raises NoSuchCase, NotYourCase, OldCard (another answer stands), or ChoiceError.
        """
        with self.store.transaction():
            case = self.owned(workspace, case_id, by)
            standing = self.standing(case)
            current = standing.progress.current
            if current is None or current.card.id != card_id:
                if self._choice(standing, card_id) != choice:
                    raise OldCard(card_id)
                return standing
            return self._take(case, card_id, choice, by)

    def change(self, workspace: str, case_id: str, card_id: str, choice: Choice, by: str) -> Standing:
        """Take another answer to a card that is part of the interview. Raises as `answer` does."""
        with self.store.transaction():
            case = self.owned(workspace, case_id, by)
            if self._choice(self.standing(case), card_id) == choice:
                return self.standing(case)
            return self._take(case, card_id, choice, by)

    def want_whole_list(self, workspace: str, case_id: str, by: str) -> Standing:
        """Go on to every item of the checklist after the verdict. Raises NoSuchCase, NotYourCase, OldCard before it."""
        with self.store.transaction():
            self._judged(workspace, case_id, by)
            self.store.want_whole_list(workspace, case_id)
            return self.standing(self.case(workspace, case_id))

    def begin_again(self, workspace: str, case_id: str, by: str, beginning: Beginning | None = None) -> Standing:
        """Let no answer so far count; what was read of the first message is asked again, or what is now.

        `beginning`: the service that it names now, and what it is read as. Raises NoSuchCase, NotYourCase.
        """
        with self.store.transaction():
            case, now = self.owned(workspace, case_id, by), self._clock()
            read = [replace(answer, at=now) for answer in case.answers if answer.card == READ][-1:]
            if beginning:
                told = self.book(case).interview.readings.passed(beginning[1])
                read = [Answer(READ, told, "", now)] if told else []
                self.store.set_brand(workspace, case_id, beginning[0])
            for answer in (Answer(AGAIN, {}, by, now), *read):
                self.store.add_answer(workspace, case_id, answer)
            for each in case.confirmations:
                self.store.end_confirmation(workspace, case_id, each.id, CHANGED, now)
            self.store.want_whole_list(workspace, case_id, wanted=False)
            return self._touched(self.standing(self.case(workspace, case_id)))

    def _take(self, case: Case, card_id: str, choice: Choice, by: str) -> Standing:
        before, workspace = self.standing(case), case.place.workspace
        before.book.interview.check(case, card_id, choice)
        unsure = leaves_unknown(before.progress.step(card_id).card, choice)
        self.store.add_answer(workspace, case.id, Answer(card_id, choice, by, self._clock()), unsure=unsure)
        standing = self.standing(self.case(workspace, case.id))
        for name in outdated(before.book.interview.cards, before.progress, standing.progress, case):
            self.store.end_confirmation(workspace, case.id, name, CHANGED, self._clock())
        standing = self.standing(self.case(workspace, case.id))
        self.record(standing)
        return self._touched(standing)

    def _touched(self, standing: Standing) -> Standing:
        """Write down that the asker did something on the case just now, and what it waits for."""
        case, current = standing.case, standing.progress.current
        self.store.note_wait(case.place.workspace, case.id, current.card.id if current else "", self._clock())
        return standing

    def record(self, standing: Standing) -> None:
        """Write a receipt of the verdict, unless the last one says the same.

        While the whole checklist is filled only another verdict is written down; the filled list follows at its end.
        """
        if standing.evaluation is None:
            return
        last = last_receipt(self.store, standing.case)
        if standing.progress.current and last and last.result.verdict == standing.evaluation.verdict:
            return
        self.receipt(standing, standing.evaluation)

    def receipt(self, standing: Standing, evaluation: Evaluation, *, keep: bool = True) -> Receipt:
        """Return the receipt that says how the case stands: the last one, or one that follows it.

        `keep`: write that down. Whoever keeps it is in a transaction.
        """
        case, last = standing.case, last_receipt(self.store, standing.case)
        made = make_receipt(standing.book.rulebook, case, standing.progress, evaluation, self._clock(), last)
        if last and same_result(last, made):
            return last
        if keep:
            to_do = conditions(standing.book.rulebook.rulebase, evaluation, standing.progress.asked)
            self.store.add_receipt(case.place.workspace, case.id, made.to_json(), to_do)
        return made

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self._clock()

    def _choice(self, standing: Standing, card_id: str) -> Choice | None:
        return next((step.choice for step in standing.progress.steps if step.card.id == card_id), None)

    def book(self, case: Case) -> Book:
        """Return the edition of the case under its workspace's overlay. Raises RulesUnreadable, KakuninError."""
        return self.library.of(case.place.workspace).of(case.edition)

    def case(self, workspace: str, case_id: str) -> Case:
        """Return the case. Raises NoSuchCase."""
        case = self.store.case(workspace, case_id)
        if case is None:
            raise NoSuchCase(case_id)
        return as_of(case, self._clock())

    def owned(self, workspace: str, case_id: str, by: str) -> Case:
        """Return the case if it is theirs. Raises NoSuchCase, NotYourCase."""
        case = self.case(workspace, case_id)
        if not case.asker:  # whoever asked had the link to them deleted
            raise NoSuchCase(case_id)
        if case.asker != by:
            raise NotYourCase(case_id)
        return case

    def mine(self, workspace: str, user: str) -> OwnCases:
        """Return the person's own cases: open ones first, the newest first, and how many more there are."""
        return self.store.cases_of(workspace, user, MOST_SHOWN)

    def insight(self, standing: Standing) -> Insight:
        """Return what decided the verdict and what would change it; empty before there is one."""
        if standing.evaluation is None:
            return Insight((), ())
        progress, verdict, book = standing.progress, standing.evaluation.verdict, standing.book
        ask = book.interview.counterfactuals
        return Insight(
            deciding=ask.deciding(progress.facts, verdict, progress.asked),
            ways_out=ask.ways_out(progress.facts, verdict),
            named=verdicts_with(book.knowledge, book.rulebook.rulebase, progress.facts, progress.named),
            to_do=measures_to_do(book.rulebook.rulebase, standing.evaluation, progress.asked),
            holds=self.holds(standing),
            whom=whom_to_ask(book.rulebook.rulebase, book.matters, progress, standing.evaluation),
        )

    def holds(self, standing: Standing) -> Holds | None:
        """Return until when the verdict holds; None before there is one, and where nothing ends it."""
        return holds_until(standing.book, standing.case, standing.progress) if standing.evaluation else None

    def marks(self, case: Case) -> Marks:
        """Return what the asker ticked, what they think of the verdict, and what the desk ruled."""
        where = case.place.workspace, case.id
        ruling = (self.store.rulings(*where) or (None,))[-1]
        return Marks(self.store.ticks(*where), self.store.opinion(*where), ruling)

    def tick(self, workspace: str, case_id: str, offered: Iterable[str], ticked: Iterable[str], by: str) -> Standing:
        """Remember which measures are done, of those that were offered; what is no measure is passed over.

        Raises NoSuchCase, NotYourCase, OldCard while there is no verdict.
        """
        with self.store.transaction():
            standing = self._judged(workspace, case_id, by)
            known = standing.book.knowledge.measures.keys()
            self.store.set_ticks(workspace, case_id, known & {*offered}, {*ticked}, self._clock())
            return standing

    def judge_verdict(self, workspace: str, case_id: str, opinion: Opinion, by: str) -> tuple[Standing, bool]:
        """Remember what the asker thinks of the verdict, and return whether that is new. Raises as `tick` does.

        ChoiceError for what is no opinion.
        """
        reasons = OBJECTIONS if opinion.kind == WRONG else ("",)
        if opinion.kind not in OPINIONS or opinion.reason not in reasons:
            raise ChoiceError("unknown_option", "opinion")
        with self.store.transaction():
            standing = self._judged(workspace, case_id, by)
            return standing, self.store.set_opinion(workspace, case_id, opinion, self._clock())

    def _judged(self, workspace: str, case_id: str, by: str) -> Standing:
        standing = self.standing(self.owned(workspace, case_id, by))
        if standing.evaluation is None:
            raise OldCard(case_id)
        return standing

    def to_do(self, workspace: str, user: str) -> tuple[ToDo, ...]:
        """Return the conditions of the person's verdicts that are still to do, the newest case first.

        A refusal has no conditions. Raises RulesUnreadable.
        """
        found = (self._to_do(workspace, outline.id) for outline in self.mine(workspace, user).cases if outline.verdict)
        return tuple(each for each in found if each and each.still)

    def _to_do(self, workspace: str, case_id: str) -> ToDo | None:
        standing = self.standing(self.case(workspace, case_id))
        evaluation, case, progress = standing.evaluation, standing.case, standing.progress
        if evaluation is None:
            return None
        names = conditions(standing.book.rulebook.rulebase, evaluation, progress.asked)
        ticked = self.store.ticks(workspace, case_id)
        done = tuple(name for name in names if name in ticked)
        still = tuple(name for name in names if name not in ticked)
        return ToDo(case_id, case.place, evaluation.verdict, progress.service, still, done)

    def other_services(self, standing: Standing) -> tuple[ServiceVerdict, ...]:
        """Return what every other service of the catalogue would come to with the same data and use."""
        progress, book = standing.progress, standing.book
        return compare_services(book.knowledge, book.rulebook.rulebase, progress.facts, progress.service)

    def standing(self, case: Case) -> Standing:
        """Recompute where the case stands now."""
        book, case = self.book(case), as_of(case, self._clock())
        progress = book.interview.progress(case)
        evaluation = book.evaluator.evaluate(progress.facts) if progress.settled else None
        return Standing(case, book, progress, evaluation)
