"""Blocks that not every workspace takes yet: sent, and told by older ones where Slack refuses them."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.views.blocks import plain_blocks
from conversations.store.protocol import Letter, Store

log = logging.getLogger("kakunin.slack")

REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format"})
Body = Mapping[str, Any]


class Newest:
    """Remembers for each workspace, until the month ends, that it refuses the newest blocks."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Remember in `store`, by the months of `clock`."""
        self._store = store
        self._clock = clock

    def sent(self, letter: Letter, send: Callable[[Body], str]) -> str:
        """Return the message that `send` made of the letter's body. Raises what `send` raises for older blocks."""
        blocks = letter.body.get("blocks") or []
        plain = {**letter.body, "blocks": plain_blocks(blocks)}
        if plain["blocks"] == blocks:
            return send(letter.body)
        key = f"older_blocks:{self._clock():%Y-%m}"
        if self._store.is_known(letter.workspace, key):
            return send(plain)
        try:
            return send(letter.body)
        except SlackApiError as error:
            if error.response["error"] not in REFUSED:
                raise
        message = send(plain)
        if self._store.first_time(letter.workspace, key):
            log.info("a workspace takes no newest blocks: older ones are sent there this month")
        return message
