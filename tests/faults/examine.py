"""After the storm: what the store holds and what Slack shows, counted and compared."""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing

from bot.playground.workspace import BOT, Message
from conversations.models import Case
from conversations.store.opening import open_store
from conversations.store.sql import SqlStore
from tests.faults.interviews import Crowd, Talk, shows_verdict

QUIET_SECONDS = 30.0

NONE_OF = (
    "answers lost",
    "answers taken twice",
    "cases without exactly one verdict",
    "messages twice",
    "messages unknown to the store",
    "jobs waiting or given up",
    "letters waiting",
)
"""Figures that have to be zero."""


def examine(where: str, crowd: Crowd) -> Mapping[str, int]:
    """Wait until nothing is left to do, then count."""
    with closing(open_store(where)) as store:
        _settle(store)
        found: Counter[str] = Counter(dict.fromkeys(NONE_OF, 0))
        found["interviews"] = len(crowd.talks)
        for talk in crowd.talks:
            found["acknowledged answers"] += len(talk.clicked)
            found["messages"] += len(_from_bot(crowd, talk))
            for name in _faults(store, crowd, talk):
                found[name] += 1
        backlog = store.backlog()
        found["jobs waiting or given up"] += backlog.jobs
        found["jobs waiting or given up"] += store.run("SELECT count(*) AS n FROM jobs WHERE stage = 'dead'")[0]["n"]
        found["letters waiting"] += backlog.letters
        found["letters given up"] += backlog.dead
    found["requests repeated"] = crowd.bots.repeated
    return found


def _settle(store: SqlStore) -> None:
    until = time.monotonic() + QUIET_SECONDS
    while (left := store.backlog()) and (left.jobs or left.letters) and time.monotonic() < until:
        time.sleep(0.1)


def _from_bot(crowd: Crowd, talk: Talk) -> list[Message]:
    found = crowd.ground.workspace.messages.get(talk.channel.id, [])
    return [m for m in found if m["user"] == BOT and "only_for" not in m]


def _faults(store: SqlStore, crowd: Crowd, talk: Talk) -> Iterator[str]:
    messages = _from_bot(crowd, talk)
    keys = Counter(m["metadata"]["event_payload"]["key"] for m in messages)
    yield from ("messages twice" for count in keys.values() if count > 1)
    yield from ("messages twice" for m in messages if talk.command and "thread_ts" not in m and m["ts"] != talk.thread)
    case = store.case_at(talk.place)
    if case is None:
        yield from ("answers lost" for _ in talk.clicked)
        return
    yield from _answers(case, talk)
    verdicts = sum(map(shows_verdict, messages))
    if verdicts != 1 or len(store.receipts(case.place.workspace, case.id)) != 1:
        yield "cases without exactly one verdict"
    known = Counter(
        posted.message for name, posted in store.posted(case.place.workspace, case.id).items() if posted.message
    )
    yield from ("messages unknown to the store" for m in messages if "thread_ts" in m and known[m["ts"]] != 1)


def _answers(case: Case, talk: Talk) -> Iterator[str]:
    taken = Counter(answer.card for answer in case.answers)
    yield from ("answers taken twice" for count in taken.values() if count > 1)
    stored = {answer.card: answer.choice for answer in case.answers}
    for card, button in talk.clicked.items():
        part, _, option = button.partition(":")[2].rpartition(":")
        if stored.get(card) != {part or "shortcut": (option,)}:
            print(f"lost: {button} to {card} of {case}", file=sys.stderr)
            yield "answers lost"
