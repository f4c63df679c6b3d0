"""Asking somebody to confirm something, and what they say to it: payload → codes → a job."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.approvers import require_approver
from bot.ids import INPUT, USER, Action, View, named
from bot.jobs import NOT_OURS, Kind, case_code, job_of, saying
from bot.listeners.answers import show
from bot.listeners.arrivals import click_key
from bot.listeners.door import Door
from bot.listeners.submitting import submitting
from bot.listeners.visit import Visit, acknowledge, on_home, visit, where
from bot.tools import Tools
from bot.views.approval import CAPACITIES, CAPACITY, CLAIMED, LONGEST, PERSON, UNTIL, WHAT, WORDS
from conversations.approvals import Approvals, wanted
from conversations.errors import DayOver, NotAnApprover, NoWords
from conversations.service import Standing
from conversations.store.protocol import Job

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    confirming = Confirming(tools)
    app.action(Action.CONFIRM)(ack=acknowledge, lazy=[tools.guard.door(confirming.opens)])
    for action in (Action.CONFIRM_YES, Action.CONFIRM_NO, Action.ASK_BACK):
        app.action(action)(ack=acknowledge, lazy=[tools.guard.door(confirming.answers)])
    app.action(Action.WITHDRAW)(ack=door.through(confirming.withdrawn), lazy=[])
    app.action(Action.RECALL)(ack=door.through(confirming.recalled), lazy=[])
    app.action(Action.DELEGATE)(ack=acknowledge, lazy=[tools.guard.door(confirming.delegates)])
    app.action(Action.END_DELEGATION)(ack=door.through(confirming.delegation_ended), lazy=[])
    app.view(View.DELEGATE)(ack=submitting(tools, door, confirming.delegated, _at_fault), lazy=[])
    app.view(View.CONFIRM)(ack=submitting(tools, door, confirming.asked, _at_fault), lazy=[])
    app.view(View.SAID)(ack=submitting(tools, door, confirming.said, _at_fault), lazy=[])
    app.view(View.ASK_BACK)(ack=submitting(tools, door, confirming.asked_back, _at_fault), lazy=[])


def open_request(tools: Tools, came: Visit, case_id: str, body: Payload) -> None:
    """Open the modal that asks somebody, for the asker. Raises NoSuchCase, NotYourCase."""
    standing = tools.conversations.standing(tools.conversations.owned(came.workspace, case_code(case_id), came.user))
    views = tools.views(standing.book).verdicts.approvals
    show(came.client, body, views.request(standing, wanted(standing), standing.case.id, came.language))


class Confirming:
    """Opens the modals and reads them; what a payload says is checked as if it were not ours."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._approvals = Approvals(tools.conversations, tools.zone)

    def opens(self, body: Payload, context: Payload, client: WebClient) -> None:
        """The button under a verdict."""
        came = visit(client, context, *where(body, context), self._tools.languages)
        open_request(self._tools, came, str(body["actions"][0].get("value") or ""), body)

    def delegated(self, body: Payload, context: Payload) -> Job:
        """Somebody stands in; who cannot is refused in the modal. Raises NotAnApprover."""
        values, user = body["view"]["state"]["values"], str(context.get("user_id") or "")
        person = named(values[PERSON][INPUT].get("selected_user"), USER)
        if person == user:
            raise NotAnApprover("approver_is_asker")
        require_approver(context["client"], str(context.get("team_id") or ""), person)
        until = date.fromisoformat(str(values[UNTIL][INPUT].get("selected_date"))).isoformat()
        job = job_of(Kind.DELEGATE, f"view:{body['view']['id']}", context, ("", ""), self._tools.clock())
        return saying(job, person=person, until=until, home=True)

    def delegates(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the modal that names who stands in."""
        came = visit(client, context, "", "", self._tools.languages)
        book = self._tools.conversations.library.heard_by(came.workspace).current()
        view = self._tools.views(book).verdicts.approvals.delegating(came.language)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def delegation_ended(self, body: Payload, context: Payload) -> Job:
        """Nobody stands in any more."""
        job = job_of(Kind.END_DELEGATION, click_key(body), context, ("", ""), self._tools.clock())
        return saying(job, home=True)

    def asked(self, body: Payload, context: Payload) -> Job:
        """Somebody is asked; who cannot be is refused in the modal, with the reason. Raises NotAnApprover."""
        view, user = body["view"], str(context.get("user_id") or "")
        workspace, values = str(context.get("team_id") or ""), view["state"]["values"]
        case = self._tools.conversations.owned(workspace, case_code(view.get("private_metadata")), user)
        fact, _, part = _option(values, WHAT).partition("|")
        standing = self._tools.conversations.standing(case)
        claimed = bool((values.get(CLAIMED) or {}).get(INPUT, {}).get("selected_options"))
        person = "" if claimed else str(values[PERSON][INPUT].get("selected_user") or "")
        if not claimed:
            self._require(context["client"], standing, named(person, USER) if person else "")
        capacity = _option(values, CAPACITY)
        job = job_of(
            Kind.ASK_TO_CONFIRM,
            f"view:{view['id']}",
            context,
            (case.place.channel, case.place.thread),
            self._tools.clock(),
        )
        ours = (fact, part) in wanted(standing) and capacity in CAPACITIES
        told = (
            {"fact": fact, "part": part, "capacity": capacity}
            if ours
            else dict.fromkeys(("fact", "part", "capacity"), NOT_OURS)
        )
        return saying(job, case=case.id, person=person, claimed=claimed, **told)

    def _require(self, client: WebClient, standing: Standing, person: str) -> None:
        if not person:
            raise NotAnApprover("approver_missing")
        self._approvals.refuse_own(standing, person)
        require_approver(client, standing.case.place.workspace, person)

    def answers(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the modal to confirm, refuse or ask back. Raises NoSuchCase, NotAsked, AlreadySaid."""
        came, action = visit(client, context, *where(body, context), self._tools.languages), body["actions"][0]
        case_id, name = _reference(action)
        case, each = self._approvals.to_answer(came.workspace, case_id, name, came.user)
        metadata = {"case": case.id, "confirmation": each.id, "yes": action["action_id"] == Action.CONFIRM_YES}
        views = self._tools.views(self._tools.conversations.book(case)).verdicts.approvals
        kept = json.dumps(metadata)
        if action["action_id"] == Action.ASK_BACK:
            view = views.back(kept, came.language)
        else:
            view = views.answer(each, kept, came.language, yes=metadata["yes"] is True)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def said(self, body: Payload, context: Payload) -> Job:
        """Yes or no, until when, and words for the record. Raises DayOver."""
        values = body["view"]["state"]["values"]
        until = str((values.get(UNTIL) or {}).get(INPUT, {}).get("selected_date") or "")
        if until:
            self._approvals.end_of(date.fromisoformat(until))
        return saying(self._of_modal(Kind.SAY, body, context), until=until)

    def asked_back(self, body: Payload, context: Payload) -> Job:
        """A question to the asker. Raises NoWords."""
        job = self._of_modal(Kind.ASK_BACK, body, context)
        if not job.details["words"]:
            raise NoWords(WORDS)
        return job

    def withdrawn(self, body: Payload, context: Payload) -> Job:
        """What was said is taken back."""
        return self._clicked(Kind.WITHDRAW, body, context)

    def recalled(self, body: Payload, context: Payload) -> Job:
        """A request is called back."""
        job = self._clicked(Kind.RECALL, body, context)
        _, each = self._approvals.of(job.workspace, str(job.details["case"]), str(job.details["confirmation"]))
        return saying(job, person=each.person)

    def _clicked(self, kind: Kind, body: Payload, context: Payload) -> Job:
        case_id, name = _reference(body["actions"][0])
        job = job_of(kind, click_key(body), context, ("", ""), self._tools.clock())
        return saying(job, case=case_id, confirmation=name, home=on_home(body))

    def _of_modal(self, kind: Kind, body: Payload, context: Payload) -> Job:
        view = body["view"]
        told = json.loads(view["private_metadata"])
        words = str((view["state"]["values"][WORDS][INPUT] or {}).get("value") or "").strip()[:LONGEST]
        job = job_of(kind, f"view:{view['id']}", context, ("", ""), self._tools.clock())
        return saying(
            job,
            case=case_code(told["case"]),
            confirmation=case_code(told["confirmation"]),
            yes=told["yes"] is True,
            words=words,
        )


def _at_fault(error: Exception, view: Payload) -> str:
    """Return the input that shows what is wrong: the day that is over, the words, or else the person."""
    if isinstance(error, DayOver):
        return UNTIL
    return WORDS if WORDS in view["state"]["values"] else PERSON


def _option(values: Payload, block: str) -> str:
    return str((values[block][INPUT].get("selected_option") or {}).get("value") or "")


def _reference(action: Payload) -> tuple[str, str]:
    case, _, name = str(action.get("value") or "").partition("|")
    return case_code(case), case_code(name)
