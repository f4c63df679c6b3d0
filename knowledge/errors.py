"""Errors of the knowledge floor.

KakuninError                 every error this project raises on purpose
└── DataError                a TOML file says something that cannot be right (file, id, remedy)
"""

from collections.abc import Iterable
from difflib import get_close_matches


class KakuninError(Exception):
    """Base of all errors raised on purpose; its text is fit to be shown to a person."""


class DataError(KakuninError):
    """A data file has a fault. `where` is the file, `what` the record, `fault` the finding."""

    def __init__(self, where: str, what: str, fault: str) -> None:
        super().__init__(f"{where}: {what}: {fault}")
        self.where, self.what, self.fault = where, what, fault


SHORT = 3


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean 'x'?` for the closest known spelling, or an empty string."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6 if len(word) > SHORT else 0.5)
    return f", did you mean {close[0]!r}?" if close else ""
