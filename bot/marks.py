"""What ticks and opinions do to their case, and that the card shows it. The caller holds the transaction."""

from collections.abc import Callable, Mapping

from bot.desk.reviewing import Reviewing
from bot.jobs import Kind
from bot.listeners.visit import Notes, Visit
from bot.tools import Tools
from conversations.models import Opinion
from conversations.store.protocol import Job


def marking(tools: Tools) -> Mapping[str, Callable[[Visit, Job], Notes]]:
    """Return what each of these kinds of job does."""
    return {
        Kind.TICK: lambda arrived, job: _tick(tools, arrived, job),
        Kind.OPINION: lambda arrived, job: _opinion(tools, arrived, job),
    }


def _tick(tools: Tools, arrived: Visit, job: Job) -> Notes:
    told = job.details
    standing = tools.conversations.tick(
        arrived.workspace, str(told["case"]), told["offered"], told["ticked"], arrived.user
    )
    tools.delivery.bring_up_to_date(standing, arrived.language)
    return []


def _opinion(tools: Tools, arrived: Visit, job: Job) -> Notes:
    told = job.details
    opinion = Opinion(str(told["opinion"]), str(told["reason"]))
    standing, new = tools.conversations.judge_verdict(arrived.workspace, str(told["case"]), opinion, arrived.user)
    if new:
        tools.metrics.opinion(opinion.kind)
    Reviewing(tools).note(standing, opinion, str(told.get("expected", "")))
    tools.delivery.bring_up_to_date(standing, arrived.language)
    return []
