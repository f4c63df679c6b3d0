"""`kakunin play`: the playground until it is stopped."""

import threading
from pathlib import Path

import click

from bot.app import build_house
from bot.playground.server import playground
from bot.settings import SettingsError, load_settings


def play_until_stopped(port: int, store: str, overlay: Path | None = None) -> None:
    """Run the playground. Raises SettingsError if the port or the store cannot be used."""
    settings = load_settings(port=port, store=store, overlay=overlay)
    try:
        with playground(build_house(overlay), settings) as running:
            click.echo(f"Kakunin playground: {running.url}  (Ctrl-C stops it)", err=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
    except OSError as error:
        raise SettingsError(f"port {port} cannot be used, perhaps it is taken: choose another with --port") from error
