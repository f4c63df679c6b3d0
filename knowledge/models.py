"""What the institution said and offers, as frozen records. No rules, no interviews, no Slack."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from knowledge.desk import Desk
from knowledge.digest import DigestPlan

ID, USER, CHANNEL = r"^[a-z0-9_]+(\.[a-z0-9_]+)*$", r"^[UW][A-Z0-9]{2,20}$", r"^([CGD][A-Z0-9]{2,20})?$"
Id = Annotated[str, StringConstraints(pattern=ID, max_length=64)]
Flag = Annotated[bool, Field(strict=True)]
"""`true` or `false`, and nothing that merely looks like one."""
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Office = Literal["desk", "export_control", "privacy", "ethics", "industry", "compliance", "library", "education", "it"]
ServiceKind = Literal["consumer", "contracted", "self_hosted", "other", "unknown"]


class Record(BaseModel):
    """Base of every record: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Record):
    """One text in Japanese and English."""

    ja: Text
    en: Text

    def say(self, language: str) -> str:
        """Return the Japanese text for `ja`, the English one for any other language."""
        return self.ja if language == "ja" else self.en


class Source(Record):
    """A document that passages are quoted from. Publisher, page and url stay empty when not known."""

    id: Id
    file: str
    title: Text
    publisher: str = ""
    page: str = ""
    url: str = ""
    taken_over: date
    licence: Bilingual


class Passage(Record):
    """Words of a source, verbatim in `ja`; `en` is a rendering, official or not."""

    id: Id
    source: Id
    section: Text
    ja: Text
    en: Text
    en_status: Literal["unofficial", "official"]


class AskedAs(Record):
    """How people ask about a passage, or about what no passage says, in their own words; found by, never quoted.

    `means`: what the passage means for a case, where it matters in one.
    """

    id: Id
    ja: tuple[Text, ...] = ()
    en: tuple[Text, ...] = ()
    means: Bilingual | None = None

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return the phrases of both languages."""
        return (*self.ja, *self.en)


class Concept(Record):
    """Words of both languages that mean the same in a question."""

    id: Id
    ja: tuple[Text, ...] = ()
    en: tuple[Text, ...] = ()


class Measure(Record):
    """Something to do, with the passages that ask for it."""

    id: Id
    label: Bilingual
    detail: Bilingual
    passages: tuple[Id, ...] = Field(min_length=1)


class ServiceFact(Record):
    """What is known of one service for one fact of the rules.

    `verified` says that an official page was read; otherwise the value never answers an item.
    `ask` marks what the researcher alone can see (a training toggle, the region chosen):
    the value is then the default that counts until they say otherwise, and the card is still asked.
    `institution`: told by the institution's own contract, not by the shipped catalogue.
    """

    value: str
    as_of: date
    source: Text
    verified: Flag
    ask: Flag = False
    institution: Flag = False
    note: Bilingual


class Service(Record):
    """An AI service by plan. A fact that is not listed is unknown."""

    id: Id
    brand: Id
    kind: ServiceKind
    name: Text
    plan: Bilingual
    aliases: tuple[str, ...] = ()
    facts: Mapping[str, ServiceFact] = {}


class Brand(Record):
    """A family of plans; named alone it only tells which plans to offer."""

    id: Id
    name: Text
    aliases: tuple[str, ...] = ()


class Contact(Record):
    """An office of the institution and how it is reached, by at least one way. Users and channel are Slack's ids.

    `answers_for`: facts that this office is competent for, instead of the one that the national list names.
    """

    office: Office
    name: Bilingual
    users: tuple[Annotated[str, StringConstraints(pattern=USER)], ...] = ()
    channel: Annotated[str, StringConstraints(pattern=CHANNEL)] = ""
    email: str = ""
    url: str = ""
    answers_for: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _reachable(self) -> "Contact":
        if not (self.users or self.channel or self.email or self.url):
            raise ValueError("give users, channel, email or url: nobody could be reached")
        return self


MEMBER = re.compile(r"[UWS][A-Z0-9]{2,20}")


def _member(text: str) -> str:
    if not MEMBER.fullmatch(text):
        meant = text.strip("<@!>").upper()
        hint = f", did you mean {meant!r}?" if MEMBER.fullmatch(meant) else ""
        raise ValueError(f"{text!r} is no Slack id of a person (U…, W…) or of a user group (S…){hint}")
    return text


Members = tuple[Annotated[str, AfterValidator(_member)], ...]


class Roles(Record):
    """Who may do what: for each role Slack's ids of people and of user groups."""

    desk: Members = ()
    officers: Members = ()
    approvers: Members = ()
    admins: Members = ()

    def of(self, role: str) -> Members:
        """Return who is listed for a role."""
        listed: Members = getattr(self, role)
        return listed


class Approvals(Record):
    """Who may confirm: `own_case` lets people confirm what is their own case."""

    own_case: Flag = False


class Institution(Record):
    """Who runs this installation: its offices and roles, and the services it suspended at once.

    `programme`: whether its work is under the programme that requires the checklist, where it says so; wording only.
    """

    id: Id
    name: Bilingual
    suspended: tuple[Id, ...] = ()
    programme: Literal["yes", "no"] | None = None
    contacts: tuple[Contact, ...] = ()
    roles: Roles = Roles()
    approvals: Approvals = Approvals()
    desk: Desk = Desk()
    digest: DigestPlan = DigestPlan()

    def contact(self, office: str) -> Contact | None:
        """Return the contact of an office, or None."""
        return next((contact for contact in self.contacts if contact.office == office), None)


class Knowledge(Record):
    """Everything of this floor, by id, and the institution whose overlay lies over it.

    `asked_as`: by passage. `unsaid`: by topic, what people ask that no passage says.
    """

    sources: Mapping[str, Source]
    passages: Mapping[str, Passage]
    measures: Mapping[str, Measure]
    brands: Mapping[str, Brand]
    services: Mapping[str, Service]
    institution: Institution | None = None
    asked_as: Mapping[str, AskedAs] = {}
    unsaid: Mapping[str, AskedAs] = {}
