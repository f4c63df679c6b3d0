"""Typical situations as data, and an asker who answers every card truthfully from the facts. Benchmarks import this."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conversations.choices import settle, shown_options, shown_parts, shown_shortcuts
from conversations.errors import ChoiceError
from conversations.interview import Step
from conversations.models import SERVICE_CARD, SHORTCUT, Choice, Option, Part, Value
from rules.models import UNKNOWN


@dataclass(frozen=True)
class Situation:
    """Somebody's data and plan: the facts as they would tell them (the rest is unknown), and the right verdict."""

    name: str
    service: str
    facts: Mapping[str, Value]
    verdict: str


UNBOUND: Mapping[str, Value] = dict.fromkeys(
    ("personal_information", "export_controlled", "other_restriction", "company_secret", "national_security"), "no"
)
UNPUBLISHED: Mapping[str, Value] = dict.fromkeys(("already_public", "must_be_published", "open_by_agreement"), "no")
PLAIN: Mapping[str, Value] = {"novelty": "no", "strategic_value": "no", "sensitive_domains": ()}
ALONE: Mapping[str, Value] = {"collaboration": "none"}
SAFE: Mapping[str, Value] = dict.fromkeys(("access_limited", "secure_channel", "purpose_limited"), "yes")
CONSUMER: Mapping[str, Value] = {
    "use": "prompt", "access_limited": "no", "secure_channel": "yes", "purpose_limited": "no",
    "data_location": "undisclosed",
}  # fmt: skip
OWN_MODEL: Mapping[str, Value] = {"use": "prompt", **SAFE, "data_location": "japan"}
ABROAD: Mapping[str, Value] = {"use": "prompt", **SAFE, "data_location": "abroad"}
SETTLED: Mapping[str, Value] = {"responsible_person": "yes", "liability_clear": "yes"}

SITUATIONS = (
    Situation(
        "published data in a consumer service",
        "chatgpt_free",
        {"already_public": "yes", **UNBOUND, **CONSUMER},
        "allowed",
    ),
    Situation(
        "unpublished results in a consumer service",
        "chatgpt_free",
        {**UNPUBLISHED, "openness_review": "pending", **UNBOUND, **PLAIN, "novelty": "yes", **CONSUMER, **ALONE},
        "public_data_only",
    ),
    Situation(
        "personal data with the university's own model",
        "self_hosted",
        {
            **UNPUBLISHED, "openness_review": "closed", **UNBOUND, "personal_information": "yes",
            "legal_clearance": "yes", **OWN_MODEL, **ALONE, **SETTLED,
        },
        "allowed_with_conditions",
    ),
    Situation(
        "evidence of a paper, soon to be published",
        "chatgpt_free",
        {**UNPUBLISHED, "must_be_published": "yes", **UNBOUND, **PLAIN, **CONSUMER, **ALONE},
        "allowed_with_conditions",
    ),
    Situation(
        "observations of an international project under embargo, partners agreed",
        "gemini_workspace",
        {
            **UNPUBLISHED, "open_by_agreement": "yes", **UNBOUND, **PLAIN, **ABROAD,
            "collaboration": "international", "leader_approval": "yes",
        },
        "allowed_with_conditions",
    ),
    Situation(
        "data decided to be open, partners not asked yet",
        "claude_team",
        {
            **UNPUBLISHED, "openness_review": "open", **UNBOUND, **PLAIN, **ABROAD,
            "collaboration": "international",
        },
        "confirm_first",
    ),
    Situation(
        "interviews whose consent form forbids it",
        "notebooklm",
        {
            **UNPUBLISHED, "openness_review": "closed", **UNBOUND, "personal_information": "yes",
            "other_restriction": "yes", "legal_clearance": "no", **CONSUMER,
        },
        "do_not_upload",
    ),
    Situation(
        "export-controlled drawings abroad, office not asked",
        "deepseek_api",
        {
            **UNPUBLISHED, "openness_review": "pending", **UNBOUND, "export_controlled": "yes",
            "use": "prompt", "data_location": "abroad",
        },
        "do_not_upload",
    ),
    Situation(
        "a company's samples in the campus licence, the company agreed",
        "m365_copilot_chat",
        {
            **UNPUBLISHED, "openness_review": "pending", **UNBOUND, "company_secret": "yes", **ABROAD,
            "collaboration": "industry", "leader_approval": "yes", **SETTLED,
        },
        "allowed_with_conditions",
    ),
    Situation(
        "a company's samples, the company refused",
        "m365_copilot_chat",
        {
            **UNPUBLISHED, "openness_review": "closed", **UNBOUND, "company_secret": "yes", **ABROAD,
            "collaboration": "industry", "leader_approval": "no",
        },
        "do_not_upload",
    ),
    Situation(
        "field notes of no particular kind, nothing decided",
        "chatgpt_plus",
        {**UNPUBLISHED, "openness_review": "pending", **UNBOUND, **PLAIN, **CONSUMER, **ALONE},
        "allowed_with_conditions",
    ),
    Situation(
        "power-grid measurements in a contracted cloud, nobody named responsible",
        "azure_openai",
        {
            **UNPUBLISHED, "openness_review": "pending", **UNBOUND, **PLAIN, "strategic_value": "yes",
            "sensitive_domains": ("infrastructure", "energy"), **OWN_MODEL, **ALONE, "liability_clear": "yes",
        },
        "confirm_first",
    ),
    Situation(
        "pseudonymised records to fine-tune a model, cleared, not tested",
        "self_hosted",
        {
            **UNPUBLISHED, "openness_review": "closed", **UNBOUND, "personal_information": "yes",
            "legal_clearance": "yes", **OWN_MODEL, "use": "training", "leakage_protection": "no", **ALONE,
        },
        "public_data_only",
    ),
    Situation("a newcomer who knows nothing of it", "chatgpt", {}, "confirm_first"),
)  # fmt: skip


