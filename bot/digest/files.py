"""A report → its files: two pictures, the tables as CSV and as a workbook; and the same as plain text."""

from bot.digest.charts import Charts
from bot.digest.report import Report, Sheet
from bot.digest.tables import as_csv, as_xlsx
from bot.rendering import Phrases
from conversations.store.protocol import File


def files_of(phrases: Phrases, report: Report) -> tuple[File, ...]:
    """Return the files, the pictures first."""
    charts, language = Charts(phrases), report.language
    name = f"digest-{report.week}"
    made = {
        "trend": (f"{name}-trend.{language}.png", charts.trend(report)),
        "week": (f"{name}-week.{language}.png", charts.week(report)),
    }
    pictures = [
        File(file, phrases.label(language, f"digest.file_{what}"), picture.alt_text, picture.content)
        for what, (file, picture) in made.items()
    ]
    tables = {"csv": as_csv(phrases, report), "xlsx": as_xlsx(report)}
    return (
        *pictures,
        *(
            File(f"{name}.{language}.{what}", phrases.label(language, f"digest.file_{what}"), "", content)
            for what, content in tables.items()
        ),
    )


def as_text(report: Report) -> str:
    """Return the report as plain text."""
    parts = [[report.title, *report.opening], *map(_lines, report.sheets), [report.hiding]]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _lines(sheet: Sheet) -> list[str]:
    if sheet.instead:
        return [f"{sheet.title}: {sheet.instead}"]
    head = f"{sheet.title} ({' / '.join(sheet.columns[1:])})"
    return [head, *(f"  {line.name}: {' / '.join(line.cells)}" for line in sheet.lines)]
