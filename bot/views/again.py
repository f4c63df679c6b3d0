"""Private notes that ask whether a case is to start over, or to go → Block Kit; and what their buttons hold."""

import json
from collections.abc import Mapping
from typing import Any

from bot.ids import Action
from bot.rendering import Phrases
from bot.views.blocks import Block, actions, button, confirm, section
from conversations.models import Case

MOST = 2000
"""How much the value of a button may hold."""

Note = tuple[str, list[Block]]


def start_again(phrases: Phrases, case: Case, language: str) -> Note:
    """Return that the case is finished, and a button to start it over."""
    return _with_button(phrases, "note.finished", {"case": case.id}, language)


def start_again_from(phrases: Phrases, case: Case, told: Mapping[str, Any], language: str) -> Note:
    """Return that its first message is another now, and a button to start over with what is `told` of it."""
    read = {"case": case.id, "brand": told.get("brand"), "read": told.get("read", {})}
    return _with_button(phrases, "note.edited", read, language)


def without_its_message(phrases: Phrases, case: Case, language: str) -> Note:
    """Return that its first message is gone, and a button to delete the case."""
    text = phrases.say(language, "note.gone")
    return text, [section(text), actions([delete(phrases, case.id, language)], "gone")]


def delete(phrases: Phrases, case_id: str, language: str) -> Block:
    """Return the button that deletes a case once that is confirmed."""
    label = phrases.label(language, "home.delete")
    means, deny = phrases.label(language, "home.delete_means"), phrases.label(language, "question.cancel")
    return {**button(label, Action.DELETE, case_id, "danger"), "confirm": confirm(label, means, deny)}


def _with_button(phrases: Phrases, name: str, value: Mapping[str, object], language: str) -> Note:
    """What a message says beyond the size of a button is left to the questions."""
    text, held = phrases.say(language, name), json.dumps(value, separators=(",", ":"))
    if len(held) > MOST:
        held = json.dumps({"case": value["case"]})
    again = button(phrases.label(language, "note.again"), Action.AGAIN, held, "primary")
    return text, [section(text), actions([again], "again")]


def held_by(value: object) -> Mapping[str, Any]:
    """Return what the value of a button that starts over holds; nothing where it was made up."""
    try:
        held = json.loads(str(value or ""))
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}
