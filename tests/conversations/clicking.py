"""What an answer costs whoever gives it: clicks that settle a step, and ticks inside a list."""

from typing import NamedTuple

from conversations.choices import shown_parts
from conversations.interview import Step
from conversations.listing import closing_part
from conversations.models import SHORTCUT, Choice


class Cost(NamedTuple):
    """A button, a choice from a list, a submission and a yes to a reading are a click each; ticks are counted apart."""

    clicks: int
    ticks: int

    def plus(self, other: "Cost") -> "Cost":
        """Return both together."""
        return Cost(self.clicks + other.clicks, self.ticks + other.ticks)


def cost(step: Step, choice: Choice) -> Cost:
    """Return what it takes to give the choice on the card as it is asked; what is chosen beforehand and right is free.

    The choice in the last input answers the card where it can (`closing_part`); otherwise there is a button for that.
    """
    if SHORTCUT in choice or step.card.partial:
        return Cost(1, 0)
    closing = closing_part(step)
    at_once = closing is not None and (closing.kind == "one" or _moved(step, choice, closing.id))
    changed = [part for part in shown_parts(step.card, step.known) if _moved(step, choice, part.id)]
    picked = [part for part in changed if part.kind != "many" and not (at_once and part == closing)]
    ticks = sum(len(_differing(step, choice, part.id)) for part in changed if part.kind == "many")
    return Cost(1 + len(picked), ticks)


def cost_with_next(step: Step, choice: Choice) -> Cost:
    """Return what it takes on a card that always has to be submitted with a button behind its inputs."""
    if SHORTCUT in choice or step.card.partial:
        return Cost(1, 0)
    parts = shown_parts(step.card, step.known)
    alone = len(parts) == 1 and closing_part(step) is not None and parts[0].kind == "one"
    picked = [part for part in parts if part.kind != "many" and _moved(step, choice, part.id)]
    return Cost(1 if alone else 1 + len(picked), cost(step, choice).ticks)


def _moved(step: Step, choice: Choice, name: str) -> bool:
    return bool(choice.get(name)) and bool(_differing(step, choice, name))


def _differing(step: Step, choice: Choice, name: str) -> set[str]:
    part = next(part for part in step.card.parts if part.id == name)
    return set(choice.get(name, ())) ^ set(step.untouched(part))
