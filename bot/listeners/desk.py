"""“Ask the desk”, and what desk members do: payload → codes → a job. A reply's words go with its job, as a record.

What only opens a modal is done at once; losing it loses no answer.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.desk.acts import ruling_of
from bot.desk.members import Members
from bot.ids import INPUT, USER, AtDesk, View, named
from bot.jobs import NOT_OURS, Kind, case_code, job_of, saying, stranger
from bot.listeners.answers import show
from bot.listeners.arrivals import click_key
from bot.listeners.door import Door
from bot.listeners.submitting import inputs, last_input, submitting
from bot.listeners.visit import Visit, acknowledge, on_home, visit, where
from bot.tools import Tools
from bot.views.blocks import Block
from bot.views.desk_forms import ANSWER, CARD, FACT, OFFICE, PASSAGES, PERSON, VERDICT, WORDS, DeskForms
from bot.views.ruling import RulingViews
from conversations.confirmations import CONFIRMABLE, NO, YES
from conversations.desk import ABOUT, CASE, DeskCase, State
from conversations.desk_work import answered_by
from conversations.errors import DeskClosed, NoSuchCase, NotJudgedYet, NotOnTheDesk, NoWords, RulingRefused
from conversations.service import Standing
from conversations.store.protocol import Job

Payload = Mapping[str, Any]
AT_ONCE = (AtDesk.CLAIM, AtDesk.CLOSE, AtDesk.REOPEN)
"""What needs no modal."""
FORMS = (AtDesk.REPLY, AtDesk.ASSIGN, AtDesk.HAND, AtDesk.WANT, AtDesk.CONFIRM, AtDesk.TAKE_BACK, AtDesk.RULE)
AT_FAULT = {"verdict": VERDICT, "reason": WORDS, "passages": PASSAGES, "office": OFFICE}
"""The input of a ruling's form at which a fault is shown, by its part."""


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    desk = AtTheDesk(tools, door)
    app.action(AtDesk.ASK)(ack=door.through(desk.ask), lazy=[])
    app.view(View.DESK)(ack=door.through(desk.ask_from_card), lazy=[])
    for name in (*AT_ONCE, *FORMS, AtDesk.MORE):
        app.action(name)(ack=door.through(desk.move), lazy=[tools.guard.door(desk.form)])
    for name in FORMS:
        app.view(name)(ack=submitting(tools, door, desk.moved, _at_fault), lazy=[])
    app.action(AtDesk.DROP)(ack=door.through(desk.drop), lazy=[])
    app.action(AtDesk.ACCEPT)(ack=acknowledge, lazy=[tools.guard.door(desk.accept)])
    app.view(AtDesk.ACCEPT)(ack=submitting(tools, door, desk.accepted, _at_fault), lazy=[])


