"""`kakunin replay`: recompute receipts offline, and tell `same` or what differs."""

import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import click

from conversations.receipts import Receipt, read_receipts
from conversations.replay import chain_differences, differences, hash_differences
from knowledge.errors import KakuninError, nearest
from rules.editions import Rulebook, load_rulebook
from rules.evaluator import Evaluator, make_evaluator
from rules.loader import load_editions

STANDARD_INPUT = "-"


def replay_file(path: str, overlay: Path | None = None) -> int:
    """Print `same` and return 0, or print a line for each difference and return 1. `-` reads standard input.

    `overlay`: folder of the institution's rules. Raises KakuninError if there is no receipt to be read, or for a
    fault in the overlay.
    """
    receipts = _receipts(path)
    if overlay is None and any(receipt.overlay for receipt in receipts):
        click.echo("kakunin: an institution's rules took part; give their folder with --overlay", err=True)
    found = list(tell_differences(receipts, overlay))
    for line in found or ["same"]:
        click.echo(line)
    return 1 if found else 0


def tell_differences(receipts: tuple[Receipt, ...], overlay: Path | None = None) -> Iterator[str]:
    """Yield each difference; where there are several receipts, with the place of its own."""
    judge = _Judge(overlay)
    for number, (receipt, chain) in enumerate(zip(receipts, chain_differences(receipts), strict=True), 1):
        place = f"receipt {number}: " if len(receipts) > 1 else ""
        yield from (f"{place}{line}" for line in (*judge.differences(receipt), *chain))


class _Judge:
    """Recomputes receipts, each by its own edition and with the overlay only if it had one; each is loaded once."""

    def __init__(self, overlay: Path | None) -> None:
        self._overlay = overlay
        self._load = lru_cache(maxsize=None)(_edition)

    def differences(self, receipt: Receipt) -> Iterable[str]:
        known = [edition.id for edition in load_editions(files("rules"))]
        name = receipt.edition.id
        if name not in known:
            hint = nearest(name, known) or f"; there are: {', '.join(known)}"
            return (*hash_differences(receipt), f"edition: {name} is not known here{hint}")
        rulebook, evaluator = self._load(name, self._overlay if receipt.overlay else None)
        return differences(receipt, rulebook, evaluator)


def _edition(name: str, overlay: Path | None) -> tuple[Rulebook, Evaluator]:
    rulebook = load_rulebook(name, overlay)
    return rulebook, make_evaluator(rulebook.rulebase)


def _receipts(path: str) -> tuple[Receipt, ...]:
    where = "standard input" if path == STANDARD_INPUT else path
    try:
        return read_receipts(_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise KakuninError(f"{where}: not UTF-8") from None
    except OSError as error:
        raise KakuninError(f"{where}: {error.strerror or error}") from None
    except KakuninError as error:
        raise KakuninError(f"{where}: {error}") from None


def _bytes(path: str) -> bytes:
    if path != STANDARD_INPUT:
        return Path(path).read_bytes()
    if sys.stdin is None:
        raise KakuninError("it is closed; give it a receipt")
    return sys.stdin.buffer.read()
