"""A case that starts over: its first message was edited or deleted, or the asker wants it again. And one that moves."""

from collections.abc import Callable, Mapping

from bot.delivery import INTRO
from bot.ids import DIRECT
from bot.jobs import Kind
from bot.listeners.visit import Notes, Visit
from bot.moving import Moving
from bot.reading import beginning
from bot.tools import Tools
from bot.views.again import start_again, start_again_from, without_its_message
from conversations.models import Case
from conversations.store.protocol import Job, Posted, Store

BEGAN = "began"
"""The part of a case that is the message it began with: not ours, and only its time stamp is known."""


def remember_beginning(store: Store, case: Case, message: str) -> None:
    """Write down which message the case began with, if it was one."""
    if message:
        store.set_posted(case.place.workspace, case.id, BEGAN, Posted(message, BEGAN))


def began_with(store: Store, case: Case, message: str) -> bool:
    """Whether the case began with the message."""
    began = store.posted(case.place.workspace, case.id).get(BEGAN)
    return began is not None and began.message == message


def beginning_again(tools: Tools) -> Mapping[str, Callable[[Visit, Job], Notes]]:
    """Return what each kind of job does."""
    again = Again(tools)
    return {
        Kind.EDITED: again.edited,
        Kind.GONE: again.gone,
        Kind.AGAIN: again.again,
        Kind.MARKED: again.marked,
        Kind.DIRECT: again.directly,
    }


class Again:
    """Asks before it does anything; only the asker is asked."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._conversations = tools.conversations
        self._moving = Moving(tools.conversations, tools.delivery, tools.phrases, tools.clock)

    def edited(self, arrived: Visit, job: Job) -> Notes:
        """Ask whether to start again from the message as it is now; the button holds what was read in it."""
        case = self._case(arrived, job)
        return [start_again_from(self._tools.phrases, case, job.details, arrived.language)]

    def gone(self, arrived: Visit, job: Job) -> Notes:
        """Ask whether the case is to go with its first message."""
        return [without_its_message(self._tools.phrases, self._case(arrived, job), arrived.language)]

    def again(self, arrived: Visit, job: Job) -> Notes:
        """Let no answer so far count, and ask the first question again, at the end of the thread."""
        workspace, case_id = arrived.workspace, str(job.details["case"])
        begun = beginning(job.details, arrived, self._conversations)
        standing = self._conversations.begin_again(workspace, case_id, arrived.user, begun)
        store, case = self._conversations.store, standing.case
        if intro := store.posted(workspace, case.id).get(INTRO):  # it may name another service
            store.set_posted(workspace, case.id, INTRO, Posted(intro.message, ""))
        self._tools.delivery.ask_again(case, arrived.language)
        return []

    def marked(self, arrived: Visit, job: Job) -> Notes:
        """Bring the open question back; a finished case may be started again."""
        case = self._case(arrived, job)
        if self._conversations.standing(case).progress.current is None:
            return [start_again(self._tools.phrases, case, arrived.language)]
        self._tools.delivery.ask_again(case, arrived.language)
        return []

    def directly(self, arrived: Visit, job: Job) -> Notes:
        """Go on where a direct message was opened for it."""
        case = self._case(arrived, job)
        if not case.place.channel.startswith(DIRECT):
            self._moving.move(case, arrived.place, arrived.language)
        return []

    def _case(self, arrived: Visit, job: Job) -> Case:
        return self._conversations.owned(arrived.workspace, str(job.details["case"]), arrived.user)
