"""A reading on its way into a case: as codes in a job, and out of it again."""

from collections.abc import Mapping
from typing import Any

from bot.listeners.visit import Visit
from conversations.book import Book
from conversations.errors import ConversationError
from conversations.models import READ, Choice
from conversations.reading import choice_of
from conversations.service import Conversations
from knowledge.understanding.reading import Reading

Details = Mapping[str, Any]
Beginning = tuple[str | None, Choice]
"""With what a case begins: the brand that was named, and what was read."""


def read_codes(reading: Reading, book: Book) -> dict[str, object]:
    """Return what a job holds of a reading: codes of the catalogue and of the rules' vocabulary, and no others."""
    told = book.interview.readings.passed(choice_of(reading))
    return {"brand": _brand(reading, book), "read": {name: list(codes) for name, codes in told.items()}}


def _brand(reading: Reading, book: Book) -> str | None:
    """The brand of the one service that is named, with its plan or without."""
    if len(reading.services) != 1:
        return None
    code, knowledge = reading.services[0].id, book.knowledge
    service = knowledge.services.get(code)
    return service.brand if service else code if code in knowledge.brands else None


def beginning(details: Details, arrived: Visit, conversations: Conversations) -> Beginning:
    """Return how the case begins that a job asks for: by a message, or like another case of the same person."""
    if "like" in details:
        return _like(str(details["like"]), arrived, conversations)
    told: Mapping[str, Any] = details.get("read") or {}
    return details.get("brand"), {str(name): tuple(map(str, codes)) for name, codes in told.items()}


def _like(case_id: str, arrived: Visit, conversations: Conversations) -> Beginning:
    try:
        case = conversations.owned(arrived.workspace, case_id, arrived.user)
    except ConversationError:  # not theirs, or gone: it begins with nothing
        return None, {}
    return case.brand, next((answer.choice for answer in case.answers if answer.card == READ), {})
