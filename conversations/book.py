"""Editions as they are worked with: the rulebook, its questions, the interview over them, and what judges.

A case keeps the edition it was started under. The overlay is read anew when its folder changes, and only a sound one
takes effect.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from zipfile import Path as ZipPath
from zipfile import ZipFile, ZipInfo

from conversations.cards import FILE as CARDS
from conversations.cards import load_cards
from conversations.hearing import Vocabulary
from conversations.interview import Interview
from conversations.models import NO_SERVICE, SHORTCUT
from knowledge.errors import KakuninError
from knowledge.glossary import Glossary, load_glossary
from knowledge.institution import FOLDERS, check_folder, overlay_files
from knowledge.models import Knowledge
from knowledge.offices import Matter, load_matters
from knowledge.records import read_records
from knowledge.reviews import load_service_review
from knowledge.search import PassageSearch
from knowledge.understanding.reader import Reader
from rules.editions import Rulebook, followed_on, in_force, load_rulebook, load_working, published
from rules.evaluator import Evaluator, make_evaluator

alert = logging.getLogger("kakunin.alert")


@dataclass(frozen=True)
class Book:
    """One edition under the overlay, ready to interview, to judge and to be asked.

    `matters`: which office answers for what. `service_review`: how long what is known of a service holds.
    `followed_on`: from when the next edition counts.
    """

    rulebook: Rulebook
    interview: Interview
    evaluator: Evaluator
    reader: Reader
    search: PassageSearch
    glossary: Glossary
    vocabulary: Vocabulary
    matters: tuple[Matter, ...]
    service_review: timedelta
    followed_on: date | None

    @property
    def edition(self) -> str:
        """Return the edition's id."""
        return self.rulebook.edition.id

    @property
    def knowledge(self) -> Knowledge:
        """Return what the guideline, the catalogue and the institution say."""
        return self.rulebook.knowledge


def open_book(name: str | None = None, overlay: Traversable | None = None) -> Book:
    """Load an edition (None: the one in force) under an overlay. Raises as `load_rulebook` does, and for cards."""
    return _book(load_rulebook(name, overlay))


def open_working(overlay: Traversable | None = None) -> Book:
    """Load the working files, published or not, under an overlay. Raises DataError."""
    return _book(load_working(overlay))


def _book(book: Rulebook) -> Book:
    cards = load_cards(book.rulebase, book.rooms["conversations"], book.overlay)
    interview = Interview(cards, book.rulebase, book.knowledge)
    return Book(
        rulebook=book,
        interview=interview,
        evaluator=make_evaluator(book.rulebase),
        reader=Reader(book.knowledge),
        search=PassageSearch(book.knowledge),
        glossary=load_glossary({card.id for card in cards} | _working_cards(), book.overlay),
        vocabulary=Vocabulary(cards, book.knowledge),
        matters=load_matters(book.knowledge.institution),
        service_review=load_service_review(),
        followed_on=followed_on(book.edition),
    )


def _working_cards() -> set[str]:
    """The cards of the working files: an edition may lack one that came later, for which the glossary has words."""
    return {str(record.get("id")) for record in read_records(files("conversations") / CARDS, "card")["card"]}


def _today() -> date:
    return date.today()  # noqa: DTZ011 - an edition counts from its day where the bot runs


