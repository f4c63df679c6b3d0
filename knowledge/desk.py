"""What an institution says of its desk: where and when it works, how soon it answers, and what goes there by itself."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Channel = Annotated[str, StringConstraints(pattern=r"^([CGD][A-Z0-9]{2,20})?$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Verdict = Literal["allowed", "allowed_with_conditions", "confirm_first", "public_data_only", "do_not_upload"]
Occasion = Literal[
    "incident", "question", "allowed", "allowed_with_conditions", "confirm_first", "public_data_only", "do_not_upload"
]
"""What a case comes to the desk with: data that went out, a question that no passage answers, or its verdict."""
Priority = Literal["high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
Hours = Annotated[float, Field(gt=0, le=1000)]
WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name!r} is no time zone; write one as 'Asia/Tokyo'") from None
    return name


class _Strict(BaseModel):
    """As `knowledge.models.Record`, which is made of this."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Targets(_Strict):
    """Working hours, by priority."""

    high: Hours
    normal: Hours
    low: Hours

    def of(self, priority: Priority) -> float:
        """Return the hours for a priority."""
        hours: float = getattr(self, priority)
        return hours


class Desk(_Strict):
    """The table `[desk]`. Without it the desk works from Monday to Friday, and nothing goes there by itself.

    `channel`: where cases are posted, in place of the contact's. `language`: of what is posted there. `from`, `to`:
    when it opens and closes, in `zone`. `remind`: working hours before a target at which one reminder comes.
    `escalate`: the office that is told once a target was missed; the officers where it is left out.
    `offers`: verdicts whose card shows the way to the desk first. `posts`: those that go there by themselves.
    `priority`: what a case comes with, or its verdict, to how urgent it is; `normal` for any other.
    """

    channel: Channel = ""
    language: Literal["ja", "en"] = "ja"
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Tokyo"
    days: tuple[Day, ...] = Field(default=WEEK[:5], min_length=1)
    opens: time = Field(default=time(9), alias="from")
    closes: time = Field(default=time(17), alias="to")
    holidays: tuple[date, ...] = ()
    first_answer: Targets = Targets(high=2, normal=8, low=16)
    resolution: Targets = Targets(high=8, normal=40, low=80)
    remind: Hours = 1.0
    escalate: str = ""
    offers: tuple[Verdict, ...] = ("confirm_first", "do_not_upload")
    posts: tuple[Verdict, ...] = ()
    priority: Mapping[Occasion, Priority] = {"incident": "high", "do_not_upload": "high", "question": "low"}

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Desk":
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("write `from` and `to` as local times, such as 09:00:00; `zone` says where")
        if self.opens >= self.closes:
            raise ValueError("`from` is not before `to`: the desk would never be open")
        for priority in PRIORITIES:
            if self.first_answer.of(priority) > self.resolution.of(priority):
                raise ValueError(f"{priority}: first_answer is later than resolution")
        return self

    def urgency(self, *occasions: str) -> Priority:
        """Return the priority of what comes with these: the most urgent that any of them has."""
        known = [self.priority[each] for each in occasions if each in self.priority]  # type: ignore[index]
        return min(known, key=PRIORITIES.index, default="normal")
