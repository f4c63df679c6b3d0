"""What each kind of job does to its case, and what of it the thread is to show. The caller holds the transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.again import beginning_again, remember_beginning
from bot.approving import approving
from bot.belongings import belonging
from bot.desk.bringing import Bringing, asking
from bot.handover import handing
from bot.jobs import UNREAD, Kind
from bot.listeners.visit import Note, Notes, Visit
from bot.marks import marking
from bot.outside import Outside, asks_for_answers
from bot.reading import beginning
from bot.replies import APART, Reply
from bot.status import status
from bot.tools import Tools
from bot.typed import TypedAnswers
from bot.views.blocks import section
from bot.views.choices import clicked_choice
from bot.views.offer import held
from conversations.errors import OldCard, Stranger
from conversations.models import Case, Choice
from conversations.service import Standing
from conversations.store.protocol import Job, Letter

Details = Mapping[str, Any]
OF_THEIRS = ("holdings", "forget")
"""What somebody says who asks what is held on them."""
Act = Callable[[Visit, Job], Notes]


class Acts:
    """One method a kind of job."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._store = tools.conversations.store
        self._bringing = Bringing(tools)
        self._typed = TypedAnswers(tools, self._show)
        self._outside = Outside(tools)
        self._by_kind: Mapping[str, Act] = {
            Kind.TALK: self._talk,
            Kind.OPEN_THREAD: self._start_button,
            Kind.START: self._start_button,
            Kind.HEARD: lambda *_: [],
            Kind.ANSWER: self._answer,
            Kind.CHANGE: self._change,
            Kind.START_OVER: self._start_over,
            Kind.WHOLE_LIST: self._whole_list,
            Kind.FORGET: self._forget,
            **marking(tools),
            Kind.TROUBLE: self._trouble,
            **handing(tools),
            **approving(tools),
            **belonging(tools),
            **beginning_again(tools),
            **asking(tools),
        }

    def act(self, arrived: Visit, job: Job) -> Notes:
        """Do what the job asks. Raises ConversationError where that cannot be taken."""
        return self._turned_away(job) if from_outside(job) else self._by_kind[job.kind](arrived, job)

    def _turned_away(self, job: Job) -> Notes:
        """A person of another organisation gets a private note and no case; talk that asks nothing gets none."""
        if job.kind == Kind.TALK and not (job.details["named"] or job.details["direct"]):
            return []
        raise Stranger(job.kind)

    def status(self, arrived: Visit) -> Notes:
        """Tell the week in figures. Raises NotAllowed. It asks Slack and changes nothing: no transaction is needed."""
        return [status(self._tools, arrived)]

    def _talk(self, arrived: Visit, job: Job) -> Notes:
        told = job.details
        spoken_to = told["named"] or told["direct"]
        case = self._store.case_at(arrived.place)
        if arrived.thread != told["thread"]:
            self._say(replace(arrived, thread=told["thread"]), job, "note.answered_there")
        if told["files"] and (spoken_to or case):
            self._say(arrived, job, "note.file")
            if told["reading"] == "empty" or case:
                return []
        if case and told.get("typed") and (taken := self._typed.take(arrived, job, case)) is not None:
            return taken
        apart = told["reading"] in (*APART, *OF_THEIRS)
        if not apart and (closed := self._bringing.closed(arrived, case)):
            return [closed]
        return self._spoken(arrived, job, case) if spoken_to else []

    def _spoken(self, arrived: Visit, job: Job, case: Case | None) -> Notes:
        remarks = self._remarks(arrived, job)
        if private := self._shown_privately(arrived, job.details, case):
            return [*remarks, private]
        if case:
            return [*remarks, *self._go_on(arrived, job, case)]
        self._begin(arrived, job)
        return remarks

    def _shown_privately(self, arrived: Visit, told: Details, case: Case | None) -> Note | None:
        if told["reading"] in OF_THEIRS:
            return self._held(arrived)
        return self._outside.answers(arrived) if not case and asks_for_answers(told.get("typed")) else None

    def _remarks(self, arrived: Visit, job: Job) -> Notes:
        posted = job.kind == Kind.TALK
        return [(text, None) for text in self._tools.replies.remarks(job.details, arrived.language, posted=posted)]

    def _held(self, arrived: Visit) -> Note:
        holdings = self._store.holdings(arrived.workspace, arrived.user)
        chosen = bool(self._tools.languages.chosen(arrived.workspace, arrived.user))
        return held(self._tools.phrases, holdings, arrived.language, chosen=chosen)

    def _forget(self, arrived: Visit, _: Job) -> Notes:
        for asked in self._store.confirmations_in_cases_of(arrived.workspace, arrived.user):
            self._tools.requests.take_down(arrived.workspace, asked.case_id, [asked.confirmation])
        gone = self._store.forget(arrived.workspace, arrived.user, self._tools.figures.week_of)
        counts = {"unfinished": gone.unfinished, "finished": gone.finished}
        return [(self._tools.phrases.say(arrived.language, "note.forgotten", **counts), None)]

    def _trouble(self, arrived: Visit, job: Job) -> Notes:
        """What came could not be read; the log has the reference."""
        return [(self._tools.phrases.say(arrived.language, "note.trouble", reference=job.details["reference"]), None)]

    def _begin(self, arrived: Visit, job: Job) -> None:
        reading = job.details["reading"]
        if reading == UNREAD:
            raise RuntimeError("the message could not be read")
        if reading == "case":
            self._start(arrived, job)
        else:
            self._reply(arrived, job)

    def _go_on(self, arrived: Visit, job: Job, case: Case) -> Notes:
        """Naming the bot in an open thread brings its question back; other talk there is pointed to the buttons."""
        if job.details["reading"] in APART:
            self._reply(arrived, job, offered=False)
            return []
        self._tools.conversations.owned(arrived.workspace, case.id, arrived.user)
        say = self._tools.phrases.say
        if self._tools.conversations.standing(case).progress.current is None:
            return [(say(arrived.language, "note.finished"), None)]
        if job.details["named"]:
            self._tools.delivery.ask_again(case, arrived.language)
            return []
        return [(say(arrived.language, "note.use_buttons"), None)]

    def _start_button(self, arrived: Visit, job: Job) -> Notes:
        self._start(arrived, job)
        return self._remarks(arrived, job)

    def _start(self, arrived: Visit, job: Job) -> None:
        told, begun = job.details, self._store.case_at(arrived.place) is None
        brand, read = beginning(told, arrived, self._tools.conversations)
        beside = str(told.get("beside") or "")
        standing = self._tools.conversations.start(arrived.place, arrived.user, brand, read, beside)
        self._tools.conversations.owned(arrived.workspace, standing.case.id, arrived.user)
        if begun:
            self._tools.metrics.case_started()
            remember_beginning(self._store, standing.case, str(told.get("message") or ""))
        self._tools.delivery.bring_up_to_date(standing, arrived.language)

    def _answer(self, arrived: Visit, job: Job) -> Notes:
        case_id, card_id, chosen = _reference(job)
        standing = self._tools.conversations.standing(
            self._tools.conversations.owned(arrived.workspace, case_id, arrived.user)
        )
        try:
            choice = clicked_choice(standing.progress.step(card_id), chosen, str(job.details["shortcut"]))
            standing = self._tools.conversations.answer(arrived.workspace, case_id, card_id, choice, arrived.user)
        except OldCard as error:  # the thread may show what is not so any more: the rules may have changed
            self._tools.delivery.bring_up_to_date(standing, arrived.language)
            return [(self._tools.guard.explain(error, arrived.language, arrived.workspace), None)]
        self._show(standing, arrived.language)
        return []

    def _change(self, arrived: Visit, job: Job) -> Notes:
        case_id, card_id, choice = _reference(job)
        changed = self._tools.conversations.change(arrived.workspace, case_id, card_id, choice, arrived.user)
        self._show(changed, arrived.language)
        return []

    def _start_over(self, arrived: Visit, job: Job) -> Notes:
        begun = self._tools.conversations.begin_again(arrived.workspace, str(job.details["case"]), arrived.user)
        self._tools.delivery.bring_up_to_date(begun, arrived.language)
        return []

    def _show(self, standing: Standing, language: str) -> None:
        self._tools.delivery.bring_up_to_date(standing, language)
        if standing.evaluation and standing.progress.current is None:
            self._tools.metrics.verdict(standing.evaluation.verdict)

    def _whole_list(self, arrived: Visit, job: Job) -> Notes:
        case_id = str(job.details["case"])
        wanted = self._tools.conversations.want_whole_list(arrived.workspace, case_id, arrived.user)
        self._tools.delivery.bring_up_to_date(wanted, arrived.language)
        return []

    def _say(self, arrived: Visit, job: Job, name: str) -> None:
        text = self._tools.phrases.say(arrived.language, name)
        self._put(arrived, job, Reply(name, text, [section(text)]))

    def _reply(self, arrived: Visit, job: Job, *, offered: bool = True) -> None:
        told, language = job.details, arrived.language
        self._put(arrived, job, self._tools.replies.reply(told, arrived.workspace, language, offered=offered))

    def _put(self, arrived: Visit, job: Job, reply: Reply) -> None:
        """Queue words that belong to no case."""
        self._store.put_letter(
            Letter(
                arrived.workspace,
                case_id="",
                name=f"say:{job.key}:{reply.name}",
                state=reply.name,
                lane=job.lane,
                channel=arrived.channel,
                thread=arrived.thread,
                body={"text": reply.text, "blocks": reply.blocks},
                key=f"{job.key}:{reply.name}",
                at=self._tools.clock(),
            )
        )


def from_outside(job: Job) -> bool:
    """Whether a person of another organisation is behind the job."""
    return bool(job.details.get("stranger"))


def asks_status(job: Job) -> bool:
    """Whether the job asks for the week in figures."""
    told = job.details
    asked = job.kind == Kind.TALK and told["reading"] == "status" and (told["named"] or told["direct"])
    return bool(asked) and not told["files"] and not from_outside(job)


def _reference(job: Job) -> tuple[str, str, Choice]:
    told = job.details
    choice = {str(part): tuple(str(name) for name in names) for part, names in dict(told["choice"]).items()}
    return str(told["case"]), str(told["card"]), choice
