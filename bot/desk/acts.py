"""What desk members do with a case → the case moved, the cards and the asker's thread brought up to date."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.desk.members import Members
from bot.ids import AtDesk
from bot.listeners.visit import Notes, Visit
from bot.rendering import Mrkdwn, escape
from bot.tools import Tools
from conversations.confirmations import NO, YES, answers_to
from conversations.desk import DeskCase, Did
from conversations.models import Confirmation
from conversations.rulings import Ruling
from conversations.store.protocol import Job

Act = Callable[[Visit, Job], Notes]
Codes = Mapping[str, Any]


class DeskActs:
    """One method a move. What Slack is asked, is asked before the transaction."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._work, self._letters = tools.desk, tools.desk_letters
        self._members = Members(tools)
        self._moves: Mapping[str, Callable[[DeskCase, Visit, Job, Codes], object]] = {
            AtDesk.CLAIM: self._claim,
            AtDesk.ASSIGN: self._assign,
            AtDesk.HAND: self._hand,
            AtDesk.REPLY: self._reply,
            AtDesk.WANT: self._want,
            AtDesk.CONFIRM: self._confirm,
            AtDesk.TAKE_BACK: self._take_back,
            AtDesk.RULE: self._rule,
            AtDesk.CLOSE: self._close,
            AtDesk.REOPEN: self._reopen,
        }

    def ready(self, arrived: Visit, job: Job) -> Act:
        """Return what moves the case. Raises NotOnTheDesk, NotADeskMember, NoSuchCase, what reaching Slack raises."""
        case = self._work.get(arrived.workspace, str(job.details["case"]))
        known = {"as": self._members.require(arrived.client, arrived.workspace, arrived.user, case.office)}
        known["language"] = self._languages_of(arrived, case)
        move = job.details["move"]
        if move == AtDesk.CLAIM and case.holder not in ("", arrived.user):
            there = self._members.is_there(arrived.client, arrived.workspace, case.holder, case.office)
            known["instead_of"] = "" if there else case.holder
        if move == AtDesk.ASSIGN:
            to = str(job.details["to"])
            self._members.require_there(arrived.client, arrived.workspace, to, case.office)
        return lambda arrived, job: self._moved(arrived, job, known)

    def _languages_of(self, arrived: Visit, case: DeskCase) -> str:
        asker = self._work.file(case).asker
        return self._tools.languages.of(arrived.client, arrived.workspace, asker) if asker else arrived.language

    def _moved(self, arrived: Visit, job: Job, known: Codes) -> Notes:
        case = self._work.get(arrived.workspace, str(job.details["case"]))
        self._moves[job.details["move"]](case, arrived, job, known)
        self._letters.show(self._work.get(arrived.workspace, case.id))
        return []

    def _claim(self, case: DeskCase, arrived: Visit, _: Job, known: Codes) -> None:
        self._work.do(case, Did.CLAIMED, arrived.user, {"instead_of": known.get("instead_of", "")})

    def _assign(self, case: DeskCase, arrived: Visit, job: Job, _: Codes) -> None:
        to = str(job.details["to"])
        self._work.do(case, Did.ASSIGNED, arrived.user, {"to": to})
        people = {"holder": Mrkdwn(f"<@{to}>"), "by": Mrkdwn(f"<@{arrived.user}>")}
        self._note(case, job, "assigned_note", **people)

    def _hand(self, case: DeskCase, arrived: Visit, job: Job, _: Codes) -> None:
        office = str(job.details["office"])
        self._work.hand(case, arrived.user, office)
        institution = self._work.institution(case.workspace)
        contact = institution.contact(office) if institution else None
        people = Mrkdwn("".join(f"<@{user}> " for user in (contact.users if contact else ())))
        language = self._work.settings(case.workspace).language
        name = self._letters.desk_name(case.workspace, language, office)
        self._note(case, job, "handed_note", people=people, office=name)

    def _note(self, case: DeskCase, job: Job, name: str, **values: object) -> None:
        language = self._work.settings(case.workspace).language
        self._letters.note(case, job.key, self._tools.phrases.say(language, f"desk.{name}", **values))

    def _reply(self, case: DeskCase, arrived: Visit, job: Job, known: Codes) -> None:
        words = str(job.details["words"])
        self._work.do(case, Did.REPLIED, arrived.user, {"as": known["as"]}, words)
        self._tell(case, job, known, "replied", words=Mrkdwn(quoted(words)))

    def _want(self, case: DeskCase, arrived: Visit, job: Job, known: Codes) -> None:
        self._work.ask_card(case, arrived.user, str(job.details["card"]))
        self._tell(case, job, known, "wants")
        self._show_check(case, known)

    def _confirm(self, case: DeskCase, arrived: Visit, job: Job, known: Codes) -> None:
        fact, answer = str(job.details["fact"]), str(job.details["answer"])
        value = dict(zip((YES, NO), answers_to(fact), strict=True)).get(answer, "")
        told = Confirmation(job.key, fact, known["as"], "", "", self._tools.clock(), value=value)
        self._work.confirm(case, arrived.user, known["as"], told)
        said = self._tools.phrases.label(known["language"], f"desk.answer_{answer}")
        self._tell_of_fact(case, job, known, "confirmed", answer=said)

    def _take_back(self, case: DeskCase, arrived: Visit, job: Job, known: Codes) -> None:
        self._work.take_back(case, arrived.user, known["as"], str(job.details["fact"]))
        self._tell_of_fact(case, job, known, "taken_back")

    def _tell_of_fact(self, case: DeskCase, job: Job, known: Codes, name: str, **values: object) -> None:
        """Tell the asker what became of a fact, and show the check as it stands now."""
        if standing := self._work.file(case).standing:
            views = self._letters.views(case.workspace, standing)
            fact = views.fact(standing, str(job.details["fact"]), known["language"])
            self._tell(case, job, known, name, fact=fact, **values)
        self._show_check(case, known)

    def _rule(self, case: DeskCase, arrived: Visit, job: Job, known: Codes) -> None:
        self._work.rule(case, arrived.user, ruling_of(job.details, self._tools.clock()))
        verdicts = self._letters.views(case.workspace, self._work.file(case).standing)
        word = verdicts.word(str(job.details["verdict"]), known["language"])
        self._tell(case, job, known, "ruled", word=word)
        self._show_check(case, known)

    def _show_check(self, case: DeskCase, known: Codes) -> None:
        standing = self._work.file(case).standing
        if standing and standing.case.asker:
            self._tools.delivery.bring_up_to_date(standing, known["language"])

    def _close(self, case: DeskCase, arrived: Visit, job: Job, known: Codes) -> None:
        if self._work.do(case, Did.CLOSED, arrived.user) != case:
            self._tell(case, job, known, "was_closed")

    def _reopen(self, case: DeskCase, arrived: Visit, _: Job, __: Codes) -> None:
        self._work.do(case, Did.REOPENED, arrived.user, {"by": "desk"})

    def _tell(self, case: DeskCase, job: Job, known: Codes, name: str, **values: object) -> None:
        """Tell the asker, in the name of what the member acts as."""
        language = known["language"]
        desk = self._letters.desk_name(case.workspace, language, known["as"])
        self._letters.tell(case, name, job.key, language, desk=desk, **values)


def ruling_of(told: Codes, at: datetime) -> Ruling:
    """Return what a form says of a ruling; by whom it is, and beside which verdict, is added when it is taken."""
    return Ruling(
        at=at,
        by="",
        verdict=str(told["verdict"]),
        judged="",
        key="",
        passages=tuple(map(str, told["passages"])),
        office=str(told["office"]),
        reason=str(told["words"]),
    )


def quoted(words: str) -> str:
    """Return words as a quotation of mrkdwn, in which nothing is a mention or a link."""
    return "\n".join(f"> {escape(line)}" for line in words.strip().split("\n"))
