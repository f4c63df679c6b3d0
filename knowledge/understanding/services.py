"""Which services a message names, by plan where it says one."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable

from knowledge.models import Knowledge
from knowledge.records import read_records
from knowledge.understanding.patterns import Found, Phrases, expression, longest
from knowledge.understanding.reading import OTHER
from knowledge.understanding.text import plain

FILE = "services.toml"
NEAR = 24
"""Characters within which the words of a plan may stand from the name."""

SLIP = "slip:"
LONG_WORD = re.compile(r"(?<![a-z0-9])[a-z]{6,}(?![a-z0-9])")
LONG_NAME = re.compile(r"[a-z]{7,}")
"""Names that are long enough to be known by all but one of their letters."""

MODEL, OWN = "model", "self_hosted"
LOOSE = re.compile(r"gpts?.*|open ?ai|オープン(ai|エーアイ)")
SAYS_PLAN = re.compile(r"版|プラン|\bplan\b|\bversion\b|\btier\b|\bedition\b|契約|アカウント|\baccount\b")


@dataclass(frozen=True)
class Naming:
    """Where a service is named, and which: `id` as in NamedService.

    `slip`: it is probably mistyped. `loose`: it is told by the name of a model or of its maker.
    """

    start: int
    end: int
    id: str
    slip: bool = False
    loose: bool = False


class Slips:
    """Knows Latin names with one letter too many, too few or wrong, or two neighbours exchanged."""

    def __init__(self, names: Mapping[str, str], words: Collection[str]) -> None:
        """Take long names with what they name, and `words` that are none however near they come."""
        self._near = {form: code for name, code in names.items() for form in _without_one(name)}
        self._none = frozenset(words) | names.keys()

    def find(self, text: str) -> Iterator[Found[str]]:
        """Yield where a mistyped name stands, with what was probably meant."""
        for word in LONG_WORD.finditer(text):
            near = [self._near[form] for form in _without_one(word.group()) if form in self._near]
            if near and word.group() not in self._none:
                yield Found(word.start(), word.end(), (word.span(),), f"{SLIP}{near[0]}")


def _without_one(word: str) -> Iterator[str]:
    yield word
    yield from (word[:place] + word[place + 1 :] for place in range(len(word)))


class Services:
    """Finds the names of services."""

    def __init__(self, knowledge: Knowledge, folder: Traversable) -> None:
        """Collect the names of the catalogue and the lexicon. Raises DataError."""
        data = read_records(
            folder / FILE, "plan", "joins", "nickname", "other", "model", "own_machine", "slip", "no_service"
        )
        self._brands = frozenset(knowledge.brands)
        self._alone = _alone(knowledge)
        names = [(_plain(name), code) for name, code in _names(knowledge)]
        names += [(word, record["id"]) for record in data["nickname"] for word in record["words"]]
        names += [(word, OTHER) for record in data["other"] for word in record["words"]]
        names += [(word, f"{SLIP}{record['id']}") for record in data["slip"] for word in record["words"]]
        names += [(word, MODEL) for record in data["model"] for word in record["words"]]
        names += [(word, "") for record in data["no_service"] for word in record["words"]]
        self._names: Phrases[str] = Phrases(names)
        self._own: Phrases[str] = Phrases((word, OWN) for record in data["own_machine"] for word in record["words"])
        plans = [
            (word, record)
            for record in data["plan"]
            if record["service"] in knowledge.services
            for word in record["words"]
        ]
        self._plans: Phrases[Mapping[str, str]] = Phrases(plans)
        long = {name: code for name, code in names if LONG_NAME.fullmatch(name) and code in self._brands}
        self._slips = Slips(long, {word for word, code in names if code != long.get(word)})
        joins = sorted((word for record in data["joins"] for word in record["words"]), key=len, reverse=True)
        self._joins = re.compile(rf"(?:{'|'.join(map(expression, joins))})*")

    def find(self, text: str) -> list[Naming]:
        """Return every place that names a service, plans told from the words beside the name."""
        listed = [*self._names.find(text, 0, len(text)), *self._slips.find(text)]
        found = [each for each in longest(listed) if each.meaning]
        named = [self._naming(text, each, found) for each in found]
        own = longest(self._own.find(text, 0, len(text)))
        if own and all(each.id == MODEL for each in named):
            return [Naming(own[0].start, own[0].end, OWN)]
        if any(each.id == OWN for each in named):
            named = [each for each in named if each.id != MODEL]
        return self._by_one_plan(text, _aside([replace(n, id=OTHER) if n.id == MODEL else n for n in named]))

    def _by_one_plan(self, text: str, named: list[Naming]) -> list[Naming]:
        """Where one brand alone is named, its plan may be said anywhere, in so many words."""
        codes = {each.id for each in named}
        if len(codes) != 1 or not codes <= self._brands or codes & self._alone.keys():
            return named
        (brand,) = codes
        for plan in self._plans.find(text, 0, len(text)):
            if plan.meaning["brand"] == brand and SAYS_PLAN.search(text[max(0, plan.start - 10) : plan.end + 8]):
                return [replace(each, id=plan.meaning["service"]) for each in named]
        return named

    def _naming(self, text: str, found: Found[str], others: Sequence[Found[str]]) -> Naming:
        code = found.meaning.removeprefix(SLIP)
        slip = found.meaning != code
        plan = self._plan(text, found, code, others) if code in self._brands else None
        if plan is None:
            loose = LOOSE.fullmatch(text, found.start, found.end) is not None
            return Naming(found.start, found.end, self._alone.get(code, code), slip, loose)
        start, end, service = plan
        return Naming(min(start, found.start), max(end, found.end), service, slip)

    def _plan(
        self, text: str, found: Found[str], code: str, others: Sequence[Found[str]]
    ) -> tuple[int, int, str] | None:
        """Return where the plan is said and which, the nearest one, where only joining words stand between."""
        begin, end = _stretch(text, found, others)
        plans = [
            each
            for each in self._plans.find(text, begin, end)
            if each.meaning["brand"] == code
            and (each.end <= found.start or each.start >= found.end)
            and self._joined(text, found, each)
        ]
        if not plans:
            return None
        best = max(plans, key=lambda each: (each.own, -abs(each.start - found.start)))
        return best.start, best.end, best.meaning["service"]

    def _joined(self, text: str, name: Found[str], plan: Found[Mapping[str, str]]) -> bool:
        between = text[name.end : plan.start] if plan.start >= name.end else text[plan.end : name.start]
        return self._joins.fullmatch(between) is not None


def _aside(named: list[Naming]) -> list[Naming]:
    """Drop the name of a model or of its maker beside the service meant: “GPT-4 by Azure OpenAI” is one service."""
    firm = [each for each in named if not each.loose]
    return firm or named


def _stretch(text: str, found: Found[str], others: Sequence[Found[str]]) -> tuple[int, int]:
    """Return where the plan of a name may be said: near it, in its sentence, not beyond another name."""
    begin = max([0, found.start - NEAR, *(other.end for other in others if other.end <= found.start)])
    end = min([len(text), found.end + NEAR, *(other.start for other in others if other.start >= found.end)])
    for mark in "。?!\n":
        begin = max(begin, text.rfind(mark, begin, found.start) + 1)
        stop = text.find(mark, found.end, end)
        end = stop if stop >= 0 else end
    return begin, end


def _names(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for brand in knowledge.brands.values():
        yield from ((name, brand.id) for name in (brand.name, *brand.aliases))
    for service in knowledge.services.values():
        own = (
            ()
            if _plain(service.name) in {_plain(brand.name) for brand in knowledge.brands.values()}
            else (service.name,)
        )
        yield from ((name, service.id) for name in (*own, *service.aliases))


def _alone(knowledge: Knowledge) -> dict[str, str]:
    """Return, for a brand of a single plan, that plan: naming the one names the other."""
    plans: dict[str, list[str]] = {}
    for service in knowledge.services.values():
        plans.setdefault(service.brand, []).append(service.id)
    return {brand: found[0] for brand, found in plans.items() if len(found) == 1}


def _plain(name: str) -> str:
    return _escaped(plain(name).text.strip())


def _escaped(name: str) -> str:
    """A name of the catalogue as a phrase: its marks stand for themselves."""
    return re.sub(
        r"[().+*?\[\]{}^$|\\~/]",
        lambda mark: f"[{mark.group()}]" if mark.group() not in "\\^" else f"\\{mark.group()}",
        name,
    )
