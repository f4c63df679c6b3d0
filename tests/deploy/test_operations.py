"""The unit, the alerts and the operator's guide agree with each other and with the program."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.metrics import ALERTS, Counted, Standing
from bot.settings import Settings
from conversations.store.protocol import Backlog
from tests.test_docs import LINK, variables

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
SYSTEMD = shutil.which("systemd-analyze")
NO_SYSTEMD = "systemd-analyze is not here"


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def names() -> set[str]:
    """Return the name of every sample that the bot shows."""
    metrics = Counted()
    about, backlog = {"version": "1"}, Backlog(0, None, 0, None, 0)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    metrics.also(Standing(lambda: about, lambda: True, lambda: backlog, lambda: True, lambda: 1, lambda: now))
    metrics.acked("x", 1)
    metrics.job("x", "done", 1)
    metrics.letter("sent")
    metrics.refused("x")
    return {name for name in re.findall(r"^(\w+)", metrics.page().decode(), re.MULTILINE) if "_created" not in name}


def test_alerts_ask_only_for_what_is_measured() -> None:
    asked = set(re.findall(r"\bkakunin_\w+", " ".join(re.findall(r"expr: (.*)", text("alerts.yml")))))
    assert asked
    assert asked <= names()
    assert set(re.findall(r'alert="(\w+)"', text("alerts.yml"))) <= set(ALERTS)


def test_what_is_counted_by_module_is_raised_there() -> None:
    """An alert without a code is counted by its module; the names stand in alerts.yml."""
    files = {path.stem: path.read_text(encoding="utf-8") for top in ("bot", "conversations", "rules")
             for path in (ROOT / top).rglob("*.py")}  # fmt: skip
    raised = {stem for stem, source in files.items() if re.search(r"\balert\.(error|critical)\(", source)}
    coded = set(re.findall(r'"code": "(\w+)"', files["watchdog"]))
    assert set(ALERTS) == raised - {"watchdog"} | coded


def test_every_alert_has_its_entry_in_the_guide() -> None:
    alerts = re.findall(r"- alert: (\w+)", text("alerts.yml"))
    assert sorted(alerts) == sorted(re.findall(r"^### (Kakunin\w+)", text("README.md"), re.MULTILINE))
    assert re.findall(r'runbook: "README.md#(\w+)"', text("alerts.yml")) == [name.lower() for name in alerts]


def test_every_metric_is_in_the_guide_s_table() -> None:
    told = set(re.findall(r"`(kakunin_\w+)", text("README.md")))
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in names() if name.startswith("kakunin_")}
    assert told == families


def test_the_guide_names_no_setting_that_is_not_there_and_its_links_lead_somewhere() -> None:
    assert set(re.findall(r"\b(?:KAKUNIN|SLACK)_[A-Z_]+\b", text("README.md"))) <= set(variables())
    assert [link for link in LINK.findall(text("README.md")) if not (DEPLOY / link).exists()] == []


def test_the_unit_stops_later_than_the_bot_does_by_itself() -> None:
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)", text("kakunin.service"), re.MULTILINE)
    assert int(seconds) > Settings().stop_seconds + 5


@pytest.mark.skipif(not SYSTEMD, reason=NO_SYSTEMD)
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "kakunin.service"
    unit.write_text(text("kakunin.service").replace("/opt/kakunin/bin/kakunin", sys.executable), encoding="utf-8")
    done = subprocess.run([str(SYSTEMD), "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False)
    assert [line for line in done.stderr.splitlines() if "kakunin.service" in line] == []


@pytest.mark.skipif(not SYSTEMD, reason=NO_SYSTEMD)
def test_the_unit_exposes_little(tmp_path: Path) -> None:
    line = [str(SYSTEMD), "security", "--offline=true", "--threshold=15", str(DEPLOY / "kakunin.service")]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    if "nrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze cannot look at a file")
    assert done.returncode == 0, done.stdout[-400:]
