"""The picture names every fact, target and value, has an arrow or tag for each reading, and stays on its page."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from knowledge.errors import DataError
from rules.drawing.layout import Layout, lay_out
from rules.drawing.page import Drawing
from rules.drawing.picture import ON_THE_PAGE, graphviz, groups, load_words, readers
from rules.drawing.svg import HEIGHT, WIDTH, Box
from rules.models import TARGETS, VERDICTS, RuleBase
from tests.planting import copy_data, plant

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "rules.svg"


@pytest.fixture(scope="module")
def svg(rulebase: RuleBase) -> str:
    return Drawing(rulebase, load_words(rulebase)).svg()


@pytest.fixture(scope="module")
def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)


@pytest.fixture(scope="module")
def layout(rulebase: RuleBase) -> Layout:
    return lay_out(rulebase)


def written(tree: ET.Element) -> list[str]:
    """Return each line of text as it is read on the page."""
    return ["".join((text.text or "", *(child.tail or "" for child in text))) for text in tree.iter(f"{SVG}text")]


def test_it_is_one_landscape_page(tree: ET.Element) -> None:
    assert tree.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert tree.find(f"{SVG}title") is not None


def test_every_fact_and_target_is_named(tree: ET.Element, rulebase: RuleBase) -> None:
    lines = written(tree)
    ids = {line.split(" · ")[0] for line in lines}
    assert set(rulebase.facts) | set(TARGETS) | set(VERDICTS) <= ids
    assert {fact.label.ja for fact in rulebase.facts.values()} <= set(lines)


def test_each_count_of_rules_is_that_of_the_tables(tree: ET.Element, rulebase: RuleBase) -> None:
    counts = dict(line.split(" · 規則 ") for line in written(tree) if " · 規則 " in line)
    assert counts == {table.decides: str(len(table.rules)) for table in rulebase.tables}


def test_nothing_leaves_the_page(tree: ET.Element) -> None:
    for box in tree.iter(f"{SVG}rect"):
        assert float(box.get("x", 0)) + float(box.get("width", 0)) <= WIDTH
        assert float(box.get("y", 0)) + float(box.get("height", 0)) <= HEIGHT
    for text in tree.iter(f"{SVG}text"):
        assert 0 < float(text.get("x", 0)) < WIDTH
        assert 0 < float(text.get("y", 0)) < HEIGHT


def test_boxes_do_not_overlap(layout: Layout) -> None:
    boxes = [*layout.targets.values(), *(place for _, place in layout.groups), layout.legend]
    pairs = [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :]]
    assert [(a, b) for a, b in pairs if overlap(a, b)] == []


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def brightness(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def backgrounds(tree: ET.Element, x: float, y: float) -> Iterator[str]:
    for box in tree.iter(f"{SVG}rect"):
        left, top = float(box.get("x", 0)), float(box.get("y", 0))
        if left <= x <= left + float(box.get("width", 0)) and top <= y <= top + float(box.get("height", 0)):
            yield box.get("fill", "")


def test_every_line_of_text_stands_out_from_what_is_behind_it(tree: ET.Element) -> None:
    """WCAG 2 AA: 4.5 to 1. The box drawn last at the place is behind the text."""
    for text in tree.iter(f"{SVG}text"):
        behind = list(backgrounds(tree, float(text.get("x", 0)), float(text.get("y", 0))))[-1]
        light, dark = sorted((brightness(behind), brightness(text.get("fill", ""))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, "".join(text.itertext())


def test_each_fact_stands_in_one_group_under_a_target_that_reads_it(rulebase: RuleBase) -> None:
    found = [fact for group in groups(rulebase) for fact in group.facts]
    assert sorted(found) == sorted(rulebase.facts)
    for group in groups(rulebase):
        assert all(group.target in readers(rulebase)[fact] for fact in group.facts)


def test_readers_are_what_the_conditions_of_the_rules_say(rulebase: RuleBase) -> None:
    reading = readers(rulebase)
    assert reading["already_public"] == ("data_class", "item_7", "verdict", "measures")
    assert reading["item_3"] == ("item_5", "item_6", "measures")
    assert set(reading["data_class"]) == set(ON_THE_PAGE) - {"data_class", "item_6"}


def test_a_fact_that_nothing_reads_is_still_shown(rulebase: RuleBase) -> None:
    fact = rulebase.facts["use"].model_copy(update={"id": "unread"})
    more = rulebase.model_copy(update={"facts": {**rulebase.facts, "unread": fact}})
    assert groups(more)[-1].facts == ("unread",)
    assert "unread" in written(ET.fromstring(Drawing(more, load_words(more)).svg()))


def test_signs_in_labels_are_escaped(rulebase: RuleBase) -> None:
    label = rulebase.facts["use"].label.model_copy(update={"ja": "A & <B>", "en": '"<'})
    changed = rulebase.facts["use"].model_copy(update={"label": label})
    odd = rulebase.model_copy(update={"facts": {**rulebase.facts, "use": changed}})
    assert "A & <B>" in written(ET.fromstring(Drawing(odd, load_words(odd)).svg()))


def test_the_graphviz_source_has_an_arrow_for_each_reading(rulebase: RuleBase) -> None:
    source = graphviz(rulebase, load_words(rulebase))
    arrows = set(re.findall(r'^  "(\w+)" -> "(\w+)"', source, re.MULTILINE))
    assert arrows == {(name, target) for name, targets in readers(rulebase).items() for target in targets}
    assert set(re.findall(r'^ +"(\w+)" \[.*label="', source, re.MULTILINE)) == {*rulebase.facts, *TARGETS}
    assert source.count("{") == source.count("}")


def test_a_missing_word_is_named(tmp_path: Path, rulebase: RuleBase) -> None:
    words = copy_data("rules.drawing", tmp_path / "drawing")
    plant(words / "words.toml", 'id = "item_6"', 'id = "item_8"')
    with pytest.raises(DataError, match=r"words.toml: item_6: "):
        load_words(rulebase, words)


def test_the_picture_in_the_documents_is_that_of_the_shipped_tables(svg: str) -> None:
    """After a change: `kakunin draw --out docs/images`, look at it, and drop the .dot."""
    assert PICTURE.read_text(encoding="utf-8") == svg
