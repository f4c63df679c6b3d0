"""What an interaction's `state.values` says was chosen on a card."""

from collections.abc import Mapping

from bot.ids import INPUT, Action
from bot.views.blocks import Block
from conversations.choices import shown_parts
from conversations.interview import Step
from conversations.models import SHORTCUT, Choice, Part


def selected(step: Step, part: Part) -> tuple[str, ...]:
    """Return the option ids chosen beforehand: the present answer, or what the facts so far say."""
    if step.choice is not None:
        return step.choice.get(part.id, ())
    return step.untouched(part)


def picked(state: Mapping[str, Mapping[str, Block]]) -> Choice:
    """Return what an interaction's `state.values` says is chosen, input by input."""
    found = {part: _values(_input(inputs)) for part, inputs in state.items()}
    return {part: values for part, values in found.items() if values}


def clicked_choice(step: Step, chosen: Choice, shortcut: str) -> Choice:
    """Return the choice that a click makes of what was chosen.

    With a shortcut only what differs from the choices made beforehand counts as chosen, and contradicts it.
    """
    if not shortcut:
        return {part: values for part, values in chosen.items() if part != SHORTCUT}
    untouched = {part.id: set(step.untouched(part)) for part in step.card.parts}
    moved = {part: values for part, values in chosen.items() if set(values) - untouched.get(part, set())}
    return {**moved, SHORTCUT: (shortcut,)}


def changed_choice(step: Step, state: Mapping[str, Mapping[str, Block]]) -> Choice:
    """Return the choice that a submitted change holds: what was touched counts, as radio buttons cannot be cleared."""
    choice = dict(picked(state))
    shortcut = choice.pop(SHORTCUT, ())
    before = {part.id: names for part in shown_parts(step.card, step.known) if (names := selected(step, part))}
    if not shortcut or (shortcut == (step.choice or {}).get(SHORTCUT) and choice != before):
        return choice
    return {SHORTCUT: shortcut, **(choice if choice != before else {})}


def _input(inputs: Mapping[str, Block]) -> Block:
    return next((element for name, element in inputs.items() if name.partition(":")[0] in (INPUT, Action.SELECT)), {})


def _values(element: Block) -> tuple[str, ...]:
    """Return the values chosen in one input of any kind; anything malformed is nothing chosen."""
    chosen = element.get("selected_options") or [element.get("selected_option")]
    return tuple(str(o["value"]) for o in chosen if isinstance(o, dict) and "value" in o)
