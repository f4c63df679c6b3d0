"""Buttons on cards, and the modal that changes an answer: payload → codes → a job.

What only opens a modal is done at once; losing it loses no answer.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ids import Action, View
from bot.jobs import NOT_OURS, Kind, case_code, job_of, saying
from bot.listeners.arrivals import click_key
from bot.listeners.door import Door
from bot.listeners.visit import Visit, acknowledge, visit, where
from bot.tools import Tools
from bot.views.blocks import Block
from bot.views.choices import changed_choice, picked
from conversations.errors import ChoiceError, NoSuchCase
from conversations.models import Choice
from conversations.service import Standing
from conversations.store.protocol import Job

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    answers, guarded = Answers(tools, door), tools.guard.door
    app.action(re.compile(r"^card\.(next|pick|shortcut)(:|$)"))(ack=door.through(answers.click), lazy=[])
    app.action(Action.WHOLE_LIST)(ack=door.through(answers.whole_list), lazy=[])
    app.action(Action.CHANGE)(ack=acknowledge, lazy=[guarded(answers.open_change)])
    app.view(View.CHANGE)(ack=answers.submit, lazy=[])


class Answers:
    """Takes answers by click. Values in payloads are codes of ours, and are checked as if they were not."""

    def __init__(self, tools: Tools, door: Door) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._door = door

    def click(self, body: Payload, context: Payload) -> Job:
        """Next, a one-click option or a shortcut: an answer to a card. The codes are checked when it is handled."""
        action = body["actions"][0]
        case_id, _, card_id = str(action.get("value") or "").partition("|")
        shortcut, chosen = _clicked(str(action["action_id"]), (body.get("state") or {}).get("values") or {})
        job = job_of(Kind.ANSWER, click_key(body), context, where(body, context), self._tools.clock())
        codes = self._tools.conversations.library.heard_by(job.workspace).codes()
        told = _coded(codes, case_id, card_id, chosen)
        return saying(job, **told, shortcut=_code(codes, shortcut) if shortcut else "")

    def whole_list(self, body: Payload, context: Payload) -> Job:
        """Go on to every item of the checklist, for a complete record."""
        job = job_of(Kind.WHOLE_LIST, click_key(body), context, where(body, context), self._tools.clock())
        return saying(job, case=case_code(body["actions"][0].get("value")))

    def open_change(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the modal that changes the answer to a card."""
        came = self._visit(body, context, client)
        case_id, card_id = _reference(str(body["actions"][0].get("value") or ""))
        standing = self._theirs(came.workspace, case_id, came.user)
        step = standing.progress.step(card_id)
        metadata = json.dumps({"case": case_id, "card": card_id})
        view = self._tools.views(standing.book).questions.change(standing.case, step, metadata, came.language)
        show(client, body, view)

    def _visit(self, body: Payload, context: Payload, client: WebClient) -> Visit:
        channel, thread = where(body, context)
        return visit(client, context, channel, thread, self._tools.languages)

    def submit(self, ack: Ack, body: Payload, context: Payload, client: WebClient) -> None:
        """Write the changed answer down before acknowledging it, so that what is wrong shows inside the modal."""
        try:
            self._door.take_in(self._submitted(body, context))
        except Exception as error:  # noqa: BLE001 - the guard explains it inside the modal
            language = self._tools.languages.of(client, str(context.get("user_id") or ""))
            text = self._tools.guard.explain(error, language, str(context.get("team_id") or ""))
            ack(response_action="errors", errors={_where_to_say(body, error): text})
        else:
            ack()

    def _submitted(self, body: Payload, context: Payload) -> Job:
        """Return the job of the modal. Raises ConversationError where its answer could not be taken."""
        view = body["view"]
        case_id, card_id = _from_modal(view)
        standing = self._theirs(str(context.get("team_id") or ""), case_id, str(context.get("user_id") or ""))
        choice = changed_choice(standing.progress.step(card_id), view["state"]["values"])
        standing.book.interview.check(standing.case, card_id, choice)
        place = standing.case.place
        job = job_of(Kind.CHANGE, f"view:{view['id']}", context, (place.channel, place.thread), self._tools.clock())
        codes = self._tools.conversations.library.heard_by(job.workspace).codes()
        return saying(job, **_coded(codes, case_id, card_id, choice))

    def _theirs(self, workspace: str, case_id: str, user: str) -> Standing:
        """Return where a case of theirs stands. Raises NoSuchCase, NotYourCase."""
        return self._tools.conversations.standing(self._tools.conversations.owned(workspace, case_id, user))


def _coded(codes: frozenset[str], case_id: str, card_id: str, choice: Choice) -> dict[str, object]:
    chosen = {_code(codes, part): [_code(codes, name) for name in names] for part, names in choice.items()}
    return {"case": case_code(case_id), "card": _code(codes, card_id), "choice": chosen}


def _code(codes: frozenset[str], value: str) -> str:
    """A code of some edition's questions as it is; anything else that came in its place stays outside."""
    return value if value in codes else NOT_OURS


def show(client: WebClient, body: Payload, view: Block) -> None:
    """Open the modal. A click that opened one before was sent again: there is nothing to tell."""
    try:
        client.views_open(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        if error.response["error"] != "exchanged_trigger_id":
            raise


def _from_modal(view: Payload) -> tuple[str, str]:
    """Read case and card that we put into private_metadata; who submits is taken from the payload itself."""
    try:
        kept = json.loads(str(view.get("private_metadata") or "{}"))
        return str(kept["case"]), str(kept["card"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoSuchCase("none in the modal") from None


def _where_to_say(body: Payload, error: Exception) -> str:
    """Return the id of the input under which to say what is wrong: the one that is, or the last.

    Where none can be read, Slack says in its own words that it did not work, and leaves the modal open.
    """
    try:
        inputs = [str(block["block_id"]) for block in body["view"]["blocks"] if block["type"] == "input"]
    except (KeyError, TypeError):
        return NOT_OURS
    wanted = error.part if isinstance(error, ChoiceError) else ""
    return wanted if wanted in inputs else next(reversed(inputs), NOT_OURS)


def _reference(value: str) -> tuple[str, str]:
    case_id, _, card_id = value.partition("|")
    if not case_id or not card_id:
        raise NoSuchCase(value)
    return case_id, card_id


def _clicked(action_id: str, state: Payload) -> tuple[str, Choice]:
    """Return the shortcut pressed, if any, and what is chosen on the card, by the button too."""
    kind, *chosen = action_id.split(":")
    if kind in (Action.PICK, Action.NEXT) and len(chosen) == 2:  # noqa: PLR2004 - part and option
        return "", {**(picked(state) if kind == Action.NEXT else {}), chosen[0]: (chosen[1],)}
    return chosen[0] if kind == Action.SHORTCUT and len(chosen) == 1 else "", picked(state)
