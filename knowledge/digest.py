"""When the weekly digest goes out, and from which count on it tells a number: `[digest]` of an institution."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from knowledge.errors import nearest

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone{nearest(name, available_timezones())}; write one as Asia/Tokyo")
    return name


def _time(text: str) -> str:
    try:
        time.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time of day; write it as 09:00") from None
    return text


class DigestPlan(BaseModel):
    """`zone` empty: the installation's. Counts under `threshold`, other than 0, are told as less than it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    time: Annotated[str, AfterValidator(_time)] = "09:00"
    zone: Annotated[str, AfterValidator(_zone)] = ""
    threshold: int = Field(default=5, ge=1, le=100, strict=True)

    def last_due(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the latest time, not after `now`, at which a digest was due (UTC).

        A time of day that is left out when the clocks go forward comes as much later; one that comes twice counts once.
        """
        day = now.astimezone(zone).date() + timedelta(days=1)
        day -= timedelta(days=(day.weekday() - WEEKDAYS.index(self.weekday)) % 7)
        due = self._on(day, zone)
        return due if due <= now else self._on(day - timedelta(days=7), zone)

    def _on(self, day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, time.fromisoformat(self.time), zone).astimezone(UTC)
