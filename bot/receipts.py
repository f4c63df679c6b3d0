"""`kakunin receipts`: the receipts in a store, as JSON lines for `kakunin replay`."""

import click

from conversations.store.opening import open_existing


def print_receipts(store_path: str, case_id: str) -> int:
    """Print the receipts of one case, or of all; returns 1 if there are none. Raises StoreError."""
    store = open_existing(store_path)
    try:
        cases = (case for case in store.cases() if case_id in ("", case.id))
        found = [body for case in cases for body in store.receipts(case.place.workspace, case.id)]
    finally:
        store.close()
    for body in found:
        click.echo(body)
    if not found:
        click.echo(f"kakunin: no receipt{f' of case {case_id}' if case_id else ''} in {store.where}", err=True)
    return 0 if found else 1
