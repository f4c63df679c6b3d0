"""A confirmation whose day is over: the case is open again, and its asker is told, once."""

import logging
from datetime import datetime

from bot.approving import Approving
from bot.clients import NotInstalled
from bot.reach import UNSAID
from bot.works import Works
from conversations.approvals import Approvals
from conversations.errors import ConversationError
from conversations.store.protocol import Asked

log = logging.getLogger("kakunin.slack")


class Lapses:
    """Ends what is over; called on every round."""

    def __init__(self, works: Works) -> None:
        """Queue letters where the works carry them from."""
        self._works = works
        self._tools = works.tools
        self._store = works.tools.conversations.store
        self._approvals = Approvals(works.tools.conversations, works.tools.zone)
        self._approving = Approving(works.tools)

    def queue(self, now: datetime) -> None:
        """End what is over by now, and queue what its asker is told. Raises what the store raises."""
        for over in self._store.over_confirmations(now):
            try:
                self._end(over)
            except (*UNSAID, NotInstalled, ConversationError) as error:  # it counts no more anyway; it is told later
                log.info("what ended is not told yet: %s", type(error).__name__)

    def _end(self, over: Asked) -> None:
        case = self._tools.conversations.case(over.workspace, over.case_id)
        client = self._works.client_of(over.workspace)
        language = self._tools.languages.of(client, over.workspace, case.asker) if case.asker else ""
        with self._store.transaction():
            standing, new = self._approvals.expire(over)
            if new and case.asker:
                self._tools.delivery.bring_up_to_date(standing, language)
                each, key = over.confirmation, f"over:{over.confirmation.id}"
                self._store.put_letter(self._approving.to_asker(standing, each, "expired", key, language))
        self._works.letters.wake()
