"""What the listeners work with, put together once by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.delivery import Delivery
from bot.desk.letters import DeskLetters
from bot.groups import UserGroups
from bot.languages import Languages
from bot.listeners.guard import Guard
from bot.metrics import Metrics
from bot.post import Post
from bot.rendering import Phrases
from bot.replies import Replies
from bot.requests import Requests
from bot.views.speaking import Views, views_of
from conversations.book import Book
from conversations.desk_work import DeskWork
from conversations.digest import Digests
from conversations.figures import Figures
from conversations.service import Conversations
from knowledge.understanding.reader import Reader


@dataclass(frozen=True)
class Tools:
    """The tools; nothing here holds a case."""

    conversations: Conversations
    figures: Figures
    digests: Digests
    groups: UserGroups
    phrases: Phrases
    delivery: Delivery
    requests: Requests
    desk: DeskWork
    desk_letters: DeskLetters
    guard: Guard
    post: Post
    replies: Replies
    clock: Callable[[], datetime]
    metrics: Metrics
    languages: Languages
    zone: ZoneInfo

    def reader(self, workspace: str) -> Reader:
        """Return what reads messages there with today's catalogue."""
        return self.conversations.library.heard_by(workspace).current().reader

    def views(self, book: Book) -> Views:
        """Return what speaks of an edition."""
        return views_of(self.phrases, book)
