"""Looking at one's answers and changing them: the summary, the modal that changes one, and what it would discard.

What only opens a modal is done at once; losing it loses no answer. A change is written down before it is acknowledged,
and only after its asker saw what it takes away.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.ids import Action, View
from bot.jobs import NOT_OURS, Kind, case_code, job_of, saying
from bot.listeners.answers import coded, show
from bot.listeners.arrivals import click_key
from bot.listeners.door import Door
from bot.listeners.visit import acknowledge
from bot.tools import Tools
from bot.views.choices import changed_choice
from bot.views.told import told
from conversations.errors import ChoiceError, ConversationError, NoSuchCase
from conversations.models import Choice
from conversations.preview import Preview, previewed
from conversations.service import Standing
from conversations.store.protocol import Job

Payload = Mapping[str, Any]


def register(app: App, tools: Tools, door: Door) -> None:
    """Attach the listeners."""
    editing, guarded = Editing(tools, door), tools.guard.door
    app.action(Action.SUMMARY)(ack=acknowledge, lazy=[guarded(editing.open_summary)])
    app.action(Action.CHANGE)(ack=acknowledge, lazy=[guarded(editing.open_change)])
    app.view(View.CHANGE)(ack=editing.submit, lazy=[])
    app.view(View.APPLY)(ack=editing.apply, lazy=[])
    app.action(Action.START_OVER)(ack=door.through(editing.start_over), lazy=[guarded(editing.show_started_over)])


@dataclass(frozen=True)
class Change:
    """Another answer to a card of a case, as a modal holds it; `seen`: how many answers there were by then."""

    case: str
    card: str
    choice: Choice
    seen: int

    def to_json(self) -> str:
        """Return it for private_metadata."""
        return json.dumps({"case": self.case, "card": self.card, "choice": dict(self.choice), "seen": self.seen})


class Editing:
    """Takes changes. What a payload says of case, card and choice is checked as if it were not ours."""

    def __init__(self, tools: Tools, door: Door) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._door = door

    def open_summary(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open every answer of a case of theirs."""
        self.show_summary(str(body["actions"][0].get("value") or ""), body, context, client)

    def show_summary(self, case_id: str, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the summary of a case of theirs. Raises NoSuchCase, NotYourCase."""
        standing = self._theirs(context, case_id)
        show(client, body, self._tools.views(standing.book).editing.summary(standing, self._language(context, client)))

    def open_change(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Open the modal that changes the answer to a card, in place of the summary where it was pressed there."""
        case_id, _, card_id = str(body["actions"][0].get("value") or "").partition("|")
        standing, language = self._theirs(context, case_id), self._language(context, client)
        step = standing.progress.step(card_id)
        metadata = Change(case_id, card_id, {}, len(standing.case.answers)).to_json()
        show(client, body, self._tools.views(standing.book).questions.change(standing.case, step, metadata, language))

    def submit(self, ack: Ack, body: Payload, context: Payload, client: WebClient) -> None:
        """Take the change, or tell first what it would discard. What is wrong shows inside the modal."""
        try:
            asked = _from_modal(body["view"])
            standing = self._theirs(context, asked.case)
            choice = changed_choice(standing.progress.step(asked.card), body["view"]["state"]["values"])
            preview = previewed(self._tools.conversations, standing, asked.card, choice)
            if not preview.matters:
                self._take_in(body, context, standing, asked.card, choice)
        except Exception as error:  # noqa: BLE001 - the guard explains it inside the modal
            text = self._explained(error, context, client)
            ack(response_action="errors", errors={_where_to_say(body, error): text})
        else:
            self._answer(ack, preview if preview.matters else None, context, client)

    def apply(self, ack: Ack, body: Payload, context: Payload, client: WebClient) -> None:
        """Take the change that its asker saw the outcome of; where that is another by now, show it again."""
        try:
            asked = _from_modal(body["view"])
            standing = self._theirs(context, asked.case)
            preview = previewed(self._tools.conversations, standing, asked.card, asked.choice)
            again = preview.matters and len(standing.case.answers) != asked.seen
            if not again:
                self._take_in(body, context, standing, asked.card, asked.choice)
        except Exception as error:  # noqa: BLE001 - a view without inputs has no place for errors
            text, language = self._explained(error, context, client), self._language(context, client)
            ack(response_action="update", view=told(self._tools.phrases, text, language))
        else:
            self._answer(ack, preview if again else None, context, client)

    def _answer(self, ack: Ack, preview: Preview | None, context: Payload, client: WebClient) -> None:
        """Close the modal, or show the preview in its place."""
        if preview is None:
            ack()
            return
        case, views = preview.before.case, self._tools.views(preview.before.book)
        change = Change(case.id, preview.step.card.id, preview.step.choice or {}, len(case.answers))
        view = views.editing.preview(preview, change.to_json(), self._language(context, client))
        ack(response_action="update", view=view)

    def _take_in(self, body: Payload, context: Payload, standing: Standing, card_id: str, choice: Choice) -> None:
        case = standing.case
        key, place = f"view:{body['view']['id']}", (case.place.channel, case.place.thread)
        job = job_of(Kind.CHANGE, key, context, place, self._tools.clock())
        codes = self._tools.conversations.library.heard_by(job.workspace).codes()
        self._door.take_in(saying(job, **coded(codes, case.id, card_id, choice)))

    def start_over(self, body: Payload, context: Payload) -> Job | None:
        """The button, confirmed, that lets no answer of a case count; where that cannot be, the modal tells."""
        case_id = case_code(body["actions"][0].get("value"))
        try:
            place = self._theirs(context, case_id).case.place
        except ConversationError:
            return None
        job = job_of(Kind.START_OVER, click_key(body), context, (place.channel, place.thread), self._tools.clock())
        return saying(job, case=case_id)

    def show_started_over(self, body: Payload, context: Payload, client: WebClient) -> None:
        """Say so in place of the summary."""
        standing = self._theirs(context, str(body["actions"][0].get("value") or ""))
        show(client, body, self._tools.views(standing.book).editing.started_over(self._language(context, client)))

    def _theirs(self, context: Payload, case_id: str) -> Standing:
        """Return where a case of theirs stands. Raises NoSuchCase, NotYourCase."""
        workspace, user = str(context.get("team_id") or ""), str(context.get("user_id") or "")
        return self._tools.conversations.standing(self._tools.conversations.owned(workspace, case_id, user))

    def _language(self, context: Payload, client: WebClient) -> str:
        workspace, user = str(context.get("team_id") or ""), str(context.get("user_id") or "")
        return self._tools.languages.of(client, workspace, user)

    def _explained(self, error: Exception, context: Payload, client: WebClient) -> str:
        return self._tools.guard.explain(error, self._language(context, client), str(context.get("team_id") or ""))


def _from_modal(view: Payload) -> Change:
    """Read what we put into private_metadata; who submits is taken from the payload itself. Raises NoSuchCase."""
    try:
        kept = json.loads(str(view.get("private_metadata") or "{}"))
        choice = {str(part): tuple(map(str, names)) for part, names in dict(kept.get("choice") or {}).items()}
        return Change(str(kept["case"]), str(kept["card"]), choice, int(kept.get("seen") or 0))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
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
