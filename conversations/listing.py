"""In which order a card lists what can be chosen, so that a surface and a typed number mean the same. Pure."""

from conversations.choices import shown_options, shown_parts
from conversations.interview import Step
from conversations.models import SERVICE_CARD, Option, Part
from rules.models import UNKNOWN

ONE_CLICK_OPTIONS = 5


def closing_part(step: Step) -> Part | None:
    """Return the input whose choice answers the card at once: its last, if it is a service or a short single choice."""
    last = shown_parts(step.card, step.known)[-1]
    short = last.kind == SERVICE_CARD or (last.kind == "one" and len(last.options) <= ONE_CLICK_OPTIONS)
    return last if short and not step.card.partial else None


def one_click(step: Step) -> bool:
    """Whether the card is one short single choice, which buttons answer with one click."""
    (first, *others), closing = shown_parts(step.card, step.known), closing_part(step)
    return first == closing and first.kind == "one" and not others


def listed_parts(step: Step) -> list[Part]:
    """Return the inputs whose options stand on the card at once, without opening a menu."""
    return [part for part in shown_parts(step.card, step.known) if part.kind != "service" and not part.compact]


def listed_options(step: Step, part: Part) -> list[Option]:
    """Return the options of the input as listed.

    Among buttons the card's own “I don't know” stands for options that say no more than that.
    """
    options = shown_options(part, step.known)
    if not (one_click(step) and step.card.shortcuts):
        return options
    return [option for option in options if any(value != UNKNOWN for value in option.sets.values())]
