"""The rule base as one SVG page: facts → class → checklist → verdict."""

from collections.abc import Iterator, Mapping

from rules.drawing.arrows import arrows
from rules.drawing.layout import CLASS, FACTS, ITEMS, PAD, ROW, VERDICT, lay_out
from rules.drawing.picture import LEGEND, Word, readers
from rules.drawing.svg import LINE, MUTED, Box, box, code, page, path, tag, text
from rules.models import VERDICTS, Rule, RuleBase

COLOURS = {
    "closed": ("#fee4e2", "#912018"),
    "open": ("#d1fadf", "#05603a"),
    "careful": ("#fef0c7", "#7a4a00"),
    "unlisted": ("#eaecf0", "#344054"),
    "allowed": ("#d1fadf", "#05603a"),
    "allowed_with_conditions": ("#d1e9ff", "#1849a9"),
    "confirm_first": ("#fef0c7", "#7a4a00"),
    "public_data_only": ("#ffe0c2", "#8a3306"),
    "do_not_upload": ("#fee4e2", "#912018"),
}
"""Fill and ink of a value."""

BLUE, PALE, WHITE = "#1849a9", "#f5f8ff", "#ffffff"


class Drawing:
    """One picture of one rule base."""

    def __init__(self, rulebase: RuleBase, words: Mapping[str, Word]) -> None:
        """Place everything."""
        self._rulebase, self._words = rulebase, words
        self._readers, self._layout = readers(rulebase), lay_out(rulebase)

    def svg(self) -> str:
        """Return the picture."""
        lines = [*self._heads(), *self._legend(), *arrows(self._rulebase, self._layout), *self._facts(), *self._class()]
        for name, place in self._layout.targets.items():
            if name not in ("data_class", "verdict"):
                lines += self._target(name, place)
        lines += self._verdicts()
        return page(f"{self._say('title')}: {self._say('subtitle')}", self._layout.foot + 24, lines)

    def _say(self, name: str) -> str:
        return self._words[name].label.ja

    def _hint(self, name: str) -> str:
        return f"{name}: {self._words[name].label.en}"

    def _rules(self, target: str) -> list[Rule]:
        return [rule for rule in self._rulebase.rules.values() if rule.target == target]

    def _count(self, rules: list[Rule]) -> str:
        return f"{self._say('rules')} {len(rules)}"

    def _heads(self) -> Iterator[str]:
        yield text(FACTS[0], 38, self._say("title"), 20, bold=True)
        yield text(FACTS[0] + 214, 38, self._say("subtitle"), 13, ink=MUTED)
        columns = {"facts": FACTS, "data_class": CLASS, "checklist": ITEMS, "verdict": VERDICT}
        for number, (name, (x, width)) in enumerate(columns.items(), 1):
            yield text(x, 72, f"{number}  {self._say(name)}", 13, ink=BLUE, bold=True)
            yield path(f"M{x} 79H{x + width}", tip=False, ink=BLUE)

    def _legend(self) -> Iterator[str]:
        """Explain the signs, in the free space between what stands on top and the items."""
        place = self._layout.legend
        for number, name in enumerate(LEGEND):
            yield text(place.x + 46, place.y + 20 * number, self._say(name), 10.5, ink=MUTED, hint=self._hint(name))
        yield path(f"M{place.x + 10} {place.y - 4}H{place.x + 38}")
        yield tag(place.x + 38, place.y + 20, self._words["measures"].short)[0]
        yield code(place.x + 5, place.y + 40, f"{self._say('rules')} 6")

    def _facts(self) -> Iterator[str]:
        for group, place in self._layout.groups:
            yield box(place, WHITE, LINE)
            for number, name in enumerate(group.facts):
                y, label = place.y + PAD + ROW * number + 13, self._rulebase.facts[name].label
                yield text(place.x + 9, y, label.ja, 11, hint=f"{name}: {label.en}")
                yield code(place.x + 246, y, name)
                others = [target for target in self._readers[name] if target != group.target or target == "measures"]
                yield from self._tags(place.right - 6, y, others)

    def _tags(self, right: float, y: float, targets: list[str]) -> Iterator[str]:
        """Yield the tags of the targets, the last one ending at `right`."""
        for target in reversed(targets):
            drawn, width = tag(right, y, self._words[target].short)
            right -= width + 3
            yield drawn

    def _advice(self, name: str, right: float, y: float) -> Iterator[str]:
        """Yield the tag that says that advice reads this target."""
        return self._tags(right, y, [target for target in self._readers.get(name, ()) if target == "measures"])

    def _class(self) -> Iterator[str]:
        place = self._layout.targets["data_class"]
        values = {rule.line: rule.then for rule in self._rules("data_class")}
        yield box(place, PALE, BLUE)
        yield code(place.x + 9, place.y + 15, f"data_class · {self._count(self._rules('data_class'))}")
        yield text(place.x + 9, place.y + 31, self._say("line"), 9.5, ink=MUTED)
        yield from self._advice("data_class", place.right - 6, place.y + 15)
        for line, row in self._layout.lines.items():
            fill, ink = COLOURS[values[line]]
            yield box(row, fill, ink, 4)
            yield text(row.x + 8, row.y + 15, str(line), 10.5, ink=ink, bold=True)
            yield text(row.x + 26, row.y + 15, self._say(values[line]), 11, ink=ink, hint=self._hint(values[line]))

    def _target(self, name: str, place: Box) -> Iterator[str]:
        item = name.startswith("item_")
        yield box(place, PALE if item else "#f9fafb", BLUE if item else MUTED)
        yield text(place.x + 9, place.y + 18, self._say(name), 12, bold=True, hint=self._hint(name))
        yield code(place.x + 9, place.y + 33, f"{name} · {self._count(self._rules(name))}")
        yield from self._advice(name, place.right - 6, place.y + 33)
        if not item:
            yield text(place.x + 9, place.y + 47, self._say("outside"), 9, ink=MUTED)

    def _verdicts(self) -> Iterator[str]:
        place = self._layout.targets["verdict"]
        yield box(place, WHITE, BLUE)
        yield code(place.x + 9, place.y + 17, f"verdict · {self._count(self._rules('verdict'))}")
        yield text(place.x + 9, place.y + 33, self._say("floors"), 9.5, ink=MUTED)
        step = (place.height - 42) / len(VERDICTS)
        for number, verdict in enumerate(VERDICTS):
            yield from self._verdict(
                verdict, Box(place.x + 6, place.y + 42 + number * step, place.width - 12, step - 8)
            )

    def _verdict(self, verdict: str, place: Box) -> Iterator[str]:
        fill, ink = COLOURS[verdict]
        rules = [rule for rule in self._rules("verdict") if rule.then == verdict]
        read = {name for rule in rules for name in rule.when}
        targets = " ".join(self._words[name].short for name in self._layout.targets if name in read)
        facts = [name for name in self._rulebase.facts if name in read]
        yield box(place, fill, ink)
        yield text(place.x + 8, place.y + 21, self._say(verdict), 11.5, ink=ink, bold=True, hint=self._hint(verdict))
        yield code(place.x + 8, place.y + 36, verdict, ink)
        yield text(place.x + 8, place.y + 56, self._count(rules), 9.5, ink=ink)
        words = f"← {targets}　{self._say('facts')} {len(facts)}"
        yield text(place.x + 8, place.y + 72, words, 9.5, ink=ink, hint=" ".join(facts))
