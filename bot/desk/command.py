"""`kakunin desk`: the queue as a table, JSON lines or CSV; and `kakunin scenarios`: the accepted drafts as files."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from bot.settings import load_settings
from conversations.desk import Cursor, Queued, Wanted
from conversations.drafts import DraftState, as_toml
from conversations.pseudonyms import Pseudonyms
from conversations.store.desk import cursor_of
from conversations.store.opening import open_existing
from conversations.store.protocol import Store

PAGE = 500
SHOWN = ("case", "about", "priority", "state", "office", "holder", "since", "first_answer", "verdict")
"""The columns of the table; the other forms tell more."""
Line = Mapping[str, str | None]


def print_queue(where: str, wanted: Wanted, page: int, form: str) -> int:
    """Print the cases of every workspace that are wanted: in a table the `page`-th PAGE of them, else all.

    Desk members are told by their Slack ids in the table, by pseudonym in what is exported. Raises KakuninError.
    """
    pseudonyms = None if form == "table" else Pseudonyms(load_settings().pseudonym_key)
    with closing(open_existing(where)) as store:
        lines = (_line(queued, pseudonyms) for queued in _all(store, wanted))
        if form == "json":
            for line in lines:
                click.echo(json.dumps(line))
        elif form == "csv":
            _as_csv(lines)
        else:
            _as_table(list(lines), page)
    return 0


def _all(store: Store, wanted: Wanted) -> Iterator[Queued]:
    for workspace in store.desk_workspaces():
        after: Cursor | None = None
        while found := store.desk_queue(workspace, wanted, after, PAGE):
            yield from found
            after = cursor_of(found[-1].case)


def _line(queued: Queued, pseudonyms: Pseudonyms | None) -> Line:
    case = queued.case
    holder = pseudonyms.of(case.workspace, case.holder) if pseudonyms and case.holder else case.holder
    return {
        "workspace": case.workspace,
        "case": case.id,
        "about": case.about,
        "priority": case.priority,
        "state": case.state,
        "office": case.office or None,
        "holder": holder or None,
        "opened": _time(case.opened_at),
        "since": _time(case.since),
        "first_answer": _time(case.answered_at),
        "ended": _time(case.ended_at),
        "verdict": queued.verdict,
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _as_csv(lines: Iterator[Line]) -> None:
    writer: csv.DictWriter[str] | None = None
    for line in lines:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(line), lineterminator="\n")
            writer.writeheader()
        writer.writerow(line)


def _as_table(lines: list[Line], page: int) -> None:
    rows = [tuple(line[name] or "-" for name in SHOWN) for line in lines[(page - 1) * PAGE : page * PAGE]]
    widths = [max(map(len, column)) for column in zip(SHOWN, *rows, strict=True)]
    for row in (SHOWN, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"{len(rows)} of {len(lines)}" + (f"; --page {page + 1} goes on" if page * PAGE < len(lines) else ""))


def write_scenarios(where: str, out: Path) -> int:
    """Write each accepted draft as a file that the loader of scenarios reads. Raises StoreError."""
    with closing(open_existing(where)) as store:
        accepted, pending = store.drafts(DraftState.ACCEPTED), store.drafts(DraftState.PENDING)
    out.mkdir(parents=True, exist_ok=True)
    for draft in accepted:
        (out / f"asked_{draft.workspace}_{draft.case_id}.toml").write_text(as_toml(draft), encoding="utf-8")
    click.echo(f"{len(accepted)} written to {out}, {len(pending)} waiting for the desk")
    return 0
