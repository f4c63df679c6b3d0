"""Who talks to which workspace: with many of them, a client for each, with the token that it has now."""

from collections.abc import Callable
from functools import lru_cache

from slack_sdk import WebClient

from knowledge.errors import KakuninError

KEPT = 256
"""Clients at hand; making one anew costs little."""


class NotInstalled(KakuninError):
    """The app is not installed in the workspace (any more): nothing can be said there."""


class Clients:
    """Gives the client of a workspace. Whether it is still installed is asked each time."""

    def __init__(self, token_of: Callable[[str], str | None], make: Callable[[str], WebClient]) -> None:
        """`token_of` a workspace; `make` a client that shows a token."""
        self._token_of = token_of
        self._made = lru_cache(KEPT)(lambda _workspace, token: make(token))

    def __call__(self, workspace: str) -> WebClient:
        """Return its client. Raises NotInstalled, StoreError."""
        token = self._token_of(workspace)
        if token is None:
            raise NotInstalled(workspace)
        return self._made(workspace, token)
