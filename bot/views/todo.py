"""What there is to do about a verdict → Block Kit, to be ticked: the next of it on the card, all of it in a modal."""

from collections.abc import Sequence

from bot.ids import INPUT, Action, View
from bot.rendering import Phrases
from bot.views.blocks import (
    MOST_BOXES,
    OPTION,
    Block,
    checkboxes,
    cut,
    form,
    input_block,
    modal,
    option,
    section,
    sections,
)
from conversations.todo import REFUSED
from knowledge.models import Knowledge

AT_ONCE = 5
"""How many measures the card shows: the first so many of which one is still to be done."""


class ToDoViews:
    """Speaks measures in both languages."""

    def __init__(self, phrases: Phrases, knowledge: Knowledge) -> None:
        """Read measures from the knowledge."""
        self._phrases = phrases
        self._knowledge = knowledge

    def on_card(
        self, case_id: str, names: Sequence[str], ticked: frozenset[str], verdict: str, language: str
    ) -> list[Block]:
        """Return the next things to do, each with a box."""
        if not names:
            return [section(self._phrases.say(language, "todo.nothing"))]
        groups = [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]
        shown = next((group for group in groups if not ticked.issuperset(group)), groups[-1])
        done = len(ticked.intersection(names))
        phrase = "todo.instead" if verdict == REFUSED else "todo.conditions"
        heading = self._phrases.say(language, phrase, done=done, count=len(names))
        return [{**section(heading, self._boxes(case_id, shown, ticked, language)), "block_id": "to_do"}]

    def modal(  # noqa: PLR0913 - as above
        self,
        case_id: str,
        names: Sequence[str],
        others: Sequence[str],
        ticked: frozenset[str],
        language: str,
        *,
        own: bool,
    ) -> Block:
        """Return the modal with how to do each, and with boxes to tick where the list is their own."""
        say = self._phrases.label
        blocks = list[Block]()
        if own:
            for start in range(0, len(names), MOST_BOXES):
                element = self._boxes(case_id, names[start : start + MOST_BOXES], ticked, language)
                label = say(language, "todo.done")
                blocks.append(input_block(label, {**element, "action_id": INPUT}, f"to_do:{start}", optional=True))
        how = self.how([*names, *(name for name in others if name not in names)], language)
        blocks += how or [section(self._phrases.say(language, "todo.nothing"))]
        view = modal(View.TO_DO, say(language, "todo.title"), blocks, say(language, "verdict.close"))
        return form(view, say(language, "question.save"), case_id) if own and names else view

    def how(self, names: Sequence[str], language: str) -> list[Block]:
        """Return each measure with how to do it."""
        measures = [self._knowledge.measures[name] for name in names]
        told = [{"label": m.label.say(language), "detail": m.detail.say(language)} for m in measures]
        return sections(self._phrases.say(language, "verdict.measures", measures=told).split("\n")) if told else []

    def _boxes(self, case_id: str, names: Sequence[str], ticked: frozenset[str], language: str) -> Block:
        options = [option(self.label(name, language), f"{case_id}|{name}") for name in names]
        return checkboxes(Action.TICK, options, [f"{case_id}|{name}" for name in ticked])

    def label(self, name: str, language: str) -> str:
        """Return a measure in the few words that a box takes."""
        return cut(self._knowledge.measures[name].label.say(language), OPTION)
