"""What is said to a message that starts no check: the guideline's words, the right office, first steps, a kind word.

At the door a message is turned into the codes that its reply needs; nothing of its words goes further.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.ids import START, START_SERVICE, START_TOPIC
from bot.rendering import Phrases
from bot.views.blocks import Block, section
from bot.views.offer import ask, start
from bot.views.speaking import views_of
from conversations.book import Book
from conversations.desk import INCIDENT, QUESTION
from conversations.library import Library
from knowledge.redirects import Redirect
from knowledge.understanding.reading import OTHER, NamedService, Reading

Codes = Mapping[str, Any]
"""What a job holds of a message."""

APART = ("help", "guideline", "incident", "redirect")
"""What is answered in the thread of a check, too, and leaves it as it is."""
REMARKS = {"too_long": "note.too_long", "not_text": "note.not_text", "override_attempt": "note.override_attempt"}
"""What is said of the message itself, by what the reader warns of; of several the first."""
WORDS = {"empty": "note.welcome", "help": "note.help", **REMARKS, "off_topic": "note.off_topic"}
OTHERWISE = "note.not_a_question"

Answer = tuple[str, list[Block], str]
"""A phrase of it, its blocks, and the value of the start button (empty: no check would help)."""


@dataclass(frozen=True)
class Reply:
    """An answer: `name` is a phrase of it, `text` what notifications and screen readers say instead, as mrkdwn."""

    name: str
    text: str
    blocks: list[Block]


class Replies:
    """Answers what is no case. It holds nothing of anybody's; safe to share between threads."""

    def __init__(self, phrases: Phrases, library: Library, redirects: Mapping[str, Redirect]) -> None:
        """Quote today's edition of `library`, and send people on by `redirects`."""
        self._phrases = phrases
        self._library = library
        self._redirects = redirects
        self._by_kind = {"guideline": self._quoted, "redirect": self._redirected, "incident": self._incident}

    def codes(self, reading: Reading, text: str, workspace: str) -> dict[str, object]:
        """Return what a reply needs; where the guideline is asked, it is searched for the text now."""
        asks = reading.kind == "guideline"
        found = self._library.heard_by(workspace).current().search.find(text) if asks else ()
        return {
            "passages": list(found),
            "topics": list(reading.topics),
            "warnings": list(reading.warnings),
            "service": reading.services[0].id if len(reading.services) == 1 else "",
            "unplaced": dict(reading.unplaced),
        }

    def reply(self, told: Codes, workspace: str, language: str, *, offered: bool = True) -> Reply:
        """Return the answer; where `offered`, with a button that starts a check if one can help."""
        book = self._library.heard_by(workspace).current()
        name, blocks, value = self._by_kind.get(told["reading"], self._said)(told, book, language)
        text = blocks[0]["text"]["text"]
        return Reply(name, text, [*blocks, start(self._phrases, language, value)] if offered and value else blocks)

    def _quoted(self, told: Codes, book: Book, language: str) -> Answer:
        known, views = book.knowledge.passages, views_of(self._phrases, book).replies
        passages = [known[name] for name in told.get("passages", ()) if name in known]
        if not passages:
            return "reply.unsaid", [*views.unsaid(language), ask(self._phrases, language, QUESTION)], START
        return "verdict.quotes", views.quoted(passages, language), START

    def _redirected(self, told: Codes, book: Book, language: str) -> Answer:
        redirects = [self._redirects[name] for name in dict.fromkeys(told.get("topics", ())) if name in self._redirects]
        if not redirects:
            return self._said(told, book, language)
        value = next((f"{START_TOPIC}:{each.id}" for each in redirects if each.check), "")
        return "reply.redirect", views_of(self._phrases, book).replies.redirected(redirects, language), value

    def _incident(self, told: Codes, book: Book, language: str) -> Answer:
        """Answer before any check; the one that is offered for afterwards is of the same service."""
        value = f"{START_SERVICE}:{told['service']}" if told.get("service") else START
        blocks = views_of(self._phrases, book).replies.incident(language)
        return "reply.incident", [*blocks, ask(self._phrases, language, INCIDENT)], value

    def _said(self, told: Codes, _: Book, language: str) -> Answer:
        said = {told["reading"], *told.get("warnings", ())}
        name = next((phrase for code, phrase in WORDS.items() if code in said), OTHERWISE)
        return name, [section(self._phrases.say(language, name))], START

    def remarks(self, told: Codes, language: str, *, posted: bool = True) -> list[str]:
        """Return what to tell the person privately beside the answer; `posted`: the message is there to be deleted."""
        warned, names = told.get("warnings", ()), []
        if "personal_data_in_text" in warned:
            names.append("note.personal_data" if posted else "note.personal_data_typed")
        if told.get("reading") in (*APART, "case"):
            names += [name for code, name in REMARKS.items() if code in warned][:1]
        return [self._phrases.say(language, name) for name in names]

    def begun(self, value: object, workspace: str) -> Reading:
        """Return what a start button says of the check: as if a message had said so. Anything unknown says nothing."""
        kind, _, name = str(value or "").rpartition(":")
        if kind == START_TOPIC and name in self._redirects:
            return Reading("case", facts=self._redirects[name].known)
        knowledge = self._library.heard_by(workspace).current().knowledge
        if kind == START_SERVICE and name in {*knowledge.services, *knowledge.brands, OTHER}:
            return Reading("case", (NamedService(name, ""),))
        return Reading("case")