def truthful_choice(step: Step, facts: Mapping[str, Value], service: str) -> Choice:
    """Return the choice on the card that says nothing wrong and most of the facts, a button before ticks."""
    best: Choice = {}
    most = (-len(step.card.facts), -1)
    for choice in _candidates(step, facts, service):
        try:
            settled = settle(step.card, choice, step.known)
        except ChoiceError:
            continue
        right = [facts.get(name, UNKNOWN) == value for name, value in settled.items()]
        claimed = [value != UNKNOWN for value in settled.values()]
        wrong = sum(not so and said for so, said in zip(right, claimed, strict=True))
        told = (-wrong, sum(right))
        if told > most:
            best, most = choice, told
    return best


def _candidates(step: Step, facts: Mapping[str, Value], service: str) -> Iterator[Choice]:
    if step.card.id != SERVICE_CARD:
        yield from ({SHORTCUT: (shortcut.id,)} for shortcut in shown_shortcuts(step.card, step.known))
    ticks: dict[str, tuple[str, ...]] = {}
    for part in shown_parts(step.card, step.known):
        fitting = [option for option in shown_options(part, step.known) if option.sets and _says(option, facts)]
        ticks[part.id] = (service,) if part.kind == "service" else _some(part, fitting)
    rests = [[option.id for option in part.options if option.rest] for part in step.card.parts]
    yield ticks
    yield from ({**ticks, "rest": (rest,)} for options in rests for rest in options)


def _some(part: Part, fitting: list[Option]) -> tuple[str, ...]:
    several = [option.id for option in fitting if not (option.alone and len(fitting) > 1)]
    return tuple(several if part.kind == "many" else several[:1])


def _says(option: Option, facts: Mapping[str, Value]) -> bool:
    """Whether all the option says is so; of a list, whether it is part of the list."""
    return all(_agrees(value, facts.get(name, UNKNOWN)) for name, value in option.sets.items())


def _agrees(said: Value, so: Value) -> bool:
    return set(said) <= set(so) and bool(said) == bool(so) if isinstance(said, tuple) and so != UNKNOWN else said == so
