"""The `kakunin` command: thin wrappers. Results go to standard output, everything else to standard error."""

import logging
import sys
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import click

from bot.example import overlay_folder
from bot.spoken import LANGUAGES
from conversations.errors import MissingExtra
from knowledge.errors import KakuninError, nearest
from rules.models import VERDICTS

FAULT, MISSING = 1, 2


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
            raise SystemExit(MISSING if isinstance(error, MissingExtra) else FAULT) from None
        except OSError as error:
            sys.stdout = None  # the reader has gone or the disk is full; nothing is left to flush to
            if not isinstance(error, BrokenPipeError):
                click.echo(f"kakunin: {error.strerror or error}", err=True)
            raise SystemExit(FAULT) from None


overlay_option = click.option(
    "--overlay",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="KAKUNIN_OVERLAY",
    callback=lambda _context, _option, folder: overlay_folder(folder),
    help="Folder of the institution's overlay; `example` is one that is shipped.",
)
overlays_option = click.option(
    "--overlays",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="KAKUNIN_OVERLAYS",
    help="Folder with an overlay for each workspace, by its id.",
)
language_option = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the text."
)


def a_verdict(word: str) -> str:
    """Return the word if it is a verdict. Raises a usage error with the nearest one."""
    if word not in VERDICTS:
        raise click.BadParameter(
            f"{word!r} is not a verdict{nearest(word, VERDICTS)}. There are: {', '.join(VERDICTS)}."
        )
    return word


store_option = click.option(
    "--store", envvar="KAKUNIN_STORE", default="kakunin.db", show_default=True, help="SQLite file."
)


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
@overlay_option
def play(port: int, store: str, overlay: Path | None) -> None:
    """Start the local playground: a Slack-like page with the real bot behind it."""
    from bot.playground.run import play_until_stopped

    play_until_stopped(port, store, overlay)


@main.command()
def serve() -> None:
    """Connect to Slack and answer (Socket Mode, or HTTP with KAKUNIN_MODE=http)."""
    from bot.serve import serve_until_stopped

    raise SystemExit(serve_until_stopped())


@main.command()
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; by default that of the terminal.")
@click.option("--receipt", type=click.Path(dir_okay=False, path_type=Path), help="File to write the receipt to (JSON).")
@click.option("--whole-list", is_flag=True, help="Also ask what only the checklist calls for, and print it.")
@overlay_option
def ask(lang: str | None, receipt: Path | None, whole_list: bool, overlay: Path | None) -> None:  # noqa: FBT001 - click
    """Go through the interview in the terminal; the verdict goes to standard output."""
    from bot.terminal import ask_in_terminal

    raise SystemExit(ask_in_terminal(lang, overlay, receipt, whole_list=whole_list))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@overlay_option
def replay(file: str, overlay: Path | None) -> None:
    """Judge the receipts in FILE again, offline, and print `same` or exactly what differs."""
    from bot.replay import replay_file

    raise SystemExit(replay_file(file, overlay))


@main.command()
@store_option
@click.argument("case", required=False, default="")
def receipts(store: str, case: str) -> None:
    """Print the stored receipts, oldest first, a line of JSON each; those of one CASE, or all."""
    from bot.receipts import print_receipts

    raise SystemExit(print_receipts(store, case))


@main.command()
@store_option
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@language_option
@overlay_option
@overlays_option
@click.argument("case")
def record(case: str, store: str, out: Path, lang: str, overlay: Path | None, overlays: Path | None) -> None:  # noqa: PLR0913, PLR0917 - click
    """Write the record of a CASE with a verdict: a Word document, Markdown, and its last receipt."""
    from bot.record.command import write_record

    raise SystemExit(write_record(case, store, out, lang, overlay, overlays))


@main.command()
@store_option
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day on which they were started.")
@click.option("--to", "--until", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which they were started.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv", "receipts"]),
    default="json",
    show_default=True,
    help="JSON lines, CSV, or the receipts of these cases as JSON lines.",
)
def cases(store: str, first: datetime | None, last: datetime | None, form: Literal["json", "csv", "receipts"]) -> None:
    """Print the stored cases, a line of JSON each; persons by pseudonym (KAKUNIN_PSEUDONYM_KEY)."""
    from bot.cases import print_cases

    raise SystemExit(print_cases(store, first and first.date(), last and last.date(), form))


