"""Floors and doors, read from the imports: each floor imports only those below, each library has one door."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

FLOORS = ("knowledge", "rules", "conversations", "bot")
DOORS = {
    "slack_": "bot/",
    "flask": "bot/",
    "waitress": "bot/",
    "jinja2": "bot/rendering.py",
    "docxtpl": "bot/record/word.py",
    "docx": "bot/record/",
    "resvg_py": "bot/digest/charts.py",
    "xlsxwriter": "bot/digest/tables.py",
    "durable": "rules/engine.py",
    "sqlite_utils": "conversations/store/",
    "sqlite3": "conversations/store/",
    "psycopg": "conversations/store/postgres.py",
    "z3": "rules/verify/",
    "cryptography": "bot/oauth/keys.py",
}
"""What a library's name begins with, and the only place that may import it."""


def imports(file: Path, root: Path) -> Iterator[str]:
    """Yield the full dotted names a file imports, relative and by `import_module` as well."""
    package = file.relative_to(root).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module, names, level):
                near = [*package[: len(package) - level + 1]] if level else []
                base = ".".join([*near, *([module] if module else [])])
                yield from (f"{base}.{name.name}" for name in names)
            case ast.Call(ast.Name(called) | ast.Attribute(attr=called), [ast.Constant(str(name)), *_]):
                if called in {"import_module", "__import__"}:
                    yield name


def wrong_imports(root: Path) -> list[str]:
    """Return what breaks the plan, as `file imports name`."""
    found = []
    for floor in FLOORS:
        for file in sorted((root / floor).rglob("*.py")):
            place = file.relative_to(root).as_posix()
            for name in imports(file, root):
                top = name.split(".")[0]
                upwards = top in FLOORS and FLOORS.index(top) > FLOORS.index(floor)
                side_door = any(top.startswith(lib) and not place.startswith(door) for lib, door in DOORS.items())
                if upwards or side_door or top == "tests":
                    found.append(f"{place} imports {name}")
    return found


def circle(root: Path) -> list[str]:
    """Return modules that import each other in a circle, else nothing."""
    files = [file for floor in FLOORS for file in sorted((root / floor).rglob("*.py"))]
    modules = {".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file for file in files}
    needs: dict[str, set[str]] = {}
    for module, file in modules.items():
        reached = {name if name in modules else name.rpartition(".")[0] for name in imports(file, root)}
        needs[module] = (reached & modules.keys()) - {module}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


ROOT = Path(__file__).resolve().parents[1]


def test_the_floors_are_there() -> None:
    assert all(any((ROOT / floor).glob("*.py")) for floor in FLOORS)


def test_every_import_keeps_to_the_plan() -> None:
    assert wrong_imports(ROOT) == []


def test_no_modules_import_each_other() -> None:
    assert circle(ROOT) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("knowledge/x.py", "import rules.models"),
        ("rules/x.py", "from conversations import interview"),
        ("conversations/x.py", "from bot.app import make"),
        ("rules/x.py", "def f():\n    from slack_sdk import WebClient"),
        ("conversations/x.py", "import slack_bolt.app"),
        ("rules/evaluator.py", "from durable.lang import ruleset"),
        ("rules/x.py", "import durable_rules_engine as dre"),
        ("bot/x.py", "import jinja2"),
        ("bot/record/x.py", "import docxtpl"),
        ("bot/x.py", "import docx"),
        ("bot/x.py", "import resvg_py"),
        ("bot/digest/charts.py", "import xlsxwriter"),
        ("conversations/x.py", "import sqlite3"),
        ("bot/x.py", "from sqlite_utils import Database"),
        ("conversations/store/sqlite.py", "from psycopg_pool import ConnectionPool"),
        ("conversations/x.py", "import flask"),
        ("rules/x.py", "import z3"),
        ("bot/oauth/flow.py", "from cryptography.fernet import Fernet"),
        ("bot/verify.py", "from z3 import Solver"),
        ("rules/x.py", "import importlib\nimportlib.import_module('waitress')"),
        ("rules/x.py", "from ..bot import app"),
        ("bot/x.py", "from tests.conftest import knowledge"),
    ],
)
def test_a_planted_wrong_import_is_caught(tmp_path: Path, file: str, line: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(line, encoding="utf-8")
    assert [found.split()[0] for found in wrong_imports(tmp_path)] == [file]


def test_the_right_doors_are_open(tmp_path: Path) -> None:
    right = {
        "bot/record/word.py": "import docxtpl",
        "bot/record/template.py": "import docx",
        "rules/engine.py": "import durable_rules_engine\nfrom knowledge.models import Id",
        "rules/verify/x.py": "import z3\nimport rules.models",
        "bot/rendering.py": "import jinja2, slack_sdk, flask, waitress\nfrom conversations import cards",
        "conversations/store/postgres.py": "import psycopg, psycopg_pool, sqlite3, sqlite_utils\nimport rules",
    }
    for file, text in right.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert wrong_imports(tmp_path) == []
    assert circle(tmp_path) == []


def test_a_planted_circle_is_caught(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    for name, text in {"a": "from rules import b", "b": "from .c import thing", "c": "import rules.a"}.items():
        (tmp_path / "rules" / f"{name}.py").write_text(text, encoding="utf-8")
    assert set(circle(tmp_path)) == {"rules.a", "rules.b", "rules.c"}
