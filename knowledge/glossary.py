"""What words on the cards mean: terms, and which each card offers. It moves no verdict and belongs to no edition."""

from collections.abc import Collection, Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.errors import DataError, nearest
from knowledge.institution import GLOSSARY, overlay_records
from knowledge.models import Bilingual, Id, Record, Text
from knowledge.records import by_id, parse_all, read_records

GENERAL = "general"
"""The source of what is common knowledge."""


class Term(Record):
    """A term in a sentence or two, with the page and the day it was looked up (`GENERAL`: none was needed)."""

    id: Id
    name: Bilingual
    meaning: Bilingual
    source: Text
    as_of: date


class CardTerms(Record):
    """The terms that a card offers, in the order they are shown."""

    id: Id
    terms: tuple[Id, ...] = Field(min_length=1)


Glossary = Mapping[str, tuple[Term, ...]]
"""Card id to its terms; a card without any is not in it."""


def load_glossary(
    cards: Collection[str], overlay: Traversable | None = None, folder: Traversable | None = None
) -> Glossary:
    """Load the terms of each card, an overlay's own after the others. Raises DataError with file, id and remedy.

    `cards`: the ids that there are.
    """
    records = read_records((folder or files("knowledge")) / GLOSSARY, "term", "card")
    terms = by_id(parse_all(Term, records["term"], GLOSSARY), GLOSSARY)
    offered = by_id(parse_all(CardTerms, records["card"], GLOSSARY), GLOSSARY)
    own = overlay_records(overlay, GLOSSARY, "term", "card") if overlay else {"term": [], "card": []}
    added = by_id(parse_all(Term, own["term"], GLOSSARY), GLOSSARY)
    for name in added.keys() & terms.keys():
        raise DataError(GLOSSARY, name, "a term with this id is there already; choose another id")
    further = by_id(parse_all(CardTerms, own["card"], GLOSSARY), GLOSSARY)
    known = {**terms, **added}
    for card in (*offered.values(), *further.values()):
        _check(card, known, cards)
    _refuse_unused(known, {name for card in (*offered.values(), *further.values()) for name in card.terms})
    names = {card: _joined(card, offered, further) for card in {**offered, **further}}
    return {card: tuple(known[name] for name in told) for card, told in names.items()}


def _check(card: CardTerms, terms: Mapping[str, Term], cards: Collection[str]) -> None:
    if card.id not in cards:
        raise DataError(GLOSSARY, card.id, f"there is no card with this id{nearest(card.id, cards)}")
    for name in card.terms:
        if name not in terms:
            raise DataError(GLOSSARY, card.id, f"unknown term {name!r}{nearest(name, terms)}")


def _refuse_unused(terms: Mapping[str, Term], used: Collection[str]) -> None:
    for name in terms.keys() - used:
        raise DataError(GLOSSARY, name, "no [[card]] offers this term, so nobody would read it")


def _joined(card: str, *parts: Mapping[str, CardTerms]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts if card in part for name in part[card].terms))
