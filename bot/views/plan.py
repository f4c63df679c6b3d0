"""The paragraph for a data-management plan → Block Kit: a modal to copy it from, in every language."""

from collections.abc import Mapping

from bot.ids import View
from bot.rendering import Phrases
from bot.views.blocks import TEXT, Block, context, cut, modal, section


def plan_view(phrases: Phrases, texts: Mapping[str, str], language: str) -> Block:
    """Return the modal. `texts`: the paragraph by language; the reader's own comes first."""
    blocks = [context(phrases.say(language, "record.plan_help"))]
    for name in sorted(texts, key=lambda name: name != language):
        blocks += [section(f"*{phrases.say(name, 'home.language_name')}*"), _to_copy(texts[name])]
    title, close = phrases.label(language, "record.plan_title"), phrases.label(language, "verdict.close")
    return modal(View.PLAN, title, blocks, close)


def _to_copy(text: str) -> Block:
    """Return the text in a frame, as it is."""
    inline = {"type": "text", "text": cut(text, TEXT)}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [inline]}]}
