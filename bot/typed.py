"""Answers that were typed in the thread: taken, asked back where they are not sure, or left alone as talk."""

from collections.abc import Callable

from bot.listeners.visit import Visit
from bot.tools import Tools
from bot.views.blocks import Block
from conversations.hearing import Heard, heard_of
from conversations.interview import Step
from conversations.models import Case
from conversations.service import Standing
from conversations.store.protocol import Job
from conversations.typed import meant

Notes = list[tuple[str, list[Block] | None]]


class TypedAnswers:
    """Holds what the door heard against the card that is asked. The caller holds the transaction."""

    def __init__(self, tools: Tools, show: Callable[[Standing, str], None]) -> None:
        """`show` brings the thread up to date."""
        self._tools = tools
        self._show = show

    def take(self, arrived: Visit, job: Job, case: Case) -> Notes | None:
        """Do what was typed by the asker of the case, and return private notes; None where it is no answer."""
        if arrived.user != case.asker:
            return None
        heard, spoken_to = heard_of(job.details["typed"]), job.details["named"] or job.details["direct"]
        standing = self._tools.conversations.standing(case)
        if heard.word == "answers":
            views = self._tools.views(standing.book).typed
            return [views.your_answers(case, arrived.language)] if spoken_to else None
        if standing.progress.current is None:
            return None
        return self._on_the_card(arrived, standing, standing.progress.current, heard)

    def _on_the_card(self, arrived: Visit, standing: Standing, step: Step, heard: Heard) -> Notes | None:
        case, phrases, language = standing.case, self._tools.phrases, arrived.language
        found = meant(step, heard)
        if found is None:  # a word or a number was meant as an answer; the name of another card's option may be talk
            told = phrases.say(language, "note.choose_on_card")
            return [(told, None)] if heard.word or heard.numbers else None
        if not found.sure:
            views = self._tools.views(standing.book).typed
            return [views.did_you_mean(case, step, found.choices, language)]
        (choice,) = found.choices
        answer = self._tools.conversations.answer
        self._show(answer(case.place.workspace, case.id, step.card.id, choice, arrived.user), language)
        return []
