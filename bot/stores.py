"""`kakunin store copy`, `kakunin backup`, `kakunin restore`: what a store holds, moved as a whole and checked."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import click

from conversations.store.backups import back_up, restore
from conversations.store.copying import Tally, copy_store
from conversations.store.opening import open_existing, open_store


def copy_everything(source: str, target: str) -> int:
    """Copy everything to an empty store; prints what was compared. Raises StoreError."""
    with closing(open_existing(source)) as before, closing(open_store(target)) as after:
        tallies = copy_store(before, after)
        names = (before.where, after.where)
    _print(tallies)
    click.echo(f"{names[1]} holds the same as {names[0]}; point KAKUNIN_STORE at it and start the bot", err=True)
    return 0


def write_backup(store: str, file: Path) -> int:
    """Write the store to a file, also while the bot runs. Raises StoreError."""
    _print(back_up(store, file))
    click.echo(f"written to {file}", err=True)
    return 0


def restore_backup(store: str, file: Path, *, replace: bool) -> int:
    """Check a backup and put it in the place of the store. Raises StoreError."""
    _print(restore(file, store, replace=replace))
    click.echo("restored; what the store held before, if anything, is kept in a file ending in .before", err=True)
    return 0


def _print(tallies: Mapping[str, Tally]) -> None:
    for name, tally in tallies.items():
        click.echo(f"{name:<9} {tally.rows:>9} rows  sha256 {tally.sha256}")