@main.command()
@store_option
@click.option(
    "--state",
    type=click.Choice(["open", "claimed", "decided", "closed"]),
    help="Only these; by default all not closed.",
)
@click.option("--office", default="", help="Only those that this office has.")
@click.option("--holder", default="", help="Only those that this person (Slack id) has claimed.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Page of the table.")
@click.option("--json", "form", flag_value="json", help="Print a line of JSON for each case; people by pseudonym.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV; people by pseudonym.")
def desk(store: str, state: str | None, office: str, holder: str, page: int, form: str | None) -> None:  # noqa: PLR0913, PLR0917 - click
    """Print the queue of the support desk: the most urgent first, then those that wait longest."""
    from bot.desk.command import print_queue
    from conversations.desk import Wanted

    raise SystemExit(print_queue(store, Wanted(state or "", office, holder), page, form or "table"))


@main.command()
@store_option
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
def scenarios(store: str, out: Path) -> None:
    """Write the scenarios that the desk accepted from “Wrong verdict?” into the folder OUT, for the rule author."""
    from bot.desk.command import write_scenarios

    raise SystemExit(write_scenarios(store, out))


@main.command()
@store_option
@click.option("--week", required=True, help="ISO week, such as 2026-W47.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@click.option("--workspace", help="Which workspace (T…), where the store has several.")
@overlay_option
@overlays_option
def digest(  # noqa: PLR0913, PLR0917 - click
    store: str, week: str, out: Path, workspace: str | None, overlay: Path | None, overlays: Path | None
) -> None:
    """Write the weekly digest of a week, small counts hidden: text, pictures, CSV and Excel, in both languages."""
    from bot.digest.command import write_digest

    raise SystemExit(write_digest(week, store, out, workspace, overlay, overlays))


@main.command()
@click.option("--slack", is_flag=True, help="Also check tokens, scopes and whether Slack can be reached.")
@overlay_option
@overlays_option
def check(slack: bool, overlay: Path | None, overlays: Path | None) -> None:  # noqa: FBT001 - click passes flags so
    """Load and check all data, every overlay too; with --slack also what is needed to connect."""
    from bot.checkup import check_data, check_overlays, check_slack

    check_data(overlay)
    check_overlays(overlays)
    if slack:
        raise SystemExit(check_slack())


@main.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@overlay_option
def show(ids: tuple[str, ...], overlay: Path | None) -> None:
    """Print a rule, passage, measure, service or scenario as a line of JSON."""
    from bot.show import show_records

    raise SystemExit(show_records(ids, overlay))


@main.command()
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each passage instead of text.")
@overlay_option
@click.argument("question")
def passages(question: str, lang: str, as_json: bool, overlay: Path | None) -> None:  # noqa: FBT001 - click
    """Answer QUESTION, in Japanese or English, with the guideline's passages, or that it does not say."""
    from bot.passages import print_passages

    print_passages(question, lang, overlay, as_json=as_json)


@main.command()
@overlay_option
def evaluate(overlay: Path | None) -> None:
    """Read JSON lines {"id", "facts"} (and "service" for an overlay's rules) and write one judgement a line."""
    from bot.batch import evaluate_lines

    if sys.stdin is None:
        raise click.UsageError("standard input is closed; give it JSON lines")
    raise SystemExit(evaluate_lines(sys.stdin.buffer, sys.stdout, overlay))


@main.command()
@overlay_option
def understand(overlay: Path | None) -> None:
    """Read JSON lines {"id", "text"} and write what each text says: services, facts, their words, and warnings."""
    from bot.understand import understand_lines

    if sys.stdin is None:
        raise click.UsageError("standard input is closed; give it JSON lines")
    raise SystemExit(understand_lines(sys.stdin.buffer, sys.stdout, overlay))


@main.command()
@store_option
@click.option(
    "--retry", multiple=True, metavar="ID", help="Queue a dead letter again; `all` for every one. May be repeated."
)
def outbox(store: str, retry: tuple[str, ...]) -> None:
    """Tell what waits to go to Slack, and what was given up."""
    from bot.outbox import tell_outbox

    raise SystemExit(tell_outbox(store, retry))


@main.command()
@store_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(store: str, file: Path) -> None:
    """Write everything in the store to FILE, also while the bot runs."""
    from bot.stores import write_backup

    raise SystemExit(write_backup(store, file))


@main.command()
@store_option
@click.option("--replace", is_flag=True, help="Also where the store holds something; that is kept beside it.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(store: str, file: Path, replace: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Check the backup FILE and put it in the place of the store."""
    from bot.stores import restore_backup

    raise SystemExit(restore_backup(store, file, replace=replace))


@main.group("store", cls=Commands)
def store_group() -> None:
    """Move between stores."""


@store_group.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def store_copy(source: str, target: str) -> None:
    """Copy everything from one store to an empty one, and check that both hold the same."""
    from bot.stores import copy_everything

    raise SystemExit(copy_everything(source, target))


@main.group(cls=Commands)
def edition() -> None:
    """Editions of the rulebook: list, compare, publish, and tell what a new one changes for stored cases."""


@edition.command("list")
@language_option
def edition_list(lang: str) -> None:
    """List the editions with the day each counts from; the one in force is marked."""
    from bot.editions import list_editions

    list_editions(lang)


@edition.command("publish")
def edition_publish() -> None:
    """Seal the working files as the last edition of editions.toml; a sealed edition never changes."""
    from bot.editions import publish_edition

    publish_edition()


@edition.command("diff")
@language_option
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
def edition_diff(old: str, new: str, lang: str) -> None:
    """Tell what changes by verdict from edition A to B; each an id, or a folder or sealed file. Exits 1 if any does."""
    from bot.editions import diff_editions

    raise SystemExit(diff_editions(old, new, lang))


@edition.command("impact")
@store_option
@overlay_option
@overlays_option
@click.option("--notify", is_flag=True, help="Record the new results and queue a message to each owner, once.")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
def edition_impact(  # noqa: PLR0913, PLR0917 - click
    old: str,
    new: str,
    store: str,
    overlay: Path | None,
    overlays: Path | None,
    notify: bool,  # noqa: FBT001 - click passes flags so
) -> None:
    """Judge every stored case of edition A again by B: unchanged, changed, or in need of a new answer."""
    from bot.editions import tell_impact
    from conversations.book import Books
    from conversations.library import Library

    tell_impact(old, new, store, Library(Books(overlay), overlays), notify=notify)


@main.command()
def mutants() -> None:
    """Plant every single-edit fault in the tables and tell which ones the scenarios notice."""
    from bot.mutants import judge_mutants

    raise SystemExit(judge_mutants())


@main.command()
@language_option
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
@overlay_option
def verify(witnesses: bool, overlay: Path | None) -> None:  # noqa: FBT001 - click passes flags so
    """Prove what must hold for every answer combination; needs the extra `verify`."""
    try:
        from bot.verify import verify_rules
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        raise click.UsageError("the proofs need the extra `verify`: pip install 'kakunin[verify]'") from None
    raise SystemExit(verify_rules(overlay, witnesses=witnesses))


@main.command()
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print data instead of text.")
@overlay_option
def explain(lang: str, as_json: bool, overlay: Path | None) -> None:  # noqa: FBT001 - click passes flags so
    """Read one JSON object {"facts"} and tell why its verdict, and what would change it."""
    from bot.explain import explain_line

    if sys.stdin is None:
        raise click.UsageError("standard input is closed; give it a JSON object")
    explain_line(sys.stdin.buffer, lang, overlay, as_json=as_json)


@main.command()
@click.option("--at-least", is_flag=True, help="This verdict or a severer one (default).")
@click.option("--at-most", is_flag=True, help="This verdict or a milder one.")
@click.option("--exactly", is_flag=True, help="This verdict alone: how many, as the difference of two lists.")
@click.option("--page", type=click.IntRange(1), help="Twenty patterns a page; the first by default.")
@language_option
@overlay_option
@click.argument("verdict", callback=lambda _context, _argument, word: a_verdict(word))
def when(  # noqa: PLR0913, PLR0917 - click passes each option
    at_least: bool,  # noqa: FBT001
    at_most: bool,  # noqa: FBT001
    exactly: bool,  # noqa: FBT001
    page: int | None,
    lang: str,
    overlay: Path | None,
    verdict: str,
) -> None:
    """Tell which answers lead to at least (or at most) VERDICT: counts, then every minimal pattern."""
    from bot.reverse import tell_when

    sides = {"at-least": at_least, "at-most": at_most, "exactly": exactly}
    chosen = [side for side, wanted in sides.items() if wanted] or ["at-least"]
    if len(chosen) > 1:
        raise click.UsageError(f"--{chosen[0]} and --{chosen[1]} ask for two things; choose one")
    if exactly and page:
        raise click.UsageError("--exactly has no pages of its own; it names the two lists that do")
    tell_when(chosen[0], verdict, page or 1, lang, overlay)
