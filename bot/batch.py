"""`kakunin evaluate`: JSON lines in, one judgement a line out, in order and streamed."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from knowledge.errors import KakuninError, nearest
from knowledge.models import Knowledge
from rules.editions import load_rulebook
from rules.errors import FactError
from rules.evaluator import Evaluator, make_evaluator
from rules.models import UNKNOWN, Evaluation
from rules.vocabulary import parse_facts

SHOWN = 20
"""Digits of a number that is refused."""
KEYS = ("id", "facts", "service")
FIELDS = ("data_class", "checklist", "verdict", "obligation", "rules", "passages", "measures", "engine", "edition")


class LineError(KakuninError):
    """A line that cannot be judged; the text names all its faults."""


def evaluate_lines(source: BinaryIO, target: TextIO, overlay: Path | None = None) -> int:
    """Judge every non-blank line of `source` (UTF-8). Returns 1 if any line had a fault, else 0."""
    book = load_rulebook(overlay=overlay)
    knowledge, evaluator = book.knowledge, make_evaluator(book.rulebase)
    status = 0
    for number, raw in enumerate(source):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw
        if line.strip():
            answer = _answer(line, evaluator, knowledge)
            status = 1 if "error" in answer else status
            target.write(_dumped(answer) + "\n")
            target.flush()
    return status


def _answer(line: bytes, evaluator: Evaluator, knowledge: Knowledge) -> dict[str, Any]:
    name: object = None
    try:
        record = parse_line(line)
        name = record.get("id")
        if isinstance(name, dict | list | _Unread):
            name = None
        return {"id": name, **_told(judge_record(record, evaluator, knowledge))}
    except KakuninError as error:
        return {"id": name, "error": str(error)}


def parse_line(line: bytes) -> dict[str, Any]:
    """Return the JSON object on the line (UTF-8). Raises LineError."""
    try:
        record = json.loads(
            line.decode("utf-8"), object_pairs_hook=_once, parse_constant=_Unread, parse_float=_finite, parse_int=_whole
        )
    except UnicodeDecodeError:
        raise LineError("not UTF-8") from None
    except RecursionError:
        raise LineError("not JSON that can be read: nested too deeply") from None
    except json.JSONDecodeError as error:
        raise LineError(f"not JSON: {error}") from None
    if not isinstance(record, dict):
        raise LineError('not an object: write {"id": …, "facts": {…}}')
    return record


class _Repeated(dict[str, Any]):
    """An object in which keys were repeated: kept, so that the line's id can still be told."""

    keys_twice: tuple[str, ...] = ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = _Repeated(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.keys_twice = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    return found


@dataclass(frozen=True)
class _Unread:
    """A number or constant that cannot be taken as a value: kept, so that the line's other faults can be told."""

    text: str

    def __str__(self) -> str:
        """Return what is wrong with it."""
        if self.text.removeprefix("-").isalpha():
            return f"{self.text} is no JSON value"
        return f"the number {self.text[:SHOWN]}{'…' * (len(self.text) > SHOWN)} is too large or has too many digits"


def _finite(digits: str) -> float | _Unread:
    number = float(digits)
    return _Unread(digits) if math.isinf(number) else number


def _whole(digits: str) -> int | _Unread:
    try:
        return int(digits)
    except ValueError:  # Python reads no integer of more than 4,300 digits
        return _Unread(digits)


def _unread(value: object) -> Iterator[str]:
    """Yield what could not be taken, wherever it stands, with the name it stands under."""
    waiting = [("", value)]
    while waiting:
        where, at = waiting.pop()
        if isinstance(at, _Unread):
            yield f"{where}: {at}" if where else str(at)
        elif isinstance(at, dict):
            waiting += reversed(at.items())
        elif isinstance(at, list):
            waiting += ((where, inner) for inner in reversed(at))


def judge_record(record: dict[str, Any], evaluator: Evaluator, knowledge: Knowledge) -> Evaluation:
    """Judge `{"id", "facts", "service"?}`. Raises LineError naming all its faults."""
    faults = [*_shape_faults(record), *_unread(record), *_service_faults(record, knowledge)]
    given = record.get("facts")
    read = {name: value for name, value in given.items() if not any(_unread(value))} if isinstance(given, dict) else {}
    try:
        facts = parse_facts(evaluator.rulebase, read, str(record.get("service", UNKNOWN)))
    except FactError as error:
        faults.extend(error.faults)
    if faults:
        raise LineError("; ".join(faults))
    return evaluator.evaluate(facts)


def _shape_faults(record: dict[str, Any]) -> Iterable[str]:
    for key in record:
        if key not in KEYS:
            yield f"unknown key {key!r}{nearest(key, KEYS)}"
    if isinstance(record.get("id"), dict | list):
        yield "id: not a string, number, true, false or null"
    if "facts" not in record:
        yield "facts: is missing"
    elif not isinstance(record["facts"], dict):
        yield "facts: not an object"
    for part in (record, record.get("facts")):
        for name in getattr(part, "keys_twice", ()):
            yield f"{name!r} is given twice"


def _service_faults(record: dict[str, Any], knowledge: Knowledge) -> Iterable[str]:
    if "service" not in record:
        return
    service = record["service"]
    if isinstance(service, _Unread):
        return
    if not isinstance(service, str):
        yield "service: not a catalogue id"
    elif service not in knowledge.services:
        yield f"unknown service {service!r}{nearest(service, knowledge.services)}"


def _told(evaluation: Evaluation) -> Mapping[str, object]:
    told = {name: getattr(evaluation, name) for name in FIELDS}
    return {**told, "disputed": True} if evaluation.disputed else told


def _dumped(answer: Mapping[str, object]) -> str:
    """UTF-8 where it can be; a lone surrogate in an id is echoed as its escape."""
    text = json.dumps(answer, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(answer)
    return text
