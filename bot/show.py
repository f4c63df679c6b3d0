"""`kakunin show`: any record by its id, as a line of JSON."""

import json
from collections.abc import Iterable
from pathlib import Path

import click
from pydantic import BaseModel

from knowledge.errors import nearest
from rules.editions import load_rulebook
from rules.scenarios import load_scenarios


def show_records(ids: Iterable[str], overlay: Path | None = None) -> int:
    """Print each record; returns 1 if an id is not known, after printing the others."""
    book = load_rulebook(overlay=overlay)
    knowledge, rulebase = book.knowledge, book.rulebase
    records: dict[str, BaseModel] = {**knowledge.services, **knowledge.measures, **knowledge.passages}
    records |= {**rulebase.rules, **load_scenarios(rulebase, knowledge)}
    status = 0
    for name in ids:
        if name in records:
            told = {"record": type(records[name]).__name__.lower(), **records[name].model_dump(mode="json")}
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            status = 1
            click.echo(f"kakunin: no record {name!r}{nearest(name, records)}", err=True)
    return status
