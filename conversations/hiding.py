"""Small counts are not told: what a table, a total or a difference shows of them. Pure; knows no figure in particular.

A count under the threshold is shown as less than it. Where the table's total is known, one hidden count would follow
from it, and so may several where the total leaves them one value each: then the next smallest ones are hidden, too, as
at least the threshold, until every hidden count may have several values. Where that cannot be, no row is shown.
Differences are told between shown counts alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FEWEST = 2
"""So many counts of a table are hidden, or none, as long as there are so many that are not zero."""


@dataclass(frozen=True)
class Count:
    """A count as it is shown: its number, or where that is hidden None and a text that says what may be known."""

    number: int | None
    text: str


def shown(number: int) -> Count:
    """Return a count that anybody may see."""
    return Count(number, str(number))


def single(number: int, threshold: int) -> Count:
    """Return a count by itself, such as a total."""
    return Count(None, f"<{threshold}") if 0 < number < threshold else shown(number)


def change(now: Count, before: Count) -> int | None:
    """Return the difference of two shown counts, None where either is hidden."""
    return None if now.number is None or before.number is None else now.number - before.number


def table(counts: Mapping[str, int], threshold: int, total: int | None = None) -> Mapping[str, Count] | None:
    """Return the counts by name, those that are shown first and the highest of them; None where none may be shown.

    `total`: what all of them come to, where that is told, too. Hidden ones stand in the order of their names, so that
    the order says nothing about them.
    """
    if total is not None and 0 < total < threshold:
        return None
    hidden = [name for name, number in counts.items() if 0 < number < threshold]
    others = sorted((name for name in counts if counts[name] >= threshold), key=lambda name: (counts[name], name))
    while hidden and (len(hidden) < FEWEST or (total is not None and _determined(counts, hidden, others, threshold))):
        if not others:
            if total is None:
                break
            return None
        hidden.append(others.pop(0))
    return _ordered(counts, frozenset(hidden), threshold)


def _ordered(counts: Mapping[str, int], hidden: frozenset[str], threshold: int) -> Mapping[str, Count]:
    seen = sorted((name for name in counts if counts[name] and name not in hidden), key=lambda n: (-counts[n], n))
    more = sorted(name for name in hidden if counts[name] >= threshold)
    fewer = sorted(name for name in hidden if counts[name] < threshold)
    none = sorted(name for name in counts if not counts[name])
    return {
        **{name: shown(counts[name]) for name in seen},
        **{name: Count(None, f"{threshold}+") for name in more},
        **{name: Count(None, f"<{threshold}") for name in fewer},
        **{name: shown(0) for name in none},
    }


def _determined(counts: Mapping[str, int], hidden: list[str], others: list[str], threshold: int) -> bool:
    """Whether their sum, which follows from the total, leaves any hidden count one value alone.

    Who looks on may know that what was hidden beside the small counts is no higher than what is shown.
    """
    total = sum(counts[name] for name in hidden)
    highest = min((counts[name] for name in others), default=total)
    bounds = [(1, threshold - 1) if counts[name] < threshold else (threshold, highest) for name in hidden]
    least, most = (sum(each) for each in zip(*bounds, strict=True))
    return any(max(low, total - most + high) == min(high, total - least + low) for low, high in bounds)
