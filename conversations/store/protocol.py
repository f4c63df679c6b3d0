"""What the use cases ask of a store. Every record belongs to a workspace, named first."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from conversations.models import Answer, Case, Confirmation, Delegation, Opinion, Place
from conversations.store.desk_protocol import DeskStore

WeekOf = Callable[[str, datetime], str]
"""A workspace and a time to the name of the ISO week that it lies in, in the time zone of that workspace."""
Figure = tuple[str, str]
"""`started` with no name; `verdict`, `data_class` or `service` with a code (no service: nobody asked for one).

`unplaced` with a class of words: how many of it were not understood. `unsure` and `left` with a card: answers that
leave something unknown, and cases that were left unfinished at it. `not_met` and `unconfirmed` with an item of the
checklist, `undone` with a measure: of first verdicts. `waiting` and `ending` with a capacity: cases in which a
confirmation is asked for, or ends soon.
"""
Figures = Mapping[Figure, int]


@dataclass(frozen=True)
class Posted:
    """A message that shows a part of a case: its id where it was posted, and which state it shows."""

    message: str
    state: str


@dataclass(frozen=True)
class Notice:
    """A message waiting to be delivered: ids and codes. `key` is used once ever; `case_id` is empty for no case."""

    workspace: str
    key: str
    case_id: str
    kind: str
    details: Mapping[str, str]
    queued_at: datetime


@dataclass(frozen=True)
class Job:
    """Something that happened at Slack, as codes and ids, waiting to be handled.

    `key`: what Slack tells it apart by; a second one with the same key is the same. `lane`: jobs of one lane (a
    thread) are handled one after the other, oldest first. `id` and `attempts` are the store's.
    """

    workspace: str
    key: str
    lane: str
    kind: str
    details: Mapping[str, Any]
    at: datetime
    id: int = 0
    attempts: int = 0


@dataclass(frozen=True)
class File:
    """What a letter carries: `name` with its ending, `title` as shown, `alt_text` for who cannot see an image."""

    name: str
    title: str
    alt_text: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """A message to post, or to update, at Slack: the part `name` of a case in the `state` that `body` shows.

    Of one part only the newest state waits: a later letter takes the place of one that is not on its way yet. (A new
    message that was tried in vain may have arrived: it is on its way until it was found or posted.)
    Letters of one lane (a thread) leave one after the other. `key` marks the message, so that one that arrived can be
    found again. `update`: change the message that shows the part by then; otherwise post a new one.
    With a `file` it is a new message always, `body` is its text alone, and `channel` is a conversation's id, no user's.
    `file_id` is the one that was given to the file, `uploaded` whether its bytes are there; both are the store's.
    """

    workspace: str
    case_id: str
    name: str
    state: str
    lane: str
    channel: str
    thread: str
    body: Mapping[str, Any]
    key: str
    at: datetime
    update: bool = False
    file: File | None = None
    file_id: str = ""
    uploaded: bool = False
    id: int = 0
    attempts: int = 0
    error: str = ""


@dataclass(frozen=True)
class Backlog:
    """What is still to be done: counts, and when the oldest of them came (None: there is none); `dead` letters.

    `confirmations`: what people were asked to confirm and did not answer yet.
    """

    jobs: int
    oldest_job: datetime | None
    letters: int
    oldest_letter: datetime | None
    dead: int
    confirmations: int = 0


@dataclass(frozen=True)
class Holdings:
    """What is held on a person: cases without and with a verdict, since when, and what is in them.

    `ticks`: of what there is to do; `opinions`: what they thought of verdicts; `confirmations`: what they were asked to
    confirm in anybody's case; `desk`: what they brought to the desk.
    """

    unfinished: int
    finished: int
    answers: int
    since: datetime | None
    ticks: int = 0
    opinions: int = 0
    confirmations: int = 0
    desk: int = 0


@dataclass(frozen=True)
class Asked:
    """A confirmation and the case that it is about."""

    workspace: str
    case_id: str
    confirmation: Confirmation


@dataclass(frozen=True)
class Installed:
    """The installation of a workspace, or of a whole organisation: whose it is, and the sealed text with its token."""

    workspace: str
    sealed: str


@dataclass(frozen=True)
class Outline:
    """A case in a line of a list: ids, codes, times and how many answers it holds.

    `finished_at`: when it got its first verdict, None while it is open. `verdict`, `data_class`, `service`: of the last
    receipt. `asker` and the channel are empty where the link to the person was deleted. `opinion`: what they thought of
    the verdict, None where they did not say.
    """

    id: str
    place: Place
    asker: str
    started_at: datetime
    brand: str | None
    edition: str
    finished_at: datetime | None
    verdict: str | None
    data_class: str | None
    service: str | None
    answers: int
    opinion: Opinion | None = None


@dataclass(frozen=True)
class OwnCases:
    """A person's cases, open ones first and then the newest first, and how many more there are of either kind."""

    cases: tuple[Outline, ...]
    more_open: int
    more_finished: int


