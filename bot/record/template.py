"""`python -m bot.record.template FILE`: makes the Word template, `record.docx`, from this script alone.

The text in double braces is what an institution may move, restyle or leave out in Word; docs/record.md lists it all.
"""

import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table

from bot.record.paper import About

LATIN, JAPANESE, INK = "Calibri", "Yu Gothic", RGBColor(0x1F, 0x3A, 0x5F)
STYLES = (("Normal", 10), ("Title", 18), ("Heading 1", 13), ("Heading 2", 11))


def make() -> Word:
    """Return the template."""
    document = Document()
    _page(document)
    document.add_heading("{{ words.title }}", 0)
    document.add_paragraph("{{ words.intro }}")
    _about(document)
    _list(document, "reasons", "{{ entry }}")
    _checklist(document)
    _section(document, "to_do")
    _repeat(document, "measure in measures", "☐ {{ measure.label }} — {{ measure.detail }}")
    _or_nothing(document, "measures")
    _list(document, "changes", "{{ entry }}")
    _or_nothing(document, "changes")
    _if(document, "about_data", lambda: _list(document, "about_data", "{{ entry }}", level=2))
    _answers(document)
    _section(document, "quotations")
    _quotations(document)
    _list(document, "not_said", "{{ entry }}")
    _list(document, "contacts", "{{ entry }}", level=2)
    _section(document, "plan")
    for name in ("plan_ja", "plan_en"):
        document.add_paragraph(f"{{{{ {name} }}}}", style="Intense Quote")
    document.add_paragraph("{{ words.receipt }}: {{ receipt }}")
    return document


def _page(document: Word) -> None:
    for name, size in STYLES:
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 - the four are
        style.font.name, style.font.size = LATIN, Pt(size)
        if name != "Normal":
            style.font.color.rgb = INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        fonts.set(qn("w:eastAsia"), JAPANESE)
    for name in ("Quote", "Intense Quote"):
        document.styles[name].font.italic = False  # Japanese has none
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    page.footer.paragraphs[0].text = "{{ words.title }} · {{ receipt }}"
    about = document.core_properties
    about.author, about.title, about.comments = "Kakunin", "Kakunin", ""
    about.created = about.modified = datetime(2026, 11, 1, tzinfo=UTC)


def _about(document: Word) -> None:
    table = document.add_table(0, 2, style="Table Grid")
    for field in fields(About):
        _fill(table, (f"{{{{ words.{field.name} }}}}", f"{{{{ about.{field.name} }}}}"))
    _widths(table, (4.5, 12.5))


def _section(document: Word, name: str, level: int = 1) -> None:
    document.add_heading(f"{{{{ words.{name} }}}}", level)


def _repeat(document: Word, loop: str, *texts: str, style: str | None = None) -> None:
    document.add_paragraph(f"{{%p for {loop} %}}")
    for text in texts:
        document.add_paragraph(text, style=style)
    document.add_paragraph("{%p endfor %}")


def _list(document: Word, name: str, text: str, level: int = 1) -> None:
    _section(document, name, level)
    _repeat(document, f"entry in {name}", text, style="List Bullet")


def _or_nothing(document: Word, name: str) -> None:
    _if(document, f"not {name}", lambda: document.add_paragraph("{{ words.nothing }}"))


def _if(document: Word, condition: str, add: Callable[[], object]) -> None:
    document.add_paragraph(f"{{%p if {condition} %}}")
    add()
    document.add_paragraph("{%p endif %}")


def _checklist(document: Word) -> None:
    """Add the guideline's seven items as a table, with チェック欄."""
    _section(document, "checklist")
    head = tuple(f"{{{{ words.{name} }}}}" for name in ("tick", "item", "status", "behind"))
    item = "{{ item.ja }}{% if item.unofficial %}\n{{ item.unofficial }}{% endif %}"
    entries = ("{{ item.tick }}", item, "{{ item.status }}", "{{ item.because }}\n{{ item.behind }}")
    _rows(document, head, entries, "item in items", (1.8, 7.0, 2.2, 6.0))


def _answers(document: Word) -> None:
    _section(document, "answers")
    names = ("label", "value", "source")
    head, entries = tuple(f"{{{{ words.{n} }}}}" for n in names), tuple(f"{{{{ given.{n} }}}}" for n in names)
    _rows(document, head, entries, "given in answers", (6.0, 4.0, 7.0))
    document.add_paragraph("{{ words.unanswered }}: {{ unanswered }}")
    document.add_paragraph("{%p if catalogue %}")
    _section(document, "catalogue")
    more = (*names[:2], "note", "source", "as_of", "status")
    head, entries = tuple(f"{{{{ words.{n} }}}}" for n in more), tuple(f"{{{{ known.{n} }}}}" for n in more)
    _rows(document, head, entries, "known in catalogue", (3.0, 2.0, 4.5, 3.5, 1.8, 2.2))
    document.add_paragraph("{%p endif %}")


def _quotations(document: Word) -> None:
    document.add_paragraph("{%p for quotation in quotations %}")
    document.add_paragraph("{{ quotation.ja }}", style="Quote")
    rendering = "{{ quotation.standing }}: {{ quotation.rendering }}"
    _if(document, "quotation.rendering", lambda: document.add_paragraph(rendering))
    document.add_paragraph("{{ quotation.source }}{% if quotation.reading %} — {{ quotation.reading }}{% endif %}")
    document.add_paragraph("{%p endfor %}")


def _rows(
    document: Word, head: tuple[str, ...], entries: tuple[str, ...], loop: str, widths: tuple[float, ...]
) -> None:
    """Add a table with headings and a row for each entry."""
    table = document.add_table(0, len(entries), style="Table Grid")
    _fill(table, head)
    _repeated_on_each_page(table)
    _fill(table, (f"{{%tr for {loop} %}}",))
    _fill(table, entries)
    _fill(table, ("{%tr endfor %}",))
    _widths(table, widths)


def _widths(table: Table, widths: tuple[float, ...]) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _fill(table: Table, texts: tuple[str, ...]) -> None:
    for cell, text in zip(table.add_row().cells, texts, strict=False):  # type: ignore[no-untyped-call]
        cell.text = text


def _repeated_on_each_page(table: Table) -> None:
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no other way
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


if __name__ == "__main__":
    make().save(str(Path(sys.argv[1])))
