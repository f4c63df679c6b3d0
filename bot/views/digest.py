"""A report of a week → Block Kit: a message, a modal with the same, and what Home shows of it to officers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.digest.report import Report, Sheet
from bot.ids import Action, View
from bot.rendering import Phrases, escape
from bot.views.blocks import (
    Block,
    actions,
    button,
    context,
    cut,
    data_table,
    header,
    modal,
    option,
    plain,
    plain_blocks,
    section,
)

MOST_ROWS = 10
"""Of a table in a message; the files have all."""
LABEL, TITLE = 20, 50
"""Characters of a label and of a title in Slack's own charts."""


@dataclass(frozen=True)
class OnHome:
    """What an officer's Home says of the digest: the latest week, those that can be looked at, whether they get it."""

    week: str
    weeks: tuple[str, ...]
    wanted: bool


def message(phrases: Phrases, report: Report) -> tuple[str, list[Block]]:
    """Return the digest as text and blocks, with tables and a chart of Slack's own."""
    opening = "\n".join(map(escape, report.opening))
    blocks = [header(report.title, "digest"), section(opening)]
    for sheet in report.sheets:
        blocks += _chart(sheet) if sheet.id == "trend" else []
        blocks += _table(phrases, sheet, report.language)
    return opening, [*blocks, context(escape(report.hiding))]


def preview(phrases: Phrases, report: Report) -> Block:
    """Return the modal with the digest; it takes no tables, so it has their lines."""
    _, blocks = message(phrases, report)
    return modal(View.DIGEST, report.title, plain_blocks(blocks), phrases.label(report.language, "verdict.close"))


def on_home(phrases: Phrases, shown: OnHome, language: str) -> list[Block]:
    """Return what there is to do about the digest."""
    weeks: Block = {
        "type": "static_select",
        "action_id": Action.DIGEST_PREVIEW,
        "placeholder": plain(phrases.label(language, "digest.preview"), 150),
        "options": [option(week, week) for week in shown.weeks],
    }
    told = section(phrases.say(language, "digest.on_home", week=shown.week, wanted=shown.wanted), weeks)
    resend = button(phrases.label(language, "digest.resend"), Action.DIGEST_RESEND, shown.week)
    name, value = ("unsubscribe", "no") if shown.wanted else ("subscribe", "yes")
    other = button(phrases.label(language, f"digest.{name}"), Action.DIGEST_SUBSCRIBE, value)
    return [told, actions([resend, other], "digest")]


def _table(phrases: Phrases, sheet: Sheet, language: str) -> Iterator[Block]:
    if sheet.instead:
        yield section(f"*{escape(sheet.title)}*: {escape(sheet.instead)}")
        return
    lines = sheet.lines if sheet.id == "trend" else sheet.lines[:MOST_ROWS]
    rows = [sheet.columns, *((line.name, *line.cells) for line in lines)]
    yield section(f"*{escape(sheet.title)}*")
    yield data_table(rows, sheet.title, f"digest:{sheet.id}")
    if left := len(sheet.lines) - len(lines):
        yield context(phrases.say(language, "digest.more", count=left))


def _chart(sheet: Sheet) -> list[Block]:
    """Return begun and finished checks as a chart where every number is shown: it has no sign for a hidden one."""
    named: Sequence[tuple[str, Iterable[int | None]]] = [
        (sheet.columns[place + 1], [line.numbers[place] for line in sheet.lines]) for place in range(2)
    ]
    if any(number is None for _, numbers in named for number in numbers):
        return []
    weeks = [cut(line.name, LABEL) for line in sheet.lines]
    series = [
        {
            "name": cut(name, LABEL),
            "data": [{"label": week, "value": number} for week, number in zip(weeks, numbers, strict=True)],
        }
        for name, numbers in named
    ]
    chart = {"type": "bar", "series": series, "axis_config": {"categories": weeks}}
    title = cut(sheet.title, TITLE)
    return [{"type": "data_visualization", "block_id": "digest:chart", "title": title, "chart": chart}]