class Store(DeskStore, Protocol):
    """Cases, answers, receipts, posted messages; what came from Slack and what goes there. Safe between threads."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is written together or not at all; of a case read inside, no other writer comes between."""

    def holdings(self, workspace: str, user: str) -> Holdings:
        """Return how much is held on a person."""

    def forget(self, workspace: str, user: str, week_of: WeekOf) -> Holdings:
        """Remove a person's unfinished cases, and the link to them in finished ones; returns what was held.

        Codes and receipts of finished cases stay under the case's random id until they are purged. Of what is removed
        only the figures of its weeks stay, as in `purge_cases`. What they confirmed for others stays under nobody's
        name, without words; what they still were to confirm is ended.
        """

    def language_of(self, workspace: str, user: str) -> str | None:
        """Return the language the person chose, or None."""

    def prefer(self, workspace: str, user: str, language: str) -> None:
        """Remember the language a person chose, in place of any other."""

    def forget_language(self, workspace: str, user: str) -> None:
        """Take the choice back."""

    def hand_over(self, workspace: str, case_id: str, asker: str) -> None:
        """Let somebody else go on with the case; what was said before is nobody's by name any more."""

    def set_brand(self, workspace: str, case_id: str, brand: str | None) -> None:
        """Remember another service as the one that was named."""

    def forget_case(self, workspace: str, case_id: str, week_of: WeekOf) -> None:
        """Do with one case what `forget` does with all of a person's."""

    def put_installation(self, workspace: str, sealed: str) -> None:
        """Write down the installation of a workspace or an organisation, in place of any other."""

    def join_installation(self, workspace: str, enterprise: str) -> None:
        """Let a workspace be served by the installation of its organisation, unless it has one."""

    def installation(self, workspace: str) -> Installed | None:
        """Return the installation that serves the workspace (its own, or that of its organisation), or None."""

    def installations(self) -> tuple[Installed, ...]:
        """Return every installation, by workspace."""

    def reseal(self, before: Installed, sealed: str) -> None:
        """Write the installation down under another key, unless it is another by now."""

    def uninstall(self, workspace: str, *, erase: bool) -> None:
        """Take away the installation that serves the workspace (or of an organisation, named so).

        Jobs and letters that wait for any workspace it served go too; with `erase` every row of these.
        """

    def purge_cases(self, before: datetime, week_of: WeekOf) -> int:
        """Remove every case that nobody has touched since `before`; returns how many.

        What `figures` returns stays the same, as long as weeks are reckoned as they are by `week_of`.
        """

    def figures(self, workspace: str, week: str, since: datetime, until: datetime) -> Figures:
        """Return what the workspace counts in the week that begins at `since` and ends before `until` (UTC)."""

    def details(self, workspace: str, week: str, since: datetime, until: datetime) -> Figures:
        """Return what else is counted in that week, from `unsure` to `ending`.

        A case is left once nobody has touched it for LEFT_AFTER; `undone`: as the ticks stood at the end.
        `waiting` and `ending`: of what was asked for before the end, as things stand now.
        """

    def totals(self, workspace: str, week: str, since: datetime, until: datetime) -> tuple[int, int, int]:
        """Return how many cases were started in that week, got their first verdict, and were left."""

    def note_wait(self, workspace: str, case_id: str, card: str, at: datetime) -> None:
        """Remember that the case was touched then, and which card it waits for; none where it is empty or finished."""

    def close_week(self, workspace: str, week: str, figures: Figures, at: datetime) -> bool:
        """Keep the figures of a week that is over for good; False if they were kept before."""

    def closed_week(self, workspace: str, week: str) -> Figures | None:
        """Return what was kept of a week, or None."""

    def last_closed(self, workspace: str, before: str) -> str | None:
        """Return the latest week before that one of which the figures were kept, or None."""

    def workspaces(self) -> tuple[str, ...]:
        """Return every workspace that has a case, figures or an installation, in order."""

    def subscribe(self, workspace: str, user: str, *, wanted: bool) -> None:
        """Remember whether the person wants the weekly digest, in place of what they said before."""

    def subscriptions(self, workspace: str) -> Mapping[str, bool]:
        """Return what people said about the weekly digest, by person."""

    def add_figures(self, workspace: str, figures: Mapping[tuple[str, Figure], int]) -> None:
        """Add to what is counted by week, besides what the cases that are there count for."""

    def put_jobs(self, jobs: Sequence[Job]) -> tuple[bool, ...]:
        """Write the jobs down durably, all or none; returns for each whether it is new, its key was not there."""

    def claim_job(self, now: datetime, lease: timedelta) -> Job | None:
        """Take the oldest job that is due, is not on lease and has no unfinished one before it in its lane.

        It is on lease until `now + lease`: if it is neither finished nor put off by then, anybody may claim it again.
        `attempts` counts how often it was claimed.
        """

    def job_done(self, job: Job) -> bool:
        """Take the job off; its key stays known until it is purged, its details go. False if it was off already."""

    def job_failed(self, job: Job, error: str, again_at: datetime | None) -> None:
        """Put the job off until `again_at`, a few minutes on at most; None gives it up, as dead, and its lane goes on.

        What is due much later than that was put off before the clock was set back, and is due at once.
        """

    def put_letter(self, letter: Letter) -> None:
        """Queue the letter, or let it take the place of one for the same part that is not on its way yet.

        The part counts as shown in its state from now on (see `posted`).
        """

    def on_its_way(self, workspace: str, case_id: str, name: str) -> bool:
        """Return whether a letter for the part waits or is being carried."""

    def claim_letter(self, now: datetime, lease: timedelta, interval: timedelta, burst: int) -> Letter | None:
        """Take the oldest letter that is due, is not on lease and has no unsent one before it in its lane.

        A new message also waits for its channel: one each `interval` sustained, `burst` at once (a token bucket in
        the store, so that all processes share it).
        """

    def take_letters(
        self, workspace: str, channel: str, thread: str, wanted: Callable[[Letter], bool]
    ) -> tuple[Letter, ...]:
        """Take off the letters to a thread that are wanted, given up or not, and return them, oldest first.

        Whoever carries one of them finds it gone (`keep_letter`), unless it is just being posted.
        """

    def keep_letter(self, letter: Letter, until: datetime) -> bool:
        """Be on lease until then; False if the letter is gone or was claimed again since: then it is another's."""

    def note_upload(self, letter: Letter, file_id: str, *, uploaded: bool) -> bool:
        """Write down how far the letter's file is; False if the letter is gone or was claimed again since."""

    def letter_sent(self, letter: Letter, message: str) -> None:
        """Take the letter off, and remember the message that shows its part."""

    def letter_failed(self, letter: Letter, error: str, again_at: datetime | None) -> None:
        """Put the letter off until `again_at`, or give it up, as `job_failed` does with a job."""

    def dead_letters(self) -> tuple[Letter, ...]:
        """Return what was given up, oldest first."""

    def retry_letter(self, letter_id: int) -> bool:
        """Queue a dead letter again, under a new id at the end of its lane; False if there is none with this id."""

    def backlog(self, workspace: str = "") -> Backlog:
        """Return what is still to be done, in all or in one workspace."""

    def purge_done(self, before: datetime) -> None:
        """Forget the jobs that were done or given up before this time, with their keys."""

    def add_case(self, case: Case) -> None:
        """Write a new case; its answers are added one by one."""

    def case(self, workspace: str, case_id: str) -> Case | None:
        """Return the case with its answers, oldest first, or None."""

    def case_at(self, place: Place) -> Case | None:
        """Return the case talked about at the place, or None."""

    def cases(self, wanted: Callable[[str], bool] = ...) -> Iterator[Case]:
        """Yield every case of the workspaces that are wanted (of all, if nothing is said), one by one.

        They come by workspace and start; new ones may be left out.
        """

    def cases_of(self, workspace: str, user: str, limit: int) -> OwnCases:
        """Return a person's cases in outline, at most so many (1 or more)."""

    def outlines(self, since: datetime, until: datetime) -> Iterator[Outline]:
        """Yield every case started from `since` to before `until` (UTC), by workspace and start, page by page."""

    def left_open(self, since: datetime, until: datetime, mark: str) -> tuple[tuple[str, str], ...]:
        """Return workspace and id of cases started since then that have an asker, no verdict, no change after `until`.

        One is left out where the key made of `mark` and its id was used.
        """

    def move_case(self, workspace: str, case_id: str, place: Place, gone: Iterable[str]) -> None:
        """Let the case be talked about elsewhere; `gone`: the parts of which it is forgotten that they were posted."""

    def add_answer(self, workspace: str, case_id: str, answer: Answer, *, unsure: bool = False) -> None:
        """Append an answer; none is ever changed. `unsure`: it leaves something unknown, which is counted."""

    def want_whole_list(self, workspace: str, case_id: str, *, wanted: bool = True) -> None:
        """Remember whether the asker wants the whole checklist filled."""

    def add_receipt(self, workspace: str, case_id: str, body: str, to_do: Iterable[str] = ()) -> None:
        """Append a receipt; none is ever changed. `to_do`: the measures that its verdict depends on."""

    def receipts(self, workspace: str, case_id: str) -> tuple[str, ...]:
        """Return the receipts of the case, oldest first."""

    def add_confirmation(self, workspace: str, case_id: str, asked: Confirmation) -> bool:
        """Write down what somebody is asked to confirm, or said unasked; False if its id was there."""

    def answer_confirmation(self, workspace: str, case_id: str, answered: Confirmation) -> bool:
        """Write down value, who said it, when, until when and words; False if it is not waiting for them any more."""

    def end_confirmation(self, workspace: str, case_id: str, confirmation: str, ended: str, at: datetime) -> bool:
        """Let it count no more; False if it was ended before."""

    def confirmations_of(self, workspace: str, person: str, limit: int) -> tuple[Asked, ...]:
        """Return what the person is asked or said, at most so many and none that ended: what waits first."""

    def confirmations_in_cases_of(self, workspace: str, asker: str) -> tuple[Asked, ...]:
        """Return what others were asked or said in the cases of a person."""

    def waiting_confirmations(self) -> tuple[Asked, ...]:
        """Return what somebody is still to answer, of every workspace."""

    def delegate(self, workspace: str, delegation: Delegation) -> None:
        """Let somebody stand in for a person who is asked to confirm something, in place of anybody before."""

    def end_delegation(self, workspace: str, person: str) -> None:
        """Let nobody stand in for the person any more."""

    def delegation(self, workspace: str, person: str) -> Delegation | None:
        """Return who stands in for the person, over or not, or None."""

    def delegations_to(self, workspace: str, delegate: str) -> tuple[Delegation, ...]:
        """Return for whom the person stands in, over or not."""

    def over_confirmations(self, now: datetime) -> tuple[Asked, ...]:
        """Return those of every workspace whose last day is over and that were not ended yet."""

    def set_ticks(
        self, workspace: str, case_id: str, offered: Iterable[str], ticked: Iterable[str], at: datetime
    ) -> None:
        """Remember which measures are ticked of those that were offered; others stay as they are."""

    def ticks(self, workspace: str, case_id: str) -> frozenset[str]:
        """Return the measures that are ticked in the case, whether they still apply or not."""

    def set_opinion(self, workspace: str, case_id: str, opinion: Opinion, at: datetime) -> bool:
        """Remember what the asker thinks of the verdict, in place of what they thought; False if nothing changed."""

    def opinion(self, workspace: str, case_id: str) -> Opinion | None:
        """Return what the asker thinks of the verdict, or None."""

    def queue_notice(self, notice: Notice) -> bool:
        """Keep the notice until it is sent and return True, or return False if its key was ever queued."""

    def waiting_notices(self) -> tuple[Notice, ...]:
        """Return what is still to be sent, oldest first."""

    def notice_sent(self, workspace: str, key: str, at: datetime) -> None:
        """Take the notice off the waiting ones; its key stays used."""

    def first_time(self, workspace: str, key: str) -> bool:
        """Write the key down and return True, or return False if it was there."""

    def is_known(self, workspace: str, key: str) -> bool:
        """Return whether the key was written down by `first_time`."""

    def posted(self, workspace: str, case_id: str) -> Mapping[str, Posted]:
        """Return what was posted for the case, by the name of the part shown."""

    def set_posted(self, workspace: str, case_id: str, name: str, posted: Posted) -> None:
        """Remember what was posted for a part of the case."""

    def desk_posted(self, workspace: str, name: str) -> Posted | None:
        """Return the message that shows a card of the desk, or None."""

    def close(self) -> None:
        """Let go of everything held open."""
