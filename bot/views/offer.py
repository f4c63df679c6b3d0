"""Notes with a button: one that starts a check, and one that shows what is held on a person and deletes it."""

from bot.ids import Action
from bot.rendering import Phrases
from bot.views.blocks import Block, actions, button, plain, section
from conversations.store.protocol import Holdings


def offer(phrases: Phrases, name: str, language: str) -> tuple[str, list[Block]]:
    """Return text and blocks of the note."""
    text = phrases.say(language, name)
    start = button(phrases.label(language, "note.start"), Action.START, "start", "primary")
    return text, [section(text), actions([start], "offer")]


def held(phrases: Phrases, holdings: Holdings, language: str) -> tuple[str, list[Block]]:
    """Return text and blocks of what is held on a person, with a button to delete it where there is anything."""
    if not holdings.since:
        text = phrases.say(language, "note.nothing_held")
        return text, [section(text)]
    counts = {name: getattr(holdings, name) for name in ("unfinished", "finished", "answers")}
    text = phrases.say(language, "note.holdings", since=holdings.since.date().isoformat(), **counts)
    label = phrases.label(language, "note.delete")
    confirm = {
        "title": plain(label, 100),
        "text": plain(phrases.label(language, "note.delete_means"), 300),
        "confirm": plain(label, 30),
        "deny": plain(phrases.label(language, "question.cancel"), 30),
    }
    delete = {**button(label, Action.FORGET, "forget", "danger"), "confirm": confirm}
    return text, [section(text), actions([delete], "holdings")]
