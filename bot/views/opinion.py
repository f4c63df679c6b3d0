"""What the asker thinks of a verdict → Block Kit: the buttons under it, and the modal that asks what is wrong."""

from bot.ids import INPUT, Action, View
from bot.rendering import Phrases
from bot.views.blocks import Block, actions, button, form, input_block, modal, option, plain, section
from conversations.models import HELPFUL, NOT_HELPFUL, OBJECTIONS, WRONG, Opinion
from rules.models import VERDICTS

EXPECTED = "expected"
"""Block id of the input for the verdict that is expected."""


class OpinionViews:
    """Speaks opinions in both languages."""

    def __init__(self, phrases: Phrases) -> None:
        """Speak by `phrases`."""
        self._phrases = phrases

    def buttons(self, case_id: str, opinion: Opinion | None, language: str) -> Block:
        """Return the row of buttons; the one that was pressed says so."""
        pressed = opinion.kind if opinion else ""
        names = {HELPFUL: f"{Action.OPINION}:{HELPFUL}", NOT_HELPFUL: f"{Action.OPINION}:{NOT_HELPFUL}"}
        names[WRONG] = Action.OBJECT
        said = {kind: "opinion.said" if kind == pressed else "opinion.unsaid" for kind in names}
        labels = {kind: self._phrases.label(language, f"opinion.{kind}") for kind in names}
        shown = {kind: self._phrases.label(language, said[kind], label=labels[kind]) for kind in names}
        return actions([button(shown[kind], action, case_id) for kind, action in names.items()], "opinion")

    def _verdicts(self, language: str) -> Block:
        say = self._phrases.label
        options = [option(say(language, f"verdict.{name}"), name) for name in VERDICTS]
        choose = plain(say(language, "question.choose"), 150)
        return {"type": "static_select", "action_id": INPUT, "options": options, "placeholder": choose}

    def objection(self, case_id: str, opinion: Opinion | None, language: str) -> Block:
        """Return the modal that asks what is wrong."""
        say = self._phrases.label
        options = [option(say(language, f"opinion.{code}"), code) for code in OBJECTIONS]
        chosen = [each for each in options if opinion and each["value"] == opinion.reason]
        element: Block = {"type": "radio_buttons", "action_id": INPUT, "options": options}
        if chosen:
            element["initial_option"] = chosen[0]
        blocks = [
            section(self._phrases.say(language, "opinion.what_for")),
            input_block(say(language, "opinion.what"), element, "objection"),
            input_block(say(language, "opinion.expected"), self._verdicts(language), EXPECTED, optional=True),
        ]
        view = modal(View.OBJECT, say(language, "opinion.title"), blocks, say(language, "question.cancel"))
        return form(view, say(language, "opinion.send"), case_id)
