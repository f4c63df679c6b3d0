"""Action, callback and block ids: what Slack sends back to us."""

from enum import StrEnum


class Action(StrEnum):
    """Action ids of buttons. Several buttons of one block add `:` and what they choose."""

    START = "start"
    NEXT = "card.next"
    PICK = "card.pick"
    SHORTCUT = "card.shortcut"
    CHANGE = "card.change"
    REASONS = "verdict.reasons"
    SERVICES = "services.compare"
    WHOLE_LIST = "verdict.whole_list"
    FORGET = "person.forget"


class View(StrEnum):
    """Callback ids of modals."""

    CHANGE = "change_answer"
    REASONS = "reasons"
    SERVICES = "other_services"


INPUT = "choice"
"""Action id of every input; its block id is the part of the card."""
