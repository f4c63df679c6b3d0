"""The short forms: a few interviews each. `python -m tests.faults --long` is the whole."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.clock import stepped
from tests.faults.disk import full, read_only
from tests.faults.examine import NONE_OF
from tests.faults.kill import killed
from tests.faults.postgres import durable_server, killed_server
from tests.faults.slack import stormy
from tests.postgres import postgres_server

pytestmark = pytest.mark.long


def wrong(found: Mapping[str, object]) -> dict[str, object]:
    return {name: found[name] for name in NONE_OF if found[name]}


@pytest.mark.parametrize("processes", [1, 3])
def test_nothing_is_lost_or_doubled_by_kill_on_sqlite(tmp_path: Path, processes: int) -> None:
    assert wrong(killed(str(tmp_path / "kakunin.db"), processes, 4)) == {}


def test_nothing_is_lost_or_doubled_by_kill_on_postgres() -> None:
    with postgres_server() as server:
        assert wrong(killed(server.fresh(), 2, 4)) == {}


def test_every_interview_ends_while_slack_fails(tmp_path: Path) -> None:
    found = stormy(str(tmp_path / "kakunin.db"), 5, 5)
    assert wrong(found) == {}
    assert found["letters given up"] == 0


def test_a_full_disk_loses_nothing_and_needs_no_hands(tmp_path: Path) -> None:
    found = full(str(tmp_path / "kakunin.db"), 6)
    assert wrong(found) == {}
    assert "StoreError" in str(found["said"])


def test_a_killed_database_server_loses_nothing() -> None:
    with durable_server() as server:
        assert wrong(killed_server(server, 6, 1)) == {}


def test_a_clock_put_back_keeps_nobody_waiting(tmp_path: Path) -> None:
    assert wrong(stepped(tmp_path, str(tmp_path / "kakunin.db"), 4)) == {}


def test_a_file_that_may_only_be_read_is_told_and_needs_no_hands(tmp_path: Path) -> None:
    found = read_only(str(tmp_path / "kakunin.db"), 3)
    assert wrong(found) == {}
    assert "may only be read" in str(found["said"])
