"""The institution's offices → words: how each is reached."""

from collections.abc import Iterable

from bot.rendering import Mrkdwn, Phrases, escape
from knowledge.models import Contact, Institution


class Contacts:
    """Speaks of offices in both languages."""

    def __init__(self, phrases: Phrases, institution: Institution | None) -> None:
        """Read the offices from the institution's overlay, if there is one."""
        self._phrases = phrases
        self._institution = institution

    def found(self, office: str) -> Contact | None:
        """Return the contact of an office, else of the desk; None where neither is known."""
        institution = self._institution
        return (institution.contact(office) or institution.contact("desk")) if institution else None

    def say(self, office: str, language: str, *, at_once: bool = False) -> Mrkdwn:
        """Return how an office is reached, else the desk; where neither is known, whom to look for."""
        found = self.found(office)
        if found is None:
            name = self._phrases.label(language, f"reply.office_{office}")
            return Mrkdwn(self._phrases.say(language, "reply.nobody", office=name))
        ways = list(_ways(found, at_once=at_once))
        return Mrkdwn(self._phrases.say(language, "reply.contact", office=found.name.say(language), ways=ways))


def _ways(contact: Contact, *, at_once: bool) -> Iterable[Mrkdwn]:
    """People are named, and so called, only where it is urgent or there is no other way."""
    if contact.channel:
        yield Mrkdwn(f"<#{contact.channel}>")
    if contact.email:
        yield _link(f"mailto:{contact.email}", contact.email)
    if contact.url:
        yield _link(contact.url, contact.url)
    if at_once or not (contact.channel or contact.email or contact.url):
        yield from (Mrkdwn(f"<@{user}>") for user in contact.users)


def _link(address: str, label: str) -> Mrkdwn:
    return Mrkdwn(f"<{escape(address)}|{escape(label)}>")
