"""What a thread should show → letters: what is not posted is posted, what changed is updated in place.

The thread is compared with the case, part by part, so a click handled twice leaves nothing doubled and nothing stale.
Whoever calls this is in a transaction of the store: the letters are written with what caused them, or not at all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from bot.rendering import Phrases, escape
from bot.views.blocks import Block
from bot.views.question import QuestionViews
from bot.views.speaking import views_of
from bot.views.verdict import VerdictViews
from conversations.competence import cleared
from conversations.interview import Step
from conversations.models import Case
from conversations.reading import of_several_data_sets
from conversations.service import Conversations, Standing
from conversations.store.protocol import Letter, Posted
from rules.models import Evaluation

ASKED, ANSWERED, DROPPED, VERDICT, WITHDRAWN = "asked", "answered", "dropped", "verdict", "withdrawn"
WHOLE_LIST, MOVED, SEVERAL = "whole_list", "moved", "several"
INTRO, CARD, RECORD = "intro", "card:", "record"
QUIET = frozenset({DROPPED, WITHDRAWN, MOVED})
"""States of which nothing is left to show once somebody deleted the message."""


@dataclass(frozen=True)
class Shown:
    """One message the thread should hold: its name in the case, which state it shows, and how to draw that.

    `text`: what notifications and screen readers say instead, as mrkdwn.
    """

    name: str
    state: str
    draw: Callable[[], list[Block]]
    text: str


class Delivery:
    """Queues the messages of cases."""

    def __init__(
        self,
        conversations: Conversations,
        phrases: Phrases,
        clock: Callable[[], datetime],
        follow: Callable[[Standing, str], None] = lambda *_: None,
    ) -> None:
        """Deliver what `conversations` says, in the words of the views of each case's edition.

        `follow` is told of each case whose thread was brought up to date, and in which language that is.
        """
        self._follow = follow
        self._conversations = conversations
        self._store = conversations.store
        self._phrases = phrases
        self._clock = clock

    def bring_up_to_date(self, standing: Standing, language: str) -> None:
        """Queue what the thread lacks to show the case as it stands."""
        posted = self._store.posted(standing.case.place.workspace, standing.case.id)
        for shown in self._wanted(standing, posted, language):
            before = posted.get(shown.name)
            if before is None or before.state != shown.state:
                self._queue(standing, shown, before, language)
        self._follow(standing, language)

    def ask_again(self, case: Case, language: str) -> None:
        """Queue the card to answer once more at the end of the thread."""
        standing = self._conversations.standing(case)
        current = standing.progress.current
        name = f"card:{current.card.id}" if current else ""
        workspace = case.place.workspace
        before = self._store.posted(workspace, case.id).get(name)
        if before and not self._store.on_its_way(workspace, case.id, name):  # else it comes to the end anyway
            self._store.set_posted(workspace, case.id, name, Posted(before.message, DROPPED))
        self.bring_up_to_date(standing, language)

    def say_again(self, case: Case, language: str) -> None:
        """Queue the open card once more, in its place: it is to be read in another language."""
        standing, workspace = self._conversations.standing(case), case.place.workspace
        name = f"card:{standing.progress.current.card.id}" if standing.progress.current else ""
        if before := self._store.posted(workspace, case.id).get(name):
            self._store.set_posted(workspace, case.id, name, Posted(before.message, ASKED))
        self.bring_up_to_date(standing, language)

    def _wanted(self, standing: Standing, posted: Mapping[str, Posted], language: str) -> Iterator[Shown]:
        case, steps, views = standing.case, standing.progress.steps, views_of(self._phrases, standing.book)
        intro = views.questions.intro(case, language)
        yield Shown("intro", "intro", lambda: intro, intro[0]["text"]["text"])
        if of_several_data_sets(case):
            several = views.questions.reading.several_data_sets(case, language)
            yield Shown(SEVERAL, SEVERAL, lambda: several, several[0]["text"]["text"])
        for number, step in enumerate(steps, start=1):
            yield _card(views.questions, standing, step, number, language)
        present = {f"card:{step.card.id}" for step in steps}
        for card in standing.book.interview.cards:
            if f"card:{card.id}" in posted.keys() - present:
                question = escape(card.question.say(language))
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
        progress, marks = standing.progress, self._conversations.marks(standing.case)

        def draw() -> list[Block]:
            return views.card(standing, evaluation, self._conversations.insight(standing), marks, language)

        word = views.insights.word(evaluation.verdict, language)
        text = self._phrases.say(language, "verdict.fallback", word=word)
        state = _digest(
            progress.facts,
            progress.service,
            evaluation.verdict,
            evaluation.rules,
            standing.case.whole_list,
            self._conversations.holds(standing),
            sorted(marks.ticked),
            marks.opinion,
            [(each.id, each.value, each.ended) for each in standing.case.confirmations],
            sorted(cleared(progress)),
            *([marks.ruling] if marks.ruling else []),
            *progress.named,
        )
        return Shown(VERDICT, f"{VERDICT}:{state}", draw, text)

    def _whole_list(self, views: VerdictViews, evaluation: Evaluation, language: str) -> Shown:
        draw = partial(views.whole_list, evaluation, language)
        text = self._phrases.label(language, "verdict.whole_list")
        return Shown(WHOLE_LIST, f"{WHOLE_LIST}:{_digest(evaluation.checklist, evaluation.facts)}", draw, text)

    def _queue(self, standing: Standing, shown: Shown, before: Posted | None, language: str) -> None:
        """A part that comes again comes at the end of the thread; a card leaves a word where it was."""
        kind = kind_of(shown.state)
        there = before.message if before else ""
        again = bool(before and there) and kind in (ASKED, VERDICT) and kind_of(before.state if before else "") != kind
        if again and kind == ASKED:
            self._leave_a_word(standing, shown.text, there, language)
        self._put(standing.case, shown, update=before is not None and not again)

    def _leave_a_word(self, standing: Standing, question: str, message: str, language: str) -> None:
        name, views = f"{MOVED}:{message}", views_of(self._phrases, standing.book)
        self._store.set_posted(standing.case.place.workspace, standing.case.id, name, Posted(message, ""))
        draw = partial(views.questions.gone, question, language, moved=True)
        self._put(standing.case, Shown(name, MOVED, draw, question), update=True)

    def _put(self, case: Case, shown: Shown, *, update: bool) -> None:
        place, at = case.place, self._clock()
        key = _digest(case.id, shown.name, shown.state, at.isoformat())
        self._store.put_letter(
            Letter(
                place.workspace,
                case_id=case.id,
                name=shown.name,
                state=shown.state,
                lane=f"{place.channel}:{place.thread}",
                channel=place.channel,
                thread=place.thread,
                body={"text": shown.text, "blocks": shown.draw()},
                key=key,
                at=at,
                update=update,
            )
        )


def _card(views: QuestionViews, standing: Standing, step: Step, number: int, language: str) -> Shown:
    name, question = f"card:{step.card.id}", escape(step.card.question.say(language))
    if step.choice is None:
        ask = partial(views.asked, standing.case, step, number, standing.progress.at_most, language)
        by_desk = [step.by_desk] if step.by_desk else []
        return Shown(name, f"{ASKED}:{_digest(step.beforehand, step.plan, *by_desk)}", ask, question)
    answered = partial(views.answered, standing.case, step, language)
    return Shown(name, f"{ANSWERED}:{_digest(step.choice)}", answered, question)


def kind_of(state: str) -> str:
    """Return which kind of thing a state shows."""
    return state.partition(":")[0]


def _digest(*parts: object) -> str:
    """Return a short mark that differs where what is shown differs; independent of language."""
    ordered = [sorted(part.items()) if isinstance(part, Mapping) else part for part in parts]
    return sha256(repr(ordered).encode()).hexdigest()[:16]
