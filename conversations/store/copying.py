"""Moves everything from one store to another, of either kind, and proves that it arrived."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from conversations.errors import StoreError
from conversations.store.sql import SqlStore
from conversations.store.tables import Row

TABLES: Mapping[str, tuple[str, ...]] = {
    "cases": ("workspace", "id"),
    "answers": ("workspace", "case_id", "seq"),
    "receipts": ("workspace", "case_id", "number"),
    "posted": ("workspace", "case_id", "name"),
    "ticks": ("workspace", "case_id", "measure"),
    "opinions": ("workspace", "case_id"),
    "confirmations": ("workspace", "case_id", "id"),
    "notices": ("workspace", "key"),
    "seen": ("workspace", "key"),
    "jobs": ("workspace", "id"),
    "letters": ("workspace", "id"),
    "channels": ("workspace", "channel"),
    "figures": ("workspace", "week", "figure", "name"),
    "installations": ("workspace",),
    "preferences": ("workspace", "person"),
    "delegations": ("workspace", "person"),
    "desk_cases": ("workspace", "case_id"),
    "desk_events": ("workspace", "case_id", "number"),
    "desk_posts": ("workspace", "name"),
    "rulings": ("workspace", "case_id", "number"),
    "drafts": ("workspace", "case_id"),
    "closed_weeks": ("workspace", "week"),
    "subscriptions": ("workspace", "person"),
}
"""Every table with its key, each after those it refers to."""
NUMBERED = ("jobs", "letters")
PAGE = 500
Run = Callable[..., list[Row]]


@dataclass(frozen=True)
class Tally:
    """How many rows a table holds, and a SHA-256 over all of them."""

    rows: int
    sha256: str


def copy_store(source: SqlStore, target: SqlStore) -> Mapping[str, Tally]:
    """Copy every row; returns what the target holds then. Raises StoreError if it held anything, or differs."""
    with source.snapshot(), target.transaction():
        if not is_empty(target):
            raise StoreError(f"the store {target.where} is not empty; name a new one")
        for table in TABLES:
            for page in _pages(source.run, table):
                target.run_many(_insert(table, page[0]), page)
        for table in NUMBERED:
            target.count_on(table)
        left, arrived = tallies(source.run), tallies(target.run)
        if differing := [table for table in TABLES if left[table] != arrived[table]]:
            raise StoreError(f"{', '.join(differing)} did not arrive as they were; nothing was copied")
    return arrived


def is_empty(store: SqlStore) -> bool:
    """Whether no table holds a row."""
    return not any(store.run(f"SELECT 1 FROM {table} LIMIT 1") for table in TABLES)  # noqa: S608 - our own names


def clear(store: SqlStore) -> None:
    """Delete every row."""
    for table in reversed(tuple(TABLES)):
        store.run(f"DELETE FROM {table}")  # noqa: S608 - our own names


def tallies(run: Run, tables: tuple[str, ...] = tuple(TABLES)) -> Mapping[str, Tally]:
    """Count and hash each table: rows by key, columns by name, each row a line of JSON."""
    found = {}
    for table in tables:
        rows, hashed = 0, sha256()
        for page in _pages(run, table):
            rows += len(page)
            for row in page:
                hashed.update(json.dumps(dict(row), sort_keys=True).encode() + b"\n")
        found[table] = Tally(rows, hashed.hexdigest())
    return found


def _pages(run: Run, table: str) -> Iterator[list[Row]]:
    keys = TABLES[table]
    named, given = ", ".join(keys), ", ".join(f":{key}" for key in keys)
    first = f"SELECT * FROM {table} ORDER BY {named} LIMIT {PAGE}"  # noqa: S608 - our own names
    after = f"SELECT * FROM {table} WHERE ({named}) > ({given}) ORDER BY {named} LIMIT {PAGE}"  # noqa: S608
    page = run(first)
    while page:
        yield page
        page = run(after, **{key: page[-1][key] for key in keys})


def _insert(table: str, row: Row) -> str:
    columns, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    return f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 - our own names
