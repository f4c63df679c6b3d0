"""One gentle reminder of a check that its asker left unfinished; then it rests."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot.clients import NotInstalled
from bot.ids import USER, named
from bot.reach import UNSAID
from bot.rendering import Mrkdwn
from bot.settings import Settings
from bot.works import Works
from conversations.errors import RulesUnreadable
from conversations.impact import last_seen
from conversations.models import Case
from conversations.store.protocol import Letter

log = logging.getLogger("kakunin.slack")

RESTS_AFTER = timedelta(days=30)
"""Older cases are not brought up again, for example after the bot was off for long."""
SATURDAY = 5
MARK = "remind:"
"""What the key begins with that says that a case was reminded of."""


class Reminders:
    """Queues reminders; called now and then."""

    def __init__(self, works: Works, settings: Settings) -> None:
        """Remind after so many working days; never with 0."""
        self._works = works
        self._tools = works.tools
        self._store = works.tools.conversations.store
        self._days, self._zone = settings.remind_after, settings.time_zone

    def queue(self, now: datetime) -> None:
        """Queue a reminder of every case that is due. Raises what the store raises."""
        if not self._days or now.astimezone(self._zone).weekday() >= SATURDAY:
            return
        until = working_days_before(now, self._days, self._zone)
        for workspace, case_id in self._store.left_open(until - RESTS_AFTER, until, MARK):
            try:
                self._remind(workspace, case_id, until)
            except (*UNSAID, NotInstalled, RulesUnreadable) as error:  # it is due the next time, too
                log.info("a reminder waits: %s", type(error).__name__)

    def _remind(self, workspace: str, case_id: str, until: datetime) -> None:
        """Put it into the thread, with the question under it, unless the case moved on meanwhile."""
        case, client = self._store.case(workspace, case_id), self._works.client_of(workspace)
        if case is None or not case.asker:
            return
        if _gone(client, case.asker):
            self._store.first_time(workspace, MARK + case_id)
            return
        language = self._tools.languages.of(client, case.place.workspace, case.asker)
        with self._store.transaction():
            case = self._store.case(workspace, case_id)
            if case is None or not case.asker or last_seen(case) > until:
                return
            if self._tools.conversations.standing(case).progress.current is None:
                return
            if self._store.first_time(workspace, MARK + case_id):
                self._store.put_letter(self._letter(case, language))
                self._tools.delivery.ask_again(case, language)
        self._works.letters.wake()

    def _letter(self, case: Case, language: str) -> Letter:
        text = self._tools.phrases.say(language, "notice.reminder", asker=Mrkdwn(f"<@{case.asker}>"))
        place = case.place
        return Letter(
            place.workspace,
            case_id=case.id,
            name="reminder",
            state="reminder",
            lane=f"{place.channel}:{place.thread}",
            channel=place.channel,
            thread=place.thread,
            body={"text": text},
            key=MARK + case.id,
            at=self._tools.clock(),
        )


def working_days_before(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the time so many working days (Monday to Friday there) before `now`, at the same time of day."""
    before = now.astimezone(zone)
    while days:
        before -= timedelta(days=1)
        days -= before.weekday() < SATURDAY
    return before.astimezone(now.tzinfo)


def _gone(client: WebClient, user: str) -> bool:
    """Whether the person has left Slack. Raises what asking raises."""
    return bool((client.users_info(user=named(user, USER)).get("user") or {}).get("deleted"))
