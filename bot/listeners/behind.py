"""What lies behind a verdict: the modals that its buttons open. Nothing is written down; losing one loses nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.ids import Action
from bot.jobs import Kind, stranger
from bot.listeners.answers import Answers, show
from bot.listeners.door import Door
from bot.listeners.seeing import seen
from bot.listeners.visit import Visit, acknowledge, visit, where
from bot.record.plan import plan_texts
from bot.tools import Tools
from bot.views.blocks import Block
from bot.views.plan import plan_view
from bot.views.verdict import VerdictViews
from conversations.errors import OldCard
from conversations.service import Standing
from conversations.store.protocol import Job
from rules.models import Evaluation

Payload = Mapping[str, Any]
Draw = Callable[[Standing, Evaluation, Visit], Block]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners. Buttons that are in the menu by now may still stand on cards that were posted before."""
    behind = Behind(tools)
    draws: Mapping[str, Draw] = {
        Action.REASONS: behind.reasons,
        Action.SERVICES: behind.services,
        Action.TO_DO: behind.to_do,
        Action.WAYS: behind.ways,
        Action.CHECKLIST: behind.checklist,
        Action.OBJECT: behind.objection,
        Action.PLAN: behind.plan,
    }
    for action, draw in draws.items():
        app.action(action)(ack=acknowledge, lazy=[tools.guard.door(behind.opening(draw))])
    wants_all = Answers(tools, door).about_case(Kind.WHOLE_LIST)

    def taken(body: Payload, context: Payload) -> Job | None:
        clicked = _as_button(body)
        return wants_all(clicked, context) if clicked["actions"][0]["action_id"] == Action.WHOLE_LIST else None

    def opened(body: Payload, context: Payload, client: WebClient) -> None:
        clicked = _as_button(body)
        if draw := draws.get(clicked["actions"][0]["action_id"]):
            behind.opening(draw)(clicked, context, client)

    app.action(Action.BEHIND)(ack=door.through(taken), lazy=[tools.guard.door(opened)])


def _as_button(body: Payload) -> Payload:
    """Return a pick from the menu as a click on the button that it stands for. What is none of ours opens nothing."""
    action = body["actions"][0]
    name, _, case_id = str((action.get("selected_option") or {}).get("value") or "").partition("|")
    return {**body, "actions": [{**action, "action_id": name, "value": case_id}]}


class Behind:
    """Draws the modals from the case as it stands; anyone in the thread may read them."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools

    def opening(self, draw: Draw) -> Callable[..., None]:
        """Return the listener that opens what `draw` makes of a verdict."""

        def opens(body: Payload, context: Payload, client: WebClient) -> None:
            channel, thread = where(body, context)
            self._open(visit(client, context, channel, thread, self._tools.languages), body, context, draw)

        return opens

    def _open(self, came: Visit, body: Payload, context: Payload, draw: Draw) -> None:
        """Open a view of a case: in its thread for all of this organisation, elsewhere for its asker alone."""
        case_id = str(body["actions"][0].get("value") or "")
        outside = stranger(body, context, body["user"].get("team_id"))
        standing = seen(self._tools, came, case_id, from_outside=outside)
        if standing.evaluation is None:
            raise OldCard(case_id)
        show(came.client, body, draw(standing, standing.evaluation, came))

    def _views(self, standing: Standing) -> VerdictViews:
        return self._tools.views(standing.book).verdicts

    def reasons(self, standing: Standing, evaluation: Evaluation, came: Visit) -> Block:
        """Every reason and quotation."""
        insight = self._tools.conversations.insight(standing)
        before = self._tools.desk.precedents(standing)
        return self._views(standing).reasons(standing, evaluation, insight, came.language, before)

    def services(self, standing: Standing, evaluation: Evaluation, came: Visit) -> Block:
        """What other services would come to."""
        compared = self._tools.conversations.other_services(standing)
        insights = self._views(standing).insights
        return insights.other_services(compared, standing.progress.service, evaluation.verdict, came.language)

    def to_do(self, standing: Standing, evaluation: Evaluation, came: Visit) -> Block:
        """What there is to do and how; only the asker gets boxes to tick."""
        conversations, case = self._tools.conversations, standing.case
        names, ticked = conversations.insight(standing).to_do, conversations.marks(case).ticked
        own = came.user == case.asker
        views = self._views(standing).to_do
        return views.modal(case.id, names, evaluation.measures, ticked, came.language, own=own)

    def ways(self, standing: Standing, _: Evaluation, came: Visit) -> Block:
        """What would make the verdict milder."""
        insight = self._tools.conversations.insight(standing)
        return self._views(standing).insights.ways_out(insight, came.language)

    def checklist(self, standing: Standing, evaluation: Evaluation, came: Visit) -> Block:
        """Items ①–⑦ with their status."""
        return self._views(standing).checklist.modal(evaluation, came.language)

    def objection(self, standing: Standing, _: Evaluation, came: Visit) -> Block:
        """What is wrong with the verdict? Raises NotYourCase."""
        conversations = self._tools.conversations
        case = conversations.owned(came.workspace, standing.case.id, came.user)
        return self._views(standing).opinions.objection(case.id, conversations.marks(case).opinion, came.language)

    def plan(self, standing: Standing, evaluation: Evaluation, came: Visit) -> Block:
        """The paragraph for a data-management plan, to be copied."""
        receipt, phrases = self._tools.conversations.receipt(standing, evaluation, keep=False), self._tools.phrases
        texts = plan_texts(phrases, standing, evaluation, receipt.day(self._tools.zone))
        return plan_view(phrases, texts, came.language)
