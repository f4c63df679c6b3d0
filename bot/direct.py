"""Messages of a case that go to one person, in a direct message; and one that belongs to no case any more."""

from datetime import datetime

from bot.delivery import DROPPED
from bot.views.blocks import Block
from conversations.models import Case
from conversations.store.protocol import Letter

Told = tuple[str, list[Block]]
"""Text for notifications, and blocks."""

OVER = "over:"
"""What the names of letters begin with that rewrite a message of a case that is gone; its time stamp comes last."""


def direct(  # noqa: PLR0913, PLR0917 - a letter has these parts
    case: Case, name: str, state: str, to: str, told: Told, key: str, at: datetime, *, update: bool = False
) -> Letter:
    """Return the letter of a part of the case, to a person or into the direct message with them."""
    text, blocks = told
    return Letter(
        case.place.workspace,
        case_id=case.id,
        name=name,
        state=state,
        lane=f"{to}:{name}",
        channel=to,
        thread="",
        body={"text": text, "blocks": blocks},
        key=f"{key}:{name}",
        at=at,
        update=update,
    )


def last_words(workspace: str, message: str, to: str, told: Told, at: datetime) -> Letter:
    """Return the letter that rewrites a message in a person's direct message, whatever becomes of its case."""
    text, blocks = told
    name = f"{OVER}{to}:{message}"
    return Letter(
        workspace, "", name, DROPPED, f"{to}:{name}", to, "", {"text": text, "blocks": blocks}, name, at, update=True
    )
