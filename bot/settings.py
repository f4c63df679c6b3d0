"""Environment → frozen settings. What is missing or malformed is told in plain words, all at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from conversations.models import Place
from knowledge.errors import KakuninError

YesNo = Literal["yes", "no", "unknown"]
MAKE_A_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class SettingsError(KakuninError):
    """One or more settings are missing or malformed; the text lists each with what to do."""


class Settings(BaseSettings):
    """Read from variables that begin with KAKUNIN_; the Slack tokens keep their usual names."""

    model_config = SettingsConfigDict(env_prefix="KAKUNIN_", frozen=True, extra="ignore", populate_by_name=True)

    mode: Literal["socket", "http"] = "socket"
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    store: str = "kakunin.db"
    overlay: Path | None = None
    overlays: Path | None = None
    keep_days: int = Field(default=0, ge=0)
    remind_after: int = Field(default=2, ge=0, le=20)
    time_zone: ZoneInfo = ZoneInfo("Asia/Tokyo")
    pseudonym_key: str = Field(default="", repr=False)
    round_seconds: float = Field(default=2.0, gt=0)
    lease_seconds: float = Field(default=30.0, gt=0, le=300)
    post_seconds: float = Field(default=1.0, ge=0)
    post_burst: int = Field(default=5, ge=1)
    programme: YesNo = "unknown"
    programme_by_channel: Mapping[str, YesNo] = {}
    slack_api: str = "https://slack.com/api/"
    health_host: str = "127.0.0.1"
    health_port: int = Field(default=9178, ge=0, le=65535)
    log: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    stop_seconds: float = Field(default=20.0, gt=0)
    socket_alert_seconds: float = Field(default=60.0, gt=0)
    socket_exit_seconds: float = Field(default=300.0, gt=0)
    bot_token: str = Field(default="", validation_alias="SLACK_BOT_TOKEN")
    app_token: str = Field(default="", validation_alias="SLACK_APP_TOKEN")
    signing_secret: str = Field(default="", validation_alias="SLACK_SIGNING_SECRET")
    client_id: str = Field(default="", validation_alias="SLACK_CLIENT_ID")
    client_secret: str = Field(default="", validation_alias="SLACK_CLIENT_SECRET")
    token_key: str = ""
    on_uninstall: Literal["keep", "delete"] = "keep"

    @property
    def many(self) -> bool:
        """Whether workspaces install the app by themselves (OAuth), instead of the one that the bot token is for."""
        return bool(self.client_id)

    def programme_at(self, place: Place, own: str | None = None) -> str:
        """Return whether work at the place is under the programme: the channel's word, the institution's, or ours."""
        return self.programme_by_channel.get(place.channel, own or self.programme)


def load_settings(**given: Any) -> Settings:  # noqa: ANN401 - pydantic checks each value
    """Return the settings, `given` before the environment. Raises SettingsError naming every fault."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_fault(dict(fault)) for fault in error.errors())) from None
    except ValueError:  # a mapping that is not JSON
        raise SettingsError('KAKUNIN_PROGRAMME_BY_CHANNEL: write it as JSON, e.g. {"C123": "yes"}') from None


def _fault(fault: Mapping[str, Any]) -> str:
    name = str(fault["loc"][0])
    variable = name if name.isupper() else f"KAKUNIN_{name.upper()}"
    return f"{variable}: {fault['msg'][0].lower()}{fault['msg'][1:]} (it is {fault['input']!r})"


def missing(settings: Settings) -> list[str]:
    """Return, for each setting that `serve` needs and has not, what to do."""
    wanted = _wanted_of_many(settings) if _any_of_many(settings) else _wanted_of_one(settings)
    told = ["KAKUNIN_STORE: a store in memory is for trying things out; name a file."] * (settings.store == ":memory:")
    if _any_of_many(settings) and settings.mode != "http":
        told.append("KAKUNIN_MODE should be http: only so can other workspaces install the app.")
    for name, value, prefix, where in wanted:
        if not value:
            told.append(f"{name} is not set. {where}.")
        elif not value.startswith(prefix):
            told.append(f"{name} should begin with {prefix}. {where}.")
    return told


Wanted = list[tuple[str, str, str, str]]
"""Name, value, how that begins, and where it is found."""
APP = "Find it at api.slack.com/apps → your app →"


def _any_of_many(settings: Settings) -> bool:
    return bool(settings.client_id or settings.client_secret or settings.token_key)


def _wanted_of_one(settings: Settings) -> Wanted:
    wanted = [("SLACK_BOT_TOKEN", settings.bot_token, "xoxb-", f"{APP} OAuth & Permissions → Bot User OAuth Token")]
    if settings.mode == "socket":
        where = f"{APP} Basic Information → App-Level Tokens, with connections:write"
        return [*wanted, ("SLACK_APP_TOKEN", settings.app_token, "xapp-", where)]
    return [*wanted, _signing(settings)]


def _wanted_of_many(settings: Settings) -> Wanted:
    return [
        ("SLACK_CLIENT_ID", settings.client_id, "", f"{APP} Basic Information → Client ID"),
        ("SLACK_CLIENT_SECRET", settings.client_secret, "", f"{APP} Basic Information → Client Secret"),
        ("KAKUNIN_TOKEN_KEY", settings.token_key, "", f"Make one: {MAKE_A_KEY}"),
        _signing(settings),
    ]


def _signing(settings: Settings) -> tuple[str, str, str, str]:
    return "SLACK_SIGNING_SECRET", settings.signing_secret, "", f"{APP} Basic Information → Signing Secret"