class AtTheDesk:
    """Takes what is done; who may is looked up before a form opens, and again when the job is handled."""

    def __init__(self, tools: Tools, door: Door) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._door = door
        self._members = Members(tools)

    def ask(self, body: Payload, context: Payload) -> Job:
        """The button of the asker: about a check, a question or an incident."""
        about, _, case_id = str(body["actions"][0].get("value") or "").partition("|")
        channel, thread = where(body, context)
        if channel and not thread and about != CASE:  # what is answered belongs under the message
            thread = str((body.get("message") or {}).get("ts") or "")
        place = (channel, thread) if thread else ("", "")  # under a private note there is none: they hear directly
        job = job_of(Kind.ASK_DESK, click_key(body), context, place, self._tools.clock())
        outside = stranger(body, context, body["user"].get("team_id"))
        about = about if about in ABOUT else NOT_OURS
        return saying(job, about=about, case=case_code(case_id), card="", stranger=outside)

    def ask_from_card(self, body: Payload, context: Payload) -> Job:
        """The modal that the menu of a card opens."""
        told = json.loads(body["view"]["private_metadata"])
        place = str(told["channel"]), str(told["thread"])
        job = job_of(Kind.ASK_DESK, f"view:{body['view']['id']}", context, place, self._tools.clock())
        codes = self._tools.conversations.library.heard_by(job.workspace).codes()
        card = str(told["card"])
        return saying(job, about=CASE, case=case_code(told["case"]), card=card if card in codes else "")

    def move(self, body: Payload, context: Payload) -> Job | None:
        """A button or an entry of the menu; nothing yet where a form asks for more."""
        move, case_id = _picked(body)
        if move not in AT_ONCE:
            return None
        return saying(self._job(Kind.DESK, click_key(body), case_id, body, context), move=move)

    def drop(self, body: Payload, context: Payload) -> Job:
        """A draft that is to be no scenario."""
        job = self._job(Kind.DRAFT, click_key(body), str(body["actions"][0].get("value") or ""), body, context)
        return saying(job, move=AtDesk.DROP)

    def _job(self, kind: Kind, key: str, case_id: str, body: Payload, context: Payload) -> Job:
        """Jobs of one case keep their order."""
        job = job_of(kind, key, context, where(body, context), self._tools.clock())
        code = case_code(case_id)
        outside = stranger(body, context, body["user"].get("team_id"))
        told = saying(job, case=code, home=on_home(body), stranger=outside)
        return replace(told, lane=f"desk:{code}")

    def form(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the form of a move. Raises NotOnTheDesk, NoSuchCase, DeskClosed, NotJudgedYet."""
        move, case_id = _picked(body)
        if move in AT_ONCE:
            return
        came = visit(client, context, *where(body, context), self._tools.languages)
        self._inside(body, context)
        case = self._tools.desk.get(came.workspace, case_code(case_id))
        self._members.require(client, came.workspace, came.user, case.office)
        if case.state == State.CLOSED:
            raise DeskClosed(case.id)
        view = self._form(move, case, came)
        if on_home(body):
            client.views_open(trigger_id=body["trigger_id"], view=view)
        else:
            show(client, body, view)

    def _inside(self, body: Payload, context: Payload) -> None:
        if stranger(body, context, body["user"].get("team_id")):
            raise NotOnTheDesk("outside")

    def _form(self, move: AtDesk, case: DeskCase, came: Visit) -> Block:
        work, standing = self._tools.desk, self._tools.desk.file(case).standing
        forms, language = self._forms(came.workspace, standing), came.language
        if move == AtDesk.REPLY:
            return forms.reply(case.id, language)
        if move == AtDesk.ASSIGN:
            return forms.assign(case.id, language)
        if move == AtDesk.HAND:
            return forms.hand(case.id, work.offices(came.workspace), language)
        if standing is None:
            raise NoSuchCase(case.id)
        return self._form_of_check(move, standing, came)

    def _form_of_check(self, move: AtDesk, standing: Standing, came: Visit) -> Block:
        forms, language = self._forms(came.workspace, standing), came.language
        if move == AtDesk.WANT:
            return forms.want(standing, language)
        if move == AtDesk.CONFIRM:
            return forms.confirm(standing, language)
        if move == AtDesk.TAKE_BACK:
            return forms.take_back(standing, answered_by(standing.case, came.user), language)
        if standing.evaluation is None:
            raise NotJudgedYet(standing.case.id)
        return forms.rule(standing, standing.evaluation, self._tools.desk.offices(came.workspace), language)

    def _forms(self, workspace: str, standing: Standing | None) -> DeskForms:
        library, phrases = self._tools.conversations.library, self._tools.phrases
        book = standing.book if standing else library.of(workspace).current()
        insights = self._tools.views(book).verdicts.insights
        return DeskForms(phrases, insights, RulingViews(phrases, insights, self._tools.desk.institution(workspace)))

    def accept(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the form for the comment of a scenario. Raises NotOnTheDesk."""
        came = visit(client, context, *where(body, context), self._tools.languages)
        self._inside(body, context)
        self._members.require(client, came.workspace, came.user)
        case_id = case_code(body["actions"][0].get("value"))
        show(client, body, self._forms(came.workspace, None).accept(case_id, came.language))

    def accepted(self, body: Payload, context: Payload) -> Job:
        """A draft that is to be a scenario, with the desk's comment. Raises NoWords."""
        view = body["view"]
        job = self._job(Kind.DRAFT, f"view:{view['id']}", str(view.get("private_metadata") or ""), body, context)
        return saying(job, move=AtDesk.ACCEPT, words=_words(view))

    def moved(self, body: Payload, context: Payload) -> Job:
        """What a form says. Raises NoWords; for a ruling that is none RulingRefused, and as `DeskWork.checked`."""
        view, move = body["view"], AtDesk(body["view"]["callback_id"])
        job = self._job(Kind.DESK, f"view:{view['id']}", str(view.get("private_metadata") or ""), body, context)
        workspace = job.workspace
        told: dict[str, object] = {"move": move, "words": _words(view) if move == AtDesk.REPLY else _value(view, WORDS)}
        told["card"] = _among(self._tools.conversations.library.heard_by(workspace).codes(), _value(view, CARD))
        told["office"] = _among(self._tools.desk.offices(workspace), _value(view, OFFICE))
        told["fact"], told["answer"] = _among(CONFIRMABLE, _value(view, FACT)), _among((YES, NO), _value(view, ANSWER))
        if move == AtDesk.ASSIGN:
            told["to"] = named(_value(view, PERSON), USER)
        if move == AtDesk.RULE:
            passages = self._tools.conversations.library.heard_by(workspace).current().knowledge.passages
            told["verdict"], told["passages"] = _value(view, VERDICT), [p for p in _values(view) if p in passages]
            ruling = ruling_of(told, self._tools.clock())
            self._tools.desk.checked(self._tools.desk.get(workspace, str(job.details["case"])), ruling)
        return saying(job, **told)


def _picked(body: Payload) -> tuple[AtDesk, str]:
    """Read a button, or an entry of the menu. Raises NoSuchCase for anything else."""
    action = body["actions"][0]
    try:
        if action["action_id"] == AtDesk.MORE:
            move, _, case_id = str(action["selected_option"]["value"]).partition("|")
            return AtDesk(move), case_id
        return AtDesk(action["action_id"]), str(action.get("value") or "")
    except (KeyError, TypeError, ValueError):
        raise NoSuchCase("none in the menu") from None


def _input(view: Payload, block_id: str) -> Payload:
    found: Payload = ((view["state"]["values"].get(block_id) or {}).get(INPUT)) or {}
    return found


def _value(view: Payload, block_id: str) -> str:
    """What is typed, picked or chosen in an input; empty for nothing."""
    found = _input(view, block_id)
    chosen = (found.get("selected_option") or {}).get("value")
    return str(found.get("value") or found.get("selected_user") or chosen or "").strip()


def _words(view: Payload) -> str:
    """What is typed. Raises NoWords for spaces alone."""
    if words := _value(view, WORDS):
        return words
    raise NoWords(WORDS)


def _values(view: Payload) -> list[str]:
    return [str(option["value"]) for option in _input(view, PASSAGES).get("selected_options") or ()]


def _among(codes: frozenset[str] | tuple[str, ...], value: str) -> str:
    """A code of ours as it is; anything else stays outside."""
    return value if value in codes else ""


def _at_fault(error: Exception, view: Payload) -> str:
    wanted = AT_FAULT[error.part] if isinstance(error, RulingRefused) else ""
    return wanted if wanted in inputs(view) else last_input(error, view)
