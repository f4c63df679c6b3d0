"""The targets of a case at the desk: when each is due, and what is told before and after. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from conversations.desk import DeskCase, State
from conversations.working_time import WorkingTime
from knowledge.desk import Desk

FIRST, WHOLE = "first_answer", "resolution"
SOON, LATE, IN_TIME = "soon", "late", "in_time"


@dataclass(frozen=True)
class Alarm:
    """Something to be told at a time: that a target is near, or was missed."""

    target: str
    kind: str
    at: datetime

    @property
    def name(self) -> str:
        """Return what it is remembered by."""
        return f"{self.target}.{self.kind}"


def targets(case: DeskCase, desk: Desk) -> dict[str, datetime]:
    """Return when the targets that are still to be met are due."""
    working, found = WorkingTime(desk), dict[str, datetime]()
    if case.state in (State.DECIDED, State.CLOSED):
        return found
    if case.answered_at is None:
        found[FIRST] = working.after(case.since, desk.first_answer.of(case.priority))
    found[WHOLE] = working.after(case.since, desk.resolution.of(case.priority))
    return found


def met(before: DeskCase, after: DeskCase, desk: Desk) -> dict[str, str]:
    """Return the targets that were met by what led from one to the other, each as in time or late."""
    reached = {FIRST: after.answered_at, WHOLE: after.ended_at}
    due = {name: at for name, at in targets(before, desk).items() if reached[name] is not None}
    return {name: IN_TIME if reached[name] <= at else LATE for name, at in due.items()}  # type: ignore[operator]


def pending(case: DeskCase, desk: Desk) -> tuple[Alarm, ...]:
    """Return the alarms that were not raised yet, the next one first."""
    found = [alarm for alarm in _alarms(case, desk) if alarm.name not in case.alarmed]
    return tuple(sorted(found, key=lambda alarm: alarm.at))


def _alarms(case: DeskCase, desk: Desk) -> Iterator[Alarm]:
    """A reminder comes the set working hours before its target; where that is longer than the target, none does."""
    hours = {FIRST: desk.first_answer.of(case.priority), WHOLE: desk.resolution.of(case.priority)}
    for target, due in targets(case, desk).items():
        if hours[target] > desk.remind:
            yield Alarm(target, SOON, WorkingTime(desk).after(case.since, hours[target] - desk.remind))
        yield Alarm(target, LATE, due)


def to_raise(case: DeskCase, desk: Desk, now: datetime) -> tuple[Alarm, ...]:
    """Return the alarms that are due, outside working hours none; of one target the severest alone is to be told."""
    if not WorkingTime(desk).is_on(now):
        return ()
    due = [alarm for alarm in pending(case, desk) if alarm.at <= now]
    late = {alarm.target for alarm in due if alarm.kind == LATE}
    return tuple(alarm for alarm in due if alarm.kind == LATE or alarm.target not in late)


def past(case: DeskCase, desk: Desk, now: datetime) -> frozenset[str]:
    """Return the names of all whose time has come, told or not: none of them is to be told again."""
    return frozenset(alarm.name for alarm in _alarms(case, desk) if alarm.at <= now)


def next_due(case: DeskCase, desk: Desk) -> datetime | None:
    """Return when the next alarm is due; None where nothing is."""
    waiting = pending(case, desk)
    return waiting[0].at if waiting else None
