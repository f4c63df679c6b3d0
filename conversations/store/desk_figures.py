"""What an event at the desk counts for in the figures of its week: its kind and codes → figures. Pure."""

import json
from collections.abc import Iterator

from conversations.alarms import FIRST, IN_TIME, WHOLE
from conversations.desk import HEARD_BY_THE_ASKER, Did
from conversations.store.protocol import Figure

DESK = "desk"
COUNTED = tuple(sorted(kind.value for kind in (*HEARD_BY_THE_ASKER, Did.OPENED, Did.REOPENED, Did.CLOSED)))
"""Kinds of events that can count for something."""
TARGETS = {FIRST: "answered", WHOLE: "resolved"}


def counted_as(kind: str, codes: str) -> Iterator[Figure]:
    """Yield the figures; `codes` as they are stored."""
    told = json.loads(codes)
    if kind in (Did.OPENED, Did.REOPENED):
        yield DESK, "came"
    for target, name in TARGETS.items():
        if target in told:
            yield DESK, name if told[target] == IN_TIME else f"{name}_late"
    if kind == Did.RULED:
        yield DESK, "ruled"
        if told["verdict"] != told["judged"]:
            yield DESK, "differed"
