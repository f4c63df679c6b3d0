"""TOML → Knowledge. Refuses a quotation that is not in its source, repeated ids and dangling references."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.errors import DataError, nearest
from knowledge.models import Brand, Knowledge, Measure, Passage, Service, Source
from knowledge.records import by_id, parse, read_records, read_text, toml_files

SERVICES = "services.toml"


def load_knowledge(folder: Traversable | None = None) -> Knowledge:
    """Load sources, passages, measures and services. Raises DataError with file, id and remedy."""
    folder = folder or files("knowledge")
    sources: list[Source] = []
    passages: list[Passage] = []
    for file in toml_files(folder / "passages"):
        source, quoted = _passages(file, folder / "sources")
        sources.append(source)
        passages.extend(quoted)
    known = by_id(passages, "passages")
    services = read_records(folder / SERVICES, "brand", "service")
    brands = by_id((parse(Brand, record, SERVICES) for record in services["brand"]), SERVICES)
    return Knowledge(
        sources=by_id(sources, "passages"),
        passages=known,
        measures=_measures(folder / "measures.toml", known),
        brands=brands,
        services=_services((parse(Service, record, SERVICES) for record in services["service"]), brands),
    )


def bare(text: str) -> str:
    """Return the text as quotations are compared: NFC, without `**` and without any white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text).replace("**", ""))


def _passages(file: Traversable, sources: Traversable) -> tuple[Source, list[Passage]]:
    data = read_records(file, "source", "passage")
    if len(data["source"]) != 1:
        raise DataError(file.name, "source", "exactly one [[source]] is needed")
    source = parse(Source, data["source"][0], file.name)
    if not (sources / source.file).is_file():
        raise DataError(file.name, source.id, f"its text sources/{source.file} is missing")
    text = bare(read_text(sources / source.file))
    quoted = by_id((parse(Passage, {**r, "source": source.id}, file.name) for r in data["passage"]), file.name)
    for passage in quoted.values():
        if bare(passage.ja) not in text:
            raise DataError(file.name, passage.id, f"is not literally in sources/{source.file}; quote it as it stands")
        if "**" in passage.ja:
            raise DataError(file.name, passage.id, "quote it without the ** marks")
    return source, list(quoted.values())


def _measures(file: Traversable, passages: Mapping[str, Passage]) -> dict[str, Measure]:
    measures = by_id((parse(Measure, r, file.name) for r in read_records(file, "measure")["measure"]), file.name)
    for measure in measures.values():
        for passage in measure.passages:
            if passage not in passages:
                raise DataError(file.name, measure.id, f"unknown passage {passage!r}{nearest(passage, passages)}")
    return measures


def _services(records: Iterable[Service], brands: Mapping[str, Brand]) -> dict[str, Service]:
    services = by_id(records, SERVICES)
    for service in services.values():
        if service.brand not in brands:
            fault = f"unknown brand {service.brand!r}{nearest(service.brand, brands)}"
            raise DataError(SERVICES, service.id, fault)
    return services
