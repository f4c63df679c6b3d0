"""An institution's overlay folder → what it adds to the knowledge: offices, services, contracts, passages, wording.

Its rules, facts and questions are read by the floors above from the same folder.
"""

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import BaseModel

from knowledge.asked_as import ASKED_AS, with_own
from knowledge.errors import DataError, Faults, nearest
from knowledge.loader import SERVICES, check_brands, load_passages
from knowledge.models import (
    Bilingual,
    Brand,
    Contact,
    Institution,
    Knowledge,
    Passage,
    Record,
    Service,
    ServiceFact,
    ServiceKind,
    Source,
)
from knowledge.records import by_id, parse, parse_all, read_records, read_toml

Model = TypeVar("Model", bound=BaseModel)
Worded = TypeVar("Worded", bound=Record)

INSTITUTION, CONTACTS, WORDING, GLOSSARY = "institution.toml", "contacts.toml", "wording.toml", "glossary.toml"
FILES = (
    *(INSTITUTION, CONTACTS, SERVICES, ASKED_AS, WORDING, GLOSSARY),
    *("facts.toml", "rules.toml", "cards.toml"),
)
RECORD = "record.docx"
"""The Word template of the record; it decides nothing, so it is no part of what a receipt is bound to."""
FOLDERS = ("passages", "sources")
COPIES = "~"
NOTES = (".md", COPIES)
"""How names end that an overlay leaves alone: notes, and copies that an editor keeps (the only ones in a folder)."""
NOBODYS = ("other", "unknown")
"""What is said instead of a service: no service may have these names."""
LONGEST = 40
"""Characters of a service's id, so that there is a rule to suspend it by."""


class Contract(Record):
    """What the institution's own contract says of a service: each fact with its source and date."""

    service: str
    kind: ServiceKind | None = None
    facts: Mapping[str, ServiceFact] = {}


def with_institution(knowledge: Knowledge, folder: Traversable) -> Knowledge:
    """Return the knowledge with the folder's own laid over it. Raises DataError with file, id and remedy."""
    check_folder(folder)
    faults, changed = Faults(), dict[str, Any]()
    with faults.gathered():
        changed["brands"], changed["services"] = _offered(knowledge, folder)
    with faults.gathered():
        changed["sources"], changed["passages"] = _quotable(knowledge, folder)
    with faults.gathered():
        changed["measures"] = reworded(knowledge.measures, folder, "measure", ("label", "detail"))
    with faults.gathered():
        changed["institution"] = _institution(folder)
    faults.tell()
    _check_suspended(changed["institution"], changed["services"])
    own = changed["passages"].keys() - knowledge.passages.keys()
    words = overlay_records(folder, ASKED_AS, "passage")["passage"]
    changed["asked_as"] = with_own(knowledge.asked_as, words, changed["passages"], own)
    return knowledge.model_copy(update=changed)


def _offered(knowledge: Knowledge, folder: Traversable) -> tuple[dict[str, Brand], dict[str, Service]]:
    """Return brands and services, with the folder's own and what its contracts say."""
    records = overlay_records(folder, SERVICES, "brand", "service", "contract")
    brands = {**knowledge.brands, **_new("brand", Brand, records["brand"], knowledge.brands)}
    own = _new("service", Service, records["service"], knowledge.services)
    services = {**knowledge.services, **{name: _told(service, service.facts) for name, service in own.items()}}
    services |= _contracted(services, records["contract"])
    check_brands(services, brands)
    _check_names(services, brands)
    return brands, services


def _quotable(knowledge: Knowledge, folder: Traversable) -> tuple[dict[str, Source], dict[str, Passage]]:
    """Return sources and passages, with the folder's own."""
    sources, passages = load_passages(folder) if (folder / "passages").is_dir() else ({}, {})
    _refuse_unread(folder / "sources", {source.file for source in sources.values()})
    for what, new, old in (("source", sources, knowledge.sources), ("passage", passages, knowledge.passages)):
        for name in new.keys() & old.keys():
            raise DataError("passages", name, f"a {what} with this id is part of the guideline; choose another")
    return {**knowledge.sources, **sources}, {**knowledge.passages, **passages}


