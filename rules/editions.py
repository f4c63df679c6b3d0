"""Editions of the rulebook: the working files, the sealed ones, and which is in force on a day.

An edition is everything that can move a verdict or is quoted with it. The one of `editions.toml` with the latest day is
what the working files say; publishing seals it as `editions/<id>.zip`, which never changes, so that a case can be
judged and shown by the edition it was made under long after the next one is in force.
"""

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path

from knowledge.errors import DataError, Faults, KakuninError, nearest
from knowledge.institution import RECORD, overlay_files, with_institution
from knowledge.loader import load_knowledge
from knowledge.models import Knowledge
from rules.evaluator import make_evaluator
from rules.loader import load_editions, load_rules
from rules.models import Edition, RuleBase
from rules.overlay import own_facts, with_policies
from rules.policies import check_policies, load_policies, read_policies
from rules.scenarios import load_scenarios, run_all

Rooms = Mapping[str, Traversable]
"""Package name to the folder that holds its data."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "tables": ("rules/facts.toml", "rules/tables"),
    "passages": ("knowledge/passages", "knowledge/sources"),
    "measures": ("knowledge/measures.toml",),
    "services": ("knowledge/services.toml",),
    "questions": ("conversations/cards.toml",),
}
"""What an edition is made of: part to its files and folders. The questions are kept, but may be worded better."""

BINDING = ("tables", "passages", "measures", "services")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What reading a file that is no sound zip file may raise."""


@dataclass(frozen=True)
class Rulebook:
    """One edition, loaded and checked, with the institution's overlay on top where there is one.

    `digests`: SHA-256 of each part, in hexadecimal; `overlay` only with an overlay. `national`: without the overlay.
    """

    knowledge: Knowledge
    rulebase: RuleBase
    national: RuleBase
    rooms: Rooms
    digests: Mapping[str, str]
    overlay: Traversable | None = None

    @property
    def edition(self) -> Edition:
        """Return which edition it is."""
        return self.rulebase.edition

    @property
    def institution(self) -> str | None:
        """Return the id of the institution whose overlay lies on top, or None."""
        return self.knowledge.institution.id if self.knowledge.institution else None


def load_rulebook(name: str | None = None, overlay: Traversable | None = None) -> Rulebook:
    """Load an edition by id, or from a folder or sealed file by path; None is the one in force today.

    Of a published edition it is what was published, even where the working files differ by now. Raises DataError
    for a fault in its data or the overlay's, KakuninError for a name that is neither.
    """
    name = in_force(date.today()).id if name is None else name  # noqa: DTZ011 - editions count by local day
    return _loaded(_rooms(name), overlay)


def load_working(overlay: Traversable | None = None) -> Rulebook:
    """Load the working files, published or not. Raises DataError for a fault."""
    return _loaded(_working(), overlay)


def _loaded(rooms: Rooms, overlay: Traversable | None) -> Rulebook:
    knowledge = load_knowledge(rooms["knowledge"])
    rulebase = load_rules(knowledge, rooms["rules"])
    return _overlaid(Rulebook(knowledge, rulebase, rulebase, rooms, digests(rooms)), overlay)


def _overlaid(book: Rulebook, folder: Traversable | None) -> Rulebook:
    if folder is None:
        return book
    faults = Faults()
    with faults.gathered():
        knowledge = with_institution(book.knowledge, folder)
    with faults.gathered():
        read_policies(folder)
    with faults.gathered():
        own_facts(book.rulebase, folder)
    faults.tell()
    policies = load_policies(knowledge, folder)
    rulebase = with_policies(book.rulebase, knowledge, folder, policies)
    check_policies(book.rulebase, rulebase, policies)
    digest = _digest((name, (folder / name).read_bytes()) for name in overlay_files(folder) if name != RECORD)
    sums = {**book.digests, "overlay": digest}
    return replace(book, knowledge=knowledge, rulebase=rulebase, digests=sums, overlay=folder)


def in_force(day: date) -> Edition:
    """Return the newest published edition that counts by `day`; before the first one, the first."""
    editions = published() or load_editions(files("rules"))
    past = [edition for edition in editions if edition.effective_from <= day]
    return past[-1] if past else editions[0]


