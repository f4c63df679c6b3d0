"""What an asker marks on a verdict, ticks and an opinion: payload → codes → a job."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from slack_bolt import App

from bot.ids import INPUT, Action, View
from bot.jobs import NOT_OURS, Kind, case_code, job_of, saying
from bot.listeners.arrivals import click_key
from bot.listeners.door import Door
from bot.listeners.submitting import submitting
from bot.listeners.visit import where
from bot.tools import Tools
from bot.views.blocks import Block
from bot.views.opinion import EXPECTED
from conversations.models import OBJECTIONS, OPINIONS, WRONG
from conversations.store.protocol import Job
from rules.models import VERDICTS

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    marks = Marking(tools)
    app.action(Action.TICK)(ack=door.through(marks.tick), lazy=[])
    app.action(re.compile(rf"^{Action.OPINION}:"))(ack=door.through(marks.opinion), lazy=[])
    app.view(View.TO_DO)(ack=submitting(tools, door, marks.ticked), lazy=[])
    app.view(View.OBJECT)(ack=submitting(tools, door, marks.objected), lazy=[])


class Marking:
    """Takes marks. Values in payloads are codes of ours, and are checked as if they were not."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools

    def tick(self, body: Payload, context: Payload) -> Job:
        """A box on the card: what is ticked of those that it showed."""
        action = body["actions"][0]
        boxes = [b["accessory"] for b in body["message"]["blocks"] if b.get("block_id") == action["block_id"]]
        job = self._job(Kind.TICK, click_key(body), context, where(body, context))
        return saying(job, **self._ticks(job.workspace, boxes, action.get("selected_options") or ()))

    def opinion(self, body: Payload, context: Payload) -> Job:
        """Helpful, or not."""
        action = body["actions"][0]
        kind = str(action["action_id"]).partition(":")[2]
        job = self._job(Kind.OPINION, click_key(body), context, where(body, context))
        return saying(job, case=case_code(action.get("value")), opinion=_among(OPINIONS, kind), reason="")

    def ticked(self, body: Payload, context: Payload) -> Job:
        """The whole list of things to do."""
        view = body["view"]
        boxes = [block["element"] for block in view["blocks"] if block["type"] == "input"]
        chosen = [o for inputs in view["state"]["values"].values() for o in inputs[INPUT].get("selected_options") or ()]
        job = self._of_modal(Kind.TICK, view, context)
        return saying(job, **self._ticks(job.workspace, boxes, chosen))

    def objected(self, body: Payload, context: Payload) -> Job:
        """What is wrong with the verdict."""
        view = body["view"]
        reason = str((_chosen(view, "objection") or {}).get("value") or "")
        job = self._of_modal(Kind.OPINION, view, context)
        case = case_code(view.get("private_metadata"))
        expected = str((_chosen(view, EXPECTED) or {}).get("value") or "")
        told = {"reason": _among(OBJECTIONS, reason), "expected": _among(("", *VERDICTS), expected)}
        return saying(job, case=case, opinion=WRONG, **told)

    def _of_modal(self, kind: Kind, view: Payload, context: Payload) -> Job:
        """A job in the thread of the case that the modal is about. Raises NoSuchCase, NotYourCase."""
        workspace, user = str(context.get("team_id") or ""), str(context.get("user_id") or "")
        place = self._tools.conversations.owned(workspace, str(view.get("private_metadata") or ""), user).place
        return self._job(kind, f"view:{view['id']}", context, (place.channel, place.thread))

    def _job(self, kind: Kind, key: str, context: Payload, place: tuple[str, str]) -> Job:
        return job_of(kind, key, context, place, self._tools.clock())

    def _ticks(self, workspace: str, boxes: Iterable[Block], chosen: Iterable[Block]) -> dict[str, object]:
        """Return the case, the measures that were offered and those that are ticked, as codes."""
        known = self._tools.conversations.library.heard_by(workspace).codes()
        offered = [_reference(option) for element in boxes for option in element["options"]]
        ticked = [_reference(option)[1] for option in chosen]
        return {
            "case": case_code(offered[0][0]),
            "offered": [name for _, name in offered if name in known],
            "ticked": [name for name in ticked if name in known],
        }


def _chosen(view: Payload, block_id: str) -> Payload | None:
    found: Payload | None = ((view["state"]["values"].get(block_id) or {}).get(INPUT) or {}).get("selected_option")
    return found


def _reference(option: Block) -> tuple[str, str]:
    case, _, name = str(option["value"]).partition("|")
    return case, name


def _among(codes: tuple[str, ...], value: str) -> str:
    return value if value in codes else NOT_OURS
