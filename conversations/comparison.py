"""The same data and use with every other service of the catalogue: what each would come to, as far as it is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conversations.catalogue import service_answers
from knowledge.models import Knowledge
from rules.interpreter import decide
from rules.models import SEVERITY, UNKNOWN, Facts, RuleBase
from rules.overlay import TOLD_OF_SERVICES
from rules.vocabulary import for_tables, in_context

GIVEN_FOR_ONE_USE = ("legal_clearance", "leader_approval")


@dataclass(frozen=True)
class ServiceVerdict:
    """What a service would come to; whatever is not known of it, or was confirmed for another, counts as unknown."""

    service: str
    verdict: str


def compare_services(
    knowledge: Knowledge, rulebase: RuleBase, facts: Facts, chosen: str | None
) -> tuple[ServiceVerdict, ...]:
    """Return every service of the catalogue but the chosen one, mildest first, then in catalogue order."""
    found = verdicts_with(knowledge, rulebase, facts, (name for name in knowledge.services if name != chosen))
    return tuple(sorted(found, key=lambda entry: SEVERITY[entry.verdict]))


def verdicts_with(
    knowledge: Knowledge, rulebase: RuleBase, facts: Facts, services: Iterable[str]
) -> tuple[ServiceVerdict, ...]:
    """Return what each of the services would come to, in their order; of a mere brand nothing is known."""
    return tuple(
        ServiceVerdict(name, decide(rulebase, for_tables(_with(knowledge, rulebase, facts, name))).verdict)
        for name in services
    )


def _with(knowledge: Knowledge, rulebase: RuleBase, facts: Facts, service: str) -> Facts:
    catalogue = service_answers(knowledge, service)
    of_service: Mapping[str, str] = {
        name: catalogue.stands_for(name) for name in _told_of_services(knowledge, rulebase)
    }
    return in_context(rulebase, {**facts, **of_service, **dict.fromkeys(GIVEN_FOR_ONE_USE, UNKNOWN)}, service)


def _told_of_services(knowledge: Knowledge, rulebase: RuleBase) -> set[str]:
    """The facts that go with the service: what it says of any, by a contract too, and what is asked of each."""
    told = {name for service in knowledge.services.values() for name in service.facts}
    return (told | TOLD_OF_SERVICES) & rulebase.facts.keys()
