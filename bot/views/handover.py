"""Handing a case over → Block Kit: the modal that picks the colleague, and the offer to them."""

from bot.ids import INPUT, Action, View
from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import Block, actions, button, form, input_block, modal, plain, section
from conversations.models import Case

COLLEAGUE = "colleague"
"""Block id of the input."""


def pick_a_colleague(phrases: Phrases, metadata: str, language: str) -> Block:
    """Return the modal."""
    say = phrases.label
    choose = {"type": "users_select", "action_id": INPUT, "placeholder": plain(say(language, "question.choose"), 150)}
    blocks = [
        section(phrases.say(language, "home.hand_means")),
        input_block(say(language, "home.colleague"), choose, COLLEAGUE),
    ]
    view = modal(View.HAND, say(language, "home.hand_title"), blocks, say(language, "question.cancel"))
    return form(view, say(language, "home.ask_them"), metadata)


def offered(phrases: Phrases, case: Case, language: str) -> tuple[str, list[Block]]:
    """Return text and blocks of the offer."""
    text = phrases.say(language, "entry.offered", asker=Mrkdwn(f"<@{case.asker}>"))
    take = button(phrases.label(language, "entry.take"), Action.TAKE, case.id, "primary")
    refuse = button(phrases.label(language, "entry.refuse"), Action.REFUSE, case.id)
    return text, [section(text), actions([take, refuse], "offered")]
