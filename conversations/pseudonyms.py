"""Persons under other names, for what leaves the store: the same name each time, and no way back without the key."""

import hmac
from base64 import b32encode

from knowledge.errors import KakuninError

SHORTEST = 32
"""Characters of a key. Slack's ids can be tried one by one, so nothing but the key hides them."""
LENGTH = 12


class Pseudonyms:
    """Names persons by an HMAC-SHA256 of workspace and user id, of which 60 bits are told: `p-3kq7w2xv5a4d`."""

    def __init__(self, key: str) -> None:
        """Name by this key. Raises KakuninError with the way to make one if it is missing or short."""
        if len(key) < SHORTEST:
            raise KakuninError(
                f"KAKUNIN_PSEUDONYM_KEY is {'too short' if key else 'not set'}. Persons are named by it, so make one"
                ' with `python -c "import secrets; print(secrets.token_hex(32))"` and keep it as you keep a password'
            )
        self._key = key.encode()

    def of(self, workspace: str, user: str) -> str:
        """Return the person's name; in another workspace the same id is another person."""
        digest = hmac.digest(self._key, f"{workspace}\n{user}".encode(), "sha256")
        return f"p-{b32encode(digest).decode()[:LENGTH].lower()}"
