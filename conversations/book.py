"""Editions as they are worked with: the rulebook, its questions, the interview over them, and what judges.

A case keeps the edition it was started under. The overlay is read anew when its folder changes, and only a sound one
takes effect.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from conversations.cards import load_cards
from conversations.interview import Interview
from knowledge.errors import KakuninError
from knowledge.institution import overlay_files
from knowledge.models import Knowledge
from knowledge.understanding import Reader
from rules.editions import Rulebook, in_force, load_rulebook
from rules.evaluator import Evaluator, make_evaluator

alert = logging.getLogger("kakunin.alert")


@dataclass(frozen=True)
class Book:
    """One edition under the overlay, ready to interview and to judge with."""

    rulebook: Rulebook
    interview: Interview
    evaluator: Evaluator
    reader: Reader

    @property
    def edition(self) -> str:
        """Return the edition's id."""
        return self.rulebook.edition.id

    @property
    def knowledge(self) -> Knowledge:
        """Return what the guideline, the catalogue and the institution say."""
        return self.rulebook.knowledge


def open_book(name: str | None = None, overlay: Path | None = None) -> Book:
    """Load an edition (None: the one in force) under an overlay. Raises as `load_rulebook` does, and for cards."""
    book = load_rulebook(name, overlay)
    cards = load_cards(book.rulebase, book.rooms["conversations"], overlay)
    interview = Interview(cards, book.rulebase, book.knowledge)
    return Book(book, interview, make_evaluator(book.rulebase), Reader(book.knowledge))


def _today() -> date:
    return date.today()  # noqa: DTZ011 - an edition counts from its day where the bot runs


class Books:
    """Every edition, opened when first asked for, under one overlay folder. Safe to share between threads."""

    def __init__(
        self,
        overlay: Path | None = None,
        opened: Callable[[str, Path | None], Book] = open_book,
        today: Callable[[], date] = _today,
    ) -> None:
        """Open the edition in force. Raises as `opened` does."""
        self._overlay = overlay
        self._open = opened
        self._today = today
        self._lock = threading.Lock()
        self._day, self._edition = today(), in_force(today()).id
        self._seen = _state_of(overlay)
        self._books = {self._edition: opened(self._edition, overlay)}

    def current(self) -> Book:
        """Return the edition in force today."""
        if self._day != self._today():
            self._day, self._edition = self._today(), in_force(self._today()).id
        return self.of(self._edition)

    def of(self, edition: str) -> Book:
        """Return an edition by id, the one in force for an empty id. Raises KakuninError for one that is not here."""
        name = edition or self._edition
        with self._lock:
            if name not in self._books:
                self._books[name] = self._open(name, self._overlay)
            return self._books[name]

    def refresh(self) -> bool:
        """Read the overlay anew if its folder changed; return whether another one is in effect now.

        A folder with a fault changes nothing: it is logged as an alert, and what was in effect stays.
        """
        try:
            seen = _state_of(self._overlay)
            if seen == self._seen:
                return False
            self._seen = seen
            book = self._open(self._edition, self._overlay)
        except (KakuninError, OSError) as error:
            alert.error("the overlay has a fault, what was read before stays in effect: %s", error)
            return False
        with self._lock:
            changed = book.rulebook.digests != self._books[self._edition].rulebook.digests
            self._books = {self._edition: book}
        return changed


def _state_of(folder: Path | None) -> frozenset[tuple[str, int, int]]:
    """Return what differs when a file of the folder does: path, size and time of its last change (ns)."""
    if folder is None:
        return frozenset()
    files = ((path, path.stat()) for path in overlay_files(folder))
    return frozenset((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in files)
