"""What a record says, as text in one language; the Word document and the Markdown file hold the same. Data only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, get_args, get_type_hints


@dataclass(frozen=True)
class About:
    """What the record is of: a line each, under a heading of the same name."""

    case: str
    made_on: str
    edition: str
    institution: str
    given_by: str
    service: str
    use: str
    data_class: str
    verdict: str
    obligation: str


@dataclass(frozen=True)
class Given:
    """An answer, and who or what gave it."""

    label: str
    value: str
    source: str


@dataclass(frozen=True)
class Known:
    """A fact about the service: its value, what was found and where, as of when, and how far that counts."""

    label: str
    value: str
    note: str
    source: str
    as_of: str
    status: str


@dataclass(frozen=True)
class Item:
    """An item of the checklist: its words (`unofficial`: their rendering, or nothing), tick, status and grounds."""

    ja: str
    unofficial: str
    tick: str
    status: str
    because: str
    behind: str


@dataclass(frozen=True)
class Measure:
    """Something to do, and how."""

    label: str
    detail: str


@dataclass(frozen=True)
class Quotation:
    """Words of a source. `rendering` and `standing` are empty in Japanese; `reading`: where a rule reads it its way."""

    ja: str
    rendering: str
    standing: str
    source: str
    reading: str


@dataclass(frozen=True)
class Paper:
    """The whole record. `words`: its headings, by name. Nobody is named in it but who confirmed something.

    No words are in it but those written for the record.
    """

    words: Mapping[str, str]
    about: About
    reasons: tuple[str, ...]
    items: tuple[Item, ...]
    answers: tuple[Given, ...]
    unanswered: str
    catalogue: tuple[Known, ...]
    measures: tuple[Measure, ...]
    changes: tuple[str, ...]
    about_data: tuple[str, ...]
    quotations: tuple[Quotation, ...]
    not_said: tuple[str, ...]
    contacts: tuple[str, ...]
    plan_ja: str
    plan_en: str
    receipt: str

    def values(self) -> dict[str, Any]:
        """Return what a template is given: text, and lists of text or of what has names."""
        return {name: _plain(value) for name, value in asdict(self).items()}


HEADINGS = (
    *(field.name for field in fields(About)),
    *("title", "intro", "reasons", "checklist", "tick", "item", "status", "behind", "answers", "label", "value"),
    *("source", "unanswered", "catalogue", "note", "as_of", "to_do", "changes", "about_data", "quotations"),
    *("not_said", "contacts", "plan", "receipt", "nothing"),
)


def sample() -> dict[str, Any]:
    """Return what a template is given at most: every name there is, and an entry in every list."""
    return {**_sample(Paper), "words": dict.fromkeys(HEADINGS, "…")}


def _sample(shape: type) -> Any:  # noqa: ANN401 - text, or what the shape is made of
    if shape in (str, Mapping[str, str]):
        return "…"
    if entries := get_args(shape):
        return [_sample(entries[0])]
    hints = get_type_hints(shape)
    return {field.name: _sample(hints[field.name]) for field in fields(shape)}


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
