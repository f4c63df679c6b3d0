"""The receipt of a verdict: what it was decided by, from which answers, and what came out. Records and their JSON.

A receipt names no person and no place. Its hash covers everything else in it, and so the hash of the receipt before:
nothing in a chain can be changed without the next one telling.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from conversations.interview import Progress
from conversations.models import Case
from conversations.provenance import Code, Day, Given, Moment, given_facts, moment
from conversations.strict_json import canonical, documents
from knowledge.errors import DataError, KakuninError
from knowledge.models import Record
from knowledge.records import parse
from rules.editions import Rulebook
from rules.models import Evaluation

FORMAT: Literal["kakunin-receipt-1"] = "kakunin-receipt-1"
Occasion = Literal["verdict", "re-evaluation"]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in hexadecimal."""


class EditionStamp(Record):
    """The edition a verdict was decided by."""

    id: Code
    effective_from: Day


class Digests(Record):
    """SHA-256 of each part of the edition; `overlay` is null where no institution's rules stood beside it."""

    tables: Hash
    passages: Hash
    measures: Hash
    services: Hash
    overlay: Hash | None


class Result(Record):
    """What was decided. `checklist`: item to status."""

    data_class: Code
    checklist: Mapping[Code, Code]
    verdict: Code
    obligation: Code
    rules: tuple[Code, ...]
    passages: tuple[Code, ...]
    measures: tuple[Code, ...]
    disputed: Annotated[bool, Field(strict=True)]


class MadeWith(Record):
    """The program's version and which engine decided; neither is part of what has to come out the same."""

    version: str
    engine: Code


class Receipt(Record):
    """One verdict of one case. `number` counts from 1 within the case; `previous` is the hash of the one before."""

    format: Literal["kakunin-receipt-1"]
    case: Code
    number: Annotated[int, Field(strict=True, ge=1)]
    made_at: Moment
    occasion: Occasion
    edition: EditionStamp
    overlay: Code | None
    sha256: Digests
    service: Code | None
    answers: tuple[Given, ...]
    result: Result
    made_with: MadeWith
    previous: Hash | None
    hash: Hash

    def to_json(self, indent: int | None = None) -> str:
        """Return the receipt as JSON: compact, or indented for reading."""
        separators = (",", ":") if indent is None else None
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=separators, indent=indent)

    def day(self, zone: ZoneInfo) -> date:
        """Return the day on which it was made."""
        return day_of(self.made_at, zone)

    def content_hash(self) -> str:
        """Return the hash that this content should carry."""
        return sha256(canonical(self.model_dump(mode="json", exclude={"hash"}))).hexdigest()


def day_of(at: str, zone: ZoneInfo) -> date:
    """Return the day, in a time zone, of a moment that a receipt tells."""
    return datetime.fromisoformat(at).astimezone(zone).date()


def make_receipt(  # noqa: PLR0913, PLR0917 - it joins everything that a verdict was made of
    rulebook: Rulebook,
    case: Case,
    progress: Progress,
    evaluation: Evaluation,
    at: datetime,
    previous: Receipt | None,
    occasion: Occasion = "verdict",
) -> Receipt:
    """Return the receipt that follows `previous` in the case."""
    edition = rulebook.edition
    draft = Receipt(
        format=FORMAT,
        case=case.id,
        number=previous.number + 1 if previous else 1,
        made_at=moment(at),
        occasion=occasion,
        edition=EditionStamp(id=edition.id, effective_from=edition.effective_from.isoformat()),
        overlay=rulebook.institution,
        sha256=digests_of(rulebook),
        service=progress.service,
        answers=given_facts(rulebook.rulebase, rulebook.knowledge, case, progress),
        result=result_of(evaluation),
        made_with=MadeWith(version=_version(), engine=evaluation.engine),
        previous=previous.hash if previous else None,
        hash="0" * 64,
    )
    return draft.model_copy(update={"hash": draft.content_hash()})


def digests_of(rulebook: Rulebook) -> Digests:
    """Return the digests that a receipt records."""
    return Digests.model_validate({part: rulebook.digests.get(part) for part in Digests.model_fields})


def result_of(evaluation: Evaluation) -> Result:
    """Return what of an evaluation a receipt records."""
    return Result.model_validate({name: getattr(evaluation, name) for name in Result.model_fields})


def same_result(one: Receipt, other: Receipt) -> bool:
    """Whether two receipts record the same decision, whenever made: then the later one says nothing new."""
    return _decision(one) == _decision(other)


def _decision(receipt: Receipt) -> tuple[object, ...]:
    told = tuple((given.fact, given.value, given.source) for given in receipt.answers)
    return receipt.edition, receipt.overlay, receipt.sha256, receipt.service, told, receipt.result


def read_receipts(text: str) -> tuple[Receipt, ...]:
    """Return the receipts of a JSON object, an array of them, or JSON lines. Raises KakuninError naming all faults."""
    receipts: list[Receipt] = []
    faults: list[str] = []
    for number, record in enumerate(documents(text), 1):
        try:
            receipts.append(_receipt(record))
        except KakuninError as error:
            faults.append(f"receipt {number}: {error}")
    if faults:
        raise KakuninError("; ".join(faults))
    if not receipts:
        raise KakuninError("there is no receipt in it")
    return tuple(receipts)


def _receipt(record: object) -> Receipt:
    if not isinstance(record, dict):
        raise KakuninError('not an object: a receipt begins with {"format": …')
    try:
        canonical(record)
        return parse(Receipt, record, "receipt")
    except UnicodeEncodeError:
        raise KakuninError("holds half a character (a lone surrogate)") from None
    except DataError as error:
        raise KakuninError(error.fault) from None


def _version() -> str:
    try:
        return version("kakunin")
    except PackageNotFoundError:
        return "unknown"
