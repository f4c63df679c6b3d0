"""`kakunin show`: any record by its id, as a line of JSON."""

import json
from collections.abc import Iterable
from pathlib import Path

import click
from pydantic import BaseModel

from knowledge.errors import nearest
from rules.editions import load_rulebook, load_working
from rules.scenarios import load_scenarios


def show_records(ids: Iterable[str], overlay: Path | None = None) -> int:
    """Print each record; returns 1 if an id is not known, after printing the others."""
    book = load_rulebook(overlay=overlay)
    knowledge, rulebase = book.knowledge, book.rulebase
    records: dict[str, BaseModel] = {**knowledge.services, **knowledge.measures, **knowledge.passages}
    records |= rulebase.rules
    wanted = list(ids)
    if not records.keys() >= set(wanted):
        working = load_working()  # scenarios belong to these, published or not
        records |= load_scenarios(working.rulebase, working.knowledge)
    status = 0
    for name in wanted:
        if name in records:
            told = {"record": type(records[name]).__name__.lower(), **records[name].model_dump()}
            click.echo(json.dumps(told, ensure_ascii=False, default=_plain))
        else:
            status = 1
            click.echo(f"kakunin: no record {name!r}{nearest(name, records)}", err=True)
    return status


def _plain(value: object) -> object:
    """What JSON has no word for: a set as a list in order, a day as text."""
    return sorted(value) if isinstance(value, frozenset) else str(value)
