"""Who may look at a case: whoever reads its thread in this organisation, and its asker anywhere."""

from bot.listeners.visit import Visit
from bot.tools import Tools
from conversations.errors import NoSuchCase, Stranger
from conversations.service import Standing


def seen(tools: Tools, came: Visit, case_id: str, *, from_outside: bool) -> Standing:
    """Return where the case stands that they look at. Raises Stranger, NoSuchCase."""
    if from_outside:
        raise Stranger(came.user)
    case = tools.conversations.case(came.workspace, case_id)
    if came.user != case.asker and came.place != case.place:
        raise NoSuchCase(case.id)
    return tools.conversations.standing(case)
