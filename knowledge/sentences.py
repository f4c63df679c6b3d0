"""A source's text → its sentences and list items in order, each with its heading and the passages that quote it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise

from knowledge.loader import bare
from knowledge.models import Knowledge, Passage, Source
from knowledge.records import read_text

MARKS = " \t\u3000-✓➤■|"
"""What stands around a line only to lay it out."""

RULER = re.compile(r"[\s|:-]*-{3}[\s|:-]*")
"""The line under the head of a table."""


@dataclass(frozen=True)
class Sentence:
    """A sentence or list item; `whole` says that the passages quote all of it."""

    source: str
    heading: str
    text: str
    passages: tuple[str, ...]
    whole: bool


def load_sentences(knowledge: Knowledge, folder: Traversable | None = None) -> tuple[Sentence, ...]:
    """Return the sentences of every source, in order."""
    sources = (folder or files("knowledge")) / "sources"
    found: list[Sentence] = []
    for source in knowledge.sources.values():
        passages = [passage for passage in knowledge.passages.values() if passage.source == source.id]
        found.extend(sentences(source, passages, read_text(sources / source.file)))
    return tuple(found)


def sentences(source: Source, passages: Iterable[Passage], text: str) -> Iterator[Sentence]:
    """Yield the sentences of the text. A line is a heading if the title, a section or the head of a table says so."""
    whole, place, heading = bare(text), 0, ""
    quotations = {passage.id: _places(bare(passage.ja), whole) for passage in passages}
    headings = {bare(name) for p in passages for name in (source.title, *p.section.split(" › "))} | _heads(text)
    for cells in map(_cells, text.splitlines()):
        is_heading = all(bare(cell) in headings for cell in cells)
        heading = cells[0] if cells and is_heading else heading
        for part in (part for cell in cells for part in _split(cell)):
            start = whole.index(bare(part), place)
            place = start + len(bare(part))
            if not is_heading:
                ids, quoted = _quoted(range(start, place), quotations)
                yield Sentence(source.id, heading, part, ids, quoted)


def _quoted(own: range, quotations: Mapping[str, list[range]]) -> tuple[tuple[str, ...], bool]:
    """Return the passages that quote something of the place `own`, and whether together they quote all of it."""
    found = [(id_, span) for id_, spans in quotations.items() for span in spans if set(span) & set(own)]
    covered = {at for _, span in found for at in span}
    return tuple(dict.fromkeys(id_ for id_, _ in found)), covered.issuperset(own)


def _heads(text: str) -> set[str]:
    """Return the bare cells of each line that stands over the ruler of a table."""
    lines = text.splitlines()
    over = (line for line, next_ in pairwise(lines) if "|" in line and RULER.fullmatch(next_))
    return {bare(cell) for line in over for cell in _cells(line)}


def _cells(line: str) -> list[str]:
    """Return the cells of the line, without marks; a line that is no table row is one cell."""
    cells = (cell.strip(MARKS) for cell in line.replace("**", "").split("|"))
    return [" ".join(cell.split()) for cell in cells if cell]


def _split(text: str) -> list[str]:
    """Return the sentences of the text: each ends with 。 or with the text."""
    return [part.strip() for part in re.findall(r"[^。]+。?", text) if part.strip()]


def _places(words: str, text: str) -> list[range]:
    """Return each place where the words stand in the text."""
    return [range(m.start(), m.start() + len(words)) for m in re.finditer(f"(?={re.escape(words)})", text)]
