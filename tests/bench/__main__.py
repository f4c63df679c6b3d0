"""`python -m tests.bench [acks] [load] …`: prints measured tables; `--help` names them."""

import click

from tests.bench import (
    acks,
    clicks,
    decisions,
    desk,
    digest,
    figures,
    growth,
    insights,
    load,
    passages,
    questions,
    records,
    understanding,
)

BENCHES = {
    "decisions": decisions.run,
    "acks": acks.run,
    "load": load.run,
    "growth": growth.run,
    "figures": figures.run,
    "digest": digest.run,
    "understanding": understanding.run,
    "questions": questions.run,
    "clicks": clicks.run,
    "insights": insights.run,
    "passages": passages.run,
    "records": records.run,
    "desk": desk.run,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHES)))
@click.option("--long", "whole", is_flag=True, help="Up to a million cases.")
def main(names: tuple[str, ...], *, whole: bool) -> None:
    """Print measured tables by each of NAMES, or by all."""
    for name in names or BENCHES:
        BENCHES[name]()


if __name__ == "__main__":
    main()
