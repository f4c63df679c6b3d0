"""Copies of the data folders with one fault planted. Used by the loader tests of both floors."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path


def copy_data(package: str, target: Path) -> Path:
    """Copy the data files of a package (no Python) to `target` and return it."""
    with as_file(files(package)) as folder:
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return target


def plant(file: Path, old: str, new: str) -> None:
    """Replace the first `old` by `new`; the test is void if `old` is not there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} does not hold {old!r}: the planted fault needs a new place"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
