"""A modal's submission: written down before it is acknowledged, or told inside the modal what is wrong with it."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.jobs import NOT_OURS
from bot.listeners.door import Door
from bot.tools import Tools
from conversations.store.protocol import Job

Payload = Mapping[str, Any]


def inputs(view: Payload) -> list[str]:
    """Return the block ids of a modal's inputs, in order."""
    return [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]


def last_input(_: Exception, view: Payload) -> str:
    """Return the last input of a modal, at which whatever is wrong may show."""
    return next(reversed(inputs(view)), NOT_OURS)


def submitting(
    tools: Tools,
    door: Door,
    read: Callable[[Payload, Payload], Job],
    at_fault: Callable[[Exception, Payload], str] = last_input,
) -> Callable[..., None]:
    """Return the listener of a modal: `read` makes a job of it, `at_fault` names the input that shows what is wrong."""

    def submit(ack: Ack, body: Payload, context: Payload, client: WebClient) -> None:
        try:
            door.take_in(read(body, context))
        except Exception as error:  # noqa: BLE001 - the guard explains it inside the modal
            workspace, user = str(context.get("team_id") or ""), str(context.get("user_id") or "")
            text = tools.guard.explain(error, tools.languages.of(client, workspace, user), workspace)
            ack(response_action="errors", errors={at_fault(error, body["view"]): text})
        else:
            ack()

    return submit
