"""Block Kit builders: plain dicts, cut to Slack's lengths so that no wording can make a message fail."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bot.rendering import escape

Block = dict[str, Any]

TEXT, SMALL_PRINT, PLAIN, OPTION, BUTTON = 3000, 2000, 2000, 75, 75
CELL = 300
"""Of a table's cell: all cells of a message have 10,000 characters together."""
MOST_BOXES = 10
MAX_BLOCKS, MAX_VIEW_BLOCKS = 50, 100


def cut(text: str, limit: int) -> str:
    """Return the text, shortened with an ellipsis where it is over the limit."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def plain(text: str, limit: int = PLAIN) -> Block:
    """Return a plain_text object."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": True}


def mrkdwn(text: str, limit: int = TEXT) -> Block:
    """Return a mrkdwn object, in which Slack makes links and mentions only of what is marked as one."""
    return {"type": "mrkdwn", "text": cut(text, limit), "verbatim": True}


def header(text: str, block_id: str) -> Block:
    """Return a header block."""
    return {"type": "header", "block_id": block_id, "text": plain(text, 150)}


def section(text: str, accessory: Block | None = None) -> Block:
    """Return a section with mrkdwn text."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def sections(lines: Iterable[str]) -> list[Block]:
    """Return the lines in as few sections as their length allows."""
    texts = [""]
    for line in lines:
        if len(texts[-1]) + len(line) + 1 > TEXT:
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{line}".strip("\n")
    return [section(text) for text in texts if text]


def context(*texts: str) -> Block:
    """Return a context block of small print."""
    return {"type": "context", "elements": [mrkdwn(text, SMALL_PRINT) for text in texts]}


def divider() -> Block:
    """Return a divider."""
    return {"type": "divider"}


def button(text: str, action_id: str, value: str, style: str = "") -> Block:
    """Return a button; `style` is primary, danger or empty."""
    block: Block = {"type": "button", "text": plain(text, BUTTON), "action_id": action_id, "value": value}
    return {**block, "style": style} if style else block


def menu(options: Sequence[Block], action_id: str) -> Block:
    """Return a menu that stays small until it is opened; it takes five options at most."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def confirm(title: str, text: str, deny: str) -> Block:
    """Return what asks once more before something happens."""
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(title, 30), "deny": plain(deny, 30)}


def actions(elements: Sequence[Block], block_id: str) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def option(text: str, value: str, description: str = "") -> Block:
    """Return an option of a select, checkbox or radio group."""
    block: Block = {"text": plain(text, OPTION), "value": value}
    return {**block, "description": plain(description, OPTION)} if description else block


def checkboxes(action_id: str, options: Sequence[Block], chosen: Collection[str]) -> Block:
    """Return boxes to tick, at most ten, of which those with the chosen values are ticked."""
    element: Block = {"type": "checkboxes", "action_id": action_id, "options": list(options)}
    initial = [each for each in options if each["value"] in chosen]
    return {**element, "initial_options": initial} if initial else element


def data_table(rows: Sequence[Sequence[str]], caption: str, block_id: str) -> Block:
    """Return a table of texts, none empty; the first row is the header, the first column names each row."""
    cells = [[{"type": "raw_text", "text": cut(text, CELL)} for text in row] for row in rows]
    shown = {"caption": cut(caption, CELL), "page_size": max(1, len(rows) - 1), "row_header_column_index": 0}
    return {"type": "data_table", "block_id": block_id, "rows": cells, **shown}


FEW = 2
"""So many columns of a table say by themselves what they are."""


def plain_blocks(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks with those that not every workspace takes told by older ones: of a table, a line each row."""
    told = list[Block]()
    for block in blocks:
        if block["type"] == "data_table":
            told += _in_lines(block)
        elif block["type"] == "data_visualization":
            continue  # a table has the same numbers
        else:
            told.append(block)
    return told


def _in_lines(table: Block) -> list[Block]:
    """A line each row; over more than one number, a line that says what they are."""
    columns, *rows = ([escape(cell["text"]) for cell in row] for row in table["rows"])
    heading = [f"_{' · '.join(columns)}_"] if len(columns) > FEW else []
    first, *others = sections([*heading, *(" · ".join([f"*{name}*", *cells]) for name, *cells in rows)])
    return [{**first, "block_id": table["block_id"]}, *others]


def input_block(label: str, element: Block, block_id: str, *, optional: bool = False) -> Block:
    """Return an input; its value comes with the next button or submission."""
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, "optional": optional}


def modal(callback_id: str, title: str, blocks: list[Block], close: str) -> Block:
    """Return a modal view."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": blocks[:MAX_VIEW_BLOCKS],
    }


def form(view: Block, submit: str, metadata: str) -> Block:
    """Return the modal with a submit button, carrying `metadata` to its submission."""
    return {**view, "submit": plain(submit, 24), "private_metadata": metadata}
