"""`kakunin cases`: what is stored of cases, for officers; persons by pseudonym, no channel, no thread."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date, timedelta
from typing import Literal

import click

from bot.settings import load_settings
from bot.spreadsheet import safe
from conversations.figures import midnight
from conversations.pseudonyms import Pseudonyms
from conversations.store.opening import open_existing
from conversations.store.protocol import Outline

COLUMNS = (
    *("workspace", "case", "asker", "started", "finished", "edition", "service", "data_class", "verdict", "answers"),
    *("opinion", "objection"),
)
EARLIEST, LATEST = date(1970, 1, 2), date(9999, 1, 1)


Format = Literal["json", "csv", "receipts"]


def print_cases(where: str, first: date | None, last: date | None, form: Format = "json") -> int:
    """Print each case started from the first to the last day, in the set time zone. Raises KakuninError, StoreError.

    As JSON lines, as CSV, or the receipts of these cases as JSON lines, which name no person at all.
    """
    settings = load_settings()
    since = midnight(max(first or EARLIEST, EARLIEST), settings.time_zone)
    until = midnight(min(last or LATEST, LATEST) + timedelta(days=1), settings.time_zone)
    with closing(open_existing(where)) as store:
        cases = store.outlines(since, until)
        if form == "receipts":
            for case in cases:
                for body in store.receipts(case.place.workspace, case.id):
                    click.echo(body)
            return 0
        pseudonyms = Pseudonyms(settings.pseudonym_key)
        lines = (_line(case, pseudonyms) for case in cases)
        if form == "csv":
            _write_csv(lines)
            return 0
        for line in lines:
            click.echo(json.dumps(line))
    return 0


def _write_csv(lines: Iterable[Mapping[str, str | int | None]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if value is None else safe(str(value)) for value in line.values()] for line in lines)


def _line(case: Outline, pseudonyms: Pseudonyms) -> Mapping[str, str | int | None]:
    """Return what is told of a case; nobody is its asker any more where the link to them was deleted."""
    workspace = case.place.workspace
    return {
        "workspace": workspace,
        "case": case.id,
        "asker": pseudonyms.of(workspace, case.asker) if case.asker else None,
        "started": case.started_at.isoformat(timespec="seconds"),
        "finished": case.finished_at.isoformat(timespec="seconds") if case.finished_at else None,
        "edition": case.edition,
        "service": case.service,
        "data_class": case.data_class,
        "verdict": case.verdict,
        "answers": case.answers,
        "opinion": case.opinion.kind if case.opinion else None,
        "objection": (case.opinion.reason or None) if case.opinion else None,
    }
