"""Jobs → acts: each job changes its case, queues what the thread should show, and is done, in one transaction."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from time import perf_counter

from slack_sdk import WebClient

from bot.acts import Act, Acts, asks_status, from_outside
from bot.clients import NotInstalled
from bot.desk.acts import DeskActs
from bot.desk.reviewing import Reviewing
from bot.digest.asking import Asking
from bot.farewell import Farewell
from bot.home import Home
from bot.jobs import Kind
from bot.listeners.visit import Note, Notes, Visit
from bot.opening import Opening
from bot.reach import UNREACHED
from bot.record.putting import Records
from bot.tools import Tools
from conversations.errors import ConversationError, StoreError
from conversations.store.protocol import Job

log = logging.getLogger("kakunin.slack")

ATTEMPTS = 6


class Handling:
    """Handles jobs one by one; which, and in which order, is the worker's business."""

    def __init__(
        self,
        tools: Tools,
        client_of: Callable[[str], WebClient],
        carrier_of: Callable[[str], WebClient],
        farewell: Farewell,
    ) -> None:
        """`client_of` gives the client of a workspace, `carrier_of` one that never posts a second time by itself."""
        self._farewell = farewell
        self._carrier_of = carrier_of
        self._tools = tools
        self._client_of = client_of
        self._store = tools.conversations.store
        self._acts = Acts(tools)
        self._opening = Opening(tools)
        self._home = Home(tools)
        asking = Asking(tools)
        self._ready: Mapping[str, Callable[[Visit, Job], Act]] = {
            Kind.RECORD: Records(tools).ready,
            Kind.DIGEST_RESEND: asking.ready,
            Kind.DIGEST_SUBSCRIBE: asking.ready,
            Kind.DESK: DeskActs(tools).ready,
            Kind.DRAFT: Reviewing(tools).ready,
        }

    def handle(self, job: Job) -> None:
        """Do the job, or tell the person why it cannot be done. What is only out of reach is tried again later.

        The job of a workspace that uninstalled the app is dropped: nobody is there to be told.
        """
        start = perf_counter()
        try:
            if job.kind == Kind.UNINSTALL:
                self._farewell.handle(job)
                self._tools.metrics.job(job.kind, "done", perf_counter() - start)
            else:
                self._handle(job, start)
        except NotInstalled:
            self._store.job_failed(job, "not_installed", None)
            self._tools.metrics.job(job.kind, "dead", perf_counter() - start)

    def _handle(self, job: Job, start: float) -> None:
        arrived = self._visit(job)
        outcome = "done"
        try:
            if not from_outside(job):
                arrived = self._opening.before(arrived, job, self._carrier_of)
            notes = self._told(arrived, job) if asks_status(job) else self._in_one(arrived, job)
        except NotInstalled:
            raise
        except ConversationError as error:
            self._store.job_done(job)
            notes = [self._explained(error, arrived)]
        except (*UNREACHED, StoreError) as error:
            notes = self._put_off(job, error, arrived)
            outcome = "dead" if notes else "again"
        except Exception as error:  # noqa: BLE001 - the one place where anything unforeseen ends
            self._store.job_failed(job, type(error).__name__, None)
            notes, outcome = [self._explained(error, arrived)], "dead"
        self._tools.metrics.job(job.kind, outcome, perf_counter() - start)
        if job.details.get("home"):
            self._home.show(arrived, [text for text, _ in notes])
            return
        for text, blocks in notes:
            arrived.whisper(text, blocks)

    def _visit(self, job: Job) -> Visit:
        client, told = self._client_of(job.workspace), job.details
        language = self._tools.languages.of(client, job.workspace, told["user"])
        return Visit(client, job.workspace, told["user"], told["channel"], told["thread"], language)

    def _act(self, arrived: Visit, job: Job) -> Act:
        """Return what to do in one transaction; what takes long, and may be lost, is done before it."""
        ready = None if from_outside(job) else self._ready.get(job.kind)
        return ready(arrived, job) if ready else self._acts.act

    def _in_one(self, arrived: Visit, job: Job) -> Notes:
        act = self._act(arrived, job)
        with self._store.transaction():
            notes = act(arrived, job)
            if self._store.job_done(job):  # else another attempt was quicker, and has counted
                self._tools.figures.count_unplaced(job.workspace, job.at, job.details.get("unplaced", {}))
            return notes

    def _told(self, arrived: Visit, job: Job) -> Notes:
        """Tell how things stand once the job itself waits no more."""
        self._store.job_done(job)
        return self._acts.status(arrived)

    def _put_off(self, job: Job, error: Exception, arrived: Visit) -> Notes:
        """Try again after a while, longer each time; after the last attempt, give up and say so."""
        last = job.attempts >= ATTEMPTS
        again = None if last else self._tools.clock() + timedelta(seconds=2**job.attempts)
        self._store.job_failed(job, type(error).__name__, again)
        log.warning("a job (%s) could not be done: %s", job.kind, type(error).__name__)
        return [self._explained(error, arrived)] if last else []

    def _explained(self, error: Exception, arrived: Visit) -> Note:
        return self._tools.guard.explain(error, arrived.language, arrived.workspace), None
