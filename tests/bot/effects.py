"""What the store holds, case by case, so that before and after can be compared."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.playground.workspace import Message
from conversations.store.sql import SqlStore
from tests.bot.driver import Office

HANGING_ON = ("answers", "posted", "ticks", "opinions", "receipts", "notices")


@dataclass
class Held:
    """A case's row, and the rows that hang on it, by table."""

    row: dict[str, Any] = field(default_factory=dict)
    more: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {table: [] for table in HANGING_ON})

    @property
    def answers(self) -> list[tuple[str, dict[str, list[str]], str]]:
        """Return the answers in their order: card, choice and by whom."""
        rows = sorted(self.more["answers"], key=lambda row: int(row["seq"]))
        return [(row["card"], json.loads(row["choice"]), row["by"]) for row in rows]


def held(office: Office) -> Mapping[str, Held]:
    """Return everything that is stored on cases, by case id."""
    store = office.tools.conversations.store
    assert isinstance(store, SqlStore)
    found = {str(row["id"]): Held(dict(row)) for row in store.run("SELECT * FROM cases")}
    for table in HANGING_ON:
        for row in store.run(f"SELECT * FROM {table}"):
            found[row["case_id"]].more[table].append(dict(row))
    return found


def dump(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def private_notes(office: Office) -> list[Message]:
    """Return every private note that anybody got so far."""
    return [m for found in list(office.workspace.messages.values()) for m in found if "only_for" in m]
