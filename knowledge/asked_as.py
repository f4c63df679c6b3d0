"""How people ask about the passages, and what about the guideline says nothing: TOML → records, checked."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from knowledge.errors import DataError, Faults, nearest
from knowledge.models import AskedAs
from knowledge.records import by_id, parse_all, read_records

ASKED_AS = "asked_as.toml"

Asked = Mapping[str, AskedAs]


def load_asked_as(folder: Traversable, passages: Iterable[str]) -> tuple[Asked, Asked]:
    """Return by passage how it is asked for, and by topic what no passage says. Raises DataError.

    These words are no part of an edition, as they may be bettered at any time: one that was sealed takes those of the
    working files, as far as it has the passages.
    """
    known = set(passages)
    if (folder / ASKED_AS).is_file():
        asked, unsaid = _read(folder)
        check_known(asked, known)
        return asked, unsaid
    asked, unsaid = _read(files("knowledge"))
    return {name: words for name, words in asked.items() if name in known}, unsaid


def with_own(asked: Asked, records: list[dict[str, Any]], passages: Iterable[str], own: Iterable[str]) -> Asked:
    """Return it with an institution's phrases added. What a passage means it says of its own ones. Raises DataError."""
    added = parsed(records)
    check_known(added, set(passages))
    faults = Faults()
    for name in [name for name, words in added.items() if words.means and name not in own]:
        with faults.gathered():
            raise DataError(ASKED_AS, name, "what the guideline's passages mean stays; leave `means` out")
    faults.tell()
    return {**asked, **{name: _joined(asked.get(name), words) for name, words in added.items()}}


def parsed(records: list[dict[str, Any]]) -> dict[str, AskedAs]:
    """Return the records by id. Raises DataError."""
    return by_id(parse_all(AskedAs, records, ASKED_AS), ASKED_AS)


def check_known(asked: Asked, passages: set[str]) -> None:
    """Raise DataError for passages that there are not, each with the nearest spelling."""
    faults = Faults()
    for name in [name for name in asked if name not in passages]:
        with faults.gathered():
            raise DataError(ASKED_AS, name, f"there is no passage with this id{nearest(name, passages)}")
    faults.tell()


def _read(folder: Traversable) -> tuple[dict[str, AskedAs], dict[str, AskedAs]]:
    records = read_records(folder / ASKED_AS, "passage", "unsaid")
    return parsed(records["passage"]), parsed(records["unsaid"])


def _joined(old: AskedAs | None, new: AskedAs) -> AskedAs:
    if old is None:
        return new
    return old.model_copy(update={"ja": (*old.ja, *new.ja), "en": (*old.en, *new.en)})
