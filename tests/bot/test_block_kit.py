"""The stand-in's Block Kit check refuses what Slack refuses, and only that."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.block_kit import block_faults, view_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]
SURFACES: tuple[Surface, ...] = ("message", "modal", "home")


def plain(text: str = "t") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "t") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "v", **more: object) -> Json:
    return {"text": plain(), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"v{index}") for index in range(count)]


def groups(count: int, each: int = 1) -> list[Json]:
    return [
        {"label": plain(), "options": [option(f"{index}-{inner}") for inner in range(each)]} for index in range(count)
    ]


def button(**more: object) -> Json:
    return {"type": "button", "text": plain(), **more}


def select(**more: object) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def confirm(**more: object) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **more}


def section(**more: object) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asks(element: Json | None = None, **more: object) -> Json:
    chosen = {"type": "plain_text_input"} if element is None else element
    return {"type": "input", "label": plain(), "element": chosen, **more}


def image(**more: object) -> Json:
    return {"type": "image", "image_url": "https://e.example/a.png", "alt_text": "a", **more}


def raw(text: str = "c") -> Json:
    return {"type": "raw_text", "text": text}


def rich(text: str = "r") -> Json:
    inline = {"type": "text", "text": text, "style": {"bold": True}}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [inline]}]}


def table(rows: int = 1, columns: int = 1, **more: object) -> Json:
    return {"type": "table", "rows": [[raw()] * columns] * rows, **more}


def data_table(rows: int = 2, columns: int = 1, **more: object) -> Json:
    return {"type": "data_table", "caption": "c", "rows": [[raw()] * columns] * rows, **more}


def series(name: str = "s", labels: tuple[str, ...] = ("a",)) -> Json:
    return {"name": name, "data": [{"label": label, "value": -1.5} for label in labels]}


def bars(*drawn: Json, labels: tuple[str, ...] = ("a",), **axis: object) -> Json:
    chart = {"type": "bar", "series": list(drawn), "axis_config": {"categories": list(labels), **axis}}
    return {"type": "data_visualization", "title": "t", "chart": chart}


def pie(count: int = 1, label: str = "l", value: object = 1) -> Json:
    chart = {"type": "pie", "segments": [{"label": label, "value": value}] * count}
    return {"type": "data_visualization", "title": "t", "chart": chart}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **more}


def home(*blocks: Json, **more: object) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


BOX: dict[str, Json] = {
    "checkboxes": {"type": "checkboxes", "options": [option()]},
    "radio_buttons": {"type": "radio_buttons", "options": [option()]},
}
ELEMENTS: dict[str, Json] = {
    **BOX,
    "button": button(),
    "static_select": select(),
    "multi_static_select": {"type": "multi_static_select", "options": options(2)},
    "overflow": {"type": "overflow", "options": [option()]},
    "plain_text_input": {"type": "plain_text_input"},
    "users_select": {"type": "users_select"},
    "multi_users_select": {"type": "multi_users_select"},
    "conversations_select": {"type": "conversations_select"},
    "datepicker": {"type": "datepicker"},
    "image": image(),
}

RICH_MESSAGE: list[Json] = [
    {"type": "header", "text": {**plain("経費精算"), "emoji": True}, "block_id": "head"},
    section(
        fields=[mrkdwn(), plain()],
        accessory={
            "type": "multi_static_select",
            "action_id": "many",
            "option_groups": groups(2, 2),
            "initial_options": [option("1-1")],
            "max_selected_items": 2,
            "placeholder": plain(),
            "focus_on_load": True,
        },
        block_id="body",
    ),
    {"type": "context", "elements": [{**mrkdwn(), "verbatim": True}, plain(), image()]},
    {"type": "divider"},
    actions(
        button(
            action_id="ok",
            value="1",
            url="https://e.example",
            style="primary",
            accessibility_label="ok",
            confirm=confirm(style="danger"),
        ),
        select(action_id="one", initial_option=option("v1")),
        {**BOX["radio_buttons"], "action_id": "radio", "initial_option": option()},
        {"type": "overflow", "action_id": "more", "options": [option(url="https://e.example")]},
        {
            "type": "conversations_select",
            "action_id": "where",
            "filter": {"include": ["public", "im"], "exclude_bot_users": True},
        },
        {"type": "datepicker", "action_id": "when", "initial_date": "2024-02-29"},
    ),
    actions(button(action_id="ok"), {"type": "checkboxes", "options": [option(description=mrkdwn())]}),
    asks(
        {
            "type": "plain_text_input",
            "multiline": True,
            "min_length": 1,
            "max_length": 9,
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        },
        hint=plain(),
        optional=True,
        dispatch_action=False,
    ),
    asks({"type": "multi_users_select", "initial_users": ["U1"]}),
    image(title=plain()),
    rich(),
    table(2, 2, column_settings=[{"align": "right", "is_wrapped": True}]),
    {
        "type": "data_table",
        "caption": "c",
        "page_size": 10,
        "row_header_column_index": 1,
        "rows": [[raw(), raw()], [rich(), {"type": "raw_number", "value": 2, "text": "2"}]],
    },
    bars(series(), labels=("a",), x_label="x", y_label="y"),
    pie(),
]
RICH_VIEW = modal(
    section(),
    asks(),
    submit=plain(),
    close=plain(),
    callback_id="c",
    private_metadata="{}",
    clear_on_close=True,
    notify_on_close=False,
    external_id="e",
)


def test_rich_messages_and_views_are_accepted() -> None:
    assert block_faults(RICH_MESSAGE, "message") == []
    assert view_faults(RICH_VIEW) == []
    assert view_faults(home(section(), asks(), private_metadata="p")) == []
    assert view_faults(home()) == []


TEXT_LIMITS: list[tuple[Callable[[str], Json], int, str]] = [
    (lambda t: section(text=mrkdwn(t)), 3000, "text/text"),
    (lambda t: section(text=plain(t)), 3000, "text/text"),
    (lambda t: section(fields=[plain(), mrkdwn(t)]), 2000, "fields/1/text"),
    (lambda t: section(block_id=t), 255, "block_id"),
    (lambda t: {"type": "header", "text": plain(t)}, 150, "text/text"),
    (lambda t: {"type": "context", "elements": [mrkdwn(t)]}, 2000, "elements/0/text"),
    (lambda t: asks(label=plain(t)), 2000, "label/text"),
    (lambda t: asks(hint=plain(t)), 2000, "hint/text"),
    (lambda t: asks({"type": "plain_text_input", "placeholder": plain(t)}), 150, "element/placeholder/text"),
    (lambda t: asks({"type": "plain_text_input", "action_id": t}), 255, "element/action_id"),
    (lambda t: image(alt_text=t), 2000, "alt_text"),
    (lambda t: image(title=plain(t)), 2000, "title/text"),
    (lambda t: section(accessory=image(alt_text=t)), 2000, "accessory/alt_text"),
    (lambda t: actions(button(text=plain(t))), 75, "elements/0/text/text"),
    (lambda t: actions(button(action_id=t)), 255, "elements/0/action_id"),
    (lambda t: actions(button(value=t)), 2000, "elements/0/value"),
    (lambda t: actions(button(accessibility_label=t)), 75, "elements/0/accessibility_label"),
    (lambda t: actions(button(confirm=confirm(title=plain(t)))), 100, "elements/0/confirm/title/text"),
    (lambda t: actions(button(confirm=confirm(text=mrkdwn(t)))), 300, "elements/0/confirm/text/text"),
    (lambda t: actions(button(confirm=confirm(confirm=plain(t)))), 30, "elements/0/confirm/confirm/text"),
    (lambda t: actions(button(confirm=confirm(deny=plain(t)))), 30, "elements/0/confirm/deny/text"),
    (lambda t: actions(select(placeholder=plain(t))), 150, "elements/0/placeholder/text"),
    (lambda t: actions(select(options=[option(t)])), 150, "elements/0/options/0/value"),
    (lambda t: actions(select(options=[option(text=plain(t))])), 75, "elements/0/options/0/text/text"),
    (
        lambda t: actions(select(options=[option(description=plain(t))])),
        75,
        "elements/0/options/0/description/text",
    ),
    (
        lambda t: actions({"type": "static_select", "option_groups": [{**groups(1)[0], "label": plain(t)}]}),
        75,
        "elements/0/option_groups/0/label/text",
    ),
    *(
        (
            lambda t, kind=kind, key=key: actions({**BOX[kind], "options": [{**option(), key: mrkdwn(t)}]}),
            75,
            at,
        )
        for kind in BOX
        for key, at in (
            ("text", "elements/0/options/0/text/text"),
            ("description", "elements/0/options/0/description/text"),
        )
    ),
    (lambda t: actions({**BOX["checkboxes"], "options": [option(t)]}), 150, "elements/0/options/0/value"),
    (lambda t: actions({**ELEMENTS["overflow"], "options": [option(t)]}), 150, "elements/0/options/0/value"),
    (lambda t: bars(series(t)), 20, "chart/series/0/name"),
    (lambda t: bars(series(), x_label=t), 50, "chart/axis_config/x_label"),
    (lambda t: bars(series(), y_label=t), 50, "chart/axis_config/y_label"),
    (lambda t: {**pie(), "title": t}, 50, "title"),
    (lambda t: pie(label=t), 20, "chart/segments/0/label"),
]


@pytest.mark.parametrize(("build", "most", "at"), TEXT_LIMITS)
def test_text_is_taken_up_to_its_limit(build: Callable[[str], Json], most: int, at: str) -> None:
    where = f"[json-pointer:/blocks/0/{at}]"
    assert block_faults([build("x" * most)], "message") == []
    assert block_faults([build("x" * (most + 1))], "message") == [f"must be less than {most + 1} characters {where}"]
    assert block_faults([build("")], "message") == [f"must be more than 0 characters {where}"]


URL_LIMITS: list[tuple[Callable[[str], Json], str]] = [
    (lambda u: image(image_url=u), "image_url"),
    (lambda u: section(accessory=image(image_url=u)), "accessory/image_url"),
    (lambda u: actions(button(url=u)), "elements/0/url"),
    (lambda u: actions({"type": "overflow", "options": [option(url=u)]}), "elements/0/options/0/url"),
]


@pytest.mark.parametrize(("build", "at"), URL_LIMITS)
def test_urls_are_taken_up_to_3000_characters(build: Callable[[str], Json], at: str) -> None:
    stem = "https://e.example/"
    assert block_faults([build(stem.ljust(3000, "x"))], "message") == []
    assert block_faults([build(stem.ljust(3001, "x"))], "message") == [
        f"must be less than 3001 characters [json-pointer:/blocks/0/{at}]"
    ]
    assert block_faults([build("e.example")], "message") != []


COUNT_LIMITS: list[tuple[Callable[[int], Json], int, int, str]] = [
    (lambda n: section(fields=[plain()] * n), 1, 10, "fields"),
    (lambda n: {"type": "context", "elements": [plain()] * n}, 1, 10, "elements"),
    (lambda n: actions(*[button()] * n), 1, 25, "elements"),
    (lambda n: actions(select(options=options(n))), 1, 100, "elements/0/options"),
    (
        lambda n: actions({"type": "static_select", "option_groups": groups(n)}),
        1,
        100,
        "elements/0/option_groups",
    ),
    (
        lambda n: actions({"type": "static_select", "option_groups": groups(1, n)}),
        1,
        100,
        "elements/0/option_groups/0/options",
    ),
    (
        lambda n: asks({"type": "multi_static_select", "options": options(n)}),
        1,
        100,
        "element/options",
    ),
    (
        lambda n: asks({"type": "multi_static_select", "option_groups": groups(n)}),
        1,
        100,
        "element/option_groups",
    ),
    (lambda n: actions({"type": "checkboxes", "options": options(n)}), 1, 10, "elements/0/options"),
    (lambda n: actions({"type": "radio_buttons", "options": options(n)}), 1, 10, "elements/0/options"),
    (lambda n: actions({"type": "overflow", "options": options(n)}), 1, 5, "elements/0/options"),
    (lambda n: table(rows=n), 1, 100, "rows"),
    (lambda n: table(columns=n), 1, 20, "rows/0"),
    (lambda n: table(column_settings=[{"align": "left"}] * n), 1, 20, "column_settings"),
    (lambda n: data_table(rows=n), 2, 101, "rows"),
    (pie, 1, 6, "chart/segments"),
    (lambda n: bars(*[series(str(index)) for index in range(n)]), 1, 6, "chart/series"),
]


@pytest.mark.parametrize(("build", "least", "most", "at"), COUNT_LIMITS)
def test_lists_are_taken_within_their_counts(build: Callable[[int], Json], least: int, most: int, at: str) -> None:
    where = f"[json-pointer:/blocks/0/{at}]"
    assert block_faults([build(least)], "message") == []
    assert block_faults([build(most)], "message") == []
    assert block_faults([build(least - 1)], "message") == [f"no fewer than {least} items allowed {where}"]
    assert block_faults([build(most + 1)], "message") == [f"no more than {most} items allowed {where}"]


def test_data_table_columns_and_chart_points_are_limited() -> None:
    labels = tuple(f"l{index}" for index in range(21))
    assert block_faults([data_table(columns=20)], "message") == []
    assert len(block_faults([data_table(columns=21)], "message")) == 2
    assert block_faults([bars(series(labels=labels[:20]), labels=labels[:20])], "message") == []
    assert len(block_faults([bars(series(labels=labels), labels=labels)], "message")) == 2


@pytest.mark.parametrize(("surface", "least", "most"), [("message", 1, 50), ("modal", 0, 100), ("home", 0, 100)])
def test_surfaces_take_so_many_blocks(surface: Surface, least: int, most: int) -> None:
    divider = {"type": "divider"}
    assert block_faults([divider] * least, surface) == []
    assert block_faults([divider] * most, surface) == []
    assert block_faults([divider] * (most + 1), surface) == [
        f"no more than {most} items allowed [json-pointer:/blocks]"
    ]
    assert (block_faults([], surface) == []) is (least == 0)


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [("min_length", 0, 3000), ("max_length", 1, 3000)],
    ids=["min_length", "max_length"],
)
def test_input_lengths_are_bounded(key: str, low: int, high: int) -> None:
    def faults(value: int) -> list[str]:
        return block_faults([asks({"type": "plain_text_input", key: value})], "message")

    assert faults(low) == faults(high) == []
    assert faults(low - 1) != []
    assert faults(high + 1) != []


@pytest.mark.parametrize(("key", "low", "high"), [("page_size", 1, 100), ("row_header_column_index", 0, 2)])
def test_data_table_numbers_are_bounded(key: str, low: int, high: int) -> None:
    def faults(value: object) -> list[str]:
        return block_faults([{**data_table(columns=3), key: value}], "message")

    assert faults(low) == faults(high) == []
    assert [bool(faults(value)) for value in (low - 1, high + 1, True, 1.0, None)] == [True] * 5


PLACES: dict[str, tuple[Callable[[Json], Json], set[str]]] = {
    "accessory": (lambda e: section(accessory=e), set(ELEMENTS) - {"plain_text_input"}),
    "actions": (
        actions,
        set(ELEMENTS) - {"plain_text_input", "image", "multi_static_select", "multi_users_select"},
    ),
    "input": (asks, set(ELEMENTS) - {"button", "overflow", "image"}),
    "context": (lambda e: {"type": "context", "elements": [e]}, {"image"}),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ELEMENTS)
def test_elements_stand_only_where_slack_lets_them(place: str, kind: str) -> None:
    build, welcome = PLACES[place]
    faults = block_faults([build(ELEMENTS[kind])], "message")
    assert bool(faults) is (kind not in welcome)
    assert all(fault.startswith(f"unsupported type: {kind} [json-pointer:/blocks/0/") for fault in faults)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("block", RICH_MESSAGE, ids=lambda block: str(block["type"]))
def test_tables_and_charts_belong_to_messages(block: Json, surface: Surface) -> None:
    only_messages = block["type"] in {"table", "data_table", "data_visualization"}
    assert bool(block_faults([block], surface)) is (only_messages and surface != "message")


REFUSED: list[tuple[str, list[Json], str]] = [
    ("unknown block", [{"type": "marquee"}], "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    ("no type", [{}], "missing required field: type [json-pointer:/blocks/0]"),
    ("unhashable type", [{"type": []}], "unsupported type: not a string [json-pointer:/blocks/0/type]"),
    (
        "bare section",
        [{"type": "section"}],
        "must provide at least one of: text, fields [json-pointer:/blocks/0]",
    ),
    ("mrkdwn header", [{"type": "header", "text": mrkdwn()}], "unsupported type: mrkdwn"),
    ("mrkdwn button", [actions(button(text=mrkdwn()))], "unsupported type: mrkdwn"),
    ("mrkdwn label", [asks(label=mrkdwn())], "unsupported type: mrkdwn"),
    (
        "mrkdwn option in a select",
        [actions(select(options=[option(text=mrkdwn())]))],
        "unsupported type: mrkdwn",
    ),
    (
        "mrkdwn option in overflow",
        [actions({"type": "overflow", "options": [option(text=mrkdwn())]})],
        "mrkdwn",
    ),
    ("emoji on mrkdwn", [section(text={**mrkdwn(), "emoji": True})], "invalid additional property: emoji"),
    (
        "verbatim on plain",
        [section(text={**plain(), "verbatim": True})],
        "invalid additional property: verbatim",
    ),
    ("string as text", [section(text="hello")], "must provide an object [json-pointer:/blocks/0/text]"),
    ("int as emoji", [section(text={**plain(), "emoji": 1})], "must provide a boolean"),
    ("button style", [actions(button(style="default"))], "must be one of: primary, danger"),
    ("confirm style", [actions(button(confirm=confirm(style="x")))], "must be one of: primary, danger"),
    (
        "image without alt text",
        [{"type": "image", "image_url": "https://e.example"}],
        "missing required field: alt",
    ),
    (
        "image without a source",
        [{"type": "image", "alt_text": "a"}],
        "must provide exactly one of: image_url",
    ),
    ("image with two sources", [image(slack_file={"id": "F1"})], "must provide exactly one of: image_url"),
    (
        "no options",
        [actions({"type": "static_select"})],
        "must provide exactly one of: options, option_groups",
    ),
    ("both options", [actions(select(option_groups=groups(1)))], "must provide exactly one of: options"),
    ("same value twice", [actions(select(options=[option(), option()]))], "duplicate option value: v ["),
    (
        "same value in two groups",
        [actions({"type": "static_select", "option_groups": groups(1) + groups(1)})],
        "duplicate option value: 0-0 [",
    ),
    (
        "same value in checkboxes",
        [actions({**BOX["checkboxes"], "options": [option()] * 2})],
        "duplicate option",
    ),
    (
        "initial not an option",
        [actions(select(initial_option=option("v9")))],
        "initial options must exactly match",
    ),
    (
        "initial with another text",
        [actions(select(initial_option=option("v1", text=plain("other"))))],
        "initial options must exactly match",
    ),
    (
        "initial in checkboxes",
        [actions({**BOX["checkboxes"], "initial_options": [option("v9")]})],
        "initial options must exactly match",
    ),
    (
        "more initial than allowed",
        [asks({**ELEMENTS["multi_static_select"], "initial_options": options(2), "max_selected_items": 1})],
        "no more initial options than max_selected_items",
    ),
    (
        "max_selected_items of 0",
        [asks({**ELEMENTS["multi_users_select"], "max_selected_items": 0})],
        "/element/max_selected_items]",
    ),
    (
        "min over max",
        [asks({"type": "plain_text_input", "min_length": 2, "max_length": 1})],
        "min_length must be no more than max_length",
    ),
    ("date", [actions({"type": "datepicker", "initial_date": "2024-13-01"})], "must be a valid date"),
    (
        "empty filter",
        [actions({"type": "conversations_select", "filter": {}})],
        "must provide at least one of",
    ),
    ("ragged data_table", [{**data_table(), "rows": [[raw()], [raw()] * 2]}], "rows must all have the same"),
    (
        "rich header",
        [{**data_table(), "rows": [[rich()], [raw()]]}],
        "rich_text is not allowed in the header",
    ),
    ("plain_text cell", [{**table(), "rows": [[plain()]]}], "unsupported type: plain_text"),
    ("two tables", [table(), table()], "no more than 1 table blocks allowed [json-pointer:/blocks]"),
    ("three charts", [pie(), pie(), pie()], "no more than 2 data_visualization blocks allowed"),
    ("empty slice", [pie(value=0)], "must be greater than 0"),
    ("infinite slice", [pie(value=float("inf"))], "must be a finite number"),
    ("same series twice", [bars(series(), series())], "duplicate series name: s"),
    ("labels off the axis", [bars(series(), labels=("b",))], "labels must match axis_config.categories"),
    (
        "same block_id",
        [section(block_id="b"), section(block_id="b")],
        "duplicate block_id: b [json-pointer:/blocks]",
    ),
    (
        "same action_id in a block",
        [actions(button(action_id="a"), button(action_id="a"))],
        "duplicate action_id: a [json-pointer:/blocks]",
    ),
    (
        "same action_id under one block_id",
        [
            section(block_id="b", accessory=button(action_id="a")),
            asks({**select(), "action_id": "a"}, block_id="b"),
        ],
        "duplicate action_id: a [json-pointer:/blocks]",
    ),
    (
        "two focused elements",
        [asks({"type": "plain_text_input", "focus_on_load": True})] * 2,
        "no more than 1 element may set focus_on_load",
    ),
    (
        "bare rich_text",
        [{"type": "rich_text", "elements": [{"type": "text", "text": "a"}]}],
        "unsupported type: text",
    ),
]


@pytest.mark.parametrize(("blocks", "wording"), [pytest.param(b, w, id=name) for name, b, w in REFUSED])
def test_refused(blocks: list[Json], wording: str) -> None:
    assert any(wording in fault for fault in block_faults(blocks, "message"))


def test_one_action_id_may_serve_two_blocks() -> None:
    assert block_faults([actions(button(action_id="a")), actions(button(action_id="a"))], "message") == []


def test_table_cells_share_10000_characters() -> None:
    filled = {**table(), "rows": [[raw("x" * 6000), rich("x" * 3999)]]}
    small = {**data_table(), "rows": [[raw("x")], [raw("x")]]}
    fits = {**filled, "rows": [[raw("x" * 6000), rich("x" * 3998)]]}
    assert block_faults([fits, small, section(text=mrkdwn("x" * 3000)), rich("x" * 3000)], "message") == []
    assert block_faults([filled, small], "message") == [
        "no more than 10000 characters allowed in table cells [json-pointer:/blocks]"
    ]


VIEW_LIMITS: list[tuple[Callable[[str], Json], int, str]] = [
    (lambda t: modal(title=plain(t)), 24, "title/text"),
    (lambda t: modal(submit=plain(t)), 24, "submit/text"),
    (lambda t: modal(close=plain(t)), 24, "close/text"),
    (lambda t: modal(callback_id=t), 255, "callback_id"),
    (lambda t: modal(external_id=t), 255, "external_id"),
    (lambda t: modal(private_metadata=t), 3000, "private_metadata"),
    (lambda t: home(callback_id=t), 255, "callback_id"),
    (lambda t: home(private_metadata=t), 3000, "private_metadata"),
]


@pytest.mark.parametrize(("build", "most", "at"), VIEW_LIMITS)
def test_view_text_is_taken_up_to_its_limit(build: Callable[[str], Json], most: int, at: str) -> None:
    assert view_faults(build("x" * most)) == []
    assert view_faults(build("x" * (most + 1))) == [
        f"must be less than {most + 1} characters [json-pointer:/view/{at}]"
    ]


@pytest.mark.parametrize(
    ("view", "wording"),
    [
        (modal(asks()), "missing required field: submit"),
        (modal(title=mrkdwn()), "unsupported type: mrkdwn [json-pointer:/view/title/type]"),
        (modal(title=plain("")), "must be more than 0 characters [json-pointer:/view/title/text]"),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        ({"type": "modal", "title": plain()}, "missing required field: blocks [json-pointer:/view]"),
        (modal(hash="h"), "invalid additional property: hash [json-pointer:/view]"),
        (home(title=plain()), "invalid additional property: title [json-pointer:/view]"),
        ({**home(), "type": "workflow"}, "unsupported type: workflow [json-pointer:/view/type]"),
        (modal(table()), "unsupported type: table [json-pointer:/view/blocks/0/type]"),
        (
            modal(section(block_id="b"), section(block_id="b")),
            "duplicate block_id: b [json-pointer:/view/blocks]",
        ),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (home(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (None, "must provide an object [json-pointer:/view]"),
    ],
)
def test_refused_views(view: object, wording: str) -> None:
    assert any(wording in fault for fault in view_faults(view))


@pytest.mark.parametrize("view", [modal, home])
def test_views_take_100_blocks(view: Callable[..., Json]) -> None:
    assert view_faults(view(*[section()] * 100)) == []


def paths(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from paths(part, (*at, key))


def found(value: Any, at: tuple[str | int, ...]) -> Any:
    for key in at:
        value = value[key]
    return value


def swapped(value: Any, at: tuple[str | int, ...], new: object) -> Any:
    if not at:
        return new
    changed = copy.deepcopy(value)
    found(changed, at[:-1])[at[-1]] = new
    return changed


JUNK: tuple[object, ...] = (None, True, 7, 1.5, "?", [], {}, [None])


def of_another_kind(old: object, new: object) -> bool:
    numbers = isinstance(old, int | float) and isinstance(new, int | float)
    return type(old) is not type(new) and (not numbers or isinstance(old, bool) or isinstance(new, bool))


def test_every_part_refuses_every_other_type() -> None:
    for at in paths(RICH_MESSAGE):
        for junk in JUNK:
            if of_another_kind(found(RICH_MESSAGE, at), junk):
                assert block_faults(swapped(RICH_MESSAGE, at, junk), "message") != [], (at, junk)
    for at in paths(RICH_VIEW):
        for junk in JUNK:
            if of_another_kind(found(RICH_VIEW, at), junk):
                assert view_faults(swapped(RICH_VIEW, at, junk)) != [], (at, junk)


def test_every_object_refuses_an_unknown_key() -> None:
    for at in paths(RICH_MESSAGE):
        part = found(RICH_MESSAGE, at)
        if isinstance(part, dict):
            where = "/".join(map(str, ("", "blocks", *at)))
            expected = f"invalid additional property: bogus [json-pointer:{where}]"
            assert expected in block_faults(swapped(RICH_MESSAGE, at, {**part, "bogus": 1}), "message")


REQUIRED: list[tuple[Json, set[str]]] = [
    ({"type": "header"}, {"text"}),
    ({"type": "context"}, {"elements"}),
    ({"type": "actions"}, {"elements"}),
    ({"type": "input"}, {"label", "element"}),
    ({"type": "rich_text"}, {"elements"}),
    ({"type": "table"}, {"rows"}),
    ({"type": "data_table"}, {"rows", "caption"}),
    ({"type": "data_visualization"}, {"title", "chart"}),
]


@pytest.mark.parametrize(("block", "keys"), REQUIRED)
def test_blocks_need_their_required_keys(block: Json, keys: set[str]) -> None:
    expected = {f"missing required field: {key} [json-pointer:/blocks/0]" for key in keys}
    assert set(block_faults([block], "message")) == expected


@pytest.mark.parametrize("key", ["title", "text", "confirm", "deny"])
def test_a_confirm_needs_all_its_texts(key: str) -> None:
    dialog = {name: text for name, text in confirm().items() if name != key}
    expected = f"missing required field: {key} [json-pointer:/blocks/0/elements/0/confirm]"
    assert block_faults([actions(button(confirm=dialog))], "message") == [expected]


def inline(kind: str, **keys: object) -> Json:
    part = {"type": kind, **keys}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [part]}]}


def listing(**more: object) -> Json:
    part = {"type": "rich_text_section", "elements": []}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [part], **more}],
    }


def cells(cell: Json) -> Json:
    return {**table(), "rows": [[cell]]}


def overflow(**more: object) -> Json:
    return actions({"type": "overflow", "options": [{**option(), **more}]})


def held(kind: str, **more: object) -> Json:
    return asks({**ELEMENTS[kind], **more})


BOUNDS: list[tuple[Callable[[Any], Json], list[object], list[object]]] = [
    (lambda t: {"type": "context", "elements": [plain(t)]}, ["x", "x" * 2000], ["", "x" * 2001]),
    (lambda t: overflow(text=plain(t)), ["x", "x" * 75], ["", "x" * 76]),
    (lambda t: overflow(description=plain(t)), ["x", "x" * 75], ["", "x" * 76]),
    (lambda t: held("plain_text_input", initial_value=t), ["", "x" * 3000], ["x" * 3001]),
    (lambda t: held("users_select", initial_user=t), ["U"], [""]),
    (lambda t: held("multi_users_select", initial_users=t), [["U"]], [[], [""]]),
    (lambda t: held("conversations_select", initial_conversation=t), ["C"], [""]),
    (lambda t: held("datepicker", initial_date=t), ["2024-01-31"], ["2024-1-31", "2024-01-32", "today"]),
    (
        lambda t: held("conversations_select", filter={"include": t}),
        [["im"], ["im", "mpim", "private", "public"]],
        [[], ["im"] * 5, ["channel"]],
    ),
    (
        lambda t: held("plain_text_input", dispatch_action_config={"trigger_actions_on": t}),
        [["on_enter_pressed"], ["on_enter_pressed", "on_character_entered"]],
        [[], ["on_enter_pressed"] * 3],
    ),
    (lambda t: held("checkboxes", initial_options=t), [[option()]], [[], [option()] * 11]),
    (
        lambda t: held("multi_static_select", options=options(100), initial_options=t),
        [options(1), options(100)],
        [[], [option("v1")] * 101],
    ),
    (
        lambda t: {"type": "image", "alt_text": "a", "slack_file": t},
        [{"id": "F"}, {"id": "F" * 255}, {"url": "https://e.example/".ljust(3000, "x")}],
        [{}, {"id": ""}, {"id": "F" * 256}, {"url": "https://e.example/".ljust(3001, "x")}, {"url": ""}],
    ),
    (lambda t: bars(series(labels=(t,)), labels=(t,)), ["x", "x" * 20], ["", "x" * 21]),
    (lambda t: bars({"name": "s", "data": t}), [[{"label": "a", "value": 1}]], [[]]),
    (lambda t: data_table(caption=t), ["x"], [""]),
    (lambda t: {"type": "rich_text", "elements": t}, [rich()["elements"]], [[]]),
    (lambda t: data_table(columns=20, row_header_column_index=t), [0, 19], [-1, 20]),
    (lambda t: listing(indent=t), [0, 8], [-1, 9]),
    (lambda t: listing(offset=t), [0, 1], [-1]),
    (lambda t: listing(border=t), [0, 1], [-1, 2]),
    (lambda t: listing(elements=t), [[{"type": "rich_text_section", "elements": []}]], [[]]),
    (lambda t: inline("text", text=t), ["x"], [""]),
    (lambda t: inline("link", url=t), ["a:b", "a:".ljust(3000, "x")], ["", "a:".ljust(3001, "x")]),
    (lambda t: inline("emoji", name="a", skin_tone=t), [1, 6], [0, 7]),
    (lambda t: inline("user", user_id=t), ["U"], [""]),
    (lambda t: inline("broadcast", range=t), ["here", "channel", "everyone"], ["all"]),
    (lambda t: inline("date", timestamp=t, format="{date}"), [0, 1], [-1, "1"]),
    (lambda t: cells(raw(t)), ["x"], [""]),
    (lambda t: cells({"type": "raw_number", "value": 1, "text": t}), ["1"], [""]),
]


@pytest.mark.parametrize(("build", "good", "bad"), BOUNDS)
def test_bounds(build: Callable[[Any], Json], good: list[object], bad: list[object]) -> None:
    assert [block_faults([build(value)], "message") for value in good] == [[]] * len(good)
    assert [value for value in bad if not block_faults([build(value)], "message")] == []


INLINES: dict[str, Json] = {
    "text": {"text": "a"},
    "link": {"url": "https://e.example"},
    "emoji": {"name": "a"},
    "user": {"user_id": "U"},
    "usergroup": {"usergroup_id": "S"},
    "channel": {"channel_id": "C"},
    "broadcast": {"range": "here"},
    "date": {"timestamp": 1, "format": "{date}"},
    "color": {"value": "#fff"},
}
WHOLES: list[tuple[Callable[[Json], Json], Json, set[str]]] = [
    (lambda part: section(text=part), {**mrkdwn(), "verbatim": True}, {"type", "text"}),
    (lambda part: section(text=part), {**plain(), "emoji": True}, {"type", "text"}),
    (lambda part: {"type": "context", "elements": [part]}, mrkdwn(), {"type", "text"}),
    (lambda part: {"type": "context", "elements": [part]}, plain(), {"type", "text"}),
    (actions, button(value="v"), {"type", "text"}),
    *((actions, ELEMENTS[kind], {"type", "options"}) for kind in (*BOX, "overflow")),
    *(
        (
            lambda part, row=ELEMENTS[kind]: actions({**row, "options": [part]}),
            option(description=plain()),
            {"text", "value"},
        )
        for kind in ("static_select", "checkboxes", "overflow")
    ),
    (
        lambda part: actions({"type": "static_select", "option_groups": [part]}),
        groups(1)[0],
        {"label", "options"},
    ),
    (
        lambda part: held("plain_text_input", dispatch_action_config=part),
        {"trigger_actions_on": ["on_enter_pressed"]},
        {"trigger_actions_on"},
    ),
    (lambda part: {**pie(), "chart": part}, pie()["chart"], {"type", "segments"}),
    (lambda part: {**pie(), "chart": part}, bars(series())["chart"], {"type", "series", "axis_config"}),
    (
        lambda part: {**pie(), "chart": {"type": "pie", "segments": [part]}},
        {"label": "l", "value": 1},
        {"label", "value"},
    ),
    (bars, series(), {"name", "data"}),
    (lambda part: bars({"name": "s", "data": [part]}), {"label": "a", "value": 1}, {"label", "value"}),
    (
        lambda part: {**pie(), "chart": {"type": "bar", "series": [series()], "axis_config": part}},
        {"categories": ["a"], "x_label": "x"},
        {"categories"},
    ),
    (cells, raw(), {"type", "text"}),
    (cells, {"type": "raw_number", "value": 1, "text": "1"}, {"type", "value", "text"}),
    (
        lambda part: {"type": "rich_text", "elements": [part]},
        {**listing()["elements"][0], "indent": 1},
        {"type", "style", "elements"},
    ),
    (
        lambda part: {"type": "rich_text", "elements": [part]},
        {"type": "rich_text_quote", "elements": [], "border": 1},
        {"type", "elements"},
    ),
    *(
        (
            lambda part: {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [part]}],
            },
            {"type": kind, "style": {"bold": True}, **keys},
            {"type", *keys},
        )
        for kind, keys in INLINES.items()
    ),
]


@pytest.mark.parametrize(("build", "whole", "needed"), WHOLES)
def test_only_required_keys_are_missed(build: Callable[[Json], Json], whole: Json, needed: set[str]) -> None:
    assert block_faults([build(whole)], "message") == []
    for key in whole:
        faults = block_faults([build({name: whole[name] for name in whole if name != key})], "message")
        missed = [fault for fault in faults if fault.startswith(f"missing required field: {key} [")]
        assert missed == (faults if key in needed else []), key
        assert bool(faults) is (key in needed), key


def test_home_needs_blocks() -> None:
    assert view_faults({"type": "home"}) == ["missing required field: blocks [json-pointer:/view]"]


@pytest.mark.parametrize("key", ["submit", "close"])
def test_modal_buttons_need_words(key: str) -> None:
    expected = f"must be more than 0 characters [json-pointer:/view/{key}/text]"
    assert view_faults(modal(**{key: plain("")})) == [expected]


@pytest.mark.parametrize("key", ["callback_id", "external_id", "private_metadata"])
def test_view_ids_may_be_empty(key: str) -> None:
    assert view_faults(modal(**{key: ""})) == []


WORDS = st.sampled_from(["type", "text", "elements", "options", "blocks", "rows", "block_id", "section", "modal"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from(SURFACES))
def test_arbitrary_json_never_raises(value: object, surface: Surface) -> None:
    assert all(isinstance(fault, str) for fault in [*block_faults(value, surface), *view_faults(value)])


@given(JSON, st.sampled_from(list(paths(RICH_MESSAGE))))
def test_arbitrary_json_inside_a_message_never_raises(value: object, at: tuple[str | int, ...]) -> None:
    assert isinstance(block_faults(swapped(RICH_MESSAGE, at, value), "message"), list)


@given(JSON, st.sampled_from(list(paths(RICH_VIEW))))
def test_arbitrary_json_inside_a_view_never_raises(value: object, at: tuple[str | int, ...]) -> None:
    assert isinstance(view_faults(swapped(RICH_VIEW, at, value)), list)
