"""Each workspace under its own overlay: what comes, changes and goes, faults that stay at home, and bounded memory."""

from pathlib import Path
from shutil import rmtree

import pytest

from conversations import library as library_module
from conversations.book import Books
from conversations.errors import RulesUnreadable
from conversations.library import Library
from knowledge.errors import DataError
from tests.overlays import INSTITUTION, alerts, folder

SUSPENDED = INSTITUTION + 'suspended = ["gemini"]\n'
FAULTY = INSTITUTION + 'suspended = ["gemni"]\n'


@pytest.fixture
def shelves(tmp_path: Path) -> Path:
    """A folder of overlays with one of T1."""
    folder(tmp_path / "overlays" / "T1", institution=SUSPENDED)
    return tmp_path / "overlays"


@pytest.fixture
def opened(shelves: Path, books: Books) -> Library:
    return Library(books, shelves)


def suspended(library: Library, workspace: str) -> bool:
    return any(name.startswith("suspended.") for name in library.of(workspace).current().rulebook.rulebase.rules)


def test_each_has_its_own_and_whoever_has_none_the_common_one(opened: Library, books: Books) -> None:
    assert suspended(opened, "T1")
    assert opened.of("T2") is books
    assert opened.of("") is books
    assert opened.of("../T1") is books
    assert opened.of("T1") is opened.of("T1") is opened.heard_by("T1")


def test_nothing_is_opened_before_it_is_asked_for(shelves: Path, books: Books) -> None:
    asked: list[str] = []

    def open_it(overlay: Path) -> Books:
        asked.append(overlay.name)
        return Books(overlay)

    library = Library(books, shelves, open_it)
    assert (asked, library.refresh()) == ([], None)
    library.of("T1")
    library.of("T1")
    assert asked == ["T1"]


def test_a_folder_that_appears_or_changes_counts_for_its_workspace_alone(opened: Library, shelves: Path) -> None:
    assert opened.refresh() is None
    folder(shelves / "T2", institution=SUSPENDED)
    changed = opened.refresh()
    assert changed is not None
    assert [changed(name) for name in ("T1", "T2", "T3")] == [False, True, False]
    assert suspended(opened, "T2")
    assert not suspended(opened, "T3")
    folder(shelves / "T2", institution=INSTITUTION)
    changed = opened.refresh()
    assert changed is not None
    assert (changed("T1"), changed("T2"), suspended(opened, "T2"), suspended(opened, "T1")) == (
        False,
        True,
        False,
        True,
    )
    assert opened.refresh() is None


def test_a_change_of_the_common_one_is_for_those_without_their_own(tmp_path: Path, shelves: Path) -> None:
    common = folder(tmp_path / "common")
    library = Library(Books(common), shelves)
    folder(common, institution=SUSPENDED)
    changed = library.refresh()
    assert changed is not None
    assert [changed(name) for name in ("T1", "T2")] == [False, True]
    assert suspended(library, "T2")


def test_a_fault_that_comes_later_leaves_what_was_read(
    opened: Library, shelves: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder(shelves / "T2")
    opened.refresh()
    assert suspended(opened, "T1")
    assert not suspended(opened, "T2")
    folder(shelves / "T1", institution=FAULTY)
    folder(shelves / "T2", institution=SUSPENDED)
    changed = opened.refresh()
    assert changed is not None
    assert (changed("T1"), changed("T2")) == (False, True)
    assert (suspended(opened, "T1"), suspended(opened, "T2")) == (True, True)
    (alert,) = alerts(caplog)
    assert "T1: " in alert
    assert "did you mean 'gemini'" in alert


def test_without_anything_read_before_a_fault_stops_that_workspace_alone(
    shelves: Path, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    folder(shelves / "T1", institution=FAULTY)
    folder(shelves / "T2")
    library = Library(books, shelves)
    for _ in range(3):
        with pytest.raises(RulesUnreadable):
            library.of("T1")
    assert library.heard_by("T1") is books
    assert not suspended(library, "T2")
    assert len(alerts(caplog)) == 1, "told once"
    assert library.refresh() is None
    folder(shelves / "T1", institution=SUSPENDED)
    changed = library.refresh()
    assert changed is not None
    assert (changed("T1"), changed("T2"), suspended(library, "T1")) == (True, False, True)


def test_a_folder_that_goes_leaves_what_was_read(
    opened: Library, shelves: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert suspended(opened, "T1")
    rmtree(shelves / "T1")
    assert opened.refresh() is None
    assert suspended(opened, "T1")
    assert "T1: " in caplog.text
    rmtree(shelves)
    assert opened.refresh() is None
    assert suspended(opened, "T1")


def test_what_is_no_workspace_s_and_comes_later_is_told_once(
    opened: Library, shelves: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder(shelves / "kakuu")
    assert opened.refresh() is opened.refresh() is None
    (alert,) = alerts(caplog)
    assert "kakuu" in alert
    assert suspended(opened, "T1")


@pytest.mark.parametrize("name", ["t1", "kakuu", "T1.bak", "E0GRID"])
def test_what_is_no_workspace_s_is_refused(shelves: Path, books: Books, name: str) -> None:
    folder(shelves / name)
    with pytest.raises(DataError, match=name):
        Library(books, shelves)


def test_a_folder_that_is_not_there_is_named(books: Books, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere: folder: cannot be read"):
        Library(books, tmp_path / "nowhere")


def test_notes_may_stand_beside(shelves: Path, books: Books) -> None:
    (shelves / "README.md").write_text("who is who", encoding="utf-8")
    (shelves / ".git").mkdir()
    assert suspended(Library(books, shelves), "T1")


def test_what_was_not_used_for_long_is_let_go_unless_it_could_not_be_read_again(
    shelves: Path, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "KEPT", 1)
    for name in ("T2", "T3"):
        folder(shelves / name)
    library = Library(books, shelves)
    first = library.of("T1")
    second = library.of("T2")
    assert library.of("T2") is second
    again = library.of("T1")
    assert again is not first
    folder(shelves / "T1", institution=FAULTY)
    library.refresh()
    library.of("T3")
    assert library.of("T1") is again, "what is in effect is nowhere else"


def test_a_change_while_it_was_let_go_is_noticed(shelves: Path, books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "KEPT", 1)
    folder(shelves / "T2")
    library = Library(books, shelves)
    library.of("T2")
    library.of("T1")
    folder(shelves / "T2", institution=SUSPENDED)
    changed = library.refresh()
    assert changed is not None
    assert (changed("T2"), suspended(library, "T2")) == (True, True)
