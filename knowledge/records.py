"""TOML files → records, for every floor. What cannot be right is refused with file, id and the nearest spelling."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any, Protocol, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from knowledge.errors import DataError, Faults, nearest
from knowledge.models import CHANNEL, ID, USER

LIST, TABLE, DAY = 'write a list, such as ["…"]', "write a table, such as {{ … }}", "write a day, such as 2026-10-01"
PLAIN: Mapping[str, str] = {
    "missing": "is missing",
    "too_short": "needs at least one entry",
    "too_long": "takes at most {max_length} entries",
    "string_too_short": "is empty",
    "string_too_long": "takes at most {max_length} characters",
    "string_type": "write text in quotes",
    **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type"), LIST),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), TABLE),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), DAY),
    "bool_type": "write true or false, without quotes",
}
"""What whoever writes the file is told, by pydantic's kind of error; of other kinds, pydantic's own words."""
PATTERNS: Mapping[str, str] = {
    ID: "use small letters, digits, _ and dots between them",
    USER: "is no Slack user id, such as U0123ABCD",
    CHANNEL: "is no Slack channel id, such as C0123ABCD",
}
QUOTED = re.compile(r"'([^']*)'")

Model = TypeVar("Model", bound=BaseModel)


class HasId(Protocol):
    """A record with an id."""

    @property
    def id(self) -> str:
        """Return the id."""


Identified = TypeVar("Identified", bound=HasId)


def toml_files(folder: Traversable) -> Iterator[Traversable]:
    """Yield the TOML files of the folder by name, without hidden ones. Raises DataError if there is no such folder."""
    if not folder.is_dir():
        raise DataError(folder.name, "folder", "is missing")
    found = (file for file in folder.iterdir() if file.name.endswith(".toml") and not file.name.startswith("."))
    yield from sorted(found, key=lambda file: file.name)


def read_text(file: Traversable) -> str:
    """Return the text, without a mark that an editor put before it. Raises DataError if it is missing or not UTF-8."""
    try:
        return file.read_text(encoding="utf-8").removeprefix("\ufeff")
    except FileNotFoundError:
        raise DataError(file.name, "file", "is missing") from None
    except UnicodeDecodeError as error:
        raise DataError(file.name, "file", f"is not UTF-8: {error}") from None


def read_toml(file: Traversable) -> dict[str, Any]:
    """Return what the file says. Raises DataError if it is missing, not UTF-8 or not TOML."""
    try:
        return tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise DataError(file.name, "file", f"is not valid TOML: {error}") from None
    except ValueError:  # Python reads no integer of more than 4,300 digits
        raise DataError(file.name, "file", "a number in it has too many digits") from None
    except RecursionError:
        raise DataError(file.name, "file", "is nested too deeply") from None


def read_records(file: Traversable, *names: str) -> dict[str, list[dict[str, Any]]]:
    """Return the `[[name]]` records of the file, for each name; any other top-level key is refused."""
    data = read_toml(file)
    for name, records in data.items():
        if name not in names:
            raise DataError(file.name, "file", f"unknown key {name!r}{nearest(name, names)}")
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise DataError(file.name, name, f"write each as [[{name}]]")
    return {name: data.get(name, []) for name in names}


def parse(model: type[Model], record: Mapping[str, Any], file: str) -> Model:
    """Return the record as `model`. Raises DataError naming the record and every field at fault."""
    try:
        return model.model_validate(record)
    except ValidationError as error:
        what = str(record.get("id", record.get("decides", f"a {model.__name__.lower()} without an id")))
        raise DataError(file, what, "; ".join(_faults(model, error))) from None


def parse_all(model: type[Model], records: Iterable[Mapping[str, Any]], file: str) -> list[Model]:
    """Return the records as `model`. Raises DataError naming every record at fault."""
    faults, found = Faults(), []
    for record in records:
        with faults.gathered():
            found.append(parse(model, record, file))
    faults.tell()
    return found


def by_id(records: Iterable[Identified], file: str) -> dict[str, Identified]:
    """Return the records by id. Raises DataError for an id used twice."""
    found: dict[str, Identified] = {}
    for record in records:
        if record.id in found:
            raise DataError(file, record.id, "this id is used twice")
        found[record.id] = record
    return found


def _faults(model: type[BaseModel], error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        path = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            yield f"unknown key {path!r}{nearest(str(fault['loc'][-1]), _keys(model, fault['loc'][:-1]))}"
        else:
            yield f"{path}: {_plain(fault)}"


def _plain(fault: ErrorDetails) -> str:
    """Return the fault in words that help whoever writes TOML and does not know Python."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "literal_error":
        known = QUOTED.findall(context["expected"])
        hint = nearest(str(fault["input"]), known)
        return f"{fault['input']!r} is not known{hint} (it takes {', '.join(known)})"
    if kind == "string_pattern_mismatch" and context["pattern"] in PATTERNS:
        return PATTERNS[context["pattern"]]
    own = f"{fault['msg'][0].lower()}{fault['msg'][1:]}"
    return PLAIN[kind].format(**context) if kind in PLAIN else own.removeprefix("value error, ")


def _keys(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the record at `path` inside the model may have."""
    inner: list[type[BaseModel]] = [model]
    for part in path:
        fields = [field for m in inner for name, field in m.model_fields.items() if part in (name, field.alias)]
        inner = [m for field in fields for m in _models(field.annotation)] or inner
    return [field.alias or name for m in inner for name, field in m.model_fields.items()]


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation such as `tuple[Option, ...] | None` speaks of."""
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
