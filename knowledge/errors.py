"""Errors of the knowledge floor.

KakuninError                 every error this project raises on purpose
└── DataError                a TOML file says something that cannot be right (file, id, remedy)
    └── DataErrors           several of them, told together
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches


class KakuninError(Exception):
    """Base of all errors raised on purpose; its text is fit to be shown to a person."""


class DataError(KakuninError):
    """A data file has a fault. `where` is the file, `what` the record, `fault` the finding."""

    def __init__(self, where: str, what: str, fault: str) -> None:
        super().__init__(f"{where}: {what}: {fault}")
        self.where, self.what, self.fault = where, what, fault

    @property
    def every(self) -> tuple["DataError", ...]:
        """Return the single faults it tells."""
        return (self,)


class DataErrors(DataError):
    """Several faults, a line each; `where`, `what` and `fault` are those of the first."""

    def __init__(self, faults: Iterable[DataError]) -> None:
        self._every = tuple(faults)
        super().__init__(self._every[0].where, self._every[0].what, self._every[0].fault)

    def __str__(self) -> str:
        """Return every fault on a line of its own."""
        return "\n".join(map(str, self._every))

    @property
    def every(self) -> tuple[DataError, ...]:
        """Return the single faults it tells."""
        return self._every


class Faults:
    """Gathers faults of data that do not depend on each other, so that whoever mends them hears of all at once."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: dict[str, DataError] = {}

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep what is raised inside, and go on."""
        try:
            yield
        except DataError as error:
            self._found |= {str(fault): fault for fault in error.every}

    def tell(self) -> None:
        """Raise DataError with everything that was gathered, if anything was."""
        found = list(self._found.values())
        if found:
            raise DataErrors(found) if len(found) > 1 else found[0]


SHORT = 3


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean 'x'?` for the closest known spelling, or an empty string."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6 if len(word) > SHORT else 0.5)
    return f", did you mean {close[0]!r}?" if close else ""
