"""Records for tests: settled cases, and what stands in the files made of them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from zoneinfo import ZoneInfo

from docx import Document
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.app import House
from bot.record.making import make_files
from bot.record.writing import Settled
from conversations.models import Case
from conversations.receipts import make_receipt
from conversations.service import Conversations
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import NOW

ZONE = ZoneInfo("Asia/Tokyo")
Rows = list[list[str]]
TICKS = {"met": "☑", "not_met": "☐", "unconfirmed": "△", "required": "☐", "fulfilled": "☑"}
NOT_APPLICABLE = {"ja": "対象外", "en": "n/a"}


def settled(house: House, case: Case) -> Settled:
    """Return a finished case with its first receipt."""
    with closing(SqliteStore(":memory:")) as store:
        conversations = Conversations(store, house.library)
        standing = conversations.standing(case)
        assert standing.evaluation
        receipt = make_receipt(standing.book.rulebook, case, standing.progress, standing.evaluation, NOW, None)
        return Settled(standing, standing.evaluation, conversations.insight(standing), receipt)


@dataclass(frozen=True)
class Read:
    """A document as its reader finds it: all its text, and its tables."""

    text: str
    tables: list[Rows]

    @property
    def checklist(self) -> Rows:
        """Return the seven rows of the checklist."""
        return self.under("チェック欄")

    def under(self, heading: str) -> Rows:
        """Return the rows of the one table that has such a heading over its first or last column."""
        (rows,) = (rows for rows in self.tables if heading in rows[0][0] or heading == rows[0][-1])
        return rows[1:]


def made(house: House, case: Settled, language: str) -> tuple[Read, Read, str]:
    """Return Word document, Markdown and receipt."""
    word, markdown, receipt = make_files(house.phrases, case, ZONE, language).values()
    return read_word(word.content), read_markdown(markdown.content.decode()), receipt.content.decode()


def read_word(content: bytes) -> Read:
    document = Document(BytesIO(content))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    cells = "\n".join(cell for rows in tables for row in rows for cell in row)
    return Read("\n".join([*(paragraph.text for paragraph in document.paragraphs), cells]), tables)


def read_markdown(text: str) -> Read:
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
    found = (node for node in tree.walk() if node.type == "table")
    tables = [[[_said(c).strip() for c in row.children] for row in table.walk() if row.type == "tr"] for table in found]
    return Read(_said(tree), tables)


def _said(node: SyntaxTreeNode) -> str:
    return "".join(_texts(node))


def _texts(node: SyntaxTreeNode) -> Iterator[str]:
    """The text under a node; code, which nothing here should become, is marked."""
    if node.type in ("text", "html_inline"):
        yield node.content.replace("<br>", "\n")
    elif node.type in ("code_inline", "code_block", "fence", "html_block"):
        yield f"<<{node.content}>>"
    for child in node.children:
        yield from _texts(child)
    if node.type in ("paragraph", "heading", "td", "th"):
        yield "\n"
