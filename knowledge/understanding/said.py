"""What is said of the facts, and what it comes to: where words disagree, what raises concern counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.understanding.reading import Evidence, Value
from knowledge.understanding.text import Plain

UNKNOWN = "unknown"
ORDER: Mapping[str, tuple[str, ...]] = {
    "use": ("prompt", "knowledge_base", "training"),
    "data_location": ("japan", "abroad", "undisclosed"),
    "collaboration": ("none", "international", "industry", "both"),
    "openness_review": ("open", "pending", "closed"),
}
"""Values from the one that clears most to the one that raises most, where they are not plainly yes and no."""
RAISES_BY_YES = frozenset(
    {
        "personal_information",
        "export_controlled",
        "other_restriction",
        "company_secret",
        "novelty",
        "national_security",
        "strategic_value",
    }
)


@dataclass(frozen=True)
class Said:
    """A mention as it is meant: fact, value, where it stands, and whether it settles the matter."""

    fact: str
    value: Value
    start: int
    end: int
    final: bool = False
    thing: bool = False
    weak: bool = False
    clause: int = 0


def clears(fact: str, value: Value) -> bool:
    """Whether the value speaks for a milder verdict than an open question would."""
    if fact in ORDER:
        return value in (ORDER[fact][0], *(("abroad",) if fact == "data_location" else ()))
    if fact == "sensitive_domains":
        return not value
    return value == ("no" if fact in RAISES_BY_YES else "yes") and fact != "programme"


def settle(said: Sequence[Said], plain: Plain) -> tuple[dict[str, Value], tuple[Evidence, ...]]:
    """Return the value of each fact and the words for it; where words disagree, what raises concern counts."""
    facts: dict[str, Value] = {}
    evidence: list[Evidence] = []
    for fact in dict.fromkeys(each.fact for each in said):
        about = [each for each in said if each.fact == fact]
        about = [each for each in about if not each.weak] or about
        about = [each for each in about if each.final] or about
        value = _together(fact, about)
        if value == UNKNOWN and about[0].final:  # it may be either: the card asks which
            continue
        facts[fact] = value
        evidence += [
            Evidence(fact, each.value, plain.words(each.start, each.end))
            for each in about
            if _supports(each.value, value)
        ]
    return facts, tuple(evidence)


def _supports(said: Value, value: Value) -> bool:
    return (
        said == value
        or (isinstance(said, tuple) and isinstance(value, tuple) and set(said) <= set(value))
        or value == "both"
    )


def _together(fact: str, about: Sequence[Said]) -> Value:
    values = [each.value for each in about]
    if fact == "sensitive_domains":
        return tuple(dict.fromkeys(name for value in values if isinstance(value, tuple) for name in value))
    if fact == "collaboration" and {"international", "industry"} <= set(values):
        return "both"
    explicit = [each.value for each in about if not each.thing]
    if fact == "personal_information" and explicit and "yes" not in explicit:
        return "no" if set(values) == {"no"} else UNKNOWN
    return max(values, key=lambda value: _severity(fact, value))


def _severity(fact: str, value: Value) -> float:
    if value == UNKNOWN:
        return 0.5
    if fact in ORDER:
        return float(ORDER[fact].index(str(value)))
    return 0.0 if clears(fact, value) else 1.0
