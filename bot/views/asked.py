"""The message to whoever is asked to confirm something → Block Kit: the case, what is confirmed, and the passages."""

from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import Block, actions, context, section, sections
from bot.views.speaking import views_of
from conversations.models import Confirmation
from conversations.service import Standing
from rules.models import Rule

MOST_PASSAGES = 3


def asked(phrases: Phrases, standing: Standing, each: Confirmation, language: str) -> tuple[str, list[Block]]:
    """Return text and blocks of a request, by the case as it stands."""
    views, progress, case = views_of(phrases, standing.book), standing.progress, standing.case
    evaluation = standing.evaluation or standing.book.evaluator.evaluate(progress.facts)
    approvals, insights = views.verdicts.approvals, views.verdicts.insights
    text = phrases.say(
        language,
        "approval.asked",
        asker=Mrkdwn(f"<@{case.asker}>"),
        what=approvals.what(each.fact, each.part, language),
        capacity=phrases.label(language, f"record.by_{each.capacity}"),
    )
    service = views.services.name(progress.service, language)
    about = phrases.say(language, "approval.case", service=service, verdict=insights.word(evaluation.verdict, language))
    answers = views.questions.told_in_lines(standing, language, without=each.fact)
    blocks = [
        section(text),
        section(about),
        *(sections(phrases.say(language, "approval.answers", answers=answers).split("\n")) if answers else []),
    ]
    rules = _about(standing, each.fact, evaluation.rules)
    for passage in dict.fromkeys(cite for rule in rules for cite in rule.cites):
        if sum("passage:" in block.get("block_id", "") for block in blocks) < MOST_PASSAGES:
            citing = [rule for rule in rules if passage in rule.cites]
            blocks += views.verdicts.quote(standing.book.knowledge.passages[passage], citing, language)
    buttons = actions(approvals.buttons(f"{case.id}|{each.id}", language), "asked")
    return text, [*blocks, context(phrases.say(language, "approval.kept")), buttons]


def _about(standing: Standing, fact: str, fired: tuple[str, ...]) -> list[Rule]:
    """The rules that read the fact, those first that fired."""
    reading = [rule for rule in standing.book.rulebook.rulebase.rules.values() if fact in rule.when]
    return sorted(reading, key=lambda rule: rule.id not in fired)
