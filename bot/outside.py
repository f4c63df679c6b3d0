"""What is said outside the thread of a check, where it can only be about the one that is open."""

from dataclasses import replace

from slack_sdk import WebClient

from bot.listeners.visit import Note, Visit
from bot.tools import Tools
from conversations.store.protocol import Job, Outline

OTHER = "other"
"""The reading of what means nothing by itself: no question, no request."""
ANSWERS = "answers"


class Outside:
    """Finds the check that is meant."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools

    def brought_in(self, arrived: Visit, job: Job, _: WebClient) -> Visit:
        """Return the visit in the thread of the open check that a typed answer is for, in the same direct message.

        Where none or several are open, or it may be something else, the visit stays where it is.
        """
        told = job.details
        alone = told["direct"] and told["thread"] == told.get("message") and not told["files"]
        if not alone or told["reading"] != OTHER or not told["typed"] or asks_for_answers(told["typed"]):
            return arrived
        found = self._only_one(arrived)
        if found is None or found.place.channel != arrived.channel:
            return arrived
        return replace(arrived, thread=found.place.thread)

    def answers(self, arrived: Visit) -> Note:
        """Return the note that leads to the answers of the open check, or tells where to look."""
        found = self._only_one(arrived)
        if found is None:
            return self._tools.phrases.say(arrived.language, "note.whose_answers"), None
        case = self._tools.conversations.case(arrived.workspace, found.id)
        views = self._tools.views(self._tools.conversations.standing(case).book)
        return views.typed.your_answers(case, arrived.language)

    def _only_one(self, arrived: Visit) -> Outline | None:
        mine = self._tools.conversations.mine(arrived.workspace, arrived.user).cases
        unfinished = [case for case in mine if case.finished_at is None]
        return unfinished[0] if len(unfinished) == 1 else None


def asks_for_answers(typed: object) -> bool:
    """Whether what was heard of a message asks for one's answers."""
    return isinstance(typed, dict) and typed["word"] == ANSWERS
