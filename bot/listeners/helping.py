"""The menu on a card: why it is asked, what its words mean, the desk, one's answers. And “did you mean …?”."""

import json
import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.ids import Action, More
from bot.jobs import Kind, job_of, saying, stranger
from bot.listeners.answers import coded, show
from bot.listeners.arrivals import click_key
from bot.listeners.confirming import open_request
from bot.listeners.door import Door
from bot.listeners.editing import Editing
from bot.listeners.seeing import seen
from bot.listeners.visit import Visit, acknowledge, visit, where
from bot.tools import Tools
from bot.views.blocks import Block
from conversations.errors import NoSuchCase
from conversations.models import Choice
from conversations.service import Standing
from conversations.store.protocol import Job

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    helping = Helping(tools, door)
    app.action(Action.MORE)(ack=acknowledge, lazy=[tools.guard.door(helping.more)])
    app.action(re.compile(rf"^{re.escape(Action.MEANT)}:"))(ack=door.through(helping.meant), lazy=[])


class Helping:
    """Opens help; what a payload says is checked as if it were not ours."""

    def __init__(self, tools: Tools, door: Door) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._editing = Editing(tools, door)

    def more(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open what was picked. Help is for whoever may read the thread, the answers are for the asker alone."""
        kind, case_id, card_id = _picked(body["actions"][0])
        if kind == More.ANSWERS:
            self._editing.show_summary(case_id, body, context, client)
            return
        came = visit(client, context, *where(body, context), self._tools.languages)
        if kind == More.CONFIRM:
            open_request(self._tools, came, case_id, body)
            return
        standing = seen(self._tools, came, case_id, from_outside=stranger(body, context, body["user"].get("team_id")))
        show(client, body, self._view(kind, standing, card_id, came))

    def _view(self, kind: More, standing: Standing, card_id: str, came: Visit) -> Block:
        language = came.language
        views, step = self._tools.views(standing.book), standing.progress.step(card_id)
        question = views.questions.title(standing.case, step, language)
        if kind == More.WHY:
            return views.helps.why(question, standing.book.interview.at_stake(step), language)
        if kind == More.TERMS:
            return views.helps.terms(card_id, question, language)
        own = came.user == standing.case.asker
        return views.helps.desk(standing.case, card_id, question, language, own=own)

    def meant(self, body: Payload, context: Payload) -> Job:
        """The button of what was meant by a typed answer. The codes are checked when it is handled."""
        case_id, card_id, choice = _offered(str(body["actions"][0].get("value") or ""))
        job = job_of(Kind.ANSWER, click_key(body), context, where(body, context), self._tools.clock())
        codes = self._tools.conversations.library.heard_by(job.workspace).codes()
        return saying(job, **coded(codes, case_id, card_id, choice), shortcut="")


def _picked(action: Payload) -> tuple[More, str, str]:
    """Read the menu's value. Raises NoSuchCase for anything else."""
    try:
        kind, case_id, card_id = str(action["selected_option"]["value"]).split("|")
        return More(kind), case_id, card_id
    except (KeyError, TypeError, ValueError):
        raise NoSuchCase("none in the menu") from None


def _offered(value: str) -> tuple[str, str, Choice]:
    """Read case, card and choice; of what is not ours nothing is left."""
    try:
        case_id, card_id, choice = value.split("|", 2)
        told = {str(part): tuple(map(str, names)) for part, names in dict(json.loads(choice)).items()}
    except (ValueError, TypeError, RecursionError):
        return "", "", {}
    return case_id, card_id, told
