"""The `kakunin` command: thin wrappers. Results go to standard output, everything else to standard error."""

import logging
import sys
from difflib import get_close_matches

import click

from knowledge.errors import KakuninError
from rules.models import VERDICTS

FAULT = 1


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
    """Print a rule, passage, measure, service or scenario as a line of JSON."""
    from bot.show import show_records

    raise SystemExit(show_records(ids))


@main.command()
def evaluate() -> None:
    """Read JSON lines {"id", "facts"} and write one judgement a line."""
    from bot.batch import evaluate_lines

    if sys.stdin is None:
        raise click.UsageError("standard input is closed; give it JSON lines")
    raise SystemExit(evaluate_lines(sys.stdin.buffer, sys.stdout))


@main.command()
def mutants() -> None:
    """Plant every single-edit fault in the tables and tell which ones the scenarios notice."""
    from bot.mutants import judge_mutants

    raise SystemExit(judge_mutants())


@main.command()
@click.option("--lang", type=click.Choice(["ja", "en"]), default="en", show_default=True, help="Language of reasons.")
def coverage(lang: str) -> None:
    """Print each sentence of the guideline with its passages, rules and scenarios, or why no rule encodes it."""
    from bot.coverage import print_coverage

    raise SystemExit(print_coverage(lang))


@main.command()
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder to write to; made if missing.")
def draw(out: str) -> None:
    """Draw the rule base on one page: rules.svg, and rules.dot for Graphviz beside it."""
    from bot.draw import write_pictures

    write_pictures(out)


@main.command()
@click.option("--witnesses", is_flag=True, help="Also print, for each rule and fact, the fewest answers that use it.")
def verify(witnesses: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Prove what must hold for every answer combination; needs the extra `verify`."""
    try:
        from bot.verify import verify_rules
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        raise click.UsageError("the proofs need the extra `verify`: pip install 'kakunin[verify]'") from None
    raise SystemExit(verify_rules(witnesses=witnesses))


@main.command()
@click.option("--lang", type=click.Choice(["ja", "en"]), default="en", show_default=True, help="Language of the text.")
@click.option("--json", "as_json", is_flag=True, help="Print data instead of text.")
def explain(lang: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Read one JSON object {"facts"} and tell why its verdict, and what would change it."""
    from bot.explain import explain_line

    if sys.stdin is None:
        raise click.UsageError("standard input is closed; give it a JSON object")
    explain_line(sys.stdin.buffer, lang, as_json=as_json)


@main.command()
@click.option(
    "--at-least", "side", flag_value="at-least", default=True, help="This verdict or a severer one (default)."
)
@click.option("--at-most", "side", flag_value="at-most", help="This verdict or a milder one.")
@click.option("--exactly", "side", flag_value="exactly", help="This verdict alone.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Twenty patterns a page.")
@click.option("--lang", type=click.Choice(["ja", "en"]), default="en", show_default=True, help="Language of reasons.")
@click.argument("verdict", type=click.Choice(VERDICTS))
def when(side: str, page: int, lang: str, verdict: str) -> None:
    """Tell which answers lead to at least (or at most) VERDICT: counts, then every minimal pattern."""
    from bot.reverse import tell_when

    tell_when(side, verdict, page, lang)
