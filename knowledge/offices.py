"""Which office is competent for what in a case: TOML → records, under what an institution says of its own offices.

It belongs to no edition: it moves no verdict.
"""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.models import Bilingual, Id, Institution, Office, Record
from knowledge.records import by_id, parse_all, read_records

OFFICES = "offices.toml"


class Matter(Record):
    """A fact that an office answers for. `values`: with which it matters (empty: all but the safe one).

    `about`: what the office is asked about, where the fact's own name is not it.
    """

    id: Id
    fact: Id
    office: Office
    values: tuple[Id, ...] = ()
    about: Bilingual | None = None


def load_matters(institution: Institution | None = None, folder: Traversable | None = None) -> tuple[Matter, ...]:
    """Load what offices answer for; what the institution says of a fact takes its place. Raises DataError."""
    records = read_records((folder or files("knowledge")) / OFFICES, "matter")["matter"]
    shipped = by_id(parse_all(Matter, records, OFFICES), OFFICES)
    own = dict(_own(institution))
    kept = tuple(matter for matter in shipped.values() if matter.fact not in own)
    return (*kept, *(Matter(id=fact, fact=fact, office=office) for fact, office in own.items()))


def _own(institution: Institution | None) -> Iterator[tuple[str, Office]]:
    for contact in institution.contacts if institution else ():
        yield from ((fact, contact.office) for fact in contact.answers_for)
