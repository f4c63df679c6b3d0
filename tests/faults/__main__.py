"""`python -m tests.faults [kill] [slack] [disk] [clock] [postgres] [--long]`: prints what was counted."""

import click

from tests.faults import clock, disk, kill, postgres, slack

FAULTS = {
    "kill": kill.run,
    "slack": slack.run,
    "disk": disk.run,
    "clock": clock.run,
    "postgres": postgres.run,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(FAULTS)))
@click.option("--long", "whole", is_flag=True, help="The whole of it.")
def main(names: tuple[str, ...], *, whole: bool) -> None:
    """Print what was counted by each of NAMES, or by all."""
    for name in names or FAULTS:
        FAULTS[name](long=whole)


if __name__ == "__main__":
    main()
