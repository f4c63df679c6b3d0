"""Whose books: a workspace is judged under its own overlay where there is one, else under the common one.

A folder holds one folder for each workspace that has an overlay, named by the workspace's id. A fault in one is that
workspace's alone: what was read before stays in effect there, and without that nobody is judged there at all.
"""

import re
import threading
from collections.abc import Callable
from pathlib import Path

from conversations.book import Books, state_of, tell_fault
from conversations.errors import RulesUnreadable
from knowledge.errors import DataError, KakuninError

WORKSPACE = re.compile(r"T[A-Z0-9]{1,20}")
KEPT = 64
"""Books of workspaces' own that are open at once; the least used are let go, and opened anew when asked for."""

Wanted = Callable[[str], bool]


class Library:
    """The books of every workspace. Safe to share between threads."""

    def __init__(self, common: Books, folder: Path | None = None, opened: Callable[[Path], Books] = Books) -> None:
        """`folder` holds the overlays. Raises DataError if it cannot be read or holds what is no workspace's."""
        self.common = common
        self._folder = folder
        self._opened = opened
        self._lock = threading.Lock()
        self._reported = ""
        self._shelves = {name: _Shelf(overlay, opened) for name, overlay in overlays(folder).items()}

    def of(self, workspace: str) -> Books:
        """Return the books of a workspace. Raises RulesUnreadable."""
        with self._lock:
            shelf = self._shelves.pop(workspace, None)
            if shelf is None:
                return self.common
            self._shelves[workspace] = shelf  # the last used stands last
        if shelf.is_open:
            return shelf.books()
        books = shelf.books()
        self._make_room()
        return books

    def heard_by(self, workspace: str) -> Books:
        """Return whose words and codes are understood there: as `of` does, else the common ones."""
        try:
            return self.of(workspace)
        except RulesUnreadable:
            return self.common

    def refresh(self) -> Wanted | None:
        """Read anew what changed; return which workspaces are judged by something else now, None if nobody is."""
        common, new = self.common.refresh(), self._new()
        with self._lock:
            shelves = dict(self._shelves)
        changed = new | {name for name, shelf in shelves.items() if shelf.refresh()}
        if not common and not changed:
            return None
        return lambda workspace: workspace in changed or (common and workspace not in shelves)

    def _new(self) -> set[str]:
        """Take up the overlays that came; one that went is a fault of its shelf."""
        found, fault = dict[str, Path](), ""
        try:
            found = overlays(self._folder)
        except DataError as error:
            fault = str(error)
        if fault and fault != self._reported:
            tell_fault(fault)
        self._reported = fault
        with self._lock:
            new = found.keys() - self._shelves.keys()
            self._shelves.update({name: _Shelf(found[name], self._opened) for name in new})
        return set(new)

    def _make_room(self) -> None:
        with self._lock:
            standing = [shelf for shelf in self._shelves.values() if shelf.is_open]
        for shelf in standing[: max(0, len(standing) - KEPT)]:
            shelf.close()


class _Shelf:
    """One workspace's overlay folder; its books are opened when first asked for."""

    def __init__(self, folder: Path, opened: Callable[[Path], Books]) -> None:
        self._folder = folder
        self._opened = opened
        self._lock = threading.Lock()
        self._seen, self._fault = state_of(folder), ""
        self._books: Books | None = None

    @property
    def is_open(self) -> bool:
        return self._books is not None

    def books(self) -> Books:
        """Return the books, opened now if they are not. Raises RulesUnreadable."""
        with self._lock:
            books = self._books = self._books or self._open()
        if books is None:
            raise RulesUnreadable(self._folder.name)
        return books

    def _open(self) -> Books | None:
        """Open them; after a fault only once the folder changed."""
        seen = state_of(self._folder)
        if self._fault and seen == self._seen:
            return None
        self._seen, fault = seen, ""
        try:
            return self._opened(self._folder)
        except KakuninError as error:
            fault = str(error)
        except Exception as error:  # noqa: BLE001 - whatever a file holds, it is this workspace's alone
            fault = type(error).__name__
        if fault != self._fault:
            tell_fault(f"{self._folder.name}: {fault}")
        self._fault = fault
        return None

    def refresh(self) -> bool:
        """Whether other rules than before may be in effect."""
        if (books := self._books) is not None:
            return books.refresh()
        changed = state_of(self._folder) != self._seen
        if changed:
            with self._lock:
                self._books = self._open()
                return self.is_open
        return False

    def close(self) -> None:
        """Let the books go, unless the folder does not hold (soundly) what is in effect."""
        with self._lock:
            if self._books is not None and self._books.as_the_folder:
                self._books, self._seen = None, state_of(self._folder)


def overlays(folder: Path | None) -> dict[str, Path]:
    """Return the overlay folders by workspace. Raises DataError for what is no workspace's, and what cannot be read."""
    if folder is None:
        return {}
    try:
        found = [each for each in sorted(folder.iterdir()) if not each.name.startswith(".") and each.suffix != ".md"]
    except OSError as error:
        raise DataError(str(folder), "folder", f"cannot be read: {error.strerror}") from None
    for each in found:
        if not WORKSPACE.fullmatch(each.name) or not each.is_dir():
            fault = "is no folder named by a workspace's id (T…), so nothing would read it"
            raise DataError(str(folder), each.name, fault)
    return {each.name: each for each in found}
