"""A reading on its way into a case: as codes in a job, and out of it again."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.jobs import UNREAD
from bot.listeners.guard import where_it_failed
from bot.listeners.visit import Visit
from conversations.book import Book
from conversations.errors import ConversationError
from conversations.library import Library
from conversations.models import READ
from conversations.reading import choice_of
from conversations.service import Beginning, Conversations
from knowledge.understanding.reader import Reader
from knowledge.understanding.reading import Reading

log = logging.getLogger("kakunin.slack")

Details = Mapping[str, Any]


def heard(reader: Callable[[str], Reader], workspace: str, text: str) -> Reading:
    """Return what a text says, by today's catalogue. One that cannot be read is UNREAD: whoever wrote it is told."""
    try:
        return reader(workspace).read(text)
    except Exception as error:  # noqa: BLE001 - whatever was written, it is answered for
        log.warning("a message could not be read: %s", where_it_failed(error))
        return Reading(UNREAD)


def codes_of(reading: Reading, library: Library, workspace: str) -> dict[str, object]:
    """Return what a job holds of a message: its kind, and what was read in it."""
    if reading.kind == UNREAD:
        return {"reading": UNREAD}
    return {"reading": reading.kind, **read_codes(reading, library.heard_by(workspace).current())}


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
    return case.brand, next((answer.choice for answer in reversed(case.answers) if answer.card == READ), {})
