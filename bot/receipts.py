"""`kakunin receipts`: the receipts in a store, as JSON lines for `kakunin replay`."""

from pathlib import Path

import click

from conversations.store.sqlite import SqliteStore
from knowledge.errors import KakuninError


def print_receipts(store_path: str, case_id: str) -> int:
    """Print the receipts of one case, or of all; returns 1 if there are none. Raises KakuninError, StoreError."""
    store = open_existing(store_path)
    try:
        cases = (case for case in store.cases() if case_id in ("", case.id))
        found = [body for case in cases for body in store.receipts(case.place.workspace, case.id)]
    finally:
        store.close()
    for body in found:
        click.echo(body)
    if not found:
        click.echo(f"kakunin: no receipt{f' of case {case_id}' if case_id else ''} in {store_path}", err=True)
    return 0 if found else 1


def open_existing(path: str) -> SqliteStore:
    """Open a store that is there; a command that reads makes none. Raises KakuninError."""
    if not Path(path).is_file():
        raise KakuninError(f"there is no store {path}; name it with --store or KAKUNIN_STORE")
    return SqliteStore(path)
