"""Errors of the conversations floor. Each has a `code` that the wording of a surface is looked up by.

KakuninError                 (knowledge)
├── StoreError               the store cannot be opened, read or written
│   └── MissingExtra         what talks to that kind of store is not installed
└── ConversationError
    ├── NotYourCase          only the asker answers their own case
    ├── NotAllowed           it takes a role that the person does not hold
    ├── Stranger             the person belongs to another organisation
    ├── NotAColleague        a case cannot be handed to that person
    ├── NotAnApprover        that person cannot be asked to confirm something
    ├── NotAsked             somebody else was asked to confirm it
    ├── AlreadySaid          it was answered, or is not asked any more
    ├── NoSuchCase           the case is not there (any more)
    ├── OldCard              the card is not asked at the moment
    ├── NotOnTheDesk         only the desk, or the office that has the case, may do it
    ├── AlreadyClaimed       another desk member has the case
    ├── DeskClosed           the case is closed at the desk
    ├── NotADeskMember       the case cannot be assigned to that person
    ├── NoOffice             the overlay names no such office
    ├── RulingRefused        a ruling lacks what it has to rest on
    ├── RulesUnreadable      the overlay of the workspace has a fault, and there is none from before
    └── ChoiceError          the choice cannot be taken as an answer (empty, contradictory, unknown option)
"""

from typing import Literal

from knowledge.errors import KakuninError


class StoreError(KakuninError):
    """The store cannot be opened, read or written; the text says which and why, `reason` why in words for any log."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason


class MissingExtra(StoreError):
    """An extra of the package is not installed; the text says how to install it."""


class ConversationError(KakuninError):
    """Base: something a person did cannot be taken; nothing that was answered before is lost."""

    code = "conversation"


class NotYourCase(ConversationError):
    """Somebody other than the asker tried to answer."""

    code = "not_your_case"


class NotAllowed(ConversationError):
    """It takes one of `roles`, and the person holds none of them."""

    code = "not_allowed"

    def __init__(self, roles: tuple[str, ...]) -> None:
        super().__init__(f"it takes one of {', '.join(roles)}")
        self.roles = roles


class Stranger(ConversationError):
    """Somebody of another organisation, in a shared channel."""

    code = "stranger"


class NotAColleague(ConversationError):
    """A case goes to another person of the workspace: not to oneself, a bot, or somebody who left."""

    code = "not_a_colleague"


class NotAnApprover(ConversationError):
    """The person left, is a bot, a guest or the asker, or is not there: `code` out of APPROVER_CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


APPROVER_CODES = (
    *("approver_left", "approver_is_bot", "approver_is_guest", "approver_is_elsewhere", "approver_is_asker"),
    "approver_missing",
)


class NotAsked(ConversationError):
    """Only who was asked to confirm something answers it."""

    code = "not_asked"


class AlreadySaid(ConversationError):
    """What was asked was answered, or is not asked any more."""

    code = "already_said"


class NoSuchCase(ConversationError):
    """No case under this id in this workspace."""

    code = "no_such_case"


class OldCard(ConversationError):
    """The card is no longer, or not yet, asked."""

    code = "old_card"


class NotOnTheDesk(ConversationError):
    """Somebody other than the desk, or the office that has the case, tried to move it there."""

    code = "not_on_the_desk"


class AlreadyClaimed(ConversationError):
    """Another desk member, `holder`, has the case."""

    code = "already_claimed"

    def __init__(self, holder: str) -> None:
        super().__init__("claimed already")
        self.holder = holder


class DeskClosed(ConversationError):
    """The case is closed at the desk; it may be opened again."""

    code = "desk_closed"


class NotADeskMember(ConversationError):
    """A case is assigned to a person of the desk, or of the office that has it, who is still there."""

    code = "not_a_desk_member"


class NoOffice(ConversationError):
    """A case is handed to an office that the overlay names."""

    code = "no_office"


class NotJudgedYet(ConversationError):
    """A ruling stands beside a verdict, and the check has none yet."""

    code = "not_judged_yet"


class NoWords(ConversationError):
    """What is to be sent or written down has no words but spaces."""

    code = "no_words"


class DayOver(ConversationError):
    """A last day is over already."""

    code = "day_over"


class RulingRefused(ConversationError):
    """A ruling lacks what it has to rest on, at `part`: verdict, reason, passages or office."""

    def __init__(self, part: Literal["verdict", "reason", "passages", "office"]) -> None:
        super().__init__(part)
        self.part, self.code = part, f"ruling_{part}"


class RulesUnreadable(ConversationError):
    """The workspace's overlay has a fault; without its rules nobody is judged there."""

    code = "rules_unreadable"


class ChoiceError(ConversationError):
    """The choice is `empty`, `missing`, `contradiction`, `alone` or `unknown_option`, at `part` of `card`."""

    def __init__(self, code: str, part: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__(f"{code}: {part} {' / '.join(details)}".strip())
        self.code, self.part, self.details = code, part, details
        self.card = ""
