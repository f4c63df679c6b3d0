"""Where a store is named, and which kind that is: the path of a file, or the `postgresql://` address of a database."""

from pathlib import Path

from conversations.errors import MissingExtra, StoreError
from conversations.store.sql import SqlStore
from conversations.store.sqlite import SqliteStore

ADDRESSES = ("postgresql://", "postgres://")


def is_address(where: str) -> bool:
    """Whether this names a database on a server rather than a file."""
    return where.startswith(ADDRESSES)


def open_store(where: str) -> SqlStore:
    """Open the store, creating or migrating it. Raises StoreError if it cannot be used, MissingExtra."""
    if not is_address(where):
        return SqliteStore(where)
    try:
        from conversations.store.postgres import PostgresStore  # noqa: PLC0415 - only who uses it needs the extra
    except ModuleNotFoundError as error:
        if error.name not in {"psycopg", "psycopg_pool"}:
            raise
        raise MissingExtra("a PostgreSQL store needs the extra `postgres`: pip install 'kakunin[postgres]'") from None
    return PostgresStore(where)


def open_existing(where: str) -> SqlStore:
    """Open a store that is there; a command that reads makes no file. Raises StoreError, MissingExtra."""
    if not is_address(where) and not Path(where).is_file():
        raise StoreError(f"there is no store {where}; name it with --store or KAKUNIN_STORE")
    return open_store(where)
