"""The AI-service catalogue → Block Kit and words: names, the list to choose from, and what is known of a service."""

import re
from itertools import groupby

from bot.ids import INPUT
from bot.rendering import Phrases
from bot.views.blocks import Block, option, plain
from conversations.interview import Step
from conversations.models import NO_SERVICE, OTHER_SERVICE, SERVICE_CARD
from knowledge.models import Knowledge, Service, ServiceFact
from rules.models import UNKNOWN, RuleBase

GROUP_LABEL = 75
GRADE = re.compile(r"/?\[[A-Z/]+\]")


def ungraded(source: str) -> str:
    """Return where a fact was found, without how the source is graded."""
    return GRADE.sub("", source).strip()


class ServiceViews:
    """Speaks the catalogue in both languages."""

    def __init__(self, phrases: Phrases, knowledge: Knowledge, rulebase: RuleBase) -> None:
        """Read names from the catalogue and labels from the facts."""
        self._phrases = phrases
        self._knowledge = knowledge
        self._rulebase = rulebase

    def name(self, code: str | None, language: str) -> str:
        """Return the name of a service with its plan, of a brand, or of what is not listed; empty for None."""
        service = self._knowledge.services.get(code or "")
        if service:
            plan = service.plan.say(language)
            return f"{service.name} — {plan}"
        brand = self._knowledge.brands.get(code or "")
        if brand:
            return self._phrases.label(language, "question.brand_unknown", brand=brand.name)
        phrases = {OTHER_SERVICE: "question.other_service", UNKNOWN: "question.unknown_service"}
        return self._phrases.label(language, phrases[code]) if code in phrases else ""

    def short_name(self, code: str, language: str) -> str:
        """Return the name to pick a service by: of a mere brand, without a word about its plan."""
        brand = "" if code in self._knowledge.services else self.brand_name(code)
        return brand or self.name(code, language)

    def brand_of(self, code: str | None) -> str | None:
        """Return the brand of a service or brand; None for what is in no catalogue."""
        service = self._knowledge.services.get(code or "")
        return service.brand if service else code if code in self._knowledge.brands else None

    def brand_name(self, brand: str | None) -> str:
        """Return the name of a brand; empty for None."""
        found = self._knowledge.brands.get(brand or "")
        return found.name if found else ""

    def known(self, step: Step, language: str) -> str:
        """Return what the catalogue says of the service on facts this card asks, verified or not."""
        service = self._knowledge.services.get(step.service or "")
        facts = {n: f for n, f in service.facts.items() if n in step.card.facts} if service else {}
        if not service or not facts:
            return ""
        heading = self._phrases.say(language, "question.catalogue", service=self.name(service.id, language))
        return "\n".join([heading, *(self._fact(name, fact, language) for name, fact in facts.items())])

    def _fact(self, name: str, fact: ServiceFact, language: str) -> str:
        return self._phrases.say(
            language,
            "question.catalogue_fact",
            label=self._rulebase.facts[name].label.say(language),
            value=self._phrases.label(language, f"value.{fact.value}"),
            note=fact.note.say(language).rstrip("。."),
            source=ungraded(fact.source),
            as_of=fact.as_of.isoformat(),
            verified=fact.verified,
        )

    def select(self, step: Step, first: str | None, language: str) -> Block:
        """Return every plan by brand to choose from; the brand `first` leads."""
        brands = list(self._knowledge.brands)
        services = sorted(self._knowledge.services.values(), key=lambda s: brands.index(s.brand))
        groups = [self._group(brand, list(plans), language) for brand, plans in groupby(services, lambda s: s.brand)]
        leading = self.brand_name(first)
        groups.sort(key=lambda group: group["label"]["text"] != leading)
        label = plain(self._phrases.label(language, "question.other_group"), GROUP_LABEL)
        groups.append({"label": label, "options": [option(self.name(code, language), code) for code in NO_SERVICE]})
        chosen = (step.plan,) if step.choice is None else step.choice.get(SERVICE_CARD, ())
        initial = [o for group in groups for o in group["options"] if o["value"] in chosen]
        element: Block = {
            "type": "static_select",
            "action_id": INPUT,
            "placeholder": plain(self._phrases.label(language, "question.choose"), 150),
            "option_groups": groups,
        }
        return {**element, "initial_option": initial[0]} if initial else element

    def _group(self, brand: str, plans: list[Service], language: str) -> Block:
        """The plans of a brand, and for several plans also the brand with its plan not known."""
        codes = [service.id for service in plans]
        if len(codes) > 1 and brand not in self._knowledge.services:
            codes.append(brand)
        options = [option(self.name(code, language), code) for code in codes]
        return {"label": plain(self._knowledge.brands[brand].name, GROUP_LABEL), "options": options}
