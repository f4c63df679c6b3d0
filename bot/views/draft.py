"""A verdict that was called wrong → Block Kit: the card on which the desk makes a scenario of it, or drops it."""

from bot.ids import AtDesk
from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import Block, actions, button, context, section
from bot.views.insight import InsightViews
from conversations.drafts import Draft, DraftState


def draft_card(phrases: Phrases, insights: InsightViews, draft: Draft, language: str) -> list[Block]:
    """Return the card; once it was reviewed it says by whom."""
    text = phrases.say(
        language,
        "desk.draft",
        reason=phrases.label(language, f"opinion.{draft.reason}"),
        judged=insights.word(draft.judged, language),
        expected=insights.word(draft.expected, language),
    )
    if draft.state == DraftState.PENDING:
        accept = button(phrases.label(language, "desk.accept"), AtDesk.ACCEPT, draft.case_id, "primary")
        drop = button(phrases.label(language, "desk.drop"), AtDesk.DROP, draft.case_id)
        return [section(text), actions([accept, drop], "draft")]
    by = Mrkdwn(f"<@{draft.by}>") if draft.by else phrases.label(language, "desk.nobody")
    return [section(text), context(phrases.say(language, f"desk.draft_{draft.state}", by=by))]
