"""`kakunin understand`: JSON lines in, what each text was read as out."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from bot.lines import LineError, answer_lines, shape_faults, unread
from knowledge.understanding.reader import Reader
from knowledge.understanding.reading import Reading
from rules.editions import load_rulebook

KEYS = ("id", "text")


def understand_lines(source: BinaryIO, target: TextIO, overlay: Path | None = None) -> int:
    """Read every non-blank line `{"id", "text"}` (UTF-8). Returns 1 if any line had a fault, else 0."""
    reader = Reader(load_rulebook(overlay=overlay).knowledge)
    return answer_lines(source, target, lambda record: told(reader.read(_text(record))))


def told(reading: Reading) -> Mapping[str, object]:
    """Return services, facts, evidence and warnings; a service whose name is probably mistyped is among them."""
    named = [(service.id, service.text) for service in reading.services]
    named += [(slip.service, slip.text) for slip in reading.slips if slip.service not in {name for name, _ in named}]
    return {
        "services": [{"id": name, "text": text} for name, text in named],
        "facts": dict(reading.facts),
        "evidence": [{"fact": e.fact, "value": e.value, "text": e.text} for e in reading.evidence],
        "warnings": list(reading.warnings),
    }


def _text(record: dict[str, Any]) -> str:
    faults = [*shape_faults(record, KEYS), *unread(record), *_missing(record)]
    if faults:
        raise LineError("; ".join(faults))
    return str(record["text"])


def _missing(record: dict[str, Any]) -> Iterable[str]:
    if "text" not in record:
        yield "text: is missing"
    elif not isinstance(record["text"], str):
        yield "text: not a string"
