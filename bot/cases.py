"""`kakunin cases`: what is stored of cases as JSON lines, for officers; persons by pseudonym, no channel, no thread."""

import json
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from bot.settings import load_settings
from conversations.pseudonyms import Pseudonyms
from conversations.store.opening import open_existing
from conversations.store.protocol import Outline

EARLIEST, LATEST = date(1970, 1, 2), date(9999, 1, 1)


def print_cases(where: str, first: date | None, last: date | None) -> int:
    """Print each case started from the first to the last day, in the set time zone. Raises KakuninError, StoreError."""
    settings = load_settings()
    pseudonyms = Pseudonyms(settings.pseudonym_key)
    since = _midnight(max(first or EARLIEST, EARLIEST), settings.time_zone)
    until = _midnight(min(last or LATEST, LATEST) + timedelta(days=1), settings.time_zone)
    with closing(open_existing(where)) as store:
        for case in store.outlines(since, until):
            click.echo(json.dumps(_line(case, pseudonyms)))
    return 0


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


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
