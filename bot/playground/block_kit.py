"""Says what Slack's Block Kit would refuse, by the tables in block_kit_limits.toml."""

from __future__ import annotations

import math
import re
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

Surface: TypeAlias = Literal["message", "modal", "home"]
Json: TypeAlias = dict[str, Any]
_Thing = TypeVar("_Thing", bound="Hashable")

_LIMITS = tomllib.loads(Path(__file__).with_name("block_kit_limits.toml").read_text(encoding="utf-8"))
_PATTERNS = {
    "date": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    "url": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+"),
    "web": re.compile(r"https?://\S+"),
}


@dataclass(frozen=True)
class _Spec:
    """What one field may hold."""

    kind: str
    low: int = 0
    high: int = sys.maxsize
    rest: str = ""
    required: bool = False


@dataclass(frozen=True)
class _Table:
    """What one object may hold."""

    fields: dict[str, _Spec]
    at_least_one: list[str]
    exactly_one: list[str]
    rule: str


def block_faults(blocks: object, surface: Surface) -> list[str]:
    """Return what Slack would find wrong with the blocks of a message, modal or home tab."""
    faults = list(_check(blocks, "/blocks", _spec(_LIMITS["whole"][surface])))
    return faults or list(_whole_faults(cast("list[Json]", blocks), "/blocks"))


def view_faults(view: object) -> list[str]:
    """Return what Slack would find wrong with a whole modal or home view."""
    return list(_any(view, "/view", _Spec("any", rest="view")))


def _fault(wording: str, path: str) -> str:
    return f"{wording} [json-pointer:{path}]"


@cache
def _spec(notation: str) -> _Spec:
    kind, *words = notation.lstrip("!").split()
    spec = _Spec(kind, required=notation.startswith("!"))
    if words and ".." in words[0]:
        low, high = words.pop(0).split("..")
        spec = replace(spec, low=int(low), high=int(high or sys.maxsize))
    return replace(spec, rest=" ".join(words))


@cache
def _table(name: str) -> _Table:
    family, kind = name.split(".")
    raw: Json = _LIMITS[family][kind]
    mixed = [_LIMITS["mixin"][mixin] for mixin in raw.get("_use", [])]
    typed: Json = {} if family == "object" else {"type": f"!enum {kind}"}
    notations = chain.from_iterable(part.items() for part in (typed, *mixed, raw))
    fields = {key: _spec(notation) for key, notation in notations if not key.startswith("_")}
    return _Table(fields, raw.get("_any", []), raw.get("_one", []), raw.get("_rule", ""))


def _check(value: object, path: str, spec: _Spec) -> Iterator[str]:
    return _KINDS[spec.kind](value, path, spec)


def _string(value: object, path: str, spec: _Spec) -> Iterator[str]:
    if not isinstance(value, str):
        yield _fault("must provide a string", path)
    elif len(value) > spec.high:
        yield _fault(f"must be less than {spec.high + 1} characters", path)
    elif len(value) < spec.low:
        yield _fault(f"must be more than {spec.low - 1} characters", path)
    elif spec.rest and not _PATTERNS[spec.rest].fullmatch(value):
        yield _fault(f"must be a valid {spec.rest}", path)


def _integer(value: object, path: str, spec: _Spec) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _fault("must provide an integer", path)
    elif not spec.low <= value <= spec.high:
        yield _fault(f"must be between {spec.low} and {spec.high}", path)


def _number(value: object, path: str, spec: _Spec) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield _fault("must provide a number", path)
    elif isinstance(value, float) and not math.isfinite(value):
        yield _fault("must be a finite number", path)
    elif spec.rest == "positive" and value <= 0:
        yield _fault("must be greater than 0", path)


def _boolean(value: object, path: str, _: _Spec) -> Iterator[str]:
    if not isinstance(value, bool):
        yield _fault("must provide a boolean", path)


def _choice(value: object, path: str, spec: _Spec) -> Iterator[str]:
    if not isinstance(value, str) or value not in spec.rest.split():
        yield _fault(f"must be one of: {', '.join(spec.rest.split())}", path)


def _text(value: object, path: str, spec: _Spec) -> Iterator[str]:
    faults = list(_any(value, path, _Spec("any", rest=spec.kind)))
    yield from faults or _string(cast("Json", value)["text"], f"{path}/text", spec)


def _list(value: object, path: str, spec: _Spec) -> Iterator[str]:
    if not isinstance(value, list):
        yield _fault("must provide an array", path)
        return
    if len(value) > spec.high:
        yield _fault(f"no more than {spec.high} items allowed", path)
    if len(value) < spec.low:
        yield _fault(f"no fewer than {spec.low} items allowed", path)
    for index, item in enumerate(value):
        yield from _check(item, f"{path}/{index}", _spec(spec.rest))


def _any(value: object, path: str, spec: _Spec) -> Iterator[str]:
    allowed = {name.split(".")[1]: name for name in _LIMITS["group"][spec.rest]}
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict):
        yield _fault("must provide an object", path)
    elif "type" not in value:
        yield _fault("missing required field: type", path)
    elif not isinstance(kind, str) or kind not in allowed:
        yield _fault(f"unsupported type: {kind if isinstance(kind, str) else 'not a string'}", f"{path}/type")
    else:
        yield from _fields(value, path, _table(allowed[kind]))


