"""Weeks of an institution run through the real bot: every case ends, nothing waits unseen, the digests are right."""

from pathlib import Path

import pytest

from tests.simulation.plan import plan
from tests.simulation.recount import faults_of
from tests.simulation.run import simulate


def test_a_week_of_a_small_institution(tmp_path: Path) -> None:
    outcome = simulate(tmp_path, plan(1, weeks=1, researchers=8, cases=18))
    assert outcome.faults == []
    done = {
        "cases",
        "left",
        "approvals answered",
        "approvals waiting",
        "desk open",
        "desk closed",
        "desk decided",
        "digests",
    }
    assert done <= {*outcome.counted}


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_three_weeks_of_a_whole_institution(tmp_path: Path, seed: int) -> None:
    outcome = simulate(tmp_path, plan(seed, weeks=3, researchers=40, cases=180))
    assert outcome.faults == []
    assert (outcome.counted["cases"], outcome.counted["digests"]) == (180, 6)
    assert outcome.counted["approvals waiting"]


def test_a_plan_is_the_same_again() -> None:
    assert plan(7, 3, 40, 60) == plan(7, 3, 40, 60) != plan(8, 3, 40, 60)


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({"a": "12", "b": "<5", "c": "5+"}, []),
        ({"a": "12", "b": "3", "c": "5+"}, ["b is 3 and told as 3", "c alone is hidden"]),
        ({"a": "12", "b": "<5", "c": "6"}, ["b alone is hidden"]),
        ({"a": "11", "b": "<5", "c": "<5"}, ["a is 12 and told as 11", "c is 6 and told as <5"]),
        ({"b": "<5", "c": "5+"}, ["a is not told"]),
    ],
)
def test_what_is_told_wrong_is_found(told: dict[str, str], faults: list[str]) -> None:
    assert faults_of({"a": 12, "b": 3, "c": 6}, told) == faults
