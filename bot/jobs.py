"""What comes from Slack, written down as jobs: codes, ids and time stamps. A person's words go no further than here."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from bot.ids import CHANNEL, STAMP, TEAM, USER, named
from conversations.store.installations import LEAVING
from conversations.store.protocol import Job


class Kind(StrEnum):
    """What there is to do."""

    TALK = "talk"
    OPEN_THREAD = "open_thread"
    START = "start"
    HEARD = "heard"
    ANSWER = "answer"
    CHANGE = "change"
    START_OVER = "start_over"
    WHOLE_LIST = "whole_list"
    TICK = "tick"
    OPINION = "opinion"
    RECORD = "record"
    FORGET = "forget"
    COPY = "copy"
    DELETE = "delete"
    LANGUAGE = "language"
    HAND = "hand"
    TAKE = "take"
    REFUSE = "refuse"
    DIRECT = "direct"
    EDITED = "edited"
    GONE = "gone"
    AGAIN = "again"
    MARKED = "marked"
    ASK_TO_CONFIRM = "ask_to_confirm"
    SAY = "say"
    ASK_BACK = "ask_back"
    WITHDRAW = "withdraw"
    RECALL = "recall"
    DELEGATE = "delegate"
    END_DELEGATION = "end_delegation"
    ASK_DESK = "ask_desk"
    DESK = "desk"
    DRAFT = "draft"
    DIGEST_RESEND = "digest_resend"
    DIGEST_SUBSCRIBE = "digest_subscribe"
    UNINSTALL = LEAVING
    TROUBLE = "trouble"


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

    Without a channel it is of that person alone: they are told in a direct message, and theirs keep their order.
    `key`: what Slack tells it apart by; of that only a hash is kept, as a part of it may be made up. Raises ValueError
    where person or place is not told as Slack does: nothing else may get into the store in their stead.
    """
    workspace, user = named(context.get("team_id"), TEAM), named(context.get("user_id"), USER)
    channel, thread = named(place[0], CHANNEL) if place[0] else "", named(place[1], STAMP) if place[1] else ""
    details, mark = {"user": user, "channel": channel, "thread": thread}, _mark(kind, key)
    return Job(workspace, mark, f"{channel}:{thread or mark}" if channel else f":{user}", kind, details, at)


def job_of_workspace(kind: Kind, key: str, context: Mapping[str, Any], lane: str, at: datetime) -> Job:
    """Return a job that is nobody's in particular; those of one lane keep their order. Raises as `job_of` does."""
    return Job(named(context.get("team_id"), TEAM), _mark(kind, key), lane, kind, {}, at)


def _mark(kind: Kind, key: str) -> str:
    return f"{kind}:{sha256(key.encode(errors='replace')).hexdigest()[:24]}"


def unread(context: Mapping[str, Any], reference: str, at: datetime) -> Job:
    """Return the job to tell whoever sent what could not be read. Raises ValueError where that is not known either."""
    place = str(context.get("channel_id") or ""), ""
    return saying(job_of(Kind.TROUBLE, reference, context, place, at), reference=reference)


def stranger(body: Mapping[str, Any], context: Mapping[str, Any], user_team: object) -> bool:
    """Whether the person belongs to another organisation, here through a shared channel.

    In an Enterprise Grid the workspaces of one organisation are no strangers to each other: a click tells the
    person's organisation, an event only whether its channel is shared with another one.
    """
    team, enterprise = context.get("team_id"), context.get("enterprise_id")
    if not user_team or user_team == team:
        return False
    theirs = (body.get("user") or {}).get("enterprise_id") if isinstance(body.get("user"), Mapping) else None
    inside = body.get("is_ext_shared_channel") is False
    return not (enterprise and (inside or enterprise in (theirs, user_team)))


def saying(job: Job, **details: object) -> Job:
    """Return the job with what else there is to know."""
    return replace(job, details={**job.details, **details})
