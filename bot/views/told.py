"""A modal that says one thing, in place of what was there."""

from bot.ids import View
from bot.rendering import Phrases
from bot.views.blocks import Block, modal, section


def told(phrases: Phrases, text: str, language: str) -> Block:
    """Return it; `text` is mrkdwn."""
    label = phrases.label
    return modal(View.TOLD, label(language, "help.told"), [section(text)], label(language, "verdict.close"))
