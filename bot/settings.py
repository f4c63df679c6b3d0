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
    keep_days: int = Field(default=0, ge=0)
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

    def programme_at(self, place: Place) -> str:
        """Return whether work at the place is under the programme: the channel's word, else the workspace's."""
        return self.programme_by_channel.get(place.channel, self.programme)


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
    wanted = [("SLACK_BOT_TOKEN", settings.bot_token, "xoxb-", "OAuth & Permissions → Bot User OAuth Token")]
    if settings.mode == "socket":
        where = "Basic Information → App-Level Tokens, with connections:write"
        wanted.append(("SLACK_APP_TOKEN", settings.app_token, "xapp-", where))
    else:
        wanted.append(("SLACK_SIGNING_SECRET", settings.signing_secret, "", "Basic Information → Signing Secret"))
    told = ["KAKUNIN_STORE: a store in memory is for trying things out; name a file."] * (settings.store == ":memory:")
    for name, value, prefix, where in wanted:
        if not value:
            told.append(f"{name} is not set. Find it at api.slack.com/apps → your app → {where}.")
        elif not value.startswith(prefix):
            told.append(f"{name} should begin with {prefix}. Find it at api.slack.com/apps → your app → {where}.")
    return told
