"""The Containerfile, followed line by line without a container: COPY into a prefix, RUN as plain scripts there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.health import Readiness, health_app
from bot.metrics import Counted
from bot.serving import http_server, running

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
PATIENCE = 600
OUT_OF_REACH = ("Temporary failure", "Could not resolve", "Failed to fetch", "Unable to locate", "Could not get lock")
NO_INDEX = ("No matching distribution", "NewConnectionError", "ConnectionError", "Read timed out")


def lines(*kinds: str) -> list[tuple[str, str]]:
    """Return the instructions of these kinds with what follows, in order."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    found = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    return [(kind, rest) for kind, rest in found if kind in kinds]


def copy(rest: str, prefix: Path) -> None:
    """Do what COPY does, from the repository into the prefix."""
    *sources, goal = rest.split()
    for source in map(ROOT.joinpath, sources):
        if source.is_dir():
            shutil.copytree(source, f"{prefix}{goal}", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            Path(f"{prefix}{goal}").mkdir(parents=True, exist_ok=True)
            shutil.copy(source, f"{prefix}{goal}")


def run(script: str, prefix: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the prefix as the container would, with the prefix before every path."""
    given = {"ROOT": str(prefix), "SOURCE": f"{prefix}/src", "PYTHON": sys.executable, "PATH": os.environ["PATH"]}
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name == "HOME"}
    line = ["sh", f"{prefix}{script}"]
    return subprocess.run(
        line, env=kept | given | more, cwd=prefix, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    """The prefix after every step but the compiler, and the names of the scripts that ran."""
    prefix, ran = tmp_path_factory.mktemp("image"), []
    for kind, rest in lines("COPY", "RUN"):
        if kind == "COPY":
            if not rest.startswith("--from"):  # both stages are one prefix here
                copy(rest, prefix)
            continue
        script = rest.removeprefix("sh ")
        if script.endswith("compiler.sh"):
            continue
        done = run(script, prefix)
        if done.returncode and any(word in done.stderr for word in NO_INDEX):
            pytest.skip("no package index can be reached")
        assert done.returncode == 0, done.stderr
        ran.append(script)
    yield prefix, ran
    shutil.rmtree(prefix)


def test_every_run_is_a_script_and_every_script_is_used() -> None:
    runs = [rest for _, rest in lines("RUN")]
    assert all(re.fullmatch(r"sh /steps/\w+\.sh", rest) for rest in runs)
    health = re.findall(r"/steps/\w+\.sh", lines("HEALTHCHECK")[0][1])
    used = {Path(rest.removeprefix("sh ")).name for rest in runs} | {Path(name).name for name in health}
    assert used == {path.name for path in (DEPLOY / "steps").iterdir()}


def test_the_steps_lead_to_an_installation_that_is_sound(followed: tuple[Path, list[str]]) -> None:
    prefix, ran = followed
    assert [Path(name).stem for name in ran] == ["install", "folders", "check"]
    state = prefix / "var/lib/kakunin"
    assert state.stat().st_mode & 0o777 == 0o700
    assert os.getuid() != 0 or state.stat().st_uid == 10001
    (entry,) = re.findall(r'"([^"]+)"', lines("ENTRYPOINT")[0][1])
    (command,) = re.findall(r'"([^"]+)"', lines("CMD")[0][1])
    done = subprocess.run([f"{prefix}{entry}", command, "--help"], capture_output=True, timeout=PATIENCE, check=True)
    assert done.stdout.startswith(b"Usage: ")


def test_a_compiler_that_was_left_is_found(followed: tuple[Path, list[str]]) -> None:
    prefix, _ = followed
    left = prefix / "usr/bin/gcc"
    left.parent.mkdir(parents=True)
    left.touch()
    done = run("/steps/check.sh", prefix)
    left.unlink()
    assert (done.returncode, done.stderr) == (1, "/usr/bin/gcc is left\n")


def test_the_health_check_sees_a_running_bot_and_a_stopped_one(followed: tuple[Path, list[str]]) -> None:
    prefix, _ = followed
    server = http_server(health_app(Readiness(), Counted()), "127.0.0.1", 0, 2)
    with running(server) as url:
        port = url.rpartition(":")[2]
        assert run("/steps/health.sh", prefix, KAKUNIN_HEALTH_PORT=port).returncode == 0
    done = run("/steps/health.sh", prefix, KAKUNIN_HEALTH_PORT=port)
    assert done.returncode == 1
    assert done.stderr.startswith("not alive: ")


@pytest.mark.skipif(not shutil.which("apt-get") or os.getuid() != 0, reason="apt-get needs Debian and root")
def test_the_compiler_can_be_had(tmp_path: Path) -> None:
    copy("docs/deploy/steps /steps", tmp_path)
    done = run("/steps/compiler.sh", tmp_path)
    if done.returncode and any(word in done.stderr for word in OUT_OF_REACH):
        pytest.skip("no package mirror can be reached, or another apt-get runs")
    assert done.returncode == 0, done.stderr
    assert shutil.which("gcc")


def test_the_image_runs_as_nobody_in_particular_and_keeps_its_store_in_the_volume() -> None:
    assert lines("USER") == [("USER", "10001:10001")]
    (volume,) = [rest for _, rest in lines("VOLUME")]
    assert f"KAKUNIN_STORE={volume}/" in lines("ENV")[0][1]
    assert "compiler" not in " ".join(rest for _, rest in lines("FROM", "RUN")[-2:])
