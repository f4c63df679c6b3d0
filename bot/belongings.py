"""What people do with what is theirs, on their Home tab: cases, and the language they read."""

from collections.abc import Callable, Mapping

from bot.jobs import Kind
from bot.listeners.visit import Notes, Visit
from bot.tools import Tools
from conversations.store.protocol import Job


def belonging(tools: Tools) -> Mapping[str, Callable[[Visit, Job], Notes]]:
    """Return what each kind of job does."""
    belongings = Belongings(tools)
    return {Kind.COPY: belongings.copy, Kind.DELETE: belongings.delete, Kind.LANGUAGE: belongings.language}


class Belongings:
    """One method a kind of job."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._conversations = tools.conversations

    def copy(self, arrived: Visit, job: Job) -> Notes:
        """Begin a case about the same data, with the answers that are not about the service."""
        standing = self._conversations.start_like(arrived.place, arrived.user, str(job.details["case"]))
        self._tools.metrics.case_started()
        self._tools.delivery.bring_up_to_date(standing, arrived.language)
        return [(self._tools.phrases.say(arrived.language, "note.begun_directly"), None)]

    def delete(self, arrived: Visit, job: Job) -> Notes:
        """Delete a case of theirs; a finished one only loses the link to them."""
        case = self._conversations.owned(arrived.workspace, str(job.details["case"]), arrived.user)
        self._tools.requests.take_down(arrived.workspace, case.id, case.confirmations)
        self._conversations.store.forget_case(arrived.workspace, case.id, self._tools.figures.week_of)
        return [(self._tools.phrases.say(arrived.language, "note.case_deleted"), None)]

    def language(self, arrived: Visit, _: Job) -> Notes:
        """Show the questions that are open in the language that was chosen; what was answered stays."""
        for each in self._conversations.mine(arrived.workspace, arrived.user).cases:
            if each.finished_at is None:
                case = self._conversations.case(arrived.workspace, each.id)
                self._tools.delivery.say_again(case, arrived.language)
        return [(self._tools.phrases.say(arrived.language, "note.language_taken"), None)]
