"""`kakunin digest`: the digest of a week as files, in both languages; the store is only read."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from bot.app import House, build_house, build_tools
from bot.digest.files import as_text, files_of
from bot.digest.sending import report_of
from bot.metrics import Metrics
from bot.settings import load_settings
from bot.spoken import LANGUAGES
from bot.tools import Tools
from conversations.figures import monday_of
from conversations.store.opening import open_existing, open_store
from conversations.store.sql import SqlStore
from knowledge.errors import KakuninError, nearest

NOBODY = ""
"""Stands for the workspace where there is none yet."""


def write_digest(  # noqa: PLR0913, PLR0917 - what the command takes
    week: str, where: str, out: Path, workspace: str | None, overlay: Path | None, overlays: Path | None
) -> int:
    """Write text, pictures and tables to the folder, and print their paths. Raises KakuninError, click.UsageError."""
    try:
        monday_of(week)
    except KakuninError as error:
        raise click.BadParameter(str(error), param_hint="'--week'") from None
    house = build_house(overlay, overlays)
    with _opened(where) as store:
        tools = build_tools(house, store, load_settings(), Metrics())
        _write(tools, _chosen(store, workspace, house), week, out)
    return 0


@contextmanager
def _opened(where: str) -> Iterator[SqlStore]:
    """A store that is not there has nothing in it."""
    missing = "://" not in where and not Path(where).exists()
    with closing(open_store(":memory:") if missing else open_existing(where)) as store:
        yield store


def _chosen(store: SqlStore, workspace: str | None, house: House) -> str:
    there = store.workspaces()
    if workspace is None:
        if len(there) > 1:
            raise click.UsageError(f"there are several workspaces; name one by --workspace: {', '.join(there)}")
        return there[0] if there else NOBODY
    if there and workspace not in there:
        raise KakuninError(f"there is no workspace {workspace!r} in {store.where}{nearest(workspace, there)}")
    house.library.of(workspace)
    return workspace


def _write(tools: Tools, workspace: str, week: str, out: Path) -> None:
    digest = tools.digests.of(workspace, week)
    running = tools.digests.figures.span(workspace, week)[1] > tools.clock()
    out.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        remarks = [tools.phrases.label(language, "digest.running")] if running else []
        report = report_of(tools, workspace, digest, language, *remarks)
        contents = {f"digest-{week}.{language}.txt": as_text(report).encode()}
        contents |= {file.name: file.content for file in files_of(tools.phrases, report)}
        for name, content in contents.items():
            (out / name).write_bytes(content)
            click.echo(out / name)
