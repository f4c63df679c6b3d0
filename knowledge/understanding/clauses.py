"""A message → its clauses: stretches in which one thing is said, denied, asked or hoped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

NO_STOP = "".join(
    rf"(?<!\b{short})" for short in ("prof", "dr", "mr", "ms", "mrs", "etc", r"e\.g", r"i\.e", "vs", "approx")
)
SENTENCE = re.compile(rf"[。!\n;]+|[?]+|…+|\.{{2,}}|{NO_STOP}\.(?=\s|$)")
ENDINGS = "けれども|けれど|けども|けど"
JAPANESE = re.compile(
    rf"(?<=[うくすつぬむるいただせんか])(?:です|ます)?(?:{ENDINGS}|んだが|のだが|ですが|ますが|ため|ので|のに|から(?=、)|し(?=、)|が(?=、))[、\s]*"
    rf"|(?:です|ます|だ|た|る|ない|ん)(?:{ENDINGS}|が(?=[、\s])|ので|し(?=[、\s])|から(?=[、\s]))[、\s]*"
    r"|[、\s](?=でも|ただ|しかし|だけど|一方|ちなみに|また(?!は)|なお|あと|それと|それで|だから|もし|仮に|なので)"
    r"|(?<=ており)、|(?<=であり)、|(?<=ですし)、|(?<=たら)、|(?<=なら)、|(?<=[ばが])、|(?<=して)、|(?<=で)、"
)
"""Where a clause ends in Japanese: after a conjunctive ending, or before a conjunction."""

STARTS = (
    "and|but|so|because|since|although|though|while|however|yet|if|unless|once|which|when|can|could|may|is|are|do|does|should"
    "|would|i|we|it|they|the|my|our|ours|mine|its|their|his|her|those|these|this|that|no|not|nobody|there|please|then"
)
ENGLISH = re.compile(
    rf",\s*(?=(?:{STARTS})\b)"
    r"|\s(?=(?:but|because|although|though|whereas|however|if|unless|(?:we|i)(?:'ll| will| would)"
    r"|so (?:can|i|we|is|it|that)"
    r"|and (?:i|we|it|they|the|is|can|my|our|no|nobody|there)|while (?:the|we|i|our)|when (?:i|we))\b)"
    r"|\s-+\s|\s\((?=[a-z])|\)\s"
)
"""Where a clause ends in English: before what begins another one."""


@dataclass(frozen=True)
class Clause:
    """Where a clause runs in the compared text, and whether a question mark ends its sentence right after it."""

    start: int
    end: int
    asked: bool


def clauses(text: str) -> Iterator[Clause]:
    """Yield the clauses in order; together they cover everything that is not between sentences."""
    begin = 0
    for mark in [*SENTENCE.finditer(text), None]:
        end = mark.start() if mark else len(text)
        yield from _split(text, begin, end, asked=bool(mark and "?" in mark.group()))
        begin = mark.end() if mark else end


def _split(text: str, begin: int, end: int, *, asked: bool) -> Iterator[Clause]:
    cuts = sorted({match.end() for pattern in (JAPANESE, ENGLISH) for match in pattern.finditer(text, begin, end)})
    edges = [begin, *(cut for cut in cuts if begin < cut < end), end]
    for start, stop in pairwise(edges):
        if text[start:stop].strip():
            yield Clause(start, stop, asked and stop == end)
