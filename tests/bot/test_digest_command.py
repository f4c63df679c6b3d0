"""`kakunin digest`: which files it writes, of which workspace, and what is wrong usage."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from conversations.store.sqlite import SqliteStore
from tests.conversations.test_figures import MONDAY, start

WEEK = "2026-W47"
NAMES = {
    f"digest-{WEEK}{name}"
    for language in ("ja", "en")
    for name in (
        f".{language}.txt",
        f"-trend.{language}.png",
        f"-week.{language}.png",
        f".{language}.csv",
        f".{language}.xlsx",
    )
}


def run(tmp_path: Path, *options: str, week: str = WEEK) -> Result:
    store, out = str(tmp_path / "kakunin.db"), str(tmp_path / "out")
    return CliRunner().invoke(main, ["digest", "--store", store, "--week", week, "--out", out, *options])


def filled(tmp_path: Path, *workspaces: str) -> None:
    with closing(SqliteStore(tmp_path / "kakunin.db")) as store:
        for workspace in workspaces:
            for number in range(7):
                start(store, f"c{number}", MONDAY + timedelta(hours=number), workspace)


def test_it_writes_text_pictures_and_tables_in_both_languages_and_names_them(tmp_path: Path) -> None:
    filled(tmp_path, "T1")
    result = run(tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    out = tmp_path / "out"
    assert {Path(line) for line in result.stdout.splitlines()} == {out / name for name in NAMES} == {*out.iterdir()}
    assert (out / f"digest-{WEEK}-week.ja.png").read_bytes().startswith(b"\x89PNG")
    assert "7 checks began" in (out / f"digest-{WEEK}.en.txt").read_text(encoding="utf-8")
    with closing(SqliteStore(tmp_path / "kakunin.db")) as store:
        assert store.last_closed("T1", "9999-W01") is None


def test_without_a_store_the_week_is_empty(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 0
    assert "この週に始まった確認も" in (tmp_path / "out" / f"digest-{WEEK}.ja.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "kakunin.db").exists()


def test_of_several_workspaces_one_has_to_be_named(tmp_path: Path) -> None:
    filled(tmp_path, "T1", "T2")
    result = run(tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--workspace: T1, T2" in result.stderr
    assert run(tmp_path, "--workspace", "T2").exit_code == 0
    result = run(tmp_path, "--workspace", "T22")
    assert result.exit_code == 1
    assert "did you mean 'T2'?" in result.stderr


@pytest.mark.parametrize("week", ["2026-W54", "2026-47", "now", ""])
def test_what_is_no_week_is_wrong_usage(tmp_path: Path, week: str) -> None:
    result = run(tmp_path, week=week)
    assert result.exit_code == 2
    assert "2026-W47" in result.stderr


def test_a_week_that_is_not_over_says_so(tmp_path: Path) -> None:
    assert run(tmp_path, week="9998-W01").exit_code == 0
    assert "途中です" in (tmp_path / "out" / "digest-9998-W01.ja.txt").read_text(encoding="utf-8")
