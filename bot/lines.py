"""JSON lines in, one answer a line out, in order and streamed; a bad line is told on its own line."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from knowledge.errors import KakuninError, nearest

SHOWN = 20
"""Digits of a number that is refused."""


class LineError(KakuninError):
    """A line that cannot be answered; the text names all its faults."""


def answer_lines(source: BinaryIO, target: TextIO, answer: Callable[[dict[str, Any]], Mapping[str, object]]) -> int:
    """Answer every non-blank line of `source` (UTF-8), with its id. Returns 1 if any line had a fault, else 0."""
    status = 0
    for number, raw in enumerate(source):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw
        if line.strip():
            answered = _answered(line, answer)
            status = 1 if "error" in answered else status
            target.write(dumped(answered) + "\n")
            target.flush()
    return status


def _answered(line: bytes, answer: Callable[[dict[str, Any]], Mapping[str, object]]) -> dict[str, object]:
    name: object = None
    try:
        record = parse_line(line)
        name = record.get("id")
        if isinstance(name, dict | list | Unread):
            name = None
        return {"id": name, **answer(record)}
    except KakuninError as error:
        return {"id": name, "error": str(error)}


def parse_line(line: bytes) -> dict[str, Any]:
    """Return the JSON object on the line (UTF-8). Raises LineError."""
    try:
        record = json.loads(
            line.decode("utf-8"), object_pairs_hook=_once, parse_constant=Unread, parse_float=_finite, parse_int=_whole
        )
    except UnicodeDecodeError:
        raise LineError("not UTF-8") from None
    except RecursionError:
        raise LineError("not JSON that can be read: nested too deeply") from None
    except json.JSONDecodeError as error:
        raise LineError(f"not JSON: {error}") from None
    if not isinstance(record, dict):
        raise LineError('not an object: write {"id": …, …}')
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
class Unread:
    """A number or constant that cannot be taken as a value: kept, so that the line's other faults can be told."""

    text: str

    def __str__(self) -> str:
        """Return what is wrong with it."""
        if self.text.removeprefix("-").isalpha():
            return f"{self.text} is no JSON value"
        return f"the number {self.text[:SHOWN]}{'…' * (len(self.text) > SHOWN)} is too large or has too many digits"


def _finite(digits: str) -> float | Unread:
    number = float(digits)
    return Unread(digits) if math.isinf(number) else number


def _whole(digits: str) -> int | Unread:
    try:
        return int(digits)
    except ValueError:  # Python reads no integer of more than 4,300 digits
        return Unread(digits)


def unread(value: object) -> Iterator[str]:
    """Yield what could not be taken, wherever it stands, with the name it stands under."""
    waiting = [("", value)]
    while waiting:
        where, at = waiting.pop()
        if isinstance(at, Unread):
            yield f"{where}: {at}" if where else str(at)
        elif isinstance(at, dict):
            waiting += reversed(at.items())
        elif isinstance(at, list):
            waiting += ((where, inner) for inner in reversed(at))


def shape_faults(record: dict[str, Any], keys: Sequence[str]) -> Iterable[str]:
    """Yield unknown keys, an id that is no scalar, and keys given twice, also one level down."""
    for key in record:
        if key not in keys:
            yield f"unknown key {key!r}{nearest(key, keys)}"
    if isinstance(record.get("id"), dict | list):
        yield "id: not a string, number, true, false or null"
    for part in (record, *record.values()):
        for name in getattr(part, "keys_twice", ()):
            yield f"{name!r} is given twice"


def dumped(answer: Mapping[str, object]) -> str:
    """Return it as JSON: UTF-8 where it can be; a lone surrogate in an id is echoed as its escape."""
    text = json.dumps(answer, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(answer)
    return text
