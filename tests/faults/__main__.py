"""`python -m tests.faults [kill] [slack] [disk] [read_only] [clock] [postgres] [--long]`: prints what was counted."""

from argparse import ArgumentParser

from tests.faults import clock, disk, kill, postgres, slack

FAULTS = {
    "kill": kill.run,
    "slack": slack.run,
    "disk": disk.run,
    "read_only": disk.run_read_only,
    "clock": clock.run,
    "postgres": postgres.run,
}

if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m tests.faults", description="Break it and count; all ways, or those named.")
    parser.add_argument("faults", nargs="*", choices=FAULTS)
    parser.add_argument("--long", action="store_true", help="more of each, over hours")
    options = parser.parse_args()
    for name in options.faults or FAULTS:
        FAULTS[name](long=options.long)
