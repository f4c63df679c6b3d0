"""The desk's queue for a member's Home tab, a page at a time."""

from bot.desk.members import Members
from bot.listeners.visit import Visit
from bot.tools import Tools
from bot.views.blocks import Block
from bot.views.queue import Page, QueueViews
from conversations.desk import Cursor, Wanted
from conversations.errors import RulesUnreadable
from conversations.store.desk import cursor_of

LINES = 8
"""How many cases a page holds: a Home tab takes 100 blocks in all."""


class Queue:
    """Reads pages."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._members = Members(tools)

    def of(self, arrived: Visit, after: Cursor | None) -> tuple[Block, ...]:
        """Return the page that begins after `after`, as blocks; nothing for who is not of the desk."""
        try:
            if not self._members.capacity(arrived.client, arrived.workspace, arrived.user):
                return ()
            views = QueueViews(self._tools.phrases, self._tools.desk_letters.views(arrived.workspace, None))
        except RulesUnreadable:
            return ()
        return tuple(views.page(self._page(arrived.workspace, after), arrived.language))

    def _page(self, workspace: str, after: Cursor | None) -> Page:
        store = self._tools.conversations.store
        found = store.desk_queue(workspace, Wanted(), after, LINES + 1)
        lines, more = found[:LINES], len(found) > LINES
        count = store.desk_length(workspace, Wanted())
        return Page(lines, count, cursor_of(lines[-1].case) if more else None, further=after is not None)
