"""How the stand-in says no, and how its methods read their arguments."""

from collections.abc import Mapping
from typing import Any

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


class Refused(Exception):
    """Slack's `ok: false` with its error code."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.answer: Answer = {"ok": False, "error": error, **more}


def text_of(arguments: Arguments, name: str, error: str) -> str:
    """Return an argument that has to be a text. Raises Refused with the error."""
    value = arguments.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(error)
    return value