def _object(value: object, path: str, spec: _Spec) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _fields(value, path, _table(f"object.{spec.rest}"))
    else:
        yield _fault("must provide an object", path)


def _fields(value: Json, path: str, table: _Table) -> Iterator[str]:
    faults = [_fault(f"invalid additional property: {key}", path) for key in value if key not in table.fields]
    for key, spec in table.fields.items():
        if key in value:
            faults += _check(value[key], f"{path}/{key}", spec)
        elif spec.required:
            faults.append(_fault(f"missing required field: {key}", path))
    faults += _choices(value, path, table)
    yield from faults or (_RULES[table.rule](value, path) if table.rule else ())


def _choices(value: Json, path: str, table: _Table) -> Iterator[str]:
    if table.at_least_one and not any(key in value for key in table.at_least_one):
        yield _fault(f"must provide at least one of: {', '.join(table.at_least_one)}", path)
    if table.exactly_one and sum(key in value for key in table.exactly_one) != 1:
        yield _fault(f"must provide exactly one of: {', '.join(table.exactly_one)}", path)


def _repeated(things: Iterable[_Thing]) -> list[_Thing]:
    return [thing for thing, count in Counter(things).items() if count > 1]


def _options_rule(element: Json, path: str) -> Iterator[str]:
    groups = element.get("option_groups", [element])
    options = [option for group in groups for option in group["options"]]
    for value in _repeated(option["value"] for option in options):
        yield _fault(f"duplicate option value: {value}", path)
    first = [element["initial_option"]] if "initial_option" in element else []
    initial = element.get("initial_options", first)
    if any(option not in options for option in initial):
        yield _fault("initial options must exactly match the options provided", path)
    if len(initial) > element.get("max_selected_items", sys.maxsize):
        yield _fault("no more initial options than max_selected_items allowed", path)


def _lengths_rule(element: Json, path: str) -> Iterator[str]:
    if element.get("min_length", 0) > element.get("max_length", sys.maxsize):
        yield _fault("min_length must be no more than max_length", path)


def _data_table_rule(block: Json, path: str) -> Iterator[str]:
    header, *others = block["rows"]
    if any(len(row) != len(header) for row in others):
        yield _fault("rows must all have the same number of cells", f"{path}/rows")
    if any(cell["type"] == "rich_text" for cell in header):
        yield _fault("rich_text is not allowed in the header row", f"{path}/rows/0")
    if block.get("row_header_column_index", 0) >= len(header):
        yield _fault("must be the index of a column", f"{path}/row_header_column_index")


def _chart_rule(chart: Json, path: str) -> Iterator[str]:
    for name in _repeated(series["name"] for series in chart["series"]):
        yield _fault(f"duplicate series name: {name}", f"{path}/series")
    categories = sorted(chart["axis_config"]["categories"])
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            yield _fault("labels must match axis_config.categories", f"{path}/series/{index}/data")


def _view_rule(view: Json, path: str) -> Iterator[str]:
    asks = any(block["type"] == "input" for block in view["blocks"])
    if asks and view["type"] == "modal" and "submit" not in view:
        yield _fault("missing required field: submit (an input block needs it)", path)
    yield from _whole_faults(view["blocks"], f"{path}/blocks")


def _whole_faults(blocks: list[Json], path: str) -> Iterator[str]:
    for block_id in _repeated(block["block_id"] for block in blocks if "block_id" in block):
        yield _fault(f"duplicate block_id: {block_id}", path)
    held = [(block.get("block_id", at), part) for at, block in enumerate(blocks) for part in _parts(block)]
    for _, action_id in _repeated((home, part["action_id"]) for home, part in held if "action_id" in part):
        yield _fault(f"duplicate action_id: {action_id}", path)
    if sum(part.get("focus_on_load", False) for _, part in held) > 1:
        yield _fault("no more than 1 element may set focus_on_load", path)
    for kind, most in _LIMITS["at_most"].items():
        if sum(block["type"] == kind for block in blocks) > most:
            yield _fault(f"no more than {most} {kind} blocks allowed", path)
    if sum(_characters(block.get("rows")) for block in blocks) > (most := _LIMITS["cells"]["characters"]):
        yield _fault(f"no more than {most} characters allowed in table cells", path)


def _parts(block: Json) -> list[Json]:
    single = [block[key] for key in ("accessory", "element") if key in block]
    return [*single, *block.get("elements", [])]


def _characters(value: object) -> int:
    """Count the characters a table's cells show."""
    if isinstance(value, list):
        return sum(map(_characters, value))
    if not isinstance(value, dict):
        return 0
    return len(value.get("text", "")) + _characters(value.get("elements"))


_KINDS: dict[str, Callable[[object, str, _Spec], Iterator[str]]] = {
    "str": _string,
    "int": _integer,
    "num": _number,
    "bool": _boolean,
    "enum": _choice,
    "plain": _text,
    "text": _text,
    "list": _list,
    "any": _any,
    "obj": _object,
}
_RULES: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "options": _options_rule,
    "lengths": _lengths_rule,
    "data_table": _data_table_rule,
    "chart": _chart_rule,
    "view": _view_rule,
}
