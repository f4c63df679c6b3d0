"""Targets of the desk: one reminder before one is missed, one escalation after, each once; and cards that wait."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.clients import NotInstalled
from bot.digest.officers import Officers
from bot.reach import UNSAID
from bot.rendering import Mrkdwn
from bot.views.desk import at
from bot.works import Works
from conversations.alarms import LATE, Alarm, past, to_raise
from conversations.desk import DeskCase, Did
from conversations.errors import ConversationError
from conversations.store.protocol import Letter
from conversations.working_time import WorkingTime

log = logging.getLogger("kakunin.slack")
alert = logging.getLogger("kakunin.alert")


@dataclass(frozen=True)
class Told:
    """To whom an escalation goes: a channel or a person, and in which language."""

    to: str
    language: str


class DeskAlarms:
    """Looks after the desks; called every round."""

    def __init__(self, works: Works) -> None:
        """Queue letters where the works carry them from."""
        self._works = works
        self._tools = works.tools
        self._store = works.tools.conversations.store
        self._work, self._letters = works.tools.desk, works.tools.desk_letters
        self._officers = Officers(self._store, works.tools.languages)

    def go_round(self, now: datetime) -> None:
        """Queue every alarm that is due, and cards for which there is a channel by now. Raises StoreError."""
        for workspace, case_id in self._on_duty(now):
            try:
                self._look_at(workspace, case_id, now)
            except (*UNSAID, NotInstalled, ConversationError) as error:  # it is due the next time, too
                log.info("an alarm of the desk waits: %s", type(error).__name__)
        for workspace, case_id in self._store.desk_unposted():
            try:
                self._post(workspace, case_id)
            except ConversationError as error:
                log.info("a card of the desk waits: %s", type(error).__name__)

    def _on_duty(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Yield what is due at the desks that are open now, workspace and id."""
        open_now: dict[str, bool] = {}
        for workspace, case_id in self._store.desk_due(now):
            if workspace not in open_now:
                open_now[workspace] = self._is_open(workspace, now)
            if open_now[workspace]:
                yield workspace, case_id

    def _is_open(self, workspace: str, now: datetime) -> bool:
        try:
            return WorkingTime(self._work.settings(workspace)).is_on(now)
        except ConversationError:  # its overlay cannot be read; it is due once that is put right
            return False

    def _post(self, workspace: str, case_id: str) -> None:
        if not self._letters.channel(workspace):
            return
        with self._store.transaction():
            case = self._store.desk_case(workspace, case_id)
            if case is not None and not case.posted_in:
                self._letters.show(case)
        self._works.letters.wake()

    def _look_at(self, workspace: str, case_id: str, now: datetime) -> None:
        """Raise what is due. Whom to tell is asked of Slack first; the case may have moved meanwhile."""
        case, desk = self._store.desk_case(workspace, case_id), self._work.settings(workspace)
        if case is None or not to_raise(case, desk, now):
            return
        late = any(alarm.kind == LATE for alarm in to_raise(case, desk, now))
        told = list(self._above(workspace)) if late else []
        with self._store.transaction():
            case = self._work.get(workspace, case_id)
            raised = to_raise(case, desk, now)
            for alarm in raised:
                self._tell(case, alarm, told)
            kind = (Did.ESCALATED if late else Did.REMINDED) if raised else None
            after = self._work.raised(case, past(case, desk, now), kind)
            self._letters.show(after)
        self._works.letters.wake()

    def _tell(self, case: DeskCase, alarm: Alarm, told: list[Told]) -> None:
        key = f"desk_alarm:{case.id}:{int(case.since.timestamp())}:{alarm.name}"
        language = self._work.settings(case.workspace).language
        if alarm.kind != LATE or not told:
            self._letters.note(case, key, self._words(case, alarm, language))
        for each in told if alarm.kind == LATE else ():
            self._store.put_letter(self._escalation(case, alarm, each, f"{key}:{each.to}"))
        if alarm.kind == LATE and not told:
            alert.error(
                "a case of the desk is late, and the overlay names nobody to tell: officers, or [desk] escalate"
            )

    def _words(self, case: DeskCase, alarm: Alarm, language: str) -> str:
        target = self._tools.phrases.label(language, f"desk.{alarm.target}")
        due = self._work.file(case).due[alarm.target]
        holder = Mrkdwn(f"<@{case.holder}> ") if case.holder else ""
        return self._tools.phrases.say(language, f"desk.{alarm.kind}", target=target, at=at(due), holder=holder)

    def _escalation(self, case: DeskCase, alarm: Alarm, told: Told, key: str) -> Letter:
        text = self._words(case, alarm, told.language)
        name = f"say:{key}"
        return Letter(
            case.workspace, "", name, "late", f"{told.to}:{name}", told.to, "", {"text": text}, key, self._tools.clock()
        )

    def _above(self, workspace: str) -> Iterator[Told]:
        """The channel of the office that the overlay names, or its people; without it, the officers."""
        institution = self._work.institution(workspace)
        contact = institution.contact(institution.desk.escalate) if institution else None
        if contact and contact.channel:
            yield Told(contact.channel, self._work.settings(workspace).language)
            return
        client = self._works.client_of(workspace)
        officers, _ = self._officers.of(client, workspace, institution) if institution else ((), ())
        for user in contact.users if contact else officers:
            yield Told(user, self._tools.languages.of(client, workspace, user))
