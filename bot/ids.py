"""Action, callback and block ids that Slack sends back to us, and how ids of its own look."""

import re
from enum import StrEnum


class Action(StrEnum):
    """Action ids of buttons. Several buttons of one block add `:` and what they choose.

    SELECT is a list of which a choice answers its card at once, with case and card behind the `:`. BEHIND is the menu
    of a verdict; its values are the action that each stands for, with the case behind.
    """

    START = "start"
    ANOTHER = "another"
    NEXT = "card.next"
    PICK = "card.pick"
    SELECT = "card.select"
    SHORTCUT = "card.shortcut"
    CHANGE = "card.change"
    REASONS = "verdict.reasons"
    BEHIND = "verdict_menu"
    SERVICES = "services.compare"
    WHOLE_LIST = "verdict.whole_list"
    TICK = "measure.tick"
    TO_DO = "measure.all"
    WAYS = "ways.open"
    CHECKLIST = "verdict.checklist"
    SUMMARY = "answers.summary"
    OPINION = "opinion"
    OBJECT = "object.verdict"
    RECORD = "record.get"
    PLAN = "record.plan"
    MORE = "card.more"
    MEANT = "card.meant"
    START_OVER = "answers.start_over"
    FORGET = "person.forget"
    LANGUAGE = "person.language"
    RESUME = "case.resume"
    COPY = "case.copy"
    HAND = "case.hand"
    DELETE = "case.delete"
    TAKE = "case.take"
    REFUSE = "case.refuse"
    DIRECT = "case.direct"
    AGAIN = "case.again"
    CONFIRM = "approval.open"
    CONFIRM_YES = "approval.yes"
    CONFIRM_NO = "approval.no"
    ASK_BACK = "approval.back"
    WITHDRAW = "approval.withdraw"
    RECALL = "approval.recall"
    DELEGATE = "approval.delegate"
    END_DELEGATION = "approval.end_delegation"
    DIGEST_PREVIEW = "digest.preview"
    DIGEST_RESEND = "digest.resend"
    DIGEST_SUBSCRIBE = "digest.subscribe"


class AtDesk(StrEnum):
    """Action ids of what is done at the desk; a modal that asks for more has the same as its callback id.

    `ASK` is the asker's; all others are of the desk, or of the office that has the case.
    """

    ASK = "desk.ask"
    CLAIM = "desk.claim"
    ASSIGN = "desk.assign"
    HAND = "desk.hand"
    REPLY = "desk.reply"
    WANT = "desk.want"
    CONFIRM = "desk.confirm"
    TAKE_BACK = "desk.take_back"
    RULE = "desk.rule"
    CLOSE = "desk.close"
    REOPEN = "desk.reopen"
    ACCEPT = "desk.accept"
    DROP = "desk.drop"
    MORE = "desk_menu"
    PAGE = "desk_page"


class View(StrEnum):
    """Callback ids of modals."""

    CHANGE = "change_answer"
    APPLY = "apply_change"
    SUMMARY = "answers"
    WHY = "why_asked"
    TERMS = "terms"
    DESK = "ask_the_desk"
    TOLD = "told"
    REASONS = "reasons"
    SERVICES = "other_services"
    TO_DO = "to_do"
    WAYS = "ways_out"
    CHECKLIST = "checklist"
    OBJECT = "wrong_verdict"
    PLAN = "plan_text"
    HAND = "hand_over"
    CONFIRM = "ask_to_confirm"
    SAID = "say_on_record"
    ASK_BACK = "ask_back"
    DELEGATE = "delegate"
    DIGEST = "digest"


class Shortcut(StrEnum):
    """Callback ids of shortcuts: from anywhere, and from the menu of a message."""

    CHECK = "check"
    CHECK_MESSAGE = "check_message"


class More(StrEnum):
    """What the menu on a card offers; its values are these with case and card behind."""

    WHY = "why"
    TERMS = "terms"
    DESK = "desk"
    CONFIRM = "confirm"
    ANSWERS = "answers"


START, START_TOPIC, START_SERVICE = "start", "topic", "service"
"""Values of the button that starts a check; of the last two with an id behind a colon, which says what is known."""

INPUT = "choice"
"""Action id of every input; its block id is the part of the card."""

DIRECT = "D"
"""What the id of a direct message begins with."""

TEAM, USER, CHANNEL = (re.compile(rf"[{first}][A-Za-z0-9_-]{{0,63}}") for first in ("TE", "UW", "CDG"))
STAMP = re.compile(r"[0-9]{1,16}\.[0-9]{1,9}")
"""How Slack writes the ids of workspaces, people and channels, and the time stamps that name messages."""


def named(value: object, form: re.Pattern[str]) -> str:
    """Return the id or time stamp as it is. Raises ValueError for anything else that came in its place."""
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("no id or time stamp of Slack's")
    return value
