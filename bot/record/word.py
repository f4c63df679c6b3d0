"""The Word document from its template, the shipped or the institution's own. The only file that knows docxtpl."""

from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any, TypeVar

from docxtpl import DocxTemplate

from bot.record.paper import Paper, sample
from bot.rendering import documents, unknown_names
from knowledge.errors import DataError, Faults, nearest
from knowledge.institution import RECORD

Found = TypeVar("Found")
LONGEST = 200
"""Characters of what a library says of a template that it cannot take."""


def template_of(overlay: Traversable | None) -> bytes:
    """Return the institution's own template, or the shipped one."""
    own = overlay / RECORD if overlay else None
    return own.read_bytes() if own and own.is_file() else shipped()


def shipped() -> bytes:
    """Return the template that `bot.record.template` makes."""
    return (files("bot") / "record" / RECORD).read_bytes()


def fill(template: bytes, paper: Paper) -> bytes:
    """Return the document. Raises DataError where the template cannot be filled."""
    return _tried(lambda: _filled(template, paper.values()))


def check_template(overlay: Traversable | None) -> None:
    """Try the institution's template, if it has one. Raises DataError naming each placeholder that stays empty."""
    if overlay is None or not (overlay / RECORD).is_file():
        return
    template, faults = template_of(overlay), Faults()
    for name, known in _tried(lambda: list(unknown_names(_source(template), sample()))):
        with faults.gathered():
            raise _fault(f"there is no placeholder {name!r}{nearest(name, known)}")
    faults.tell()
    _tried(lambda: _filled(template, sample()))


def _filled(template: bytes, values: dict[str, Any]) -> bytes:
    document, content = DocxTemplate(BytesIO(template)), BytesIO()
    document.render(values, documents(), autoescape=True)
    document.save(content)
    return content.getvalue()


def _source(template: bytes) -> str:
    """Return body, headers and footers as what is filled."""
    document = DocxTemplate(BytesIO(template))
    document.init_docx()
    parts = [document.get_xml()]
    for kind in (document.HEADER_URI, document.FOOTER_URI):
        parts += [document.get_part_xml(part) for _, part in document.get_headers_footers(kind)]
    return "\n".join(document.patch_xml(part) for part in parts)


def _tried(act: Callable[[], Found]) -> Found:
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - whatever the file holds: three libraries read it
        raise _fault(f"cannot be filled: {type(error).__name__}: {str(error)[:LONGEST]}") from None


def _fault(fault: str) -> DataError:
    return DataError(RECORD, "template", fault)
