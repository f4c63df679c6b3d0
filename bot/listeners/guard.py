"""What happens when a listener cannot do what it was asked: a friendly note, and a log line without content."""

import logging
import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from slack_sdk import WebClient

from bot.languages import Languages
from bot.listeners.visit import Visit, on_home, visit, where
from bot.metrics import Metrics
from bot.reach import UNSAID, reason
from bot.rendering import Mrkdwn, Phrases
from bot.views.told import told
from conversations.errors import (
    AlreadyClaimed,
    ChoiceError,
    ConversationError,
    NotAllowed,
    StoreError,
)
from conversations.library import Library

log = logging.getLogger("kakunin.slack")

Payload = Mapping[str, Any]


class Guard:
    """Answers for what goes wrong."""

    def __init__(self, phrases: Phrases, library: Library, metrics: Metrics, languages: Languages) -> None:
        """Speak by `phrases`; name inputs by the cards' labels."""
        self._languages = languages
        self._metrics = metrics
        self._phrases = phrases
        self._library = library

    def door(self, listener: Callable[..., None]) -> Callable[..., None]:
        """Return the listener so that it never raises: the person is told privately what to do next."""

        @wraps(listener)
        def guarded(body: Payload, context: Payload, client: WebClient, **more: object) -> None:
            try:
                listener(body=body, context=context, client=client, **more)
            except Exception as error:  # noqa: BLE001 - the one place where anything unforeseen ends
                came = visit(client, context, *_about_where(body, context), self._languages)
                self._tell(body, came, self.explain(error, came.language, came.workspace))

        return guarded

    def _tell(self, body: Payload, came: Visit, text: str) -> None:
        """Say it where it was pressed: in place of an open modal, else as a private note."""
        view = body.get("view")
        if not isinstance(view, Mapping) or on_home(body):
            came.whisper(text)
            return
        try:
            came.client.views_update(view_id=str(view.get("id")), view=told(self._phrases, text, came.language))
        except UNSAID as failed:
            log.warning("a modal could not be updated: %s", reason(failed))

    def explain(self, error: Exception, language: str, workspace: str) -> str:
        """Return the friendly text for what cannot be taken there, with a reference number for the unforeseen."""
        if isinstance(error, ConversationError):
            self.refused(error.code)
            return self._phrases.say(language, f"note.{error.code}", **self._details(error, language, workspace))
        return self._phrases.say(language, "note.trouble", reference=write_down(error))

    def refused(self, code: str) -> None:
        """Count that something was refused and log it, without who or what."""
        self._metrics.refused(code)
        log.info("refused: %s", code, extra={"code": code})

    def _details(self, error: ConversationError, language: str, workspace: str) -> dict[str, object]:
        match error:
            case ChoiceError():
                return {"part": self._part_label(error, language, workspace)}
            case NotAllowed():
                return {"roles": [self._phrases.label(language, f"note.role_{role}") for role in error.roles]}
            case AlreadyClaimed():
                return {"holder": Mrkdwn(f"<@{error.holder}>")}
            case _:
                return {}

    def _part_label(self, error: ChoiceError, language: str, workspace: str) -> str:
        cards = self._library.heard_by(workspace).current().interview.cards
        parts = [part for card in cards if card.id == error.card for part in card.parts]
        return next((part.label.say(language) for part in parts if part.id == error.part), error.part)


def write_down(error: Exception) -> str:
    """Log what went wrong, without content, under a number that is returned: the person gets it as a reference."""
    number = secrets.token_hex(4)
    log.error("reference %s: %s", number, where_it_failed(error), extra={"reference": number})
    return number


def _about_where(body: Payload, context: Payload) -> tuple[str, str]:
    """Return channel and thread as far as they can be read."""
    try:
        return where(body, context)
    except (AttributeError, TypeError):
        return str(context.get("channel_id") or ""), ""


def where_it_failed(error: BaseException) -> str:
    """Name the error and the line it came from; its text may hold content and stays out."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    reason = f" ({error.reason})" if isinstance(error, StoreError) and error.reason else ""
    return f"{type(error).__name__}{reason} at {place}"
