"""Where each thing stands on the page: four columns, every target near the facts it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.drawing.picture import Group, groups
from rules.drawing.svg import Box
from rules.models import RuleBase

ROW, PAD, GAP, TOP = 18.0, 5.0, 8.0, 92.0
FACTS, CLASS, ITEMS, VERDICT = (24.0, 424.0), (508.0, 148.0), (712.0, 186.0), (944.0, 155.0)
"""Left edge and width of each column."""

ITEM, ITEM_STEP, BESIDE, LINE, CLASS_HEAD = 42.0, 52.0, 54.0, 26.0, 42.0


@dataclass(frozen=True)
class Layout:
    """The places of the groups of facts, of the targets, and of the lines of the data class."""

    groups: tuple[tuple[Group, Box], ...]
    targets: Mapping[str, Box]
    lines: Mapping[int, Box]
    legend: Box
    foot: float


def lay_out(rulebase: RuleBase) -> Layout:
    """Place everything."""
    stacked = _stack(groups(rulebase))
    foot = stacked[-1][1].bottom
    numbers = list(dict.fromkeys(rule.line for rule in rulebase.decided["data_class"].rules))
    beginning = next(place.y for group, place in stacked if group.target == "data_class")
    data_class = Box(CLASS[0], beginning, CLASS[1], CLASS_HEAD + LINE * len(numbers))
    lines = {
        line: Box(CLASS[0] + 8, beginning + CLASS_HEAD + LINE * n - 2, CLASS[1] - 16, 21)
        for n, line in enumerate(numbers)
    }
    outcomes = _outcomes(foot)
    legend = Box(ITEMS[0], (outcomes["obligation"].bottom + outcomes["item_1"].y) / 2 - 10, ITEMS[1], 80)
    return Layout(stacked, {"data_class": data_class, **outcomes}, lines, legend, foot)


def _stack(found: tuple[Group, ...]) -> tuple[tuple[Group, Box], ...]:
    """Place the groups of facts one under another."""
    y, stacked = TOP, []
    for group in found:
        place = Box(FACTS[0], y, FACTS[1], ROW * len(group.facts) + 2 * PAD)
        stacked.append((group, place))
        y = place.bottom + GAP
    return tuple(stacked)


def _outcomes(foot: float) -> dict[str, Box]:
    """Place the items above the last group of facts, what stands beside the verdict on top, the verdict below it."""
    start = foot - ROW - 2 * PAD - GAP - 7 * ITEM_STEP + (ITEM_STEP - ITEM)
    items = {f"item_{n + 1}": Box(ITEMS[0], start + n * ITEM_STEP, ITEMS[1], ITEM) for n in range(7)}
    beside = {
        "obligation": Box(ITEMS[0], TOP, ITEMS[1], BESIDE),
        "measures": Box(VERDICT[0], TOP, VERDICT[1], BESIDE),
    }
    verdict = TOP + BESIDE + 2 * GAP
    return {**items, **beside, "verdict": Box(VERDICT[0], verdict, VERDICT[1], foot - verdict)}
