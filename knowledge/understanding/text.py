"""A message as it is compared: NFKC, lower case, every character still knowing where it stood in what was written."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MARKS = "\u3099\u309a\uff9e\uff9f"
"""Voicing marks of half-width and decomposed kana: they belong to the character before them."""

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"’": "'", "‘": "'", "“": '"', "”": '"'})
CLUSTER = re.compile(f"[^\\s][{MARKS}\u0300-\u036f]*|\\s+")


@dataclass(frozen=True)
class Plain:
    """`text` as it is compared, and for each of its characters the (start, end) it was made of in `written`."""

    written: str
    text: str
    spans: tuple[tuple[int, int], ...]

    def words(self, start: int, end: int) -> str:
        """Return what was written where the compared text runs from `start` to `end`."""
        return self.written[self.spans[start][0] : self.spans[end - 1][1]] if end > start else ""


def plain(written: str) -> Plain:
    """Return the message as it is compared; white space is one space, or a line break where there was one."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in CLUSTER.finditer(written):
        folded = _folded(found.group())
        parts.append(folded)
        spans += [found.span()] * len(folded)
    return Plain(written, "".join(parts), tuple(spans))


@lru_cache(8192)
def _folded(cluster: str) -> str:
    if cluster.isspace():
        return "\n" if "\n" in cluster else " "
    folded = unicodedata.normalize("NFKC", cluster).casefold().translate(DASHES)
    return "".join(c for c in folded if c >= " " and c != "\u200b" and not unicodedata.category(c).startswith("C"))
