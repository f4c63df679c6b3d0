"""`python -m tests.faults [kill] [slack] [disk] [clock] [postgres] [--long]`: prints what was counted."""

import sys

from tests.faults import clock, disk, kill, postgres, slack

FAULTS = {
    "kill": kill.run,
    "slack": slack.run,
    "disk": disk.run,
    "clock": clock.run,
    "postgres": postgres.run,
}

if __name__ == "__main__":
    chosen = [name for name in sys.argv[1:] if name != "--long"]
    for name in chosen or FAULTS:
        FAULTS[name](long="--long" in sys.argv)
