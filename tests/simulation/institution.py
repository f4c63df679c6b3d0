"""The simulated institution: its people and channels in Slack, its overlay, and its time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator

from bot.app import House, build_house
from bot.playground.workspace import Channel, Message, Person
from tests import overlays
from tests.bot.conftest import opened
from tests.bot.driver import Researcher
from tests.simulation.plan import DAY, DESK, HOUR, LEADERS, OFFICERS, Plan

TOKYO = ZoneInfo("Asia/Tokyo")
ROOM = "C0DESK"
OVERLAY = f"""
id = "kakuu"
name = {{ ja = "架空大学", en = "Kakuu University" }}
[roles]
desk = {list(DESK)}
officers = ["S0OFFICE"]
approvers = {list(LEADERS)}
admins = ["U0RYO"]
[desk]
channel = "{ROOM}"
language = "en"
"""


class Institution:
    """A bot that can be stopped and started, in a Slack that goes on, at a time that is put forward."""

    def __init__(self, house: House, store: Path, plan: Plan) -> None:
        self._house, self.store, self.plan = house, store, plan
        self._bot = ExitStack()
        self._outage = ExitStack()
        self.in_outage = False
        self.complaints: list[str] = []
        self.office = self._bot.enter_context(opened(house, str(store)))
        now = self.office.tools.clock().astimezone(TOKYO)
        self.monday = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=7 - now.weekday())
        self._people()
        self.wait_until(10 * HOUR)

    def _people(self) -> None:
        """Everybody has a direct message; the desk has a channel."""
        workspace = self.office.workspace
        for number, name in enumerate((*DESK, *LEADERS, *OFFICERS)):
            workspace.people.setdefault(name, Person(name, name.lower(), ("ja-JP", "en-US")[number % 2]))
            workspace.channels[f"D{name[1:]}"] = Channel(f"D{name[1:]}", "Kakunin", person=name)
        workspace.channels[ROOM] = Channel(ROOM, "desk")
        workspace.groups = {**workspace.groups, "S0OFFICE": OFFICERS}
        self.researchers = [self.office.newcomer(("ja-JP", "en-US")[n % 2]) for n in range(self.plan.researchers)]

    def person(self, name: str, room: str = ROOM) -> Researcher:
        """Somebody of the staff, who looks at the desk's channel or at their direct message."""
        direct = f"D{name[1:]}"
        return Researcher(self.office, name, direct, room, room or direct)

    @property
    def now(self) -> timedelta:
        """Return the time since the first Monday began."""
        return self.office.tools.clock() - self.monday

    def day(self, after: timedelta) -> str:
        """Return the day so long after today, as Slack's date picker sends it."""
        at: datetime = self.office.tools.clock() + after
        return at.astimezone(TOKYO).date().isoformat()

    def wait_until(self, at: timedelta) -> None:
        """Let time pass, with a round of the bot every few hours."""
        while (left := at - self.now) > timedelta(0):
            self.office.later(min(left, DAY / 6).total_seconds())
            self.office.courier.go_round()
            self.office.settle()

    def slack_goes(self) -> None:
        """From now on the bot finds nobody at Slack's address."""
        self._outage.enter_context(self.office.unreachable_slack())
        self.in_outage = True

    def slack_comes_back(self) -> None:
        """What was put off is delivered."""
        self._outage.close()
        self.in_outage = False
        self.complaints += self.office.take_complaints()
        self.office.later(HOUR.total_seconds())
        self.office.rounds()

    def restart(self) -> None:
        """Stop the bot, with whatever waits, and start it on the same store."""
        lost, before = self.in_outage, self.office
        self._outage.close()
        self.complaints += before.take_complaints()
        self._bot.close()
        self.office = self._bot.enter_context(opened(self._house, str(self.store), before))
        for each in self.researchers:
            each.office = self.office
        if lost:
            self.slack_goes()

    def leaves(self, name: str) -> None:
        """Somebody's account is deactivated."""
        people = self.office.workspace.people
        people[name] = replace(people[name], deleted=True)

    def got(self, name: str) -> list[Message]:
        """Return what the bot wrote into somebody's direct message, oldest first."""
        found = self.office.workspace.messages.get(f"D{name[1:]}", [])
        return [message for message in found if message["user"] == self.office.workspace.bot]

    def close(self) -> None:
        self._outage.close()
        self._bot.close()


@contextmanager
def institution(folder: Path, plan: Plan) -> Iterator[Institution]:
    """Run the institution of the plan in a folder; what does not reach Slack is tried again without a pause."""
    overlay = overlays.example(folder / "overlay")
    (overlay / "institution.toml").write_text(OVERLAY.replace("'", '"'), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BackoffRetryIntervalCalculator, "calculate_sleep_duration", lambda *_: 0.0)
        running = Institution(build_house(overlay), folder / "kakunin.db", plan)
        try:
            yield running
        finally:
            running.close()
