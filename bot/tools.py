"""What the listeners work with, put together once by the composition root."""

from dataclasses import dataclass

from bot.delivery import Delivery
from bot.listeners.guard import Guard
from bot.rendering import Phrases
from bot.views.question import QuestionViews
from bot.views.verdict import VerdictViews
from conversations.service import Conversations
from knowledge.understanding import Reader


@dataclass(frozen=True)
class Tools:
    """The tools; nothing here holds a case."""

    conversations: Conversations
    reader: Reader
    phrases: Phrases
    questions: QuestionViews
    verdicts: VerdictViews
    delivery: Delivery
    guard: Guard
