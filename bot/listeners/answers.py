"""Buttons on cards and the modal that changes an answer: payload → codes → the use case → the thread."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.ids import Action, View
from bot.listeners.visit import Visit, acknowledge, visit, where
from bot.tools import Tools
from bot.views.blocks import Block
from bot.views.choices import changed_choice, choice_from_state
from conversations.errors import ChoiceError, NoSuchCase, OldCard
from conversations.interview import Step
from conversations.models import SHORTCUT, Choice
from conversations.service import Standing
from rules.models import Evaluation

Payload = Mapping[str, Any]


def register(app: App, tools: Tools) -> None:
    """Attach the listeners."""
    answers, door = Answers(tools), tools.guard.door
    app.action(re.compile(r"^card\.(next|pick|shortcut)(:|$)"))(ack=acknowledge, lazy=[door(answers.click)])
    app.action(Action.CHANGE)(ack=acknowledge, lazy=[door(answers.open_change)])
    app.action(Action.REASONS)(ack=acknowledge, lazy=[door(answers.open_reasons)])
    app.action(Action.SERVICES)(ack=acknowledge, lazy=[door(answers.open_services)])
    app.action(Action.WHOLE_LIST)(ack=acknowledge, lazy=[door(answers.whole_list)])
    app.view(View.CHANGE)(ack=answers.submit, lazy=[door(answers.after_submit)])


class Answers:
    """Takes answers by click. Values in payloads are codes of ours, and are checked as if they were not."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools

    def click(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Next, a one-click option or a shortcut: record the answer, then show the next card or the verdict."""
        came = _visit(body, context, client)
        self._tools.guard.run(came, lambda: self._click(came, body))

    def _click(self, came: Visit, body: Payload) -> None:
        action = body["actions"][0]
        case_id, card_id = _reference(str(action.get("value") or ""))
        case = self._tools.conversations.owned(came.workspace, case_id, came.user)
        step = _step(self._tools.conversations.standing(case).progress.steps, card_id)
        choice = _choice(step, str(action["action_id"]), (body.get("state") or {}).get("values") or {})
        self._tools.conversations.answer(came.workspace, case_id, card_id, choice, came.user)
        self._tools.delivery.bring_up_to_date(came.client, came.workspace, case_id, came.language)

    def whole_list(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Go on to every item of the checklist, for a complete record."""
        came = _visit(body, context, client)
        case_id = str(body["actions"][0].get("value") or "")
        self._tools.guard.run(came, lambda: self._whole_list(came, case_id))

    def _whole_list(self, came: Visit, case_id: str) -> None:
        self._tools.conversations.want_whole_list(came.workspace, case_id, came.user)
        self._tools.delivery.bring_up_to_date(came.client, came.workspace, case_id, came.language)

    def open_change(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the modal that changes the answer to a card."""
        came = _visit(body, context, client)
        self._tools.guard.run(came, lambda: self._open_change(came, body))

    def _open_change(self, came: Visit, body: Payload) -> None:
        case_id, card_id = _reference(str(body["actions"][0].get("value") or ""))
        standing = self._tools.conversations.standing(
            self._tools.conversations.owned(came.workspace, case_id, came.user)
        )
        step = _step(standing.progress.steps, card_id)
        metadata = json.dumps({"case": case_id, "card": card_id, "channel": came.channel, "thread": came.thread})
        view = self._tools.views(standing.book).questions.change(standing.case, step, metadata, came.language)
        came.client.views_open(trigger_id=body["trigger_id"], view=view)

    def submit(self, ack: Ack, body: Payload, context: Payload, client: WebClient) -> None:
        """Take the changed answer before acknowledging, so that what is wrong shows inside the modal."""
        wrong: dict[str, str] = {}
        self._tools.guard.door(self._submit)(body, context, client, wrong)
        if wrong:
            ack(response_action="errors", errors=wrong)
        else:
            ack()

    def _submit(self, body: Payload, context: Payload, client: WebClient, wrong: dict[str, str]) -> None:
        view = body["view"]
        inputs = [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]
        came, case_id, card_id = _from_modal(view, context, client)
        try:
            case = self._tools.conversations.owned(came.workspace, case_id, came.user)
            step = _step(self._tools.conversations.standing(case).progress.steps, card_id)
            choice = changed_choice(step, view["state"]["values"])
            self._tools.conversations.change(came.workspace, case_id, card_id, choice, came.user)
        except Exception as error:  # noqa: BLE001 - the guard explains it inside the modal
            wanted = error.part if isinstance(error, ChoiceError) and error.part in inputs else inputs[-1]
            wrong[wanted] = self._tools.guard.explain(error, came.language)

    def after_submit(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Show what the change led to; a refused one changed nothing."""
        came, case_id, _ = _from_modal(body["view"], context, client)
        self._tools.guard.run(
            came,
            lambda: self._tools.delivery.bring_up_to_date(came.client, came.workspace, case_id, came.language),
        )

    def open_reasons(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open every reason and quotation behind a verdict; anyone in the thread may read them."""
        came = _visit(body, context, client)
        self._tools.guard.run(came, lambda: self._open(came, body, self._reasons))

    def open_services(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open what other services would come to; anyone in the thread may read it."""
        came = _visit(body, context, client)
        self._tools.guard.run(came, lambda: self._open(came, body, self._services))

    def _open(self, came: Visit, body: Payload, view: Callable[[Standing, Evaluation, str], Block]) -> None:
        case = self._tools.conversations.case(came.workspace, str(body["actions"][0].get("value") or ""))
        standing = self._tools.conversations.standing(case)
        if standing.evaluation is None:
            raise OldCard(case.id)
        came.client.views_open(trigger_id=body["trigger_id"], view=view(standing, standing.evaluation, came.language))

    def _reasons(self, standing: Standing, evaluation: Evaluation, language: str) -> Block:
        insight = self._tools.conversations.insight(standing)
        return self._tools.views(standing.book).verdicts.reasons(evaluation, insight, language)

    def _services(self, standing: Standing, evaluation: Evaluation, language: str) -> Block:
        compared = self._tools.conversations.other_services(standing)
        insights = self._tools.views(standing.book).verdicts.insights
        return insights.other_services(compared, standing.progress.service, evaluation.verdict, language)


def _visit(body: Payload, context: Payload, client: WebClient) -> Visit:
    channel, thread = where(body, context)
    return visit(client, context, channel, thread)


def _from_modal(view: Payload, context: Payload, client: WebClient) -> tuple[Visit, str, str]:
    """Read what we put into private_metadata; who submits is taken from the payload itself."""
    try:
        kept = json.loads(str(view.get("private_metadata") or "{}"))
        case_id, card_id, channel, thread = (str(kept[key]) for key in ("case", "card", "channel", "thread"))
    except (ValueError, KeyError, TypeError):
        case_id = card_id = channel = thread = ""
    return visit(client, context, channel, thread), case_id, card_id


def _reference(value: str) -> tuple[str, str]:
    case_id, _, card_id = value.partition("|")
    if not case_id or not card_id:
        raise NoSuchCase(value)
    return case_id, card_id


def _step(steps: tuple[Step, ...], card_id: str) -> Step:
    for step in steps:
        if step.card.id == card_id:
            return step
    raise OldCard(card_id)


def _choice(step: Step, action_id: str, state: Payload) -> Choice:
    kind, *chosen = action_id.split(":")
    if kind == Action.PICK and len(chosen) == 2:  # noqa: PLR2004 - part and option
        return {chosen[0]: (chosen[1],)}
    if kind == Action.SHORTCUT and len(chosen) == 1:
        return choice_from_state(step, state, chosen[0])
    return {part: names for part, names in choice_from_state(step, state).items() if part != SHORTCUT}
