"""Buttons on cards and verdicts: payload → codes → a job.

What only opens a modal is done at once; losing it loses no answer.
"""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ids import Action
from bot.jobs import NOT_OURS, Kind, case_code, job_of, saying
from bot.listeners.arrivals import click_key
from bot.listeners.door import Door, Read
from bot.listeners.visit import where
from bot.tools import Tools
from bot.views.blocks import Block
from bot.views.choices import picked
from conversations.models import Choice
from conversations.store.protocol import Job

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    answers = Answers(tools, door)
    app.action(re.compile(r"^card\.(next|pick|select|shortcut)(:|$)"))(ack=door.through(answers.click), lazy=[])
    app.action(Action.WHOLE_LIST)(ack=door.through(answers.about_case(Kind.WHOLE_LIST)), lazy=[])
    app.action(Action.RECORD)(ack=door.through(answers.about_case(Kind.RECORD)), lazy=[])


class Answers:
    """Takes answers by click. Values in payloads are codes of ours, and are checked as if they were not."""

    def __init__(self, tools: Tools, door: Door) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._door = door

    def click(self, body: Payload, context: Payload) -> Job:
        """Next, an option or a service that answers at once, or a shortcut. Checked when it is handled."""
        action = body["actions"][0]
        name = str(action["action_id"])
        kind, _, behind = name.partition(":")
        told = behind if kind == Action.SELECT else action.get("value")
        case_id, _, card_id = str(told or "").partition("|")
        shortcut, chosen = _clicked(name, (body.get("state") or {}).get("values") or {})
        job = job_of(Kind.ANSWER, click_key(body), context, where(body, context), self._tools.clock())
        codes = self._tools.conversations.library.heard_by(job.workspace).codes()
        told = coded(codes, case_id, card_id, chosen)
        return saying(job, **told, shortcut=_code(codes, shortcut) if shortcut else "")

    def about_case(self, kind: Kind) -> Read:
        """Return what makes a job of a button that names a case: the whole checklist is wanted, or the record."""

        def read(body: Payload, context: Payload) -> Job:
            job = job_of(kind, click_key(body), context, where(body, context), self._tools.clock())
            return saying(job, case=case_code(body["actions"][0].get("value")))

        return read


def coded(codes: frozenset[str], case_id: str, card_id: str, choice: Choice) -> dict[str, object]:
    """Return case, card and choice as a job holds them."""
    chosen = {_code(codes, part): [_code(codes, name) for name in names] for part, names in choice.items()}
    return {"case": case_code(case_id), "card": _code(codes, card_id), "choice": chosen}


def _code(codes: frozenset[str], value: str) -> str:
    """A code of some edition's questions as it is; anything else that came in its place stays outside."""
    return value if value in codes else NOT_OURS


def show(client: WebClient, body: Payload, view: Block) -> None:
    """Open the modal, in place of the one that was clicked in.

    A click that opened one before was sent again: there is nothing to tell.
    """
    if isinstance(body.get("view"), Mapping):
        client.views_update(view_id=str(body["view"].get("id")), view=view)
        return
    try:
        client.views_open(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        if error.response["error"] != "exchanged_trigger_id":
            raise


def _clicked(action_id: str, state: Payload) -> tuple[str, Choice]:
    """Return the shortcut pressed, if any, and what is chosen on the card, by the button too."""
    kind, *chosen = action_id.split(":")
    if kind in (Action.PICK, Action.NEXT) and len(chosen) == 2:  # noqa: PLR2004 - part and option
        return "", {**picked(state), chosen[0]: (chosen[1],)}
    return chosen[0] if kind == Action.SHORTCUT and len(chosen) == 1 else "", picked(state)
