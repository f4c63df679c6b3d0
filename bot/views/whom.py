"""Whom to ask about a verdict → words: the offices that are competent for what sets it, and the desk."""

from bot.rendering import Phrases
from bot.views.contacts import Contacts
from conversations.competence import Whom
from knowledge.models import Institution, Office
from knowledge.offices import Matter
from rules.models import RuleBase

DESK = "desk"


class WhomViews:
    """Speaks of whom to ask in both languages. An office that is not known is stood in for by the desk."""

    def __init__(self, phrases: Phrases, institution: Institution | None, rulebase: RuleBase) -> None:
        """Read the offices from the institution's overlay, and what facts are called from the rules."""
        self._phrases = phrases
        self._rulebase = rulebase
        self._contacts = Contacts(phrases, institution)

    def on_card(self, whom: Whom, language: str) -> str:
        """Return the lines of a verdict card; the desk is in them where it is known, or nobody else is to be asked."""
        ways: dict[str, list[str]] = {}
        for office, about in self._asked(whom, language).items():
            ways.setdefault(self._way(office, language), []).extend(about)
        desk = self._contacts.say(DESK, language)
        return self._phrases.say(
            language,
            "whom.ask",
            offices=[{"contact": contact, "about": about} for contact, about in ways.items()],
            desk=desk if desk not in ways and (self._contacts.found(DESK) or not ways) else "",
            lifts=whom.lifts or whom.leaders,
            leaders=self._leaders(whom, language),
            alone=whom.alone,
        )

    def lifted_by(self, whom: Whom, language: str) -> list[str]:
        """Return in plain words whose answer would lift a refusal; nothing where none would."""
        if not (whom.lifts or whom.leaders):
            return []
        names: dict[str, list[str]] = {}
        for office, about in self._asked(whom, language).items():
            names.setdefault(self._name(office, language), []).extend(about)
        offices = [{"name": name, "about": about} for name, about in names.items()]
        told = {"offices": offices, "leaders": self._leaders(whom, language), "alone": whom.alone}
        return [self._phrases.label(language, "whom.lifted_by", **told)]

    def _asked(self, whom: Whom, language: str) -> dict[Office, list[str]]:
        """Return the offices with what each is asked about."""
        return {
            office: [(each.about or self._rulebase.facts[each.fact].label).say(language) for each in matters]
            for office, matters in offices(whom).items()
        }

    def _leaders(self, whom: Whom, language: str) -> str:
        return self._phrases.label(language, "whom.leaders") if whom.leaders else ""

    def _way(self, office: Office, language: str) -> str:
        """How an office is reached, as mrkdwn; its mere name where that is not known."""
        if self._contacts.found(office):
            return self._contacts.say(office, language)
        return self._name(office, language)

    def _name(self, office: Office, language: str) -> str:
        contact = self._contacts.found(office)
        if contact:
            return contact.name.say(language)
        name = self._phrases.label(language, f"reply.office_{office}")
        return self._phrases.label(language, "whom.unknown", office=name)


def offices(whom: Whom) -> dict[Office, list[Matter]]:
    """Return the competent offices with what each is competent for, in order."""
    found: dict[Office, list[Matter]] = {}
    for matter in whom.matters:
        found.setdefault(matter.office, []).append(matter)
    return found
