"""The `kakunin` command: thin wrappers. Results go to standard output, everything else to standard error."""

import logging
import sys
from difflib import get_close_matches

import click

from knowledge.errors import KakuninError

FAULT, USAGE = 1, 2


class Commands(click.Group):
    """Suggests the nearest command, and tells our own errors without a traceback."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Raise a usage error with the nearest command's name for an unknown one."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            close = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean {close[0]!r}?" if close else f" There are: {', '.join(self.list_commands(ctx))}."
            raise click.UsageError(f"No command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error raised on purpose ends with its text and status 1."""
        try:
            return super().invoke(ctx)
        except KakuninError as error:
            click.echo(f"kakunin: {error}", err=True)
            raise SystemExit(FAULT) from None
        except OSError as error:
            sys.stdout = None  # the reader has gone or the disk is full; nothing is left to flush to
            if not isinstance(error, BrokenPipeError):
                click.echo(f"kakunin: {error.strerror or error}", err=True)
            raise SystemExit(FAULT) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kakunin", prog_name="kakunin")
def main() -> None:
    """Kakunin (確認): may this research data go into that AI service? By a guideline's own words."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")


@main.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port of the page; 0 = any."
)
@click.option("--store", default="kakunin-play.db", show_default=True, help="SQLite file; :memory: keeps nothing.")
def play(port: int, store: str) -> None:
    """Start the local playground: a Slack-like page with the real bot behind it."""
    from bot.playground.run import play_until_stopped

    play_until_stopped(port, store)


@main.command()
def serve() -> None:
    """Connect to Slack and answer (Socket Mode, or HTTP with KAKUNIN_MODE=http)."""
    from bot.serve import serve_until_stopped

    raise SystemExit(serve_until_stopped())


@main.command()
@click.option("--lang", type=click.Choice(["ja", "en"]), help="Language; by default that of the terminal.")
def ask(lang: str | None) -> None:
    """Go through the interview in the terminal; the verdict goes to standard output."""
    from bot.terminal import ask_in_terminal

    raise SystemExit(ask_in_terminal(lang))


@main.command()
@click.option("--slack", is_flag=True, help="Also check tokens, scopes and whether Slack can be reached.")
def check(slack: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Load and check all data; with --slack also what is needed to connect."""
    from bot.checkup import check_data, check_slack

    check_data()
    if slack:
        raise SystemExit(check_slack())


@main.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def show(ids: tuple[str, ...]) -> None:
    """Print a rule, passage, measure or service as a line of JSON."""
    from bot.show import show_records

    raise SystemExit(show_records(ids))


@main.command()
def evaluate() -> None:
    """Read JSON lines {"id", "facts"} and write one judgement a line."""
    from bot.batch import evaluate_lines

    if sys.stdin is None:
        raise click.UsageError("standard input is closed; give it JSON lines")
    raise SystemExit(evaluate_lines(sys.stdin.buffer, sys.stdout))
