"""The keys that tokens are sealed with. The first seals, all open, so that a key can be replaced."""

from bot.settings import MAKE_A_KEY, SettingsError
from conversations.errors import MissingExtra

try:
    from cryptography.fernet import Fernet, InvalidToken, MultiFernet
except ModuleNotFoundError as error:
    if not (error.name or "").startswith("cryptography"):
        raise
    raise MissingExtra("many workspaces need the extra `oauth`: pip install 'kakunin[oauth]'") from None


class Keys:
    """Seals and opens texts (Fernet: AES in CBC mode with an HMAC and a time)."""

    def __init__(self, named: str) -> None:
        """`named`: keys with commas between them. Raises SettingsError if one is no key."""
        try:
            keys = [Fernet(name.strip()) for name in named.split(",")]
        except ValueError:
            raise SettingsError(f"KAKUNIN_TOKEN_KEY: this is no key. Make one: {MAKE_A_KEY}") from None
        self._first, self._all = keys[0], MultiFernet(keys)

    def seal(self, text: str) -> str:
        """Return the text so that only who has the key can read it."""
        return self._first.encrypt(text.encode()).decode()

    def open(self, sealed: str, seconds: int | None = None) -> str | None:
        """Return the text; None if it was not sealed with one of the keys, or longer ago than so many seconds."""
        try:
            return self._all.decrypt(sealed.encode(), ttl=seconds).decode()
        except (InvalidToken, ValueError):
            return None

    def resealed(self, sealed: str) -> str | None:
        """Return it sealed with the first key; None if it is already, or cannot be opened."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            text = self.open(sealed)
            return None if text is None else self.seal(text)
        return None
