"""“Ask the desk”: what brings a case there, and what the asker of a closed one is told.

The caller holds the transaction.
"""

import logging
from collections.abc import Callable, Mapping

from bot.ids import AtDesk
from bot.jobs import Kind
from bot.listeners.visit import Note, Notes, Visit
from bot.tools import Tools
from bot.views.blocks import actions, button, section
from conversations.desk import CASE, DeskCase, State, id_at
from conversations.models import Case, Place
from conversations.store.protocol import Job

alert = logging.getLogger("kakunin.alert")


def asking(tools: Tools) -> Mapping[str, Callable[[Visit, Job], Notes]]:
    """Return what the kind of job does."""
    return {Kind.ASK_DESK: Bringing(tools).ask}


class Bringing:
    """Brings cases to the desk."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._store = tools.conversations.store

    def ask(self, arrived: Visit, job: Job) -> Notes:
        """Bring the check, the question or the incident there, and tell until when somebody answers.

        Where there is no channel to bring it to, how else; the case is kept in the queue all the same.
        """
        told, work, letters = job.details, self._tools.desk, self._tools.desk_letters
        if told["about"] == CASE:
            case, new = work.ask(arrived.workspace, str(told["case"]), arrived.user, str(told["card"]))
        else:
            place = arrived.place if arrived.thread else Place(arrived.workspace, arrived.user, "")
            case, new = work.ask_about(place, arrived.user, str(told["about"]))
        letters.show(case)
        say, language = self._tools.phrases.say, arrived.language
        if not letters.channel(arrived.workspace):
            if new:
                alert.error("a case waits for the desk: the overlay names no channel for it")
            return [(say(language, "desk.no_desk", contact=letters.contact(arrived.workspace, language)), None)]
        if not new:
            return [(say(language, "desk.asked_already"), None)]
        name = "desk.asked" if case.about == CASE else "desk.asked_question"
        desk, due = letters.desk_name(arrived.workspace, language), letters.first_due(case)
        return [(say(language, name, desk=desk, due=due), None)]

    def closed(self, arrived: Visit, case: Case | None) -> Note | None:
        """Return what the asker of a closed case is told who writes in its thread: once each closing."""
        found = self._store.desk_case(arrived.workspace, case.id if case else id_at(arrived.place))
        if found is None or found.state != State.CLOSED or arrived.user != (case.asker if case else found.asker):
            return None
        first = self._store.first_time(arrived.workspace, f"desk_closed:{found.id}:{found.ended_at}")
        return self._is_closed(found, arrived.language) if first else None

    def _is_closed(self, case: DeskCase, language: str) -> Note:
        text = self._tools.phrases.say(language, "desk.is_closed")
        value = f"{CASE}|{case.id}" if case.about == CASE else case.about
        again = button(self._tools.phrases.label(language, "desk.ask_again"), AtDesk.ASK, value, "primary")
        return text, [section(text), actions([again], "desk_again")]
