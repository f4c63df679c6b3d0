"""Who does what when in a simulated institution, as data: drawn from a seed, so that a run can be repeated."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.bot.driver import SAFE

Way = tuple[str, Mapping[str, Sequence[str]]]
"""How a card is answered: by a button, or by what is ticked in its inputs."""
Ways = Mapping[str, Way]
HOUR = timedelta(hours=1)
DAY, WEEK = 24 * HOUR, 7 * 24 * HOUR
DESK = ("UDESK1", "UDESK2", "UDESK3", "UDESK4", "UDESK5")
LEADERS = ("ULEAD1", "ULEAD2", "ULEAD3")
OFFICERS = ("U0MIKA", "UOFFICE2")
LEFT = 0.6
"""How many of those whose case is none of the usual ones leave it, and of those who are told no object."""
LEAVES = {"desk": "UDESK5", "leader": "ULEAD3"}


def ticked(**parts: Sequence[str]) -> Way:
    return "", parts


NEW: Ways = {
    "openness": ("undecided", {}),
    "duties": ("none", {}),
    "clearance": ("permitted", {}),
    "kakuu_ethics": ("covered", {}),
    "partners": ("nobody", {}),
    "content": ticked(content=["novelty"], fields=["none"]),
    "service": ticked(service=["m365_copilot_chat"], use=["prompt"]),
    "safeguards": ticked(**SAFE),
}
PUBLIC: Ways = {**NEW, "openness": ("public", {})}
REFUSED: Ways = {
    **NEW,
    "duties": ticked(bound=["personal"]),
    "clearance": ("refused", {}),
    "kakuu_ethics": ("not_covered", {}),
}
UNSAFE: Ways = {**NEW, "safeguards": ("unsure", {}), "service": ticked(service=["chatgpt_free"], use=["prompt"])}
LEADER: Ways = {
    **NEW,
    "openness": ticked(status=["paper_evidence"]),
    "partners": ticked(partner=["international"], approval=["waiting"]),
    "service": ticked(service=["kakuu_ai"], use=["prompt"]),
}
KINDS: Mapping[str, Ways] = {"public": PUBLIC, "refused": REFUSED, "new": NEW, "unsafe": UNSAFE, "leader": LEADER}
ANY: Mapping[str, Sequence[Way]] = {
    "openness": (("public", {}), ("undecided", {}), ("unsure", {}), ticked(status=["decided_open"])),
    "duties": (("none", {}), ("none", {}), ("unsure", {}), ticked(bound=["personal"]), ticked(bound=["export"])),
    "clearance": (("permitted", {}), ("refused", {}), ("unsure", {})),
    "kakuu_ethics": (("covered", {}), ("not_covered", {}), ("unsure", {})),
    "content": (("none", {}), ("unsure", {}), ticked(content=["novelty"], fields=["none"])),
    "service": tuple(
        ticked(service=[name], use=["prompt"])
        for name in ("chatgpt_free", "m365_copilot_chat", "kakuu_ai", "self_hosted", "deepl_free", "other")
    ),
    "safeguards": (ticked(**SAFE), ("unsure", {}), ticked(confirmed=["access", "channel"], place=["abroad"])),
    "partners": (("nobody", {}), ("unsure", {}), ticked(partner=["international"], approval=["confirmed"])),
}
"""What somebody may answer whose case is none of the usual ones."""
LEADER_SAYS = ("yes", "nothing", "for_two_days", "no", "back")
DESK_DOES = (("claim", "reply", "close"), ("both_claim", "rule"), ("claim", "hand"), ("claim", "rule", "close"), ())


@dataclass(frozen=True)
class Inquiry:
    """One case: `at`, since midnight of the first Monday. `stops_after`: cards answered before it is left, if it is.

    `twice`: the event and each click arrive twice. `asks`: which leader is asked to confirm, `leader_says` what they
    do. `to_desk`: whether its asker goes to the desk where that is offered, `desk_does` what happens there.
    """

    number: int
    kind: str
    who: int
    at: timedelta
    ways: Ways
    stops_after: int | None = None
    twice: bool = False
    ticks: int = 0
    asks: str = ""
    leader_says: str = ""
    to_desk: bool = False
    desk_does: tuple[str, ...] = ()
    member: str = DESK[0]
    objects: bool = False
    patience: timedelta = 4 * HOUR

    def way(self, card: str) -> Way:
        return self.ways[card]


@dataclass(frozen=True)
class Plan:
    """A whole run. `outages`: when Slack cannot be reached; the bot is started anew in the middle of the first."""

    weeks: int
    researchers: int
    inquiries: tuple[Inquiry, ...]
    questions: tuple[timedelta, ...]
    outages: tuple[tuple[timedelta, timedelta], ...]
    leaving: timedelta


def plan(seed: int, weeks: int, researchers: int, cases: int) -> Plan:
    """Draw a run of `cases` inquiries."""
    rng, half = random.Random(seed), weeks // 2
    monday = (half + 1) * WEEK
    return Plan(
        weeks,
        researchers,
        tuple(sorted(_inquiries(rng, weeks, researchers, cases), key=lambda each: each.at)),
        tuple(_working(rng, week) for week in range(weeks)),
        ((2 * DAY + 10 * HOUR, 2 * DAY + 16 * HOUR), (monday + 8 * HOUR, monday + 12 * HOUR)),
        half * WEEK + 3 * DAY + 12 * HOUR,
    )


def _working(rng: random.Random, week: int) -> timedelta:
    """Some time in the week, mostly on a working day."""
    day = rng.choice((0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6))
    return week * WEEK + day * DAY + timedelta(minutes=rng.randrange(10 * 60, 20 * 60))


def _inquiries(rng: random.Random, weeks: int, researchers: int, cases: int) -> Iterator[Inquiry]:
    """Kinds, and what leaders and the desk do, come by turns, so that nothing is left out; the rest is drawn."""
    kinds = itertools.cycle((*KINDS, "leader", "refused", "any", "leader"))
    says, does = itertools.cycle(LEADER_SAYS), itertools.cycle(DESK_DOES)
    for number in range(cases):
        kind = next(kinds)
        asks, to_desk = kind == "leader", kind in {"refused", "unsafe"}
        yield Inquiry(
            number,
            kind,
            number % researchers,
            _working(rng, rng.randrange(weeks)),
            KINDS.get(kind) or _any(rng),
            stops_after=rng.randrange(3) if kind == "any" and rng.random() < LEFT else None,
            twice=number % 4 == 0,
            ticks=rng.randrange(3),
            asks=LEADERS[number % len(LEADERS)] if asks else "",
            leader_says=next(says) if asks else "",
            to_desk=to_desk,
            desk_does=next(does) if to_desk else (),
            member=rng.choice(DESK),
            objects=kind == "unsafe" and rng.random() < LEFT,
            patience=timedelta(hours=rng.randrange(1, 30)),
        )


def _any(rng: random.Random) -> Ways:
    ways = {card: rng.choice(found) for card, found in ANY.items()}
    unsure: Way = ("unsure", {})
    return ways | ({"clearance": unsure, "partners": unsure} if ways["duties"] == unsure else {})
