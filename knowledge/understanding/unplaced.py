"""How many words of a message were not understood, by the class of their letters; the words themselves are let go."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable

from knowledge.records import read_records

FILE = "common.toml"
CLASSES: Mapping[str, str] = {
    "katakana": r"[ァ-ヴー]{3,}",
    "kanji": r"[一-龯々]{2,}",
    "latin": r"[a-z][a-z0-9'-]{2,}",
    "number": r"\d{3,}",
}
WORD = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in CLASSES.items()))


class Unplaced:
    """Counts what no list knows."""

    def __init__(self, folder: Traversable) -> None:
        """Take the common words of `common.toml`, which mean nothing for a case. Raises DataError."""
        records = read_records(folder / FILE, "common")["common"]
        self._common = frozenset(word for record in records for word in record["words"])

    def count(self, text: str, places: Iterable[tuple[int, int]]) -> dict[str, int]:
        """Return how many words of each class stand outside `places` and are not common."""
        known = set[int]().union(*(range(start, end) for start, end in places))
        found = (match for match in WORD.finditer(text) if match.group() not in self._common)
        return dict(Counter(match.lastgroup or "" for match in found if known.isdisjoint(range(*match.span()))))
