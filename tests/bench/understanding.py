"""How well first messages are read, set by set, and how fast; `--wrong` tells what is wrong on the sets to tune on."""

import sys
import time
import tracemalloc

from knowledge.loader import load_knowledge
from knowledge.understanding.reader import Reader
from tests.bench.table import show
from tests.knowledge.scoring import score, sentences

SETS = (
    "tuning",
    "tuning2",
    "tuning3",
    "tuning4",
    "tuning5",
    "tuning6",
    "frozen",
    "confirmed",
    "confirmed2",
    "untouched",
)
MANY = 10_000
HEAD = [
    "set",
    "sentences",
    "services P",
    "services R",
    "facts P",
    "facts R",
    "false clears",
    "warnings P",
    "warnings R",
]
KINDS = ("services", "facts", "warnings")


def run() -> None:
    """Print precision and recall by set, then the time and memory of many messages."""
    reader, rows = Reader(load_knowledge()), []
    for name in SETS:
        asked = sentences(name)
        total, ratios = score(reader, asked)
        told: list[object] = [ratios[f"{kind} {what}"] for kind in KINDS for what in ("precision", "recall")]
        rows.append([name, len(asked), *told[:4], len(total.false_clears), *told[4:]])
        if "--wrong" in sys.argv and name not in ("confirmed2", "untouched"):
            print(name, "false clears:", *total.false_clears)
    show("First messages as they are read", HEAD, rows)
    _speed(reader)


def _speed(reader: Reader) -> None:
    texts = [sentence["text"] for name in SETS for sentence in sentences(name)]
    many = [texts[number % len(texts)] for number in range(MANY)]
    start = time.perf_counter()
    for text in many:
        reader.read(text)
    seconds = time.perf_counter() - start
    tracemalloc.start()
    for text in many[:1000]:
        reader.read(text)
    before = tracemalloc.get_traced_memory()[0]
    for text in many[:1000]:
        reader.read(text)
    grown = tracemalloc.get_traced_memory()[0] - before
    row = [f"{MANY:,}", seconds, 1000 * seconds / MANY, grown / 1000]
    show("Reading speed", ["messages", "seconds", "ms a message", "memory grown, kB"], [row])
