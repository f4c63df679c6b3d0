"""What people often ask although the guideline does not answer it: by topic, a short answer and who knows more.

It belongs to no edition: it moves no verdict.
"""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.models import Bilingual, Flag, Id, Office, Record
from knowledge.records import by_id, parse_all, read_records

REDIRECTS = "redirects.toml"


class Redirect(Record):
    """The answer on a topic, and the office that knows more.

    `check`: a check can help; `known`: what it begins with. `passage`: the guideline's nearest words, if any.
    """

    id: Id
    office: Office
    answer: Bilingual
    passage: Id | None = None
    check: Flag = False
    known: Mapping[str, str] = {}


def load_redirects(folder: Traversable | None = None) -> dict[str, Redirect]:
    """Load the answers by topic. Raises DataError with file, id and remedy."""
    records = read_records((folder or files("knowledge")) / REDIRECTS, "redirect")["redirect"]
    return by_id(parse_all(Redirect, records, REDIRECTS), REDIRECTS)
