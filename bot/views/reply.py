"""Answers to messages that start no check → Block Kit: the guideline's words, and which office knows more."""

from collections.abc import Sequence

from bot.rendering import Phrases
from bot.views.blocks import Block, section
from bot.views.contacts import Contacts
from bot.views.verdict import VerdictViews
from knowledge.models import Knowledge, Passage
from knowledge.redirects import Redirect

AT_ONCE = ("desk", "privacy")
"""The offices that are told of data that went out."""


class ReplyViews:
    """Speaks answers in both languages."""

    def __init__(self, phrases: Phrases, verdicts: VerdictViews, knowledge: Knowledge) -> None:
        """Read quotations, what they mean, and the institution's offices from the knowledge."""
        self._phrases = phrases
        self._verdicts = verdicts
        self._knowledge = knowledge
        self._contacts = Contacts(phrases, knowledge.institution)

    def quoted(self, passages: Sequence[Passage], language: str) -> list[Block]:
        """Return the passages, each verbatim with its section and what it means for a check."""
        blocks = [self._verdicts.quoting(passages, language)]
        for passage in passages:
            blocks += self._verdicts.quote(passage, (), language)
            asked = self._knowledge.asked_as.get(passage.id)
            if asked and asked.means:
                blocks.append(section(self._phrases.say(language, "reply.means", means=asked.means.say(language))))
        return blocks

    def unsaid(self, language: str) -> list[Block]:
        """Return that the guideline does not say, and who may know."""
        return [section(self._phrases.say(language, "reply.unsaid", contact=self._contacts.say("desk", language)))]

    def redirected(self, redirects: Sequence[Redirect], language: str) -> list[Block]:
        """Return each answer with its office, and the guideline's nearest words."""
        blocks = list[Block]()
        for each in redirects:
            contact = self._contacts.say(each.office, language)
            text = self._phrases.say(language, "reply.redirect", answer=each.answer.say(language), contact=contact)
            blocks.append({**section(text), "block_id": f"topic:{each.id}"})
        named = dict.fromkeys(each.passage for each in redirects if each.passage in self._knowledge.passages)
        nearest = [self._knowledge.passages[name] for name in named if name]
        return [*blocks, *self.quoted(nearest, language)] if nearest else blocks

    def incident(self, language: str) -> list[Block]:
        """Return the first steps after data went out, and whom to tell."""
        told = dict.fromkeys(self._contacts.say(office, language, at_once=True) for office in AT_ONCE)
        return [section(self._phrases.say(language, "reply.incident", contacts=list(told)))]
