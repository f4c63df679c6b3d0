"""JSON that is hashed and recomputed: one form to write it in, and nothing read that could be read in two ways."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.errors import KakuninError

BLANK = re.compile(r"[ \t\r\n]*")


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one form that is hashed: sorted keys, no blanks, UTF-8. Raises UnicodeEncodeError."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def documents(text: str) -> Iterator[object]:
    """Yield every JSON value of the text, those of an array one by one. Raises KakuninError for what is not JSON."""
    decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
    position = _skip(text, 0)
    while position < len(text):
        try:
            found, position = decoder.raw_decode(text, position)
        except RecursionError:
            raise KakuninError("not JSON that can be read: nested too deeply") from None
        except json.JSONDecodeError as error:
            raise KakuninError(f"not JSON: {error}") from None
        except ValueError:  # Python reads no integer of more than 4,300 digits
            raise KakuninError("a number has too many digits") from None
        yield from found if isinstance(found, list) else [found]
        position = _skip(text, position)


def _skip(text: str, position: int) -> int:
    blank = BLANK.match(text, position)
    return blank.end() if blank else position


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise KakuninError(f"{name!r} is given twice in one object")
        found[name] = value
    return found


def _no_constant(name: str) -> object:
    raise KakuninError(f"not JSON: {name} is no JSON value")
