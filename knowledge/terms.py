"""Text → weighted terms: what a question and a passage have in common is counted in these, in either language."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from knowledge.models import Concept
from knowledge.records import by_id, parse_all, read_records

CONCEPTS = "concepts.toml"
READ = 400
"""Characters of a text that are read: a question is shorter."""
CONCEPT, WORD, FAINT = 1.0, 0.4, 0.1
PAIR = (0.2, 0.1, 0.03)
"""A pair of Japanese characters by how many of them are hiragana: endings and particles tell little."""

LATIN = re.compile(r"[a-z0-9]+")
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿々ー]+")
FRAME = re.compile(
    r"(?:この|その|本|国の)?(?:ガイドライン|指針)(?:(?:で|に)?は|って|だと)(?!何|なに|どう|どんな|いつ|誰|なぜ)"
    r"|(?:について|に関して|のこと)?(?:は|を|に)?(?:何と|なんと|何て|なんて|どう|なに|何か)(?:言|いっ|書|定め|述べ|触れ)\w{0,4}(?:る|ます)(?:の?か)?"
)
"""What asks what the guideline says of anything: it says nothing of the matter."""
HIRAGANA = re.compile(r"[ぁ-ゟ]")
ENDINGS = ("ion", "ing", "ed")
STEM = 3
"""Letters that are left of an English word at least."""


class Terms:
    """Finds the terms of a text: concepts of the shared word list, stems of English words, pairs of characters."""

    def __init__(self, folder: Traversable | None = None) -> None:
        """Read the word list. Raises DataError naming file, concept and remedy."""
        records = read_records((folder or files("knowledge")) / CONCEPTS, "concept", "empty", "faint")
        concepts = by_id(parse_all(Concept, records["concept"], CONCEPTS), CONCEPTS).values()
        self._names = _by_beginning(concepts)
        empty, faint = (_words(records[kind]) for kind in ("empty", "faint"))
        self._words = {**{stem(word): FAINT for word in faint.en}, **{stem(word): 0.0 for word in empty.en}}
        self._blank = re.compile("|".join(re.escape(plain(word)) for word in empty.ja))

    def of(self, text: str) -> dict[str, float]:
        """Return the terms with their weights; of a long text, those of its beginning. Never raises."""
        read = FRAME.sub(" ", plain(text))
        found = dict.fromkeys(self._concepts(read), CONCEPT)
        found |= {word: self._words.get(word, WORD) for word in LATIN.findall(read)}
        for run in JAPANESE.findall(self._blank.sub(" ", read)):
            pairs = (run[at : at + 2] for at in range(len(run) - 1))
            found |= {pair: PAIR[len(HIRAGANA.findall(pair))] for pair in pairs}
        return {term: weight for term, weight in found.items() if weight}

    def _concepts(self, read: str) -> Iterator[str]:
        """Yield the concepts that are named; of names that begin at one place, those of the longest."""
        at = 0
        while at < len(read):
            word = self._longest(read, at)
            yield from self._names[word[:2]][word] if word else ()
            at += len(word) or 1

    def _longest(self, read: str, at: int) -> str:
        if at and _latin(read[at]) and _latin(read[at - 1]):
            return ""
        near = (word for begin in (read[at : at + 2], read[at]) for word in self._names.get(begin, ()))
        return next((word for word in near if read.startswith(word, at) and _ends(word, read, at)), "")


@cache
def shipped_terms() -> Terms:
    """Return those of the word list that is shipped, read once."""
    return Terms()


def _by_beginning(concepts: Iterable[Concept]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return first two characters → each word that begins with them, the longest first → what it means."""
    means: dict[str, list[str]] = {}
    for concept in concepts:
        for word in dict.fromkeys(plain(word) for word in (*concept.ja, *concept.en)):
            means.setdefault(word, []).append(f"#{concept.id}")
    names: dict[str, dict[str, tuple[str, ...]]] = {}
    for word in sorted(means, key=len, reverse=True):
        names.setdefault(word[:2], {})[word] = tuple(means[word])
    return names


def _words(records: list[dict[str, Any]]) -> Concept:
    """Return the words of all the records as one."""
    found = parse_all(Concept, records, CONCEPTS)
    return Concept(id="all", ja=tuple(w for one in found for w in one.ja), en=tuple(w for one in found for w in one.en))


def plain(text: str) -> str:
    """Return the beginning of the text in one width and case, every English word as its stem."""
    read = unicodedata.normalize("NFKC", text[:READ]).casefold().replace("’", "'")
    return LATIN.sub(lambda word: stem(word.group()), read)


def stem(word: str) -> str:
    """Return an English word without its ending, in one spelling; it need only be the same for all its forms."""
    word = word.replace("z", "s").replace("our", "or")
    if word.endswith("ies") and len(word) > STEM + 1:
        word = word.removesuffix("ies") + "y"
    elif word.endswith("s") and len(word) > STEM and not word.endswith(("ss", "us", "is")):
        word = word.removesuffix("s")
    ending = next((ending for ending in ENDINGS if word.endswith(ending) and len(word) >= STEM + len(ending)), "")
    word = word.removesuffix(ending)
    word = word.removesuffix("e") if len(word) > STEM else word
    doubled = len(word) > STEM + 1 and word[-1] == word[-2] and word[-1] not in "sl"
    return word[:-1] if doubled else word


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _ends(word: str, read: str, at: int) -> bool:
    """An English word may not go on."""
    end = at + len(word)
    return end == len(read) or not (_latin(word[-1]) and _latin(read[end]))
