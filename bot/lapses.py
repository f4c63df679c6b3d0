"""A confirmation whose day is over, or who should give it left: the asker is told, once."""

import logging
from datetime import datetime

from bot.approvers import require_approver
from bot.approving import Approving
from bot.clients import NotInstalled
from bot.reach import UNSAID
from bot.works import Works
from conversations.approvals import Approvals
from conversations.errors import ConversationError, NotAnApprover
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

    def look_for_left(self) -> None:
        """Tell, once, who waits for somebody who has left meanwhile. Raises what the store raises."""
        for asked in self._store.waiting_confirmations():
            try:
                if asked.confirmation.person:
                    self._tell_left(asked)
            except (*UNSAID, NotInstalled, ConversationError) as error:  # it is looked for again tomorrow
                log.info("it is not known whether somebody left: %s", type(error).__name__)

    def _tell_left(self, asked: Asked) -> None:
        client, each = self._works.client_of(asked.workspace), asked.confirmation
        try:
            require_approver(client, asked.workspace, each.person)
        except NotAnApprover:
            pass
        else:
            return
        case = self._tools.conversations.case(asked.workspace, asked.case_id)
        language = self._tools.languages.of(client, asked.workspace, case.asker)
        with self._store.transaction():
            if self._store.first_time(asked.workspace, f"left:{each.id}"):
                standing = self._tools.conversations.standing(case)
                self._store.put_letter(self._approving.to_asker(standing, each, "left", f"left:{each.id}", language))
        self._works.letters.wake()

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
