"""`python -m tests.simulation [--weeks 3] [--seed N]`: runs an institution through the bot, prints what was counted."""

import tempfile
import time
from pathlib import Path

import click

from tests.simulation.plan import plan
from tests.simulation.run import simulate


@click.command()
@click.option("--weeks", default=3, type=click.IntRange(1, 12))
@click.option("--seed", default=1)
@click.option("--researchers", default=40)
@click.option("--cases", default=0, help="All in all; three for each two researchers a week where it is left out.")
def main(weeks: int, seed: int, researchers: int, cases: int) -> None:
    """Print what was counted and what is not as it should be."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = simulate(Path(folder), plan(seed, weeks, researchers, cases or researchers * weeks * 3 // 2))
    for name, number in sorted(outcome.counted.items()):
        click.echo(f"{name}: {number}")
    click.echo(f"seconds: {time.monotonic() - start:.0f}")
    for fault in outcome.faults:
        click.echo(fault)
    raise SystemExit(bool(outcome.faults))


if __name__ == "__main__":
    main()
