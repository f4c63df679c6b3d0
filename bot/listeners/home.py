"""The Home tab: it is shown when somebody opens it, and what they do there comes in as jobs."""

import json
import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.home import Home
from bot.ids import INPUT, STAMP, USER, Action, AtDesk, View, named
from bot.jobs import NOT_OURS, Kind, case_code, job_of, saying, stranger
from bot.listeners.arrivals import click_key
from bot.listeners.door import Door
from bot.listeners.visit import acknowledge, on_home, visit, where
from bot.spoken import LANGUAGES
from bot.tools import Tools
from bot.views.handover import COLLEAGUE, pick_a_colleague
from bot.views.queue import cursor_in
from conversations.store.protocol import Job

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    tab = HomeTab(tools)
    app.event("app_home_opened")(ack=acknowledge, lazy=[tools.guard.door(tab.opened)])
    app.action(re.compile(rf"^{re.escape(AtDesk.PAGE)}:"))(ack=acknowledge, lazy=[tools.guard.door(tab.turn)])
    app.action(Action.LANGUAGE)(ack=door.through(tab.language), lazy=[])
    app.action(Action.COPY)(ack=door.through(tab.copy), lazy=[])
    app.action(Action.DELETE)(ack=door.through(tab.delete), lazy=[])
    app.action(Action.HAND)(ack=acknowledge, lazy=[tools.guard.door(tab.pick)])
    app.view(View.HAND)(ack=door.through(tab.hand), lazy=[])
    app.action(Action.TAKE)(ack=door.through(tab.take), lazy=[])
    app.action(Action.REFUSE)(ack=door.through(tab.refuse), lazy=[])


class HomeTab:
    """What people do on their Home tab, and with what is offered to them."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._home = Home(tools)

    def opened(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Show it at once; the tab with the messages is Slack's own."""
        event = body["event"]
        if event.get("tab") == "home":
            arrived = visit(client, context, "", "", self._tools.languages)
            self._home.show(arrived, before=str((event.get("view") or {}).get("hash") or ""))

    def turn(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Another page of the desk's queue."""
        arrived = visit(client, context, "", "", self._tools.languages)
        self._home.show(arrived, page=cursor_in(str(body["actions"][0].get("value") or "")))

    def language(self, body: Payload, context: Payload) -> Job:
        """The choice of a language, by its code."""
        chosen = str((body["actions"][0].get("selected_option") or {}).get("value") or "")
        return saying(self._job(Kind.LANGUAGE, body, context), language=chosen if chosen in LANGUAGES else NOT_OURS)

    def copy(self, body: Payload, context: Payload) -> Job:
        """A new case about the same data."""
        return self._of_a_case(Kind.COPY, body, context)

    def delete(self, body: Payload, context: Payload) -> Job:
        """A case that is to go."""
        return self._of_a_case(Kind.DELETE, body, context)

    def pick(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the modal that picks a colleague. Raises NoSuchCase, NotYourCase."""
        arrived = visit(client, context, "", "", self._tools.languages)
        case_id = case_code(body["actions"][0].get("value"))
        self._tools.conversations.owned(arrived.workspace, case_id, arrived.user)
        view = pick_a_colleague(self._tools.phrases, json.dumps({"case": case_id}), arrived.language)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def hand(self, body: Payload, context: Payload) -> Job:
        """The colleague who was picked; whether they can take it is looked up when it is handled."""
        view = body["view"]
        to = view["state"]["values"][COLLEAGUE][INPUT]["selected_user"]
        job = job_of(Kind.HAND, f"view:{view['id']}", context, ("", ""), self._tools.clock())
        case_id = case_code(json.loads(view["private_metadata"])["case"])
        return saying(job, case=case_id, to=named(to, USER), home=True)

    def take(self, body: Payload, context: Payload) -> Job:
        """Yes to an offer."""
        return self._of_an_offer(Kind.TAKE, body, context)

    def refuse(self, body: Payload, context: Payload) -> Job:
        """No to an offer."""
        return self._of_an_offer(Kind.REFUSE, body, context)

    def _of_an_offer(self, kind: Kind, body: Payload, context: Payload) -> Job:
        message = named((body.get("message") or {}).get("ts"), STAMP)
        return saying(self._of_a_case(kind, body, context), message=message)

    def _of_a_case(self, kind: Kind, body: Payload, context: Payload) -> Job:
        return saying(self._job(kind, body, context), case=case_code(body["actions"][0].get("value")))

    def _job(self, kind: Kind, body: Payload, context: Payload) -> Job:
        """A click on Home has no channel; one on an offer or a note has."""
        job = job_of(kind, click_key(body), context, where(body, context), self._tools.clock())
        return saying(job, home=on_home(body), stranger=stranger(body, context, body["user"].get("team_id")))
