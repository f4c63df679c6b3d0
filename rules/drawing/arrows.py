"""The arrows of the picture: from each group of facts to its target, and from target to target, as the rules read."""

from collections.abc import Iterator

from rules.drawing.layout import Layout
from rules.drawing.picture import readers
from rules.drawing.svg import curve, path
from rules.models import RuleBase

ITEMS = tuple(f"item_{n}" for n in "1234567")
FROM_CLASS, FROM_ITEM, SHORT = 28.0, 16.0, 5.0


def arrows(rulebase: RuleBase, layout: Layout) -> Iterator[str]:
    """Yield every arrow. What advice reads is told by tags instead: it reads nearly everything."""
    reading = readers(rulebase)
    yield from _from_facts(rulebase, layout)
    yield from _from_class(layout, reading["data_class"])
    for item in ITEMS:
        yield from _between_items(layout, item, [target for target in reading[item] if target in ITEMS])
        if "verdict" in reading[item]:
            place, verdict = layout.targets[item], layout.targets["verdict"]
            yield path(f"M{place.right} {place.y + 12}H{verdict.x - 1}")


def _from_facts(rulebase: RuleBase, layout: Layout) -> Iterator[str]:
    for group, place in layout.groups:
        if group.target == "measures":
            continue
        to = layout.targets[group.target]
        if group.target == "data_class":
            read = {r.line for r in rulebase.decided["data_class"].rules if not r.when.keys().isdisjoint(group.facts)}
            for line in sorted(read):
                yield curve(place.right, place.middle, layout.lines[line].x - 1, layout.lines[line].middle)
        elif place.y < to.bottom and to.y < place.bottom:
            level = min(max(place.middle, to.y + 26), place.bottom - 10)
            yield path(f"M{place.right} {level}H{to.x - 1}")
        else:
            yield curve(place.right, place.middle, to.x - 1, to.bottom - 12)


def _from_class(layout: Layout, targets: tuple[str, ...]) -> Iterator[str]:
    """Yield one line down beside the items with an arrow into each that reads the class, and those to the others."""
    place = layout.targets["data_class"]
    bus = place.right + FROM_CLASS
    start = max(place.y, layout.targets["verdict"].y) + 20
    read = [layout.targets[target] for target in targets if target not in ("verdict", "measures")]
    ends = [(to.x, to.y + 12 if to.y > start else to.bottom - 12) for to in read]
    yield path(f"M{place.right} {start}H{bus}", tip=False)
    yield path(f"M{bus} {min(y for _, y in ends)}V{max(y for _, y in ends)}", tip=False)
    yield from (path(f"M{bus} {y}H{x - 1}") for x, y in ends)
    if "verdict" in targets:
        yield path(f"M{bus} {start}H{layout.targets['verdict'].x - 1}")


def _between_items(layout: Layout, item: str, targets: list[str]) -> Iterator[str]:
    """Yield an arrow around the right side of the items to each later item that reads this one."""
    place = layout.targets[item]
    for target in targets:
        to = layout.targets[target]
        side = place.right + FROM_ITEM + (0 if target == "item_6" else -SHORT - 3)
        leave = place.bottom - (12 if target == "item_6" else 6)
        arrive = to.y + (26 if target == "item_6" else 20)
        yield path(f"M{place.right} {leave}H{side}V{arrive}H{to.right + 1}")
