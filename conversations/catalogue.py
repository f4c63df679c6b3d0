"""What the service catalogue answers for a case, and what it only presumes until the asker says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.models import Knowledge
from rules.models import UNKNOWN

RAISES_CONCERN = frozenset({"no", "undisclosed"})


@dataclass(frozen=True)
class ServiceAnswers:
    """Verified facts of one service: `answers` count at once, `presumed` only raise concern and are still asked."""

    answers: Mapping[str, str] = field(default_factory=dict)
    presumed: Mapping[str, str] = field(default_factory=dict)

    def stands_for(self, fact: str) -> str:
        """Return the value that counts while the asker has not said anything definite."""
        return self.answers.get(fact) or self.presumes(fact)

    def presumes(self, fact: str) -> str:
        """Return the value that raises concern until the asker says otherwise; `unknown` for none."""
        return self.presumed.get(fact, UNKNOWN)


def service_answers(knowledge: Knowledge, service: str | None) -> ServiceAnswers:
    """Return what the catalogue says of the service; nothing for a brand, `other`, or None."""
    record = knowledge.services.get(service or "")
    facts = {name: fact for name, fact in record.facts.items() if fact.verified} if record else {}
    return ServiceAnswers(
        answers={name: fact.value for name, fact in facts.items() if not fact.ask and fact.value != UNKNOWN},
        presumed={name: f.value for name, f in facts.items() if f.ask and f.value in RAISES_CONCERN},
    )


def answerable(knowledge: Knowledge) -> frozenset[str]:
    """Return the facts on which the catalogue has a word, answered or presumed, for at least one service."""
    told = [service_answers(knowledge, service) for service in knowledge.services]
    return frozenset(name for answers in told for name in (*answers.answers, *answers.presumed))
