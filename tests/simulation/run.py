"""Runs a plan through the real bot, one thing after the other in the order of time."""

import heapq
import itertools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.simulation.actors import UNANSWERED, Asker
from tests.simulation.checks import Checks, Outcome
from tests.simulation.institution import Institution, institution
from tests.simulation.plan import DAY, HOUR, LEAVES, WEEK, Plan
from tests.simulation.staff import take_over


class Simulation:
    """Does one thing after the other, in the order of time."""

    def __init__(self, world: Institution) -> None:
        self.world = world
        self.askers: list[Asker] = []
        self._queue: list[tuple[timedelta, int, Callable[[], None]]] = []
        self._count = itertools.count()

    def at(self, when: timedelta, do: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (when, next(self._count), do))

    def _later(self, after: timedelta, do: Callable[[], None]) -> None:
        """At night nobody does anything, nor on a Monday before the digest is due."""
        when = self.world.now + after
        hour = (when % DAY) / HOUR
        self.at(when if 10 <= hour < 20 else when - when % DAY + DAY * (hour >= 20) + 10 * HOUR, do)

    def run(self) -> None:
        plan = self.world.plan
        for inquiry in plan.inquiries:
            asker = Asker(self.world, inquiry, self._later)
            self.askers.append(asker)
            self.at(inquiry.at, asker.begins)
        for number, (start, end) in enumerate(plan.outages):
            self.at(start, self.world.slack_goes)
            self.at(end, self.world.slack_comes_back)
            if number == 0:
                self.at((start + end) / 2, self.world.restart)
        for when in plan.questions:
            self.at(when, self._question)
        for name in LEAVES.values():
            self.at(plan.leaving, lambda name=name: self.world.leaves(name))  # type: ignore[misc]
        self.at(plan.leaving + DAY, lambda: take_over(self.world))
        end = plan.weeks * WEEK + 2 * DAY + 18 * HOUR
        for when in (*(week * WEEK + 9 * HOUR + HOUR / 30 for week in range(1, plan.weeks + 1)), end):
            self.at(when, lambda: None)  # time passes until then, and the bot goes its round
        while self._queue and self._queue[0][0] <= end:
            when, _, do = heapq.heappop(self._queue)
            self.world.wait_until(when)
            do()
        self.world.office.rounds()

    def _question(self) -> None:
        """A question that no passage answers goes to the desk, where nobody has time for it."""
        if self.world.in_outage:
            self._later(3 * HOUR, self._question)
            return
        person = self.world.office.newcomer("en-US").asks(UNANSWERED)
        person.presses("desk.ask", on=person.from_bot()[-1])


def simulate(folder: Path, plan: Plan) -> Outcome:
    """Run the plan in a folder and look at what came of it."""
    with institution(folder, plan) as world:
        simulation = Simulation(world)
        simulation.run()
        return Checks(world, simulation.askers).outcome()