class Books:
    """Every edition, opened when first asked for, under one overlay folder. Safe to share between threads.

    What is in effect is a copy of the folder, taken when it was sound: every edition is opened under that, whatever
    becomes of the folder.
    """

    def __init__(
        self,
        overlay: Path | None = None,
        opened: Callable[[str, Traversable | None], Book] = open_book,
        today: Callable[[], date] = _today,
    ) -> None:
        """Open the edition in force. Raises as `opened` does."""
        self._folder = overlay
        self._open = opened
        self._today = today
        self._lock = threading.Lock()
        self._seen, self._reported = state_of(overlay), ""
        self._overlay = _copied(overlay)
        self._day = today()
        self._edition = in_force(self._day).id
        self._books = {self._edition: opened(self._edition, self._overlay)}
        self._codes: frozenset[str] | None = None

    def current(self) -> Book:
        """Return the edition in force today; the one before where the overlay has a fault under it (an alert)."""
        today = self._today()
        if self._day != today:
            self._day, name = today, in_force(today).id
            try:
                self.of(name)
            except (KakuninError, OSError) as error:
                alert.error("edition %s cannot be opened, %s stays in force: %s", name, self._edition, error)
            else:
                self._edition = name
        return self.of(self._edition)

    def of(self, edition: str) -> Book:
        """Return an edition by id, the one in force for an empty id. Raises KakuninError for one that is not here."""
        name = edition or self._edition
        with self._lock:
            if name not in self._books:
                self._books[name] = self._open(name, self._overlay)
            return self._books[name]

    def codes(self) -> frozenset[str]:
        """Return every code that an answer or a tick may hold, in any published edition."""
        if self._codes is None:
            names = {self._edition, *(edition.id for edition in published())}
            self._codes = frozenset[str]().union(*(_codes_of(self.of(name)) for name in names))
        return self._codes

    def refresh(self) -> bool:
        """Read the overlay anew if its folder changed; return whether another one is in effect now.

        It has to be sound under the edition in force and every other one that is open. A folder with a fault changes
        nothing: it is logged as an alert, once, and what was in effect stays.
        """
        seen = state_of(self._folder)
        if seen == self._seen:
            return False
        try:
            changed = self._replace()
        except OSError as error:  # perhaps it can be read in a moment
            self._report(f"{type(error).__name__}: {error.strerror}")
            return False
        except KakuninError as error:
            self._report(str(error))
            changed = False
        except Exception as error:  # noqa: BLE001 - whatever a file holds, what was in effect stays
            self._report(type(error).__name__)
            changed = False
        else:
            self._reported = ""
        self._seen = seen
        return changed

    def _replace(self) -> bool:
        """Put a copy of the folder in effect for every edition; return whether it says anything else than the last."""
        overlay, newest = _copied(self._folder), in_force(self._today()).id
        books: dict[str, Book] = {}
        while True:
            with self._lock:
                missing = {newest, *self._books} - books.keys()
                if not missing:
                    pairs = [
                        (book.rulebook.digests, books[name].rulebook.digests) for name, book in self._books.items()
                    ]
                    self._overlay, self._books, self._codes = overlay, books, None
                    self._day, self._edition = self._today(), newest
                    return any(before != after for before, after in pairs)
            books |= {name: self._open(name, overlay) for name in missing}

    def _report(self, fault: str) -> None:
        if fault != self._reported:
            self._reported = fault
            tell_fault(f"{self._folder.name}: {fault}" if self._folder else fault)

    @property
    def as_the_folder(self) -> bool:
        """Whether the folder still is what was read of it."""
        return not self._reported and state_of(self._folder) == self._seen


def tell_fault(fault: str) -> None:
    """Log an alert: an overlay cannot be used as it is."""
    alert.error("an overlay has a fault, what was read before stays in effect: %s", fault)


def _codes_of(book: Book) -> Iterator[str]:
    yield from (*book.knowledge.services, *book.knowledge.brands, *NO_SERVICE, SHORTCUT)
    yield from book.knowledge.measures
    yield from book.interview.readings.codes
    for card in book.interview.cards:
        yield card.id
        yield from (shortcut.id for shortcut in card.shortcuts)
        for part in card.parts:
            yield from (part.id, *(option.id for option in part.options))


def _copied(folder: Path | None) -> Traversable | None:
    """Return a copy of the folder that nobody can change. Raises DataError for what no overlay may hold."""
    if folder is None:
        return None
    check_folder(folder)
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name in overlay_files(folder):
            archive.writestr(ZipInfo(name), (folder / name).read_bytes())
    return ZipPath(ZipFile(content))


def state_of(folder: Path | None) -> frozenset[tuple[str, ...]]:
    """Return what differs when a file of the folder does: path, and size and times of its last change (ns)."""
    if folder is None:
        return frozenset()
    places = (folder, *(folder / name for name in FOLDERS))
    return frozenset(_marks(file) for place in places for file in _listed(place))


def _listed(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if not file.name.startswith(".")]
    except OSError:
        return []


def _marks(file: Path) -> tuple[str, ...]:
    try:
        stat = file.stat()
    except OSError as error:
        return str(file), type(error).__name__
    times = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) if file.is_file() else ()
    return str(file), *map(str, times)
