"""TOML → Knowledge. Refuses a quotation that is not in its source, repeated ids and dangling references."""

import re
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.asked_as import load_asked_as
from knowledge.errors import DataError, nearest
from knowledge.models import Brand, Knowledge, Measure, Passage, Service, Source
from knowledge.records import by_id, parse, read_records, read_text, toml_files

SERVICES = "services.toml"
PLAIN_NAME = re.compile(r"[^./\\:\x00-\x1f][^/\\:\x00-\x1f]*")


def load_knowledge(folder: Traversable | None = None) -> Knowledge:
    """Load sources, passages and how they are asked for, measures, services. Raises DataError: file, id and remedy."""
    folder = folder or files("knowledge")
    sources, passages = load_passages(folder)
    asked_as, unsaid = load_asked_as(folder, passages)
    services = read_records(folder / SERVICES, "brand", "service")
    brands = by_id((parse(Brand, record, SERVICES) for record in services["brand"]), SERVICES)
    found = by_id((parse(Service, record, SERVICES) for record in services["service"]), SERVICES)
    check_brands(found, brands)
    return Knowledge(
        sources=sources,
        passages=passages,
        measures=_measures(folder / "measures.toml", passages),
        brands=brands,
        services=found,
        asked_as=asked_as,
        unsaid=unsaid,
    )


def load_passages(folder: Traversable) -> tuple[dict[str, Source], dict[str, Passage]]:
    """Load `passages/*.toml`, each with the text it quotes in `sources/`. Raises DataError."""
    sources: list[Source] = []
    passages: list[Passage] = []
    for file in toml_files(folder / "passages"):
        source, quoted = _passages(file, folder / "sources")
        sources.append(source)
        passages.extend(quoted)
    return by_id(sources, "passages"), by_id(passages, "passages")


def bare(text: str) -> str:
    """Return the text as quotations are compared: NFC, without `**` and without any white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text).replace("**", ""))


def _passages(file: Traversable, sources: Traversable) -> tuple[Source, list[Passage]]:
    data = read_records(file, "source", "passage")
    if len(data["source"]) != 1:
        raise DataError(file.name, "source", "exactly one [[source]] is needed")
    source = parse(Source, data["source"][0], file.name)
    if not PLAIN_NAME.fullmatch(source.file):
        raise DataError(file.name, source.id, f"file = {source.file!r}: write the plain name of a file in sources/")
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


def check_brands(services: Mapping[str, Service], brands: Mapping[str, Brand]) -> None:
    """Raise DataError for a service whose brand there is not."""
    for service in services.values():
        if service.brand not in brands:
            fault = f"unknown brand {service.brand!r}{nearest(service.brand, brands)}"
            raise DataError(SERVICES, service.id, fault)
