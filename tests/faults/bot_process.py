"""`kakunin serve` as processes that can be killed: shorter time-outs, and a clock that the parent may put back.

What they are told comes from the environment, as for any bot; FAULTS_CLOCK names a file with seconds to add to the
time.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from slack_sdk import WebClient

from bot import app as composition
from bot import foreman, workshop
from bot.serve import serve_until_stopped
from bot.settings import Settings
from conversations.service import utc_now

ANSWER_SECONDS = 1


def _clock() -> datetime:
    file = Path(os.environ["FAULTS_CLOCK"])
    return utc_now() + timedelta(seconds=float(file.read_text() or "0"))


def main(what: str) -> int:
    """Serve until killed, or be the workshop of one that does."""
    waiting = composition.web_client

    def client(settings: Settings, token: str | None = None) -> WebClient:
        made = waiting(settings, token)
        made.timeout = ANSWER_SECONDS
        return made

    composition.CARRY_SECONDS = ANSWER_SECONDS
    composition.web_client = client
    if "FAULTS_CLOCK" in os.environ:
        composition.utc_now = _clock  # type: ignore[attr-defined]
    foreman.WORKSHOP = (sys.executable, "-m", "tests.faults.bot_process", "workshop")
    return workshop.main() if what == "workshop" else serve_until_stopped()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
