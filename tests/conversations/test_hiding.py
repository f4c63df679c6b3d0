"""Hidden counts: what is shown, and that none can be worked out from what is (a solver tries)."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from z3 import Int, Solver, Sum, sat

from conversations.hiding import Count, change, shown, single, table

Table = Mapping[str, Count]
COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), max_size=8)
THRESHOLDS = st.integers(1, 8)


def worked_out(found: Table, total: int | None) -> list[str]:
    """Return the hidden counts that can have one value alone, for who knows the guide, the texts and the total."""
    solver, cells = Solver(), {name: Int(name) for name in found}
    seen = [count.number for count in found.values() if count.number]
    for name, count in found.items():
        cell = cells[name]
        if count.number is not None:
            solver.add(cell == count.number)
        elif count.text[0] == "<":
            solver.add(cell >= 1, cell < int(count.text[1:]))
        else:
            solver.add(cell >= int(count.text[:-1]), *(cell <= number for number in seen))
    if total is not None:
        solver.add(Sum(*cells.values()) == total)
    assert solver.check() == sat
    values = {name: solver.model()[cells[name]].as_long() for name in found if found[name].number is None}
    return [name for name, value in values.items() if solver.check(cells[name] != value) != sat]


@given(COUNTS, THRESHOLDS)
def test_no_hidden_count_of_a_table_with_a_total_can_be_worked_out(counts: dict[str, int], threshold: int) -> None:
    total = sum(counts.values())
    found = table(counts, threshold, total)
    assert found is None or worked_out(found, total) == []


@given(COUNTS, THRESHOLDS, st.booleans())
def test_what_is_shown_is_true_and_nothing_small_is_shown(
    counts: dict[str, int], threshold: int, with_total: bool
) -> None:
    found = table(counts, threshold, sum(counts.values()) if with_total else None)
    if found is None:
        assert with_total
        assert any(0 < number < threshold for number in counts.values())
        return
    assert found.keys() == counts.keys()
    hidden = [name for name, count in found.items() if count.number is None]
    for name, count in found.items():
        number = counts[name]
        if name not in hidden:
            assert count == shown(number)
            assert number == 0 or number >= threshold
        else:
            assert count.text == (f"<{threshold}" if number < threshold else f"{threshold}+")
            assert number > 0
    others = [name for name, number in counts.items() if number and name not in hidden]
    assert len(hidden) != 1 or not others
    assert all(counts[one] <= counts[other] for one in hidden for other in others)


@given(COUNTS, THRESHOLDS)
def test_the_order_says_nothing_of_hidden_counts(counts: dict[str, int], threshold: int) -> None:
    found = table(counts, threshold) or {}
    for text in (f"<{threshold}", f"{threshold}+"):
        names = [name for name, count in found.items() if count.text == text]
        assert names == sorted(names)


@pytest.mark.parametrize(
    ("counts", "total", "expected"),
    [
        ({"a": 0, "b": 7}, 7, {"a": "0", "b": "7"}),
        ({"a": 3, "b": 7, "c": 20}, None, {"a": "<5", "b": "5+", "c": "20"}),
        ({"a": 3, "b": 7, "c": 20}, 30, {"a": "<5", "b": "5+", "c": "20"}),
        ({"a": 3, "b": 0}, None, {"a": "<5", "b": "0"}),
        ({"a": 2, "b": 3, "c": 20}, 25, {"a": "<5", "b": "<5", "c": "20"}),
        ({"a": 1, "b": 1, "c": 20, "d": 30}, 52, {"a": "<5", "b": "<5", "c": "5+", "d": "30"}),
        ({"a": 1, "b": 5}, 6, None),
        ({"a": 2, "b": 1}, 3, None),
        ({}, 0, {}),
    ],
)
def test_examples(counts: dict[str, int], total: int | None, expected: dict[str, str] | None) -> None:
    found = table(counts, 5, total)
    assert (None if found is None else {name: count.text for name, count in found.items()}) == expected


def test_a_difference_is_told_between_shown_counts_alone() -> None:
    assert change(single(12, 5), single(7, 5)) == 5
    assert change(single(12, 5), single(0, 5)) == 12
    assert change(single(12, 5), single(4, 5)) is None
    assert change(single(4, 5), single(12, 5)) is None
    assert single(4, 1) == shown(4)
