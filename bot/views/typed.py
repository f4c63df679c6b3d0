"""A typed answer that is not sure → Block Kit: “did you mean …?”, and the way to one's answers."""

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.ids import Action
from bot.rendering import Phrases
from bot.views.blocks import Block, actions, button, context, section
from bot.views.question import QuestionViews, reference
from conversations.interview import Step
from conversations.models import SHORTCUT, Case, Choice

Note = tuple[str, list[Block]]
"""Text and blocks."""


class TypedViews:
    """Asks back in both languages."""

    def __init__(self, phrases: Phrases, questions: QuestionViews) -> None:
        """Word choices as the cards do."""
        self._phrases = phrases
        self._questions = questions

    def did_you_mean(self, case: Case, step: Step, choices: Sequence[Choice], language: str) -> Note:
        """Return the question back, with a button for each choice that may be meant."""
        text = self._phrases.say(language, "note.did_you_mean")
        moved = [_moved(step, choice) for choice in choices]
        shared = {part: names for part, names in moved[0].items() if all(each.get(part) == names for each in moved[1:])}
        shared = shared if len(moved) > 1 else {}
        buttons = [
            button(
                self._words(step, {part: each[part] for part in each if part not in shared} or choice, language),
                f"{Action.MEANT}:{number}",
                f"{reference(case, step)}|{json.dumps(dict(choice))}",
            )
            for number, (choice, each) in enumerate(zip(choices, moved, strict=True))
        ]
        words = self._phrases.say(language, "question.chosen", words=self._words(step, shared, language))
        return text, [section(text), *([context(words)] if shared else []), actions(buttons, "meant")]

    def _words(self, step: Step, choice: Choice, language: str) -> str:
        return " / ".join(self._questions.chosen(replace(step, choice=choice), language))

    def your_answers(self, case: Case, language: str) -> Note:
        """Return the note that leads to the summary."""
        text = self._phrases.say(language, "note.your_answers")
        summary = button(self._phrases.label(language, "help.answers"), Action.SUMMARY, case.id)
        return text, [section(text), actions([summary], "answers")]


def _moved(step: Step, choice: Choice) -> Choice:
    """Only what differs from what stands on the card anyway."""
    untouched = {part.id: step.untouched(part) for part in step.card.parts}
    return {part: names for part, names in choice.items() if part == SHORTCUT or names != untouched.get(part)}
