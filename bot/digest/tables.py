"""A report → files of tables: CSV and an Excel workbook. A text is a text there, whatever it begins with."""

import csv
import io

from xlsxwriter import Workbook

from bot.digest.report import Report
from bot.rendering import Phrases
from bot.spreadsheet import MARK, safe

SHEET = 31
"""Characters of a sheet's name."""


def as_csv(phrases: Phrases, report: Report) -> bytes:
    """Return every table under one head, in UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO()
    writer = csv.writer(text)
    names = ("table", "name", "count", "change")
    writer.writerow(phrases.label(report.language, f"digest.column_{name}") for name in names)
    for sheet in report.sheets:
        for line in sheet.lines:
            rows: list[tuple[str, ...]] = [(line.name, *line.cells)]
            if sheet.id == "trend":  # a line of three counts is three rows here
                pairs = zip(sheet.columns[1:], line.cells, strict=True)
                rows = [(f"{line.name} {kind}", cell) for kind, cell in pairs]
            writer.writerows([safe(sheet.title), *map(safe, row), *[""] * (3 - len(row))] for row in rows)
        if sheet.instead:
            writer.writerow([safe(sheet.title), safe(sheet.instead), "", ""])
    return MARK + text.getvalue().encode()


def as_xlsx(report: Report) -> bytes:
    """Return a workbook with a sheet for each table: numbers as numbers, everything else as text."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for sheet in report.sheets:
            page = book.add_worksheet(sheet.id[:SHEET])
            page.set_column(0, 0, 44)
            page.write_string(0, 0, sheet.title, head)
            for column, name in enumerate(sheet.columns):
                page.write_string(1, column, name, head)
            for row, line in enumerate(sheet.lines, 2):
                page.write_string(row, 0, line.name)
                for column, (cell, number) in enumerate(zip(line.cells, line.numbers, strict=True), 1):
                    if number is None:
                        page.write_string(row, column, cell)
                    else:
                        page.write_number(row, column, number)
            if sheet.instead:
                page.write_string(2, 0, sheet.instead)
    return content.getvalue()