def published() -> tuple[Edition, ...]:
    """Return every sealed edition, oldest first."""
    return tuple(edition for edition in load_editions(files("rules")) if _sealed(edition.id).is_file())


def followed_on(edition: Edition) -> date | None:
    """Return the day from which the next published edition counts, or None while there is none."""
    return min((e.effective_from for e in published() if e.effective_from > edition.effective_from), default=None)


def digests(rooms: Rooms) -> dict[str, str]:
    """Return the SHA-256 of each part: of every file's path, length and bytes, in order of path."""
    return {part: _digest(f for place in places for f in _files(rooms, place)) for part, places in PARTS.items()}


def changed_since_sealed() -> tuple[str, ...]:
    """Return the binding parts of the working files that are not what was published as their edition."""
    current = load_editions(files("rules"))[-1].id
    if not _sealed(current).is_file():
        return ()
    sealed, working = digests(_unzipped(_sealed(current))), digests(_working())
    return tuple(part for part in BINDING if sealed[part] != working[part])


def publish() -> Path:
    """Seal the working files as the last edition and return the file.

    Raises DataError if it is sealed already, for a fault in the data, or if a scenario comes out differently.
    """
    edition = load_editions(files("rules"))[-1]
    target = Path(str(_sealed(edition.id)))
    if target.exists():
        fault = "is published and stays as it is; add an [[edition]] with a later effective_from to editions.toml"
        raise DataError("editions.toml", edition.id, fault)
    book = load_working()
    run_all(make_evaluator(book.rulebase), load_scenarios(book.rulebase, book.knowledge))
    target.parent.mkdir(exist_ok=True)
    written = target.with_name(f"{target.name}.new")
    try:
        written.write_bytes(_zipped(_working()))
        written.replace(target)
    finally:
        written.unlink(missing_ok=True)
    return target


def _working() -> Rooms:
    return {room: files(room) for room in ("knowledge", "rules", "conversations")}


def _sealed(edition: str) -> Traversable:
    return files("rules") / "editions" / f"{edition}.zip"


def _rooms(name: str) -> Rooms:
    editions = [edition.id for edition in load_editions(files("rules"))]
    if name == editions[-1] and not changed_since_sealed():
        return _working()
    if name in editions:
        return _unzipped(_sealed(name))
    path = Path(name)
    if path.is_dir():
        return {room: path / room for room in _working()}
    if path.is_file() and zipfile.is_zipfile(path):
        return _unzipped(path)
    hint = nearest(name, editions) or f"; there are: {', '.join(editions)}"
    raise KakuninError(f"no edition {name!r}{hint}; a folder with knowledge/, rules/ and conversations/ will do, too")


def _unzipped(file: Traversable) -> Rooms:
    if not file.is_file():
        raise DataError("editions.toml", file.name.removesuffix(".zip"), f"its file editions/{file.name} is missing")
    try:
        archive = zipfile.ZipFile(BytesIO(file.read_bytes()))
        for name in archive.namelist():
            archive.read(name)
    except DAMAGE:
        raise DataError(file.name, "file", "is damaged; take it again from where it was published") from None
    return {room: zipfile.Path(archive, f"{room}/") for room in _working()}


def _zipped(rooms: Rooms) -> bytes:
    """Return the parts as a zip file that is the same byte for byte whenever it is made."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in ("rules/editions.toml", *(place for places in PARTS.values() for place in places)):
            for path, data in _files(rooms, place):
                archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _digest(found: Iterable[tuple[str, bytes]]) -> str:
    digest = sha256()
    for path, data in found:
        digest.update(f"{path}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _files(rooms: Rooms, place: str) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of a file, or of every data file of a folder in order of name."""
    room, _, name = place.partition("/")
    found = rooms[room] / name
    if found.is_dir():
        inside = sorted(f.name for f in found.iterdir() if f.is_file() and _is_data(f.name))
        yield from ((f"{place}/{each}", (found / each).read_bytes()) for each in inside)
    elif found.is_file():
        yield place, found.read_bytes()


def _is_data(name: str) -> bool:
    return not name.endswith(".py") and not name.startswith(".")
