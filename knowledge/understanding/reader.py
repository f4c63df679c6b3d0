"""A first message → which brand it names and whether it asks anything.

It only orders what is offered: nothing read here answers a question.
"""

import re
import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.models import Knowledge
from knowledge.records import read_records
from knowledge.understanding.reading import NamedService, Reading

ENOUGH_WEAK_WORDS = 2
WHOLE = ("help", "holdings", "forget", "status")
"""What is asked for by a message that holds nothing else."""


class Reader:
    """Reads messages with the catalogue's names and a small lexicon."""

    def __init__(self, knowledge: Knowledge, folder: Traversable | None = None) -> None:
        """Collect the names, longest first, so that the longest match wins."""
        records = read_records((folder or files("knowledge") / "understanding") / "lexicon.toml", "words")["words"]
        lexicon = {record["means"]: record["words"] for record in records}
        self._strong, self._weak = _any_of(lexicon["strong"]), _any_of(lexicon["weak"])
        self._whole = {_plain(word): kind for kind in WHOLE for word in lexicon[kind]}
        names = {_plain(name): brand.id for brand in knowledge.brands.values() for name in (brand.name, *brand.aliases)}
        for service in knowledge.services.values():
            names |= {_plain(name): service.brand for name in (service.name, *service.aliases)}
        self._brands = names
        self._names = _any_of(names)

    def read(self, text: str) -> Reading:
        """Read a message of any length; never raises."""
        plain = _plain(text)
        if not plain:
            return Reading("empty")
        if plain in self._whole:
            return Reading(self._whole[plain])
        brands = {self._brands[match.group()] for match in self._names.finditer(plain)}
        weak = {match.group() for match in self._weak.finditer(plain)}
        asks = bool(brands or self._strong.search(plain)) or len(weak) >= ENOUGH_WEAK_WORDS
        named = tuple(NamedService(brand, brand) for brand in sorted(brands))
        return Reading("case" if asks else "other", named)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first."""
    return re.compile("|".join(_whole_word(word) for word in sorted(map(_plain, words), key=len, reverse=True)))


def _whole_word(name: str) -> str:
    """A Latin name may not go on in Latin letters: `use` is not in `house`."""
    before = r"(?<![a-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![a-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return f"{before}{re.escape(name)}{after}"
