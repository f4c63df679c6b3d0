"""Which passages answer a question (a stand-in until the search proper is merged)."""

from collections.abc import Mapping

from knowledge.models import Bilingual, Knowledge

ENOUGH = 0.5


class PassageSearch:
    """Finds passages that share pairs of characters with a question."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._words = {p.id: _pairs(p.ja) | _pairs(p.en) for p in knowledge.passages.values()}
        self.means: Mapping[str, Bilingual] = {}

    def find(self, text: str, most: int = 3) -> tuple[str, ...]:
        """Return the ids of the passages nearest to the text, the best first; none where the guideline does not say."""
        asked = _pairs(text)
        share = {name: len(asked & words) / (len(asked) or 1) for name, words in self._words.items()}
        ranked = sorted(share, key=lambda name: (-share[name], name))
        return tuple(name for name in ranked[:most] if share[name] > ENOUGH)


def _pairs(text: str) -> set[str]:
    plain = text.casefold()
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
