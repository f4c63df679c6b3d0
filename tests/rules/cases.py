"""Answer combinations to judge: grids over a table's own facts, seeded samples, hypothesis strategies."""

import random
from collections.abc import Iterator
from itertools import chain, product
from math import prod

from hypothesis import strategies as st

from tests.rules.oracle import DOMAINS, RESTRICTIONS, SAFE, SECRETS, VALUES, Case, Value

LISTS: tuple[Value, ...] = ((), ("health",), ("food", "energy"), DOMAINS, "unknown")
CHOICES: dict[str, tuple[Value, ...]] = {**VALUES, "sensitive_domains": LISTS}
BIASES = ("even", "mostly safe", "mostly unknown", "mostly safe, not public")

Lever = tuple[Case, ...]
"""Alternatives, each a few facts. The product of levers makes a grid."""

BASE: Case = {
    **SAFE,
    "already_public": "no",
    "must_be_published": "no",
    "open_by_agreement": "no",
    "openness_review": "unknown",
    "programme": "unknown",
}


def every(name: str) -> Lever:
    return tuple({name: value} for value in CHOICES[name])


CLASS: Lever = ({"novelty": "yes"}, {"strategic_value": "yes"}, {"openness_review": "open"}, {})
ITEM_1, ITEM_2, ITEM_3 = every("responsible_person"), every("access_limited"), every("purpose_limited")
ITEM_4: Lever = ({"data_location": "japan"}, {"data_location": "undisclosed"}, {"data_location": "unknown"})
ITEM_5: Lever = tuple({"use": "training", "leakage_protection": value} for value in VALUES["leakage_protection"])
JOINT: Lever = tuple({"collaboration": "both", "leader_approval": value} for value in VALUES["leader_approval"])
ITEM_7: Lever = ({}, *JOINT)
PUBLIC = every("already_public")
LEGAL: tuple[Lever, ...] = tuple(map(every, (*RESTRICTIONS, "national_security", "legal_clearance")))

GRIDS: dict[str, tuple[Lever, ...]] = {
    "data_class": (
        *map(every, RESTRICTIONS),
        PUBLIC,
        *map(every, SECRETS),
        *map(every, ("openness_review", "strategic_value", "sensitive_domains")),
        *map(every, ("must_be_published", "open_by_agreement")),
    ),
    "item_1": (CLASS, every("responsible_person"), every("liability_clear"), PUBLIC),
    "item_2": (CLASS, every("access_limited"), every("secure_channel"), PUBLIC),
    "item_3": (CLASS, every("purpose_limited"), PUBLIC),
    "item_4": (CLASS, every("data_location"), PUBLIC),
    "item_5": (CLASS, ITEM_3, every("use"), every("leakage_protection"), PUBLIC),
    "item_6": (CLASS, ITEM_2, ITEM_3, every("data_location"), every("use"), every("leakage_protection")),
    "item_7": (CLASS, PUBLIC, every("collaboration"), every("company_secret"), every("leader_approval")),
    "obligation": (CLASS, every("programme"), PUBLIC),
    "verdict, legal": (CLASS, PUBLIC, every("data_location"), ITEM_2, *LEGAL),
    "verdict, items": (CLASS, PUBLIC, ITEM_1, ITEM_2, ITEM_4, ITEM_7, LEGAL[0], LEGAL[-1]),
    "measures": (
        CLASS,
        PUBLIC,
        ITEM_1,
        ITEM_2,
        ITEM_3,
        ITEM_4,
        ITEM_5,
        ITEM_7,
        *LEGAL,
        *map(every, ("company_secret", "liability_clear", "secure_channel", "use")),
    ),
}


def size(grid: str) -> int:
    return prod(len(lever) for lever in GRIDS[grid])


def whole(grid: str) -> Iterator[Case]:
    """Yield every combination of the grid."""
    return (_merge(combination) for combination in product(*GRIDS[grid]))


def some(grid: str, most: int) -> Iterator[Case]:
    """Yield the whole grid where it has at most `most` combinations, else a seeded sample of that size."""
    if size(grid) <= most:
        return whole(grid)
    rng = random.Random(grid)
    return (_merge(tuple(rng.choice(lever) for lever in GRIDS[grid])) for _ in range(most))


def _merge(combination: tuple[Case, ...]) -> Case:
    return {**BASE, **dict(chain.from_iterable(part.items() for part in combination))}


def samples(bias: str, number: int, seed: int = 20_261_122) -> Iterator[Case]:
    """Yield seeded random cases; a bias makes most answers safe or unknown."""
    rng = random.Random(f"{bias}{seed}")
    for _ in range(number):
        yield {name: _draw(rng, bias, name) for name in CHOICES}


def _draw(rng: random.Random, bias: str, name: str) -> Value:
    if bias == "mostly safe, not public" and name == "already_public":
        return rng.choice(("no", "unknown"))
    if bias != "even" and rng.random() < 0.8:
        return "unknown" if bias == "mostly unknown" else SAFE.get(name, "unknown")
    return rng.choice(CHOICES[name])


def cases() -> st.SearchStrategy[Case]:
    """Draw whole cases, with many safe and many unknown answers."""
    drawn = {
        name: st.one_of(st.just("unknown"), st.just(SAFE.get(name, "unknown")), st.sampled_from(values))
        for name, values in CHOICES.items()
    }
    return st.fixed_dictionaries(drawn)
