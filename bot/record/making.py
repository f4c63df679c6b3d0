"""A case with a verdict → the three files of its record: Word, Markdown, and the receipt as JSON."""

import logging
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.record.word import fill, shipped, template_of
from bot.record.writing import Settled, write
from bot.rendering import Phrases
from conversations.store.protocol import File
from knowledge.errors import DataError

alert = logging.getLogger("kakunin.alert")

FILES = WORD, MARKDOWN, RECEIPT = ("word", "markdown", "receipt")


def make_files(phrases: Phrases, case: Settled, zone: ZoneInfo, language: str) -> Mapping[str, File]:
    """Return the files by what they are.

    Where the institution's template cannot be filled the shipped one is taken, which is logged as an alert: nobody
    goes without a record.
    """
    paper, case_id = write(phrases, case, zone, language), case.standing.case.id
    template = template_of(case.standing.book.rulebook.overlay)
    try:
        word = fill(template, paper)
    except DataError as error:
        alert.error("an institution's template was not used: %s", error)
        word = fill(shipped(), paper)
    contents = {
        WORD: (f"kakunin-record-{case_id}.docx", word),
        MARKDOWN: (f"kakunin-record-{case_id}.md", phrases.markdown("record", **paper.values()).encode()),
        RECEIPT: (f"kakunin-receipt-{case_id}.json", f"{case.receipt.to_json(indent=2)}\n".encode()),
    }
    return {
        what: File(name, phrases.label(language, f"record.{what}_title"), "", content)
        for what, (name, content) in contents.items()
    }
