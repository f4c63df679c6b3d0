"""A message → what it is, which services it names, what it says of the facts. Clause rules and word lists, no guess.

Nothing read here clears anything: the interview shows a clearing value, and every service, to be confirmed.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from knowledge.models import Knowledge
from knowledge.understanding.clauses import Clause, clauses
from knowledge.understanding.cues import Cues
from knowledge.understanding.facts import Facts
from knowledge.understanding.reading import OTHER, NamedService, Reading, Slip
from knowledge.understanding.said import Said, clears, settle
from knowledge.understanding.services import OWN, Naming, Services
from knowledge.understanding.signs import ABOUT_THE_SERVICE, Signs
from knowledge.understanding.text import Plain, plain
from knowledge.understanding.unplaced import Unplaced

LEXICON = files("knowledge") / "understanding" / "lexicon"
LONGEST = 4000
"""Characters that are read; a longer message is pasted material."""
SEVERAL = 2
"""Brands in a message from which on it does not tell whose settings and servers are spoken of."""


class Reader:
    """Reads messages. Safe to share between threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Load the lexicon, and the names of the catalogue. Raises DataError."""
        self._cues, self._facts, self._signs, self._unplaced = _lexicon()
        self._services = Services(knowledge, LEXICON)
        self._brands = {service.id: service.brand for service in knowledge.services.values()}

    def read(self, text: str) -> Reading:
        """Read a message of any length; never raises."""
        if len(text) > LONGEST:
            return Reading("other", warnings=("too_long",))
        message = plain(text)
        whole = self._signs.whole(message.text)
        if whole:
            return Reading(whole, warnings=("not_text",) if whole == "empty" else ())
        if self._signs.is_no_text(message.text) and not self._services.find(message.text):
            return Reading("other", warnings=("not_text",))
        return self._read(message)

    def _read(self, message: Plain) -> Reading:
        parts = list(clauses(message.text))
        named = self._services.find(message.text)
        wanted = [each for each in named if not self._ruled_out(message.text, parts, each)]
        places = [(each.start, each.end) for each in named]
        outside = [(each.start, each.end) for each in named if each.id != OWN]
        said = [each for each in self._facts.read(message.text, parts, outside) if wanted or not each.weak]
        signs = self._signs.of(message.text, parts, frozenset(each.fact for each in said), named=bool(wanted))
        brands = {self._brands.get(each.id, each.id) for each in named}
        said = [each for each in said if signs.counts(each, parts) and (len(brands) < SEVERAL or not _of_one(each))]
        facts, evidence = settle(said, message)
        services, slips = _services(wanted, message, self._brands)
        warnings = tuple(
            dict.fromkeys(
                (*signs.warnings, *(("several_services",) if len({each.id for each in services}) > 1 else ()))
            )
        )
        kind = signs.kind(facts, named=bool(services or slips))
        if kind in ("guideline", "other", "redirect"):
            facts, evidence = {}, ()
        unplaced = self._unplaced.count(
            message.text, [*places, *((each.start, each.end) for each in said), *signs.places]
        )
        return Reading(kind, services, facts, evidence, warnings, signs.topics, slips, unplaced)

    def _ruled_out(self, text: str, parts: list[Clause], named: Naming) -> bool:
        clause = next((part for part in parts if part.start <= named.start < part.end), None)
        return clause is not None and self._cues.ruled_out(text, clause, named.start, named.end)


def _of_one(said: Said) -> bool:
    """Whether it clears a concern about one service."""
    return said.fact in ABOUT_THE_SERVICE - {"use"} and clears(said.fact, said.value)


@cache
def _lexicon() -> tuple[Cues, Facts, Signs, Unplaced]:
    """Return what knows no catalogue: the same for every edition and institution."""
    cues = Cues(LEXICON)
    return cues, Facts(LEXICON, cues), Signs(LEXICON), Unplaced(LEXICON)


def _services(
    named: list[Naming], message: Plain, brands: Mapping[str, str]
) -> tuple[tuple[NamedService, ...], tuple[Slip, ...]]:
    """Return each service once, as it was named first; a brand is not told beside a plan of it."""
    plans = {brands[each.id] for each in named if each.id in brands and each.id != brands[each.id]}
    seen: dict[str, Naming] = {}
    for each in named:
        if each.id not in plans and (each.id not in seen or each.id == OTHER):
            seen[f"{each.id}:{each.start}" if each.id == OTHER else each.id] = each
    told = [(each, message.words(each.start, each.end)) for each in seen.values()]
    services = tuple(NamedService(each.id, words) for each, words in told if not each.slip)
    return services, tuple(Slip(words, each.id) for each, words in told if each.slip)
