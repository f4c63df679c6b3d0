"""Brings a thread up to date with its case: what is not posted is posted, what changed is updated in place.

The thread is compared with what the case calls for, part by part, so a click handled twice or a call that failed
half-way leaves nothing doubled and nothing stale.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.rendering import Phrases
from bot.views.blocks import Block
from bot.views.question import QuestionViews
from bot.views.speaking import views_of
from bot.views.verdict import VerdictViews
from conversations.interview import Step
from conversations.models import Place
from conversations.service import Conversations, Standing
from conversations.store.protocol import Posted
from rules.models import Evaluation

ASKED, ANSWERED, DROPPED, VERDICT, WITHDRAWN = "asked", "answered", "dropped", "verdict", "withdrawn"
WHOLE_LIST = "whole_list"
STRIPES = 64


@dataclass(frozen=True)
class Shown:
    """One message the thread should hold: its name in the case, which state it shows, and how to draw that."""

    name: str
    state: str
    draw: Callable[[], list[Block]]
    text: str


class Delivery:
    """Posts and updates the messages of cases."""

    def __init__(self, conversations: Conversations, phrases: Phrases) -> None:
        """Deliver what `conversations` says, in the words of the views of each case's edition."""
        self._conversations = conversations
        self._store = conversations.store
        self._phrases = phrases
        self._locks = [threading.Lock() for _ in range(STRIPES)]

    def bring_up_to_date(self, client: WebClient, workspace: str, case_id: str, language: str) -> Standing:
        """Post and update until the thread shows the case as it is now. Raises SlackApiError."""
        with self._locks[hash(case_id) % STRIPES]:
            standing = self._conversations.standing(self._conversations.case(workspace, case_id))
            posted = self._store.posted(workspace, case_id)
            for shown in self._wanted(standing, posted, language):
                self._show(client, standing, shown, posted.get(shown.name), language)
            return standing

    def ask_again(self, client: WebClient, workspace: str, case_id: str, language: str) -> Standing:
        """Post the card to answer once more at the end of the thread."""
        standing = self._conversations.standing(self._conversations.case(workspace, case_id))
        current = standing.progress.current
        name = f"card:{current.card.id}" if current else ""
        before = self._store.posted(workspace, case_id).get(name)
        if before:
            self._store.set_posted(workspace, case_id, name, Posted(before.message, DROPPED))
        return self.bring_up_to_date(client, workspace, case_id, language)

    def _wanted(self, standing: Standing, posted: Mapping[str, Posted], language: str) -> Iterator[Shown]:
        case, steps, views = standing.case, standing.progress.steps, views_of(self._phrases, standing.book)
        intro = views.questions.intro(case, language)
        yield Shown("intro", "intro", lambda: intro, intro[0]["text"]["text"])
        for number, step in enumerate(steps, start=1):
            yield _card(views.questions, standing, step, number, language)
        present = {f"card:{step.card.id}" for step in steps}
        for card in standing.book.interview.cards:
            if f"card:{card.id}" in posted.keys() - present:
                question = card.question.say(language)
                draw = partial(views.questions.gone, question, language, moved=False)
                yield Shown(f"card:{card.id}", DROPPED, draw, question)
        if standing.evaluation:
            yield self._verdict(views.verdicts, standing, standing.evaluation, language)
            if standing.case.whole_list and standing.progress.current is None:
                yield self._whole_list(views.verdicts, standing.evaluation, language)
        elif VERDICT in posted:
            blocks = views.verdicts.withdrawn(language)
            yield Shown(VERDICT, WITHDRAWN, lambda: blocks, blocks[0]["elements"][0]["text"])

    def _verdict(self, views: VerdictViews, standing: Standing, evaluation: Evaluation, language: str) -> Shown:
        progress = standing.progress

        def draw() -> list[Block]:
            return views.card(standing, evaluation, self._conversations.insight(standing), language)

        word = views.insights.word(evaluation.verdict, language)
        text = self._phrases.say(language, "verdict.fallback", word=word)
        state = _digest(
            progress.facts, progress.service, evaluation.verdict, evaluation.rules, standing.case.whole_list
        )
        return Shown(VERDICT, f"{VERDICT}:{state}", draw, text)

    def _whole_list(self, views: VerdictViews, evaluation: Evaluation, language: str) -> Shown:
        draw = partial(views.whole_list, evaluation, language)
        text = self._phrases.label(language, "verdict.whole_list")
        return Shown(WHOLE_LIST, f"{WHOLE_LIST}:{_digest(evaluation.checklist, evaluation.facts)}", draw, text)

    def _show(self, client: WebClient, standing: Standing, shown: Shown, before: Posted | None, language: str) -> None:
        if before and before.state == shown.state:
            return
        place = standing.case.place
        message = self._message(client, place, shown, before, language)
        self._store.set_posted(place.workspace, standing.case.id, shown.name, Posted(message, shown.state))

    def _message(self, client: WebClient, place: Place, shown: Shown, before: Posted | None, language: str) -> str:
        """Return the message that shows it: the old one updated in place, or a new one at the end of the thread."""
        kind, blocks = _kind(shown.state), shown.draw()
        again = before is not None and kind in (ASKED, VERDICT) and _kind(before.state) != kind
        if before and not again:
            updated = _update(client, place, before.message, shown.text, blocks)
            if updated or kind in (DROPPED, WITHDRAWN):
                return before.message
        elif before and kind == ASKED:
            views = views_of(self._phrases, self._conversations.books.current())
            moved = views.questions.gone(shown.text, language, moved=True)
            _update(client, place, before.message, shown.text, moved)
        answer = client.chat_postMessage(channel=place.channel, thread_ts=place.thread, text=shown.text, blocks=blocks)
        return str(answer["ts"])


def _card(views: QuestionViews, standing: Standing, step: Step, number: int, language: str) -> Shown:
    name, question = f"card:{step.card.id}", step.card.question.say(language)
    if step.choice is None:
        ask = partial(views.asked, standing.case, step, number, standing.progress.at_most, language)
        return Shown(name, f"{ASKED}:{_digest(step.known, step.service)}", ask, question)
    answered = partial(views.answered, standing.case, step, language)
    return Shown(name, f"{ANSWERED}:{_digest(step.choice)}", answered, question)


def _kind(state: str) -> str:
    return state.partition(":")[0]


def _update(client: WebClient, place: Place, message: str, text: str, blocks: list[Block]) -> bool:
    """Update a message; False if somebody deleted it."""
    try:
        client.chat_update(channel=place.channel, ts=message, text=text, blocks=blocks)
    except SlackApiError as error:
        if error.response["error"] == "message_not_found":
            return False
        raise
    return True


def _digest(*parts: object) -> str:
    """Return a short mark that differs where what is shown differs; independent of language."""
    ordered = [sorted(part.items()) if isinstance(part, Mapping) else part for part in parts]
    return sha256(repr(ordered).encode()).hexdigest()[:16]
