"""TOML → Knowledge. Refuses a quotation that is not in its source, repeated ids and dangling references."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.errors import DataError, nearest
from knowledge.models import Brand, Knowledge, Measure, Passage, Service, Source

Model = TypeVar("Model", bound=BaseModel)


class HasId(Protocol):
    """A record with an id."""

    @property
    def id(self) -> str:
        """Return the id."""


Identified = TypeVar("Identified", bound=HasId)


def load_knowledge(folder: Traversable | None = None) -> Knowledge:
    """Load sources, passages, measures and services. Raises DataError with file, id and remedy."""
    folder = folder or files("knowledge")
    sources: list[Source] = []
    passages: list[Passage] = []
    for file in sorted((folder / "passages").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            source, quoted = _passages(file, folder / "sources")
            sources.append(source)
            passages.extend(quoted)
    known = _by_id(passages, "passages")
    services = read_toml(folder / "services.toml")
    brands = _by_id([parse(Brand, record, "services.toml") for record in services.get("brand", [])], "services.toml")
    return Knowledge(
        sources=_by_id(sources, "passages"),
        passages=known,
        measures=_measures(folder / "measures.toml", known),
        brands=brands,
        services=_services(services, brands),
    )


def read_toml(file: Traversable) -> dict[str, Any]:
    """Return the parsed file. Raises DataError if it is missing, not UTF-8 or not TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(file.name, "file", "is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(file.name, "file", f"is not valid TOML: {error}") from None


def parse(model: type[Model], record: Mapping[str, Any], file: str) -> Model:
    """Return the record as `model`. Raises DataError naming the record and every field at fault."""
    try:
        return model.model_validate(record)
    except ValidationError as error:
        what = str(record.get("id", record.get("decides", f"a {model.__name__.lower()} without an id")))
        raise DataError(file, what, "; ".join(_faults(model, error))) from None


def _faults(model: type[BaseModel], error: ValidationError) -> Iterable[str]:
    for fault in error.errors():
        path = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            yield f"unknown key {path!r}{nearest(path, model.model_fields)}"
        else:
            yield f"{path}: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def bare(text: str) -> str:
    """Return the text as quotations are compared: NFC, without `**` and without any white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text).replace("**", ""))


def _by_id(records: Iterable[Identified], file: str) -> dict[str, Identified]:
    found: dict[str, Identified] = {}
    for record in records:
        if record.id in found:
            raise DataError(file, record.id, "this id is used twice")
        found[record.id] = record
    return found


def _passages(file: Traversable, sources: Traversable) -> tuple[Source, list[Passage]]:
    data = read_toml(file)
    source = parse(Source, data.get("source", {}), file.name)
    try:
        text = bare((sources / source.file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(file.name, source.id, f"its text sources/{source.file} is missing") from None
    quoted = [parse(Passage, {**record, "source": source.id}, file.name) for record in data.get("passage", [])]
    _by_id(quoted, file.name)
    for passage in quoted:
        if bare(passage.ja) not in text:
            raise DataError(file.name, passage.id, f"is not literally in sources/{source.file}; quote it as it stands")
        if "**" in passage.ja:
            raise DataError(file.name, passage.id, "quote it without the ** marks")
    return source, quoted


def _measures(file: Traversable, passages: Mapping[str, Passage]) -> dict[str, Measure]:
    measures = _by_id([parse(Measure, r, file.name) for r in read_toml(file).get("measure", [])], file.name)
    for measure in measures.values():
        for passage in measure.passages:
            if passage not in passages:
                raise DataError(file.name, measure.id, f"unknown passage {passage!r}{nearest(passage, passages)}")
    return measures


def _services(data: dict[str, Any], brands: Mapping[str, Brand]) -> dict[str, Service]:
    services = _by_id([parse(Service, r, "services.toml") for r in data.get("service", [])], "services.toml")
    for service in services.values():
        if service.brand not in brands:
            fault = f"unknown brand {service.brand!r}{nearest(service.brand, brands)}"
            raise DataError("services.toml", service.id, fault)
    return services
