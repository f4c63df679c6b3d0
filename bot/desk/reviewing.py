"""“Wrong verdict?” at the desk: a draft of a scenario is made, and reviewed by a desk member."""

from collections.abc import Callable
from dataclasses import replace

from bot.desk.members import Members
from bot.ids import AtDesk
from bot.listeners.visit import Notes, Visit
from bot.tools import Tools
from conversations.drafts import Draft, DraftState, class_rules, given_facts
from conversations.errors import NoSuchCase
from conversations.models import WRONG, Opinion
from conversations.service import Standing
from conversations.store.protocol import Job
from rules.models import VERDICTS


class Reviewing:
    """Makes drafts and takes reviews."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._store = tools.conversations.store
        self._members = Members(tools)

    def note(self, standing: Standing, opinion: Opinion, expected: str) -> None:
        """Make a draft of a verdict that is called wrong, where it is said what is expected; else drop what waits.

        The caller holds the transaction. What was reviewed already stays as it is.
        """
        case, evaluation = standing.case, standing.evaluation
        before = self._store.draft(case.place.workspace, case.id)
        if evaluation is None or (before and before.state != DraftState.PENDING):
            return
        if opinion.kind == WRONG and expected in VERDICTS and expected != evaluation.verdict:
            rulebase = standing.book.rulebook.rulebase
            draft = Draft(
                case.place.workspace,
                case.id,
                at=self._tools.clock(),
                facts=given_facts(rulebase, evaluation.facts),
                data_class=evaluation.data_class,
                judged=evaluation.verdict,
                rules=class_rules(rulebase, evaluation.rules),
                expected=expected,
                reason=opinion.reason,
            )
            self._put(draft)
        elif before:
            self._put(replace(before, state=DraftState.DROPPED))

    def _put(self, draft: Draft) -> None:
        self._store.put_draft(draft)
        self._tools.desk_letters.show_draft(draft)

    def ready(self, arrived: Visit, _: Job) -> Callable[[Visit, Job], Notes]:
        """Return what takes the review. Raises NotOnTheDesk."""
        self._members.require(arrived.client, arrived.workspace, arrived.user)
        return self._review

    def _review(self, arrived: Visit, job: Job) -> Notes:
        """Accept or drop it; who comes second changes nothing, and sees on the card who was first."""
        draft = self._store.draft(arrived.workspace, str(job.details["case"]))
        if draft is None:
            raise NoSuchCase(str(job.details["case"]))
        if draft.state == DraftState.PENDING:
            accepted = job.details["move"] == AtDesk.ACCEPT
            state = DraftState.ACCEPTED if accepted else DraftState.DROPPED
            self._put(replace(draft, state=state, by=arrived.user, comment=str(job.details.get("words", ""))))
        return []
