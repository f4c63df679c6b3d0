"""The `state` of an installation under way: sealed instead of stored, so that any process can take it back."""

import secrets
from typing import TYPE_CHECKING, Any

from slack_sdk.oauth import OAuthStateStore

if TYPE_CHECKING:
    from bot.oauth.keys import Keys  # who serves one workspace needs no extra

MARK = "installing "
SECONDS = 600
"""How long somebody may take at Slack's page."""


class SealedStates(OAuthStateStore):
    """Issues states that no one else can make. A cookie of Bolt's ties one to its browser."""

    def __init__(self, keys: "Keys") -> None:
        """Seal with `keys`."""
        self._keys = keys

    def issue(self, *_: Any, **__: Any) -> str:  # noqa: ANN401 - Bolt's signature
        """Return a new state, without the padding that an address would have to quote."""
        return self._keys.seal(MARK + secrets.token_hex(8)).rstrip("=")

    def consume(self, state: str) -> bool:
        """Whether it was issued here within the last ten minutes."""
        return (self._keys.open(state + "=" * (-len(state) % 4), SECONDS) or "").startswith(MARK)
