"""Keeps up with what happens without anybody asking: overlays, verdicts that ended, notices, reminders, digests."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from bot.clients import NotInstalled
from bot.desk.watching import DeskAlarms
from bot.digest.rounds import DigestRounds
from bot.lapses import Lapses
from bot.listeners.guard import where_it_failed
from bot.reminders import Reminders
from bot.rendering import Mrkdwn
from bot.serving import repeated
from bot.settings import Settings
from bot.spoken import LANGUAGES
from bot.works import Works
from conversations.errors import RulesUnreadable
from conversations.impact import reexamine_recent
from conversations.models import Case
from conversations.store.protocol import Letter, Notice
from conversations.validity import queue_passed

log = logging.getLogger("kakunin.slack")

FRESH = frozenset({"suspended", "policy_changed", "policy_question"})
"""Notices about a case whose thread shows the new verdict as well."""

KEYS_KEPT = timedelta(days=2)
"""How long a handled event is remembered; Slack repeats one for about an hour."""


class Courier:
    """Goes its round every few seconds."""

    def __init__(self, works: Works, settings: Settings) -> None:
        """Queue letters where the works carry them from; the settings say how long what is kept and left alone."""
        self._keep_days = settings.keep_days
        self._reminders = Reminders(works, settings)
        self._lapses = Lapses(works)
        self._desk = DeskAlarms(works)
        self._digests = DigestRounds(works)
        self._works = works
        self._tools = works.tools
        self._store = works.tools.conversations.store
        self._lock = threading.Lock()
        self._first = True
        self._day: date | None = None
        self._purged = datetime.min.replace(tzinfo=works.tools.clock().tzinfo)

    def go_round(self) -> None:
        """Read anew the overlays that changed, judge recent cases again under them, queue what waits. Never raises."""
        try:
            with self._lock:
                self._go_round()
        except Exception as error:  # noqa: BLE001 - the next round tries again
            log.error("the round failed: %s", where_it_failed(error))  # noqa: TRY400 - no content in the log

    def _go_round(self) -> None:
        library, now = self._tools.conversations.library, self._tools.clock()
        changed = library.refresh()
        wanted = _everywhere if self._first else changed
        self._first = False
        if wanted:
            reexamine_recent(self._store, library, now, wanted)
        if abs(now - self._purged) > timedelta(hours=1):
            self._purged = now
            self._store.purge_done(now - KEYS_KEPT)
            if self._keep_days:
                self._tools.figures.purge(now - timedelta(days=self._keep_days))
            self._reminders.queue(now)
        self._digests.go(now, changed=changed is not None)
        if now.date() != self._day:
            self._day = now.date()
            queue_passed(self._store, library, now)
            self._lapses.look_for_left()
        self._lapses.queue(now)
        self._desk.go_round(now)
        for notice in self._store.waiting_notices():
            try:
                self._queue(notice)
                self._works.letters.wake()
            except (NotInstalled, RulesUnreadable) as error:  # it waits; the others do not
                log.info("a notice waits: %s", type(error).__name__)

    def _queue(self, notice: Notice) -> None:
        """Turn the notice into letters. Raises what reaching Slack or the store raises: then it waits."""
        case = self._store.case(notice.workspace, notice.case_id) if notice.case_id else None
        language = self._language(notice.workspace, case.asker) if case else ""
        letters = [self._to_owner(notice, case, language)] if case else list(self._to_officers(notice))
        with self._store.transaction():
            if case and notice.kind in FRESH:
                self._tools.delivery.bring_up_to_date(self._tools.conversations.standing(case), language)
            for letter in letters:
                self._store.put_letter(letter)
            self._store.notice_sent(notice.workspace, notice.key, self._tools.clock())

    def _language(self, workspace: str, user: str) -> str:
        return self._tools.languages.of(self._works.client_of(workspace), workspace, user)

    def _letter(self, notice: Notice, case_id: str, channel: str, thread: str, text: str) -> Letter:
        return Letter(
            notice.workspace,
            case_id=case_id,
            name=f"notice:{notice.key}:{channel}",
            state=notice.kind,
            lane=f"{channel}:{thread or notice.key}",
            channel=channel,
            thread=thread,
            body={"text": text},
            key=f"{notice.key}:{channel}",
            at=self._tools.clock(),
        )

    def _to_owner(self, notice: Notice, case: Case, language: str) -> Letter:
        text = self._words(notice, case, language)
        return self._letter(notice, case.id, case.place.channel, case.place.thread, text)

    def _words(self, notice: Notice, case: Case, language: str) -> str:
        views = self._tools.views(self._tools.conversations.book(case))
        details = notice.details
        words = {name: details.get(name, "") for name in ("before", "after")}
        told = {name: views.verdicts.insights.word(word, language) if word else "" for name, word in words.items()}
        return self._tools.phrases.say(
            language,
            f"notice.{notice.kind}",
            asker=Mrkdwn(f"<@{case.asker}>"),
            edition=details.get("edition", ""),
            service=views.services.name(details.get("service"), language),
            until=details.get("until", ""),
            why=self._tools.phrases.label(language, f"verdict.until_{details['why']}") if "why" in details else "",
            **told,
        )

    def _to_officers(self, notice: Notice) -> Iterator[Letter]:
        """The compliance office: its channel in both languages, or its people each in theirs."""
        institution = self._tools.conversations.library.of(notice.workspace).current().knowledge.institution
        contact = institution.contact("compliance") if institution else None
        if contact and contact.channel:
            words = "\n".join(self._summary(notice, language) for language in LANGUAGES)
            yield self._letter(notice, "", contact.channel, "", words)
        for user in contact.users if contact and not contact.channel else ():
            language = self._language(notice.workspace, user)
            yield self._letter(notice, "", user, "", self._summary(notice, language))

    def _summary(self, notice: Notice, language: str) -> str:
        names = {"unchanged": "unchanged", "changed": "changed", "question": "needs_a_new_answer"}
        counts = {name: notice.details.get(key, "0") for name, key in names.items()}
        edition = notice.details["edition"]
        return self._tools.phrases.say(language, f"notice.{notice.kind}", edition=edition, **counts)


def _everywhere(_: str) -> bool:
    return True


@contextmanager
def at_work(works: Works, courier: Courier, settings: Settings) -> Iterator[None]:
    """Let everything run while inside; what is being done when it ends is finished, the rest stays in the store."""
    works.start()
    try:
        with repeated(courier.go_round, settings.round_seconds):
            yield
    finally:
        seconds = settings.stop_seconds
        if not works.stop(seconds):
            log.warning("some work was not finished in %.0f s; it is taken up at the next start", seconds)
