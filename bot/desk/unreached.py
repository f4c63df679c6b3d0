"""A desk whose channel takes no message: its letters wait, and the asker is told at once how else to reach it."""

import logging
from collections.abc import Callable

from slack_sdk import WebClient

from bot.tools import Tools
from conversations.errors import ConversationError
from conversations.store.outbox import AT_DESK
from conversations.store.protocol import Letter

alert = logging.getLogger("kakunin.alert")


class Unreached:
    """Says so, once each case."""

    def __init__(self, tools: Tools, client_of: Callable[[str], WebClient]) -> None:
        """Ask for the asker's language by the client of the workspace."""
        self._tools = tools
        self._store = tools.conversations.store
        self._client_of = client_of

    def tell(self, letter: Letter, code: str) -> None:
        """Tell the asker, and the log for the admins. A case that is gone by now has nobody to be told."""
        _, case_id, *part = letter.name.split(":")
        mark = f"desk_unreached:{case_id}"
        if part or self._store.is_known(letter.workspace, mark):
            return
        try:
            asker = self._tools.desk.file(self._tools.desk.get(letter.workspace, case_id)).asker
        except ConversationError:
            return
        language = self._tools.languages.of(self._client_of(letter.workspace), letter.workspace, asker)
        with self._store.transaction():
            case, letters = self._tools.desk.get(letter.workspace, case_id), self._tools.desk_letters
            if self._store.first_time(letter.workspace, mark):
                contact = letters.contact(letter.workspace, language)
                letters.tell(case, "unreached", f"unreached:{case.id}", language, contact=contact)
        alert.error("the desk's channel takes no message (%s); invite Kakunin, or name another in the overlay", code)


def at_the_desk(letter: Letter) -> bool:
    """Whether the letter is for a channel of the desk or of an office."""
    return not letter.case_id and letter.name.startswith(AT_DESK)