def overlay_records(folder: Traversable, name: str, *kinds: str) -> dict[str, list[dict[str, Any]]]:
    """Return the records of a file of the overlay; none where the file is left out."""
    file = folder / name
    return read_records(file, *kinds) if file.is_file() else {kind: [] for kind in kinds}


def overlay_files(folder: Traversable) -> list[str]:
    """Return the path of every file of the overlay, with `/`, in order; hidden ones are no part of it."""
    found: list[tuple[str, ...]] = [(file.name,) for file in _shown(folder) if file.is_file()]
    for name in FOLDERS:
        found += [(name, file.name) for file in _shown(folder / name) if file.is_file()]
    return ["/".join(path) for path in sorted(found)]


def _shown(folder: Traversable) -> list[Traversable]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((each for each in found if not each.name.startswith(".")), key=lambda each: each.name)


def check_folder(folder: Traversable) -> None:
    """Raise DataError if the folder is missing, or holds what nothing would read or what cannot be read."""
    if not folder.is_dir():
        raise DataError(str(folder), "folder", "is missing; an overlay is a folder with institution.toml")
    for found in _shown(folder):
        kind, known = ("folder", FOLDERS) if found.is_dir() else ("file", (*FILES, RECORD))
        if found.name not in known and not found.name.endswith(NOTES):
            fault = f"is not a {kind} of an overlay, so nothing would read it{nearest(found.name, known)}"
            raise DataError(found.name, kind, fault)
        _refuse_dangling(found, found.name)
    for found in _shown(folder / "passages"):
        _refuse_dangling(found, f"passages/{found.name}")
        if not found.name.endswith(COPIES) and (found.is_dir() or not found.name.endswith(".toml")):
            raise DataError(f"passages/{found.name}", "file", "is no TOML file, so nothing would read it")


def _refuse_unread(sources: Traversable, read: set[str]) -> None:
    """Every file beside the texts that passages quote is a mistake: somebody may rely on it."""
    for found in _shown(sources):
        _refuse_dangling(found, f"sources/{found.name}")
        if found.name not in read and not found.name.endswith(COPIES):
            fault = f"no [[source]] names it, so nothing would read it{nearest(found.name, read)}"
            raise DataError(f"sources/{found.name}", "file", fault)


def _refuse_dangling(found: Traversable, name: str) -> None:
    if not found.is_file() and not found.is_dir():
        raise DataError(name, "file", "is no file that can be read; a link perhaps that leads nowhere")


def _institution(folder: Traversable) -> Institution:
    faults, contacts = Faults(), list[Contact]()
    for record in overlay_records(folder, CONTACTS, "contact")["contact"]:
        with faults.gathered():
            contacts.append(_parsed(Contact, record, CONTACTS, record.get("office")))
            if [contact.office for contact in contacts].count(contacts[-1].office) > 1:
                raise DataError(CONTACTS, contacts[-1].office, "this office is given twice")
    with faults.gathered():
        record = read_toml(folder / INSTITUTION)
        if "contacts" in record:
            raise DataError(INSTITUTION, "contacts", f"write each as [[contact]] in {CONTACTS}")
        institution = parse(Institution, {**record, "contacts": ()}, INSTITUTION)
    faults.tell()
    _check_escalation(institution.desk.escalate, [contact.office for contact in contacts])
    return institution.model_copy(update={"contacts": tuple(contacts)})


def _check_escalation(office: str, known: list[str]) -> None:
    if office and office not in known:
        raise DataError(INSTITUTION, "desk", f"escalate: no contact for the office {office!r}{nearest(office, known)}")


def _check_suspended(institution: Institution, services: Mapping[str, Service]) -> None:
    known = services.keys() | {service.brand for service in services.values()}
    for name in institution.suspended:
        if name not in known:
            raise DataError(INSTITUTION, "suspended", f"unknown service or brand {name!r}{nearest(name, known)}")
        if institution.suspended.count(name) > 1:
            raise DataError(INSTITUTION, "suspended", f"{name!r} is named twice")


