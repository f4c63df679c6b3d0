"""What comes from Slack, written down as jobs: codes, ids and time stamps. A person's words go no further than here."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from conversations.store.installations import LEAVING
from conversations.store.protocol import Job


class Kind(StrEnum):
    """What there is to do."""

    TALK = "talk"
    OPEN_THREAD = "open_thread"
    START = "start"
    ANSWER = "answer"
    CHANGE = "change"
    WHOLE_LIST = "whole_list"
    FORGET = "forget"
    UNINSTALL = LEAVING


CASE = re.compile(r"[0-9a-f]{16}")
UNREAD = "unread"
"""The reading of a message that could not be read: the person is told, with a reference."""

NOT_OURS = "?"
"""Stands for what came in place of a code of ours."""


def case_code(value: object) -> str:
    """Return the id of a case as it is; anything else stays outside."""
    text = str(value or "")
    return text if CASE.fullmatch(text) else NOT_OURS


def job_of(kind: Kind, key: str, context: Mapping[str, Any], place: tuple[str, str], at: datetime) -> Job:
    """Return a job of the person in `context` at a place (channel, thread); those of one thread keep their order.

    `key`: what Slack tells it apart by; of that only a hash is kept, as a part of it may be made up.
    """
    workspace, user = str(context.get("team_id") or ""), str(context.get("user_id") or "")
    channel, thread = place
    details = {"user": user, "channel": channel, "thread": thread}
    mark = f"{kind}:{sha256(key.encode(errors='replace')).hexdigest()[:24]}"
    return Job(workspace, mark, f"{channel}:{thread or mark}", kind, details, at)


def stranger(body: Mapping[str, Any], context: Mapping[str, Any], user_team: object) -> bool:
    """Whether the person belongs to another organisation, here through a shared channel.

    In an Enterprise Grid the workspaces of one organisation are no strangers to each other.
    """
    team, enterprise = str(context.get("team_id") or ""), context.get("enterprise_id")
    theirs = (body.get("user") or {}).get("enterprise_id") if isinstance(body.get("user"), Mapping) else None
    colleague = bool(enterprise) and (enterprise in {theirs, user_team} or body.get("is_ext_shared_channel") is False)
    return bool(user_team) and str(user_team) != team and not colleague


def saying(job: Job, **details: object) -> Job:
    """Return the job with what else there is to know."""
    return replace(job, details={**job.details, **details})
