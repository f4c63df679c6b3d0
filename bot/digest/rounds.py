"""Sends the digest that is due, once in every workspace, whoever goes the round and however late it is."""

import logging
from datetime import datetime, timedelta

from bot.clients import NotInstalled
from bot.digest.officers import Officers, Recipient
from bot.digest.sending import letters_to, note_to, report_of
from bot.listeners.guard import where_it_failed
from bot.reach import UNSAID
from bot.spoken import LANGUAGES
from bot.works import Works
from conversations.errors import RulesUnreadable, StoreError
from conversations.figures import WEEK, monday_of, name_of
from knowledge.models import Institution

log = logging.getLogger("kakunin.slack")
alert = logging.getLogger("kakunin.alert")

LATE = timedelta(hours=1)
"""A digest that is sent so long after it was due says so."""
AGAIN = timedelta(minutes=1)
"""After so long what could not be sent is tried again."""
SOONEST = timedelta(days=6, hours=22)
"""So long after a digest the next one is due at the earliest, also where clocks change."""
LISTED = timedelta(hours=1)
"""How long the list of workspaces is good for: one that is new has no week behind it."""


class DigestRounds:
    """Goes through the workspaces; called every few seconds."""

    def __init__(self, works: Works) -> None:
        """Queue letters where the works carry them from."""
        self._works = works
        self._tools = works.tools
        self._digests = works.tools.digests
        self._store = works.tools.conversations.store
        self._officers = Officers(self._store, works.tools.languages)
        self._workspaces: tuple[str, ...] = ()
        self._listed = datetime.min.replace(tzinfo=works.tools.clock().tzinfo)
        self._next: dict[str, datetime] = {}

    def go(self, now: datetime, *, changed: bool = False) -> None:
        """Queue what is due. A workspace that cannot be served now does not stop the others. Raises StoreError.

        `changed`: an overlay is another, so that a digest may be due at another time than was known.
        """
        if changed or abs(now - self._listed) > LISTED:
            self._workspaces, self._listed = self._store.workspaces(), now
        if changed:
            self._next.clear()
        for workspace in self._workspaces:
            if now >= self._next.get(workspace, now):
                self._next[workspace] = self._tried(workspace, now)

    def _tried(self, workspace: str, now: datetime) -> datetime:
        """Return when to look again; until then its rules need not be open."""
        try:
            return self._go(workspace, now) + SOONEST
        except StoreError:
            raise
        except (*UNSAID, NotInstalled, RulesUnreadable) as error:
            log.info("a digest waits: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others get theirs
            log.error("a digest failed: %s", where_it_failed(error))  # noqa: TRY400 - no content in the log
        return now + AGAIN

    def _go(self, workspace: str, now: datetime) -> datetime:
        """Return when the digest was due that is sent by now."""
        week, due = self._digests.due(workspace)
        key = f"digest:{week}"
        if not self._store.is_known(workspace, key):
            last = self._store.last_closed(workspace, before=week)
            empty = last is None and self._digests.of(workspace, week).empty
            self._digests.close(workspace, week)
            if empty:  # there was nobody before to be told of anything
                self._store.first_time(workspace, key)
            else:
                self._send(workspace, week, key, _Lateness(due, now, last))
        return due

    def _send(self, workspace: str, week: str, key: str, lateness: "_Lateness") -> None:
        institution = self._tools.conversations.library.of(workspace).current().knowledge.institution
        if institution is None:
            self._store.first_time(workspace, key)
            return
        client = self._works.client_of(workspace)
        officers, wanted = self._officers.of(client, workspace, institution)
        recipients = self._officers.reached(client, workspace, wanted)
        digest = self._digests.of(workspace, week)
        reports = {
            language: report_of(self._tools, workspace, digest, language, *self._remarks(workspace, lateness, language))
            for language in LANGUAGES
        }
        letters = list(letters_to(self._tools, workspace, reports, recipients, key))
        if not recipients and (wanted or not officers):
            letters = [
                note_to(self._tools, workspace, each, key, self._nobody(each, week))
                for each in self._admins(workspace, institution)
            ]
        with self._store.transaction():
            if self._store.first_time(workspace, key):
                for letter in letters:
                    self._store.put_letter(letter)
        self._works.letters.wake()

    def _admins(self, workspace: str, institution: Institution) -> list[Recipient]:
        client = self._works.client_of(workspace)
        found = self._officers.reached(client, workspace, self._officers.admins(client, institution))
        if not found:
            alert.error("the digest of %s reaches nobody: its overlay lists no officer and no administrator", workspace)
        return found

    def _nobody(self, to: Recipient, week: str) -> str:
        return self._tools.phrases.say(to.language, "digest.no_officers", week=week)

    def _remarks(self, workspace: str, lateness: "_Lateness", language: str) -> list[str]:
        """Say that it is late, and that weeks before it were left out."""
        say, zone = self._tools.phrases.label, self._digests.figures.zone_of(workspace)
        told = []
        if lateness.now - lateness.due > LATE:
            told.append(say(language, "digest.late", due=f"{lateness.due.astimezone(zone):%Y-%m-%d %H:%M}"))
        if lateness.last:
            since = monday_of(lateness.last) + WEEK
            if name_of(since + WEEK) <= name_of(lateness.due.astimezone(zone).date() - WEEK):
                told.append(say(language, "digest.missed", since=name_of(since)))
        return told


class _Lateness:
    """When a digest was due, what time it is, and the last week that was closed before."""

    def __init__(self, due: datetime, now: datetime, last: str | None) -> None:
        self.due, self.now, self.last = due, now, last
