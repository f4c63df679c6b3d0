"""A backup: one SQLite file that can be opened as a store, with a tally of each table to check it by."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from conversations.errors import StoreError
from conversations.store.copying import TABLES, Run, Tally, clear, copy_store, is_empty, tallies
from conversations.store.migrations import MIGRATIONS
from conversations.store.opening import is_address, open_store
from conversations.store.sqlite import SqliteStore

TALLIES = "backup_tallies"
LOCK_SECONDS = 1.0


def back_up(where: str, file: Path) -> Mapping[str, Tally]:
    """Write the store, as it is at one moment, to a new file; returns what that holds. Raises StoreError.

    A file is copied in the schema it has, so a backup before an upgrade is one of the version before.
    """
    if file.exists():
        raise StoreError(f"{file} is there already; name a new file")
    with _made(file) as part:
        if is_address(where):
            with closing(open_store(where)) as store, closing(SqliteStore(part)) as target:
                copy_store(store, target)
        elif Path(where).is_file():
            _copy_file(Path(where), part)
        else:
            raise StoreError(f"there is no store {where}; name it with --store or KAKUNIN_STORE")
        with _raw(part) as backup:
            backup.execute("PRAGMA journal_mode = DELETE")
            tables = tuple(name for name in TABLES if name in backup.table_names())
            if not tables:
                raise StoreError(f"{where} is no store")
            found = tallies(_runner(backup), tables)
            rows = [{"name": name, "rows": tally.rows, "sha256": tally.sha256} for name, tally in found.items()]
            backup.table(TALLIES).insert_all(rows, pk="name")
    return found


def restore(file: Path, where: str, *, replace: bool) -> Mapping[str, Tally]:
    """Put what a backup holds in the place of the store; returns what that is. Raises StoreError.

    What the store held before is kept: a file beside it, for a database beside the backup, ending in `.before`.
    """
    if not file.is_file():
        raise StoreError(f"there is no backup {file}")
    database = is_address(where)
    with _made(file if database else Path(where), kept=not database) as part:
        _copy_file(file, part)
        found = _check(part, file)
        SqliteStore(part).close()
        with _raw(part) as backup:
            backup.execute("PRAGMA journal_mode = DELETE")
        if database:
            _into_database(part, where, Path(f"{file}.before"), replace=replace)
        else:
            _set_aside(Path(where), replace=replace)
    return found


def _check(part: Path, file: Path) -> Mapping[str, Tally]:
    """Compare the copy of a backup with its tallies, and take them out. Raises StoreError."""
    try:
        with _raw(part) as backup:
            steps = next(iter(backup.query("PRAGMA user_version")))["user_version"]
            if steps > len(MIGRATIONS):
                raise StoreError(f"{file} was written by a newer version; update Kakunin to restore it")
            if TALLIES not in backup.table_names():
                raise StoreError(f"{file} is no backup: `kakunin backup` writes one")
            said = {row["name"]: Tally(row["rows"], row["sha256"]) for row in backup.table(TALLIES).rows}
            faults = [row["integrity_check"] for row in backup.query("PRAGMA integrity_check")]
            found = tallies(_runner(backup), tuple(name for name in TABLES if name in said))
            differing = [name for name, tally in said.items() if found.get(name) != tally]
            backup.table(TALLIES).drop()
    except sqlite3.Error as error:
        raise StoreError(f"{file} cannot be read as a backup: {error}") from None
    if faults != ["ok"] or differing:
        raise StoreError(f"{file} is damaged ({', '.join(differing) or faults[0]}); nothing was restored")
    return found


def _into_database(part: Path, where: str, before: Path, *, replace: bool) -> None:
    with closing(open_store(where)) as store:
        filled = not is_empty(store)
        _refuse(store.where, filled=filled, replace=replace)
        if filled:
            back_up(where, before)
        with closing(SqliteStore(part)) as source, store.transaction():
            clear(store)
            copy_store(source, store)


def _set_aside(store: Path, *, replace: bool) -> None:
    """Rename the file that is there. Nobody may have it open: their answers would go to the old one."""
    if not store.exists():
        return
    try:
        with closing(SqliteStore(store)) as opened:
            filled = not is_empty(opened)
    except StoreError:
        filled = True
    _refuse(str(store), filled=filled, replace=replace)
    try:
        with _raw(store) as old:
            old.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise StoreError(f"the store {store} is in use ({error}); stop the bot first") from None
    except sqlite3.DatabaseError:
        pass  # it is damaged, and kept as it is
    for ending in ("", "-wal", "-shm"):
        if Path(f"{store}{ending}").exists():
            Path(f"{store}{ending}").replace(f"{store}.before{ending}")


def _refuse(where: str, *, filled: bool, replace: bool) -> None:
    if filled and not replace:
        raise StoreError(f"the store {where} is not empty; --replace puts the backup in its place and keeps the old")


@contextmanager
def _made(file: Path, *, kept: bool = True) -> Iterator[Path]:
    """Yield where to write; it becomes the file once everything went well, unless it is not to be kept."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        yield part
        if kept:
            part.replace(file)
    finally:
        for ending in ("", "-wal", "-shm", "-journal", "-turn"):
            Path(f"{part}{ending}").unlink(missing_ok=True)


def _copy_file(source: Path, target: Path) -> None:
    """Copy a SQLite file while others may read and write it."""
    try:
        with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target)) as writer:
            reader.backup(writer)
    except sqlite3.Error as error:
        raise StoreError(f"{source} cannot be copied: {error}") from None


@contextmanager
def _raw(file: Path) -> Iterator[Database]:
    """Open a file as it is, without migrating it."""
    with closing(sqlite3.connect(file, timeout=LOCK_SECONDS, isolation_level=None)) as connection:
        yield Database(connection)


def _runner(database: Database) -> Run:
    return lambda statement, **values: list(database.query(statement, values))
