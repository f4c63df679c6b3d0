"""The digest on an officer's Home: a preview opens at once, everything else comes in as a job."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.digest.asking import Asking
from bot.ids import Action
from bot.jobs import NOT_OURS, Kind, job_of, saying, stranger
from bot.listeners.arrivals import click_key
from bot.listeners.door import Door
from bot.listeners.visit import acknowledge, on_home, visit
from bot.tools import Tools
from conversations.figures import monday_of
from conversations.store.protocol import Job
from knowledge.errors import KakuninError

Payload = Mapping[str, Any]
WEEK = re.compile(r"\d{4}-W\d{2}")


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    clicks = DigestClicks(tools)
    app.action(Action.DIGEST_PREVIEW)(ack=acknowledge, lazy=[tools.guard.door(clicks.preview)])
    app.action(Action.DIGEST_RESEND)(ack=door.through(clicks.resend), lazy=[])
    app.action(Action.DIGEST_SUBSCRIBE)(ack=door.through(clicks.subscribe), lazy=[])


class DigestClicks:
    """Takes clicks. Values in payloads are codes of ours, and are checked as if they were not."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._asking = Asking(tools)

    def preview(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the modal. Raises NotAllowed; KakuninError for what names no week."""
        arrived = visit(client, context, "", "", self._tools.languages)
        week = _week((body["actions"][0].get("selected_option") or {}).get("value"))
        client.views_open(trigger_id=body["trigger_id"], view=self._asking.preview(arrived, week))

    def resend(self, body: Payload, context: Payload) -> Job:
        """The week that is to be sent again."""
        return saying(self._job(Kind.DIGEST_RESEND, body, context), week=_week(body["actions"][0].get("value")))

    def subscribe(self, body: Payload, context: Payload) -> Job:
        """Whether the digest is wanted."""
        wanted = body["actions"][0].get("value") == "yes"
        return saying(self._job(Kind.DIGEST_SUBSCRIBE, body, context), wanted=wanted)

    def _job(self, kind: Kind, body: Payload, context: Payload) -> Job:
        job = job_of(kind, click_key(body), context, ("", ""), self._tools.clock())
        return saying(job, home=on_home(body), stranger=stranger(body, context, body["user"].get("team_id")))


def _week(value: object) -> str:
    """Return the name of a week as it is; anything else stays outside."""
    text = str(value or "")
    try:
        monday_of(text if WEEK.fullmatch(text) else NOT_OURS)
    except KakuninError:
        raise ValueError("no week") from None
    return text
