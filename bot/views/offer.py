"""The button that starts a check, and the note that shows what is held on a person and deletes it."""

from bot.ids import START, Action, AtDesk
from bot.rendering import Phrases
from bot.views.blocks import Block, actions, button, confirm, section
from conversations.store.protocol import Holdings


def start(phrases: Phrases, language: str, value: str = START) -> Block:
    """Return the row with the button that starts a check; `value` tells what it begins with."""
    return actions([button(phrases.label(language, "note.start"), Action.START, value, "primary")], "offer")


def ask(phrases: Phrases, language: str, about: str) -> Block:
    """Return the row with the button that asks the desk about what is no check."""
    return actions([button(phrases.label(language, "desk.ask"), AtDesk.ASK, about)], "ask_desk")


def held(phrases: Phrases, holdings: Holdings, language: str, *, chosen: bool = False) -> tuple[str, list[Block]]:
    """Return text and blocks of what is held on a person, with a button to delete it where there is anything.

    `chosen`: their choice of a language is.
    """
    counted = holdings.since or holdings.confirmations
    if not counted and not chosen:
        text = phrases.say(language, "note.nothing_held")
        return text, [section(text)]
    text = _counted(phrases, holdings, language) if counted else phrases.say(language, "note.language_held")
    label = phrases.label(language, "note.delete")
    means, deny = phrases.label(language, "note.delete_means"), phrases.label(language, "question.cancel")
    delete = {**button(label, Action.FORGET, "forget", "danger"), "confirm": confirm(label, means, deny)}
    return text, [section(text), actions([delete], "holdings")]


def _counted(phrases: Phrases, holdings: Holdings, language: str) -> str:
    names = ("unfinished", "finished", "answers", "ticks", "opinions", "confirmations", "desk")
    counts = {name: getattr(holdings, name) for name in names}
    since = holdings.since.date().isoformat() if holdings.since else ""
    return phrases.say(language, "note.holdings", since=since, **counts)
