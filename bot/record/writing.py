"""A settled case → the record in one language: what was answered and by whom, what came of it, and what it rests on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from bot.record.paper import HEADINGS, About, Given, Item, Known, Measure, Paper, Quotation
from bot.record.plan import on, plan_texts, setting
from bot.rendering import Phrases
from bot.views.checklist import MARKS
from bot.views.services import ungraded
from bot.views.speaking import Views, views_of
from bot.views.whom import offices
from conversations.confirmations import givers
from conversations.models import Confirmation
from conversations.provenance import BY_PERSONS, source_of
from conversations.provenance import Given as Provenance
from conversations.receipts import Receipt, day_of
from conversations.rulings import Ruling, key_of
from conversations.service import Insight, Standing
from knowledge.models import Contact, Knowledge, Passage, ServiceFact
from rules.models import UNKNOWN, Evaluation, RuleBase

NOBODY = "nobody"


@dataclass(frozen=True)
class Settled:
    """A case with a verdict, what stands behind it, the receipt that says so, and what a person ruled beside it.

    `names`: how those who confirmed something are called, by id; whoever is not in it stands as a capacity only.
    """

    standing: Standing
    evaluation: Evaluation
    insight: Insight
    receipt: Receipt
    ruling: Ruling | None = None
    names: Mapping[str, str] = field(default_factory=dict, repr=False)


def write(phrases: Phrases, case: Settled, zone: ZoneInfo, language: str) -> Paper:
    """Return the record of the case; days are those of the zone."""
    return _Writer(phrases, case, zone, language).paper()


class _Writer:
    def __init__(self, phrases: Phrases, case: Settled, zone: ZoneInfo, language: str) -> None:
        self._phrases, self._zone, self._language = phrases, zone, language
        self._standing, self._evaluation, self._insight = case.standing, case.evaluation, case.insight
        self._receipt, self._ruling, self._names = case.receipt, case.ruling, case.names
        self._views: Views = views_of(phrases, case.standing.book)
        self._knowledge: Knowledge = case.standing.book.knowledge
        self._rulebase: RuleBase = case.standing.book.rulebook.rulebase

    def paper(self) -> Paper:
        day = self._receipt.day(self._zone)
        able, data = self._views.verdicts.insights.ways(self._insight, self._language)
        plans = plan_texts(self._phrases, self._standing, self._evaluation, day)
        return Paper(
            words={name: self._word(name) for name in HEADINGS},
            about=self._about(day),
            reasons=tuple(self._reasons()),
            items=tuple(self._item(item) for item in self._evaluation.checklist),
            answers=tuple(self._given(given) for given in self._receipt.answers if given.source != NOBODY),
            unanswered=self._unanswered(),
            catalogue=tuple(self._catalogue()),
            measures=tuple(self._measures()),
            changes=(*self._lifted(), *(self._word("way", **way) for way in able)),
            about_data=tuple(self._word("way", **way) for way in data),
            quotations=tuple(self._quotation(name) for name in self._evaluation.passages),
            not_said=tuple(self._not_said(day)),
            contacts=tuple(self._contacts()),
            plan_ja=plans["ja"],
            plan_en=plans["en"],
            receipt=self._word(
                "receipt_of", case=self._receipt.case, number=self._receipt.number, hash=self._receipt.hash
            ),
        )

    def _word(self, name: str, **values: object) -> str:
        return self._phrases.label(self._language, f"record.{name}", **values)

    def _on(self, day: date) -> str:
        return on(self._phrases, day, self._language)

    def _about(self, day: date) -> About:
        evaluation, stamp, say = self._evaluation, self._receipt.edition, self._phrases.label
        institution, service = self._knowledge.institution, self._standing.progress.service
        givers = dict.fromkeys(given.by for given in self._receipt.answers if given.by and given.value != UNKNOWN)
        effective = self._on(date.fromisoformat(stamp.effective_from))
        return About(
            case=self._standing.case.id,
            made_on=self._on(day),
            edition=self._word("edition_from", edition=stamp.id, day=effective),
            institution=institution.name.say(self._language) if institution else self._word("no_institution"),
            given_by=self._joined(self._word(f"by_{role}") for role in givers),
            service=self._views.services.name(service, self._language) or self._word("no_service"),
            use=say(self._language, f"value.{evaluation.facts['use']}"),
            data_class=say(self._language, f"verdict.class_{evaluation.data_class}"),
            verdict=self._views.verdicts.insights.word(evaluation.verdict, self._language),
            obligation=say(self._language, f"verdict.obligation_{evaluation.obligation}").strip("（）()"),
        )

    def _reasons(self) -> Iterator[str]:
        if self._ruling:
            yield self._ruled(self._ruling)
        if self._evaluation.disputed:
            yield self._phrases.label(self._language, "verdict.disputed").removeprefix(":warning: ")
        yield from setting(self._standing, self._evaluation, self._language)
        yield from self._because("data_class")

    def _ruled(self, ruling: Ruling) -> str:
        """What a person at the desk decided beside the rules; for earlier answers where other rules fired."""
        word, contact = self._views.verdicts.insights.word, self._knowledge.institution
        office = contact.contact(ruling.office) if contact and ruling.office else None
        return self._word(
            "ruling",
            word=word(ruling.verdict, self._language),
            judged=word(ruling.judged, self._language),
            day=self._on(ruling.at.astimezone(self._zone).date()),
            reason=" ".join(ruling.reason.split()),
            office=office.name.say(self._language) if office else ruling.office,
            passages=ruling.passages,
            stands=ruling.key == key_of(self._rulebase, self._evaluation),
        )

    def _because(self, target: str) -> list[str]:
        fired = (self._rulebase.rules[name] for name in self._evaluation.rules)
        return _unique(rule.because.say(self._language) for rule in fired if rule.target == target)

    def _item(self, item: str) -> Item:
        passage, english = self._knowledge.passages[f"check.{item}"], self._language != "ja"
        status = self._views.verdicts.checklist.status(self._evaluation, item)
        return Item(
            ja=passage.ja,
            unofficial=f"{self._standing_of(passage)}: {passage.en}" if english else "",
            tick=self._word(f"tick_{status}"),
            status=self._phrases.label(self._language, f"verdict.{status}"),
            because=" ".join(self._because(f"item_{item}")),
            behind=self._joined(self._behind(f"item_{item}")),
        )

    def _behind(self, target: str) -> Iterator[str]:
        """What the rules that decided an item read; where none of them reads anything, what its others read."""
        table, fired = self._rulebase.decided[target], set(self._evaluation.rules)
        read = [name for rule in table.rules if rule.id in fired for name in rule.when]
        for name in _unique(read or (name for rule in table.rules for name in rule.when)):
            yield self._told(name)

    def _told(self, name: str) -> str:
        """A fact with its answer, or what was decided before."""
        if name in self._rulebase.facts:
            return self._views.verdicts.insights.answer(name, self._evaluation.facts[name], self._language)
        say = self._phrases.label
        if name == "data_class":
            value = say(self._language, f"verdict.class_{self._evaluation.data_class}")
            return say(self._language, "insight.answer", label=self._word(name), value=value)
        item = name.removeprefix("item_")
        value = say(self._language, f"verdict.{self._views.verdicts.checklist.status(self._evaluation, item)}")
        return say(self._language, "insight.answer", label=MARKS[item], value=value)

    def _given(self, given: Provenance) -> Given:
        if given.source in BY_PERSONS:
            said = givers(self._standing.case, given.fact, given.value)
            source = self._joined(self._confirmed(each) for each in said)
        else:
            day = self._on(day_of(given.at, self._zone)) if given.at else ""
            reference = ungraded(given.reference or "")
            source = self._word(f"from_{given.source}", day=day, as_of=given.as_of, reference=reference)
        value = self._views.verdicts.insights.value(given.fact, given.value, self._language)
        return Given(self._rulebase.facts[given.fact].label.say(self._language), value, source)

    def _confirmed(self, each: Confirmation) -> str:
        """Who confirmed or refused, for whom, in which capacity, when and until when; the desk answers unnamed."""
        names = self._names if each.asked_by else {}
        return self._word(
            f"from_{source_of(each)}",
            who=self._word(f"by_{each.capacity}"),
            person=names.get(each.person, ""),
            by=names.get(each.by, "") if each.by != each.person else "",
            day=self._on((each.answered_at or each.asked_at).astimezone(self._zone).date()),
            until=self._on(each.until) if each.until else "",
        )

    def _unanswered(self) -> str:
        facts = (self._rulebase.facts[given.fact] for given in self._receipt.answers if given.source == NOBODY)
        return self._joined(fact.label.say(self._language) for fact in facts)

    def _catalogue(self) -> Iterator[Known]:
        service = self._knowledge.services.get(self._standing.progress.service or "")
        for name, fact in (service.facts if service else {}).items():
            label = self._rulebase.facts[name].label.say(self._language)
            value = self._views.verdicts.insights.value(name, fact.value, self._language)
            note, status = fact.note.say(self._language), self._word(_status(fact))
            yield Known(label, value, note, ungraded(fact.source), fact.as_of.isoformat(), status)

    def _measures(self) -> Iterator[Measure]:
        for name in self._evaluation.measures:
            measure = self._knowledge.measures[name]
            yield Measure(measure.label.say(self._language), measure.detail.say(self._language))

    def _quotation(self, name: str) -> Quotation:
        passage, english = self._knowledge.passages[name], self._language != "ja"
        citing = (self._rulebase.rules[rule] for rule in self._evaluation.rules)
        readings = (rule.reading for rule in citing if rule.reading and name in rule.cites)
        title = self._knowledge.sources[passage.source].title
        return Quotation(
            ja=passage.ja,
            rendering=passage.en if english else "",
            standing=self._standing_of(passage) if english else "",
            source=self._word("passage_source", title=title, section=passage.section),
            reading=" ".join(_unique(reading.say(self._language) for reading in readings)),
        )

    def _standing_of(self, passage: Passage) -> str:
        return self._word("official" if passage.en_status == "official" else "unofficial")

    def _not_said(self, day: date) -> Iterator[str]:
        yield self._word("no_permission")
        yield self._word("no_data")
        yield self._word("may_change", day=self._on(day))
        engine = self._phrases.label(self._language, f"verdict.engine_{self._evaluation.engine}")
        yield self._word("by_tables", engine=engine)
        if topics := [card.topic.say(self._language) for card in self._standing.progress.unasked]:
            yield self._word("unasked", names=topics)

    def _lifted(self) -> list[str]:
        """Whose answer would lift a refusal."""
        return self._views.verdicts.whom.lifted_by(self._insight.whom, self._language)

    def _contacts(self) -> Iterator[str]:
        """Every office, those first that are competent for what sets the verdict."""
        institution, competent = self._knowledge.institution, offices(self._insight.whom)
        contacts = institution.contacts if institution else ()
        for contact in sorted(contacts, key=lambda contact: contact.office not in competent):
            yield self._word("contact", office=contact.name.say(self._language), ways=_ways(contact))
        if not (institution and institution.contacts):
            yield self._word("no_contacts")

    def _joined(self, texts: Iterable[str]) -> str:
        return ("／" if self._language == "ja" else "; ").join(texts) or self._word("nothing")


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _status(fact: ServiceFact) -> str:
    return "contracted" if fact.institution else "verified" if fact.verified else "unverified"


def _ways(contact: Contact) -> list[str]:
    """Ways to reach an office that mean something outside Slack."""
    return [way for way in (contact.email, contact.url) if way]
