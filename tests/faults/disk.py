"""A disk that is full for a while, and a store that may only be read when the bot starts."""

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.bench.table import show
from tests.faults.bots import bots
from tests.faults.examine import NONE_OF, examine
from tests.faults.interviews import Crowd
from tests.faults.stand_in import ground

FULL_BYTES, FULL_SECONDS = 4096, 4.0
HEAD = ["fault", "interviews", "acknowledged answers", "requests repeated", "said", *NONE_OF]


def full(store: str, interviews: int) -> Mapping[str, object]:
    """Let no file grow while people answer, then let it grow again; the process is left alone."""
    with ground() as slack, bots(store, slack) as running:
        (bot,) = running.members
        bot.ready()
        crowd = Crowd(slack, running)
        with crowd.interviewing(interviews):
            crowd.has_ended(interviews // 3)
            bot.limits(FULL_BYTES)
            time.sleep(FULL_SECONDS)
            bot.limits(-1)
        return {**examine(store, crowd), "said": said(running.lines())}


def read_only(store: str, interviews: int) -> Mapping[str, object]:
    """Take away the right to write, kill the bot and start it, and give the right back; an ended bot is started."""
    with ground() as slack, bots(store, slack, prefix=_bound_by_rights()) as running:
        (bot,) = running.members
        bot.ready()
        crowd = Crowd(slack, running)
        crowd.patience = 30
        with crowd.interviewing(interviews):
            crowd.has_ended(interviews // 3)
            bot.kill()
            _rights(store, 0o444)
            bot.start()
            time.sleep(FULL_SECONDS)
            _rights(store, 0o644)
            if bot.process is not None and bot.process.poll() is not None:
                bot.start()
        return {**examine(store, crowd), "said": said(running.lines())}


def _rights(store: str, mode: int) -> None:
    for file in Path(store).parent.glob(f"{Path(store).name}*"):
        file.chmod(mode)


def said(lines: Sequence[str]) -> str:
    """Return the first thing that was said to have gone wrong."""
    found = (line.split(maxsplit=2)[-1] for line in lines if "StoreError" in line or "cannot be used" in line)
    return next(found, "nothing: it waited").strip().partition(" at ")[0]


def _bound_by_rights() -> Sequence[str]:
    """Root may write to any file; as a bot it may not."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override")


def run(*, long: bool) -> None:
    """Print the counts of both."""
    faults: Sequence[tuple[str, Callable[[str, int], Mapping[str, object]], int]] = (
        ("disk full", full, 60 if long else 12),
        ("read-only at the start", read_only, 12 if long else 3),
    )
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, fault, interviews in faults:
            found = fault(str(Path(folder) / f"{name}.db"), interviews)
            rows.append([name, *(found[key] for key in HEAD[1:])])
    show("SQLite: a file that cannot be written", HEAD, rows)
