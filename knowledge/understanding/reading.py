"""What a message was read as: data only, all frozen. Whoever keeps a reading keeps its codes and none of its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | tuple[str, ...]
"""A value of the rules' vocabulary; a tuple for a fact that is a list."""

OTHER = "other"
"""Stands for a service outside the catalogue."""


@dataclass(frozen=True)
class NamedService:
    """A service that is named: `id` of the catalogue, of a brand where no plan was said, or OTHER; and its words."""

    id: str
    text: str


@dataclass(frozen=True)
class Evidence:
    """Words of the message and what they say of a fact."""

    fact: str
    value: Value
    text: str


@dataclass(frozen=True)
class Slip:
    """A word that is probably mistyped: nothing is read from it before the person says that it was meant."""

    text: str
    service: str


@dataclass(frozen=True)
class Reading:
    """`kind`: what the message is. `facts`: what it says, never what it asks, hopes or guesses.

    `kind` is one of empty · case (asks whether something may be entered) · guideline (asks what the guideline says) ·
    incident (was entered already) · redirect (`topics` says where such questions are answered) · other · help ·
    holdings · forget · status. `unplaced`: how many words of each class were not understood.
    """

    kind: str
    services: tuple[NamedService, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()
    unplaced: Mapping[str, int] = field(default_factory=dict)
