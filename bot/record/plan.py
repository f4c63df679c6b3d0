"""The paragraph for a data-management plan: one to four sentences that are true whatever was answered."""

from datetime import date

from bot.rendering import Phrases
from bot.spoken import LANGUAGES
from bot.views.speaking import views_of
from conversations.service import Standing
from rules.models import UNKNOWN, Evaluation

REASONS = 3
"""How many of the rules that set the verdict are told; the record has them all."""
RESPONSIBLE, CONDITIONAL = "responsible_person", "allowed_with_conditions"


def _plan_text(phrases: Phrases, standing: Standing, evaluation: Evaluation, day: date, language: str) -> str:
    """Return the paragraph; `day` is that of the verdict. What is not known is not spoken of."""
    views, knowledge = views_of(phrases, standing.book), standing.book.knowledge
    service, facts = standing.progress.service, evaluation.facts
    told = setting(standing, evaluation, language)
    reasons = told if evaluation.verdict == CONDITIONAL else list(dict.fromkeys(map(_first_sentence, told)))
    use = str(facts["use"])
    return phrases.label(
        language,
        "record.plan_text",
        service="" if service == UNKNOWN else views.services.name(service, language),
        use="" if use == UNKNOWN else phrases.label(language, f"value.{use}"),
        guideline=knowledge.sources[knowledge.passages["check.1"].source].title,
        day=on(phrases, day, language),
        edition=evaluation.edition,
        case=standing.case.id,
        data_class=phrases.label(language, f"verdict.class_{evaluation.data_class}"),
        word=phrases.label(language, f"verdict.{evaluation.verdict}"),
        verdict=evaluation.verdict,
        reasons=[reason.rstrip("。.") for reason in reasons[:REASONS]],
        more=len(reasons[REASONS:]),
        responsible=facts[RESPONSIBLE] == "yes",
    )


def plan_texts(phrases: Phrases, standing: Standing, evaluation: Evaluation, day: date) -> dict[str, str]:
    """Return the paragraph in every language."""
    return {language: _plan_text(phrases, standing, evaluation, day, language) for language in LANGUAGES}


def setting(standing: Standing, evaluation: Evaluation, language: str) -> list[str]:
    """Return why the verdict is what it is, by each rule that set it."""
    rules = (standing.book.rulebook.rulebase.rules[name] for name in evaluation.rules)
    told = (rule.because.say(language) for rule in rules if (rule.target, rule.then) == ("verdict", evaluation.verdict))
    return list(dict.fromkeys(told))


def _first_sentence(text: str) -> str:
    """Return what is so, without whom to ask about it."""
    return text.partition("。")[0].partition(". ")[0]


def on(phrases: Phrases, day: date, language: str) -> str:
    """Return the day in words."""
    return phrases.label(language, "record.day", year=day.year, month=day.month, day=day.day)
