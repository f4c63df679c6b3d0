"""A report → pictures: bars drawn as SVG by a template, made PNG with the one font that is shipped.

A hidden count is a short hatched bar, always of one length. The two colours are told apart by everybody.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from itertools import accumulate
from unicodedata import east_asian_width

import resvg_py

from bot.digest.report import Line, Report, Sheet
from bot.rendering import Phrases
from bot.views.blocks import cut

BLUE, ORANGE, HIDDEN, AXIS = "#0072b2", "#e69f00", "url(#hidden)", "#333333"
FONT = files("bot.digest") / "fonts" / "ipaexg.ttf"
WIDTH, MARGIN, TITLE, ROW, TEXT, SMALL, TINY = 1000, 30, 34, 46, 26, 22, 15
SHORT = 3
"""Digits that fit over a bar in small letters."""
LABELS = 480
"""How far the names at the left of bars may reach."""
STUB = 24
"""How long the bar of a hidden count is."""
TALL = 300
ALT = 2000
NAMED = 34
"""So many letters of half width fit into LABELS."""
WIDE = "WFA"
"""What is as wide as two of them, by Unicode."""


@dataclass(frozen=True)
class _Text:
    x: float
    y: float
    says: str
    size: int = TEXT
    anchor: str = "start"


@dataclass(frozen=True)
class _Bar:
    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True)
class Picture:
    """A PNG, and what it shows in words."""

    content: bytes
    alt_text: str


class Charts:
    """Draws reports."""

    def __init__(self, phrases: Phrases) -> None:
        """Draw by the template of the phrases."""
        self._phrases = phrases

    def trend(self, report: Report) -> Picture:
        """Return begun and finished checks of twelve weeks, two bars for each week."""
        sheet = report.sheet("trend")
        highest = max((number or 0 for line in sheet.lines for number in line.numbers[:2]), default=0) or 1
        step, base = (WIDTH - 2 * MARGIN) / len(sheet.lines), 150 + TALL
        texts = [_Text(MARGIN, 50, f"{report.title} · {sheet.title}", TITLE)]
        bars = list[_Bar]()
        for place, (name, fill) in enumerate(zip(sheet.columns[1:3], (BLUE, ORANGE), strict=True)):
            bars.append(_Bar(MARGIN + place * 300, 72, TEXT, TEXT, fill))
            texts.append(_Text(MARGIN + place * 300 + 38, 95, name))
        for place, line in enumerate(sheet.lines):
            left = MARGIN + place * step
            texts.append(_Text(left + step / 2, base + 34, line.name.partition("-")[2], SMALL, "middle"))
            for side, fill in enumerate((BLUE, ORANGE)):
                bar, text = _upright(
                    line, side, fill, left + 6 + side * (step - 12) / 2, (step - 16) / 2, base, highest
                )
                bars += bar
                texts.append(text)
        png = self._drawn(base + 60, texts, [*bars, _Bar(MARGIN, base, WIDTH - 2 * MARGIN, 1, AXIS)])
        return Picture(png, self._alt("digest.alt_trend", report, [sheet]))

    def week(self, report: Report) -> Picture:
        """Return the week's verdicts and unconfirmed items, a bar for each."""
        sheets = [report.sheet(name) for name in ("verdict", "unconfirmed")]
        highest = (
            max((number or 0 for sheet in sheets for line in sheet.lines for number in line.numbers), default=0) or 1
        )
        texts, bars, y = [_Text(MARGIN, 50, report.title, TITLE)], list[_Bar](), 70
        axes = list[_Bar]()
        for sheet in sheets:
            y += ROW
            texts.append(_Text(MARGIN, y, sheet.title + (f": {sheet.instead}" if sheet.instead else ""), 30))
            axes.append(_Bar(LABELS + 15, y + 12, 1, ROW * len(sheet.lines), AXIS))
            for line in sheet.lines:
                y += ROW
                texts.append(_Text(LABELS, y, fitted(line.name), anchor="end"))
                length = _length(line.numbers[0], highest, WIDTH - LABELS - 150)
                fill = HIDDEN if line.numbers[0] is None else BLUE
                bars += [_Bar(LABELS + 16, y - 26, length, 32, fill)] if length else []
                texts.append(_Text(LABELS + 28 + length, y, line.cells[0]))
            y += ROW // 2
        png = self._drawn(y + 30, texts, [*bars, *axes])
        return Picture(png, self._alt("digest.alt_week", report, sheets))

    def _alt(self, phrase: str, report: Report, sheets: Sequence[Sheet]) -> str:
        told = ". ".join(f"{sheet.title}: {_told(sheet)}" for sheet in sheets)
        return cut(self._phrases.label(report.language, phrase, week=report.week, told=told), ALT)

    def _drawn(self, height: float, texts: list[_Text], bars: list[_Bar]) -> bytes:
        svg = self._phrases.drawing("bars", width=WIDTH, height=math.ceil(height), texts=texts, bars=bars)
        with as_file(FONT) as font:
            return resvg_py.svg_to_bytes(
                svg_string=svg, skip_system_fonts=True, font_files=[str(font)], font_family="IPAexGothic"
            )


def _upright(  # noqa: PLR0913, PLR0917 - where a bar stands
    line: Line, side: int, fill: str, left: float, width: float, base: float, highest: int
) -> tuple[list[_Bar], _Text]:
    number = line.numbers[side]
    height = _length(number, highest, TALL)
    bar = [_Bar(left, base - height, width, height, HIDDEN if number is None else fill)] if height else []
    size = SMALL if len(line.cells[side]) <= SHORT else TINY
    return bar, _Text(left + width / 2, base - height - 8, line.cells[side], size, "middle")


def _length(number: int | None, highest: int, longest: float) -> float:
    return STUB if number is None else round(longest * number / highest, 1)


def fitted(name: str) -> str:
    """Return the name, shortened where it would not fit beside its bar."""
    widths = [2 if east_asian_width(letter) in WIDE else 1 for letter in name]
    if sum(widths) <= NAMED:
        return name
    kept = sum(width <= NAMED - 2 for width in accumulate(widths))
    return f"{name[:kept]}…"


def _told(sheet: Sheet) -> str:
    if sheet.instead:
        return sheet.instead
    return "; ".join(f"{line.name} {' / '.join(line.cells)}" for line in sheet.lines)
