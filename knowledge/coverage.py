"""Recorded reasons why no rule encodes a passage. Which passages the rules cite is crossed in `rules.coverage`."""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.errors import DataError, nearest
from knowledge.models import Bilingual, Id, Knowledge, Record
from knowledge.records import by_id, parse, read_records

NOT_ENCODED = "not_encoded.toml"


class Reason(Record):
    """Why no rule encodes these passages."""

    id: Id
    passages: tuple[Id, ...] = Field(min_length=1)
    because: Bilingual


def load_reasons(knowledge: Knowledge, folder: Traversable | None = None) -> Mapping[str, Reason]:
    """Return the reason for each passage that has one. Raises DataError naming file and reason or passage."""
    records = read_records((folder or files("knowledge")) / NOT_ENCODED, "reason")["reason"]
    found: dict[str, Reason] = {}
    for reason in by_id((parse(Reason, record, NOT_ENCODED) for record in records), NOT_ENCODED).values():
        for passage in reason.passages:
            if passage not in knowledge.passages:
                fault = f"unknown passage {passage!r}{nearest(passage, knowledge.passages)}"
                raise DataError(NOT_ENCODED, reason.id, fault)
            if passage in found:
                raise DataError(NOT_ENCODED, reason.id, f"{passage!r} has the reason {found[passage].id!r} already")
            found[passage] = reason
    return found
