"""`kakunin serve` as a process that can be killed: shorter time-outs, and a clock that the parent may put back.

What it is told comes from the environment, as for any bot; FAULTS_CLOCK names a file with seconds to add to the time.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from slack_sdk import WebClient

from bot import app as composition
from bot.serve import serve_until_stopped
from bot.settings import Settings
from conversations.service import utc_now

ANSWER_SECONDS = 1


def _clock() -> datetime:
    file = Path(os.environ["FAULTS_CLOCK"])
    return utc_now() + timedelta(seconds=float(file.read_text() or "0"))


def main() -> int:
    """Serve until killed."""
    waiting = composition.web_client

    def client(settings: Settings) -> WebClient:
        made = waiting(settings)
        made.timeout = ANSWER_SECONDS
        return made

    composition.CARRY_SECONDS = ANSWER_SECONDS
    composition.web_client = client
    if "FAULTS_CLOCK" in os.environ:
        composition.utc_now = _clock  # type: ignore[attr-defined]
    return serve_until_stopped()


if __name__ == "__main__":
    sys.exit(main())
