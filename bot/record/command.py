"""`kakunin record`: the record of a stored case as files."""

from contextlib import closing
from pathlib import Path

import click

from bot.app import build_house
from bot.record.making import make_files
from bot.record.writing import Settled
from bot.settings import load_settings
from conversations.service import Conversations
from conversations.store.opening import open_existing
from conversations.store.sql import SqlStore
from knowledge.errors import KakuninError


def write_record(  # noqa: PLR0913, PLR0917 - what the command takes
    case_id: str, store_path: str, out: Path, language: str, overlay: Path | None, overlays: Path | None
) -> int:
    """Write Word document, Markdown and receipt to the folder, and print their paths. Raises KakuninError."""
    house = build_house(overlay, overlays)
    with closing(open_existing(store_path)) as store:
        conversations = Conversations(store, house.library)
        case = _settled(conversations, store, case_id)
    out.mkdir(parents=True, exist_ok=True)
    for file in make_files(house.phrases, case, load_settings().time_zone, language).values():
        (out / file.name).write_bytes(file.content)
        click.echo(out / file.name)
    return 0


def _settled(conversations: Conversations, store: SqlStore, case_id: str) -> Settled:
    """Return the case as its last receipt says; the store is only read."""
    case = next((case for case in store.cases() if case.id == case_id), None)
    if case is None:
        raise KakuninError(f"there is no case {case_id!r} in {store.where}")
    standing = conversations.standing(case)
    if standing.evaluation is None:
        raise KakuninError(f"case {case_id} has no verdict yet")
    receipt = conversations.receipt(standing, standing.evaluation, keep=False)
    if receipt.to_json() not in store.receipts(case.place.workspace, case.id):
        hint = "give the rules it was judged by (--overlay, --overlays), or get the record by its button"
        raise KakuninError(f"the rules at hand do not say what the last receipt of case {case_id} says; {hint}")
    ruling = conversations.marks(case).ruling
    return Settled(standing, standing.evaluation, conversations.insight(standing), receipt, ruling)