def _parsed(model: type[Model], record: Mapping[str, Any], file: str, name: object) -> Model:
    """Return the record as `model`; a fault names the record by `name`, as it has no id."""
    try:
        return parse(model, record, file)
    except DataError as error:
        raise DataError(file, error.what if name is None else str(name), error.fault) from None


def _new(kind: str, model: type[Any], records: list[dict[str, Any]], old: Mapping[str, Any]) -> dict[str, Any]:
    found = by_id(parse_all(model, records, SERVICES), SERVICES)
    for name in found:
        if len(name) > LONGEST:
            raise DataError(SERVICES, name, f"this id is too long; choose one of at most {LONGEST} characters")
    for name in found.keys() & old.keys():
        raise DataError(SERVICES, name, f"this {kind} is in the catalogue; [[contract]] says what your contract adds")
    return found


def _check_names(services: Mapping[str, Service], brands: Mapping[str, Brand]) -> None:
    """Rules and suspensions name a service or a brand, so a name may mean one thing only."""
    for name in NOBODYS:
        if name in services or name in brands:
            raise DataError(SERVICES, name, "this id stands for no service of the catalogue; choose another")
    for service in services.values():
        if service.id in brands and service.brand != service.id:
            raise DataError(SERVICES, service.id, "is the id of a brand that it does not belong to; choose another")


def _told(service: Service, facts: Mapping[str, ServiceFact], kind: ServiceKind | None = None) -> Service:
    """Return the service with facts that the institution tells."""
    own = {name: fact.model_copy(update={"institution": True}) for name, fact in facts.items()}
    return service.model_copy(update={"facts": {**service.facts, **own}, "kind": kind or service.kind})


def _contracted(services: Mapping[str, Service], records: list[dict[str, Any]]) -> dict[str, Service]:
    """Return the services with the contract's facts, which are verified: the institution signed it."""
    changed: dict[str, Service] = {}
    for record in records:
        contract = _parsed(
            Contract, {**record, "facts": _verified(record.get("facts", {}))}, SERVICES, record.get("service")
        )
        if contract.service not in services:
            fault = f"unknown service {contract.service!r}{nearest(contract.service, services)}"
            raise DataError(SERVICES, contract.service, fault)
        if contract.service in changed:
            raise DataError(SERVICES, contract.service, "two contracts on this service; make them one")
        changed[contract.service] = _told(services[contract.service], contract.facts, contract.kind)
    return changed


def _verified(facts: object) -> object:
    """Return the facts of a contract as verified where nothing else is said; what is no fact stays for the parser."""
    if not isinstance(facts, dict):
        return facts
    return {name: {"verified": True, **fact} if isinstance(fact, dict) else fact for name, fact in facts.items()}


def reworded(old: Mapping[str, Worded], folder: Traversable, kind: str, fields: tuple[str, ...]) -> dict[str, Worded]:
    """Return the records by id, with the overlay's own words in the given bilingual fields."""
    changed = dict(old)
    seen: set[str] = set()
    for record in overlay_records(folder, WORDING, "measure", "card")[kind]:
        name = str(record.get("id"))
        if name not in old:
            raise DataError(WORDING, name, f"there is no {kind} with this id{nearest(name, old)}")
        if name in seen:
            raise DataError(WORDING, name, f"this {kind} is worded twice; make it one")
        seen.add(name)
        strange = [key for key in record if key not in ("id", *fields)]
        if strange:
            raise DataError(WORDING, name, f"unknown key {strange[0]!r}{nearest(strange[0], fields)}")
        words = {key: _words(record[key], f"{name}: {key}") for key in fields if key in record}
        changed[name] = changed[name].model_copy(update=words)
    return changed


def _words(text: object, name: str) -> Bilingual:
    if not isinstance(text, dict):
        raise DataError(WORDING, name, "write it in both languages: { ja = …, en = … }")
    return _parsed(Bilingual, text, WORDING, name)
