"""What requests and answers do: the case is judged anew, its thread shows it, and the other side is told."""

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256

from bot.direct import direct
from bot.jobs import Kind
from bot.listeners.visit import Notes, Visit
from bot.metrics import ASKED, CONFIRMED, REFUSED
from bot.rendering import Mrkdwn
from bot.tools import Tools
from bot.views.asked import asked
from bot.views.blocks import section
from conversations.approvals import Approvals
from conversations.models import Confirmation
from conversations.service import Standing
from conversations.store.protocol import Job, Letter


def approving(tools: Tools) -> Mapping[str, Callable[[Visit, Job], Notes]]:
    """Return what each kind of job does."""
    acts = Approving(tools)
    return {
        Kind.ASK_TO_CONFIRM: acts.ask,
        Kind.SAY: acts.say,
        Kind.ASK_BACK: acts.ask_back,
        Kind.WITHDRAW: acts.withdraw,
        Kind.RECALL: acts.recall,
        Kind.DELEGATE: acts.delegate,
        Kind.END_DELEGATION: acts.end_delegation,
    }


class Approving:
    """One method a kind of job. Requests are letters of the case, in the language of whoever reads them."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._store = tools.conversations.store
        self._approvals = Approvals(tools.conversations, tools.zone)

    def ask(self, arrived: Visit, job: Job) -> Notes:
        """Ask the person, or write down what is claimed."""
        told = job.details
        each = Confirmation(
            id=sha256(job.key.encode()).hexdigest()[:16],
            fact=str(told["fact"]),
            part=str(told["part"]),
            capacity=str(told["capacity"]),
            person=str(told["person"]),
            asked_by=arrived.user,
            asked_at=self._tools.clock(),
            claimed=bool(told["claimed"]),
        )
        standing, new = self._approvals.ask(arrived.workspace, str(job.details["case"]), each)
        if new and each.person:
            to = self._approvals.stand_in(arrived.workspace, each.person) or each.person
            language = self._language(arrived, to)
            shown = asked(self._tools.phrases, standing, each, language)
            self._tools.requests.ask(standing.case, each, to, language, shown)
            self._tools.metrics.confirmation(ASKED)
        self._tools.delivery.bring_up_to_date(standing, arrived.language)
        phrase = "note.claimed" if each.claimed else "note.asked" if new else "note.asked_before"
        return [(self._tools.phrases.say(arrived.language, phrase), None)]

    def say(self, arrived: Visit, job: Job) -> Notes:
        """Take yes or no."""
        told, case_id, name = job.details, str(job.details["case"]), str(job.details["confirmation"])
        until = date.fromisoformat(told["until"]) if told["until"] else None
        standing = self._approvals.answer(
            arrived.workspace, case_id, name, arrived.user, yes=bool(told["yes"]), until=until, words=str(told["words"])
        )
        each = next(c for c in standing.case.confirmations if c.id == name)
        self.tell(arrived, standing, each, "yes" if told["yes"] else "no", job.key, each.words)
        self._tools.metrics.confirmation(CONFIRMED if told["yes"] else REFUSED)
        return [(self._tools.phrases.say(arrived.language, "note.said"), None)]

    def ask_back(self, arrived: Visit, job: Job) -> Notes:
        """Relay the question into the thread; the request goes on waiting."""
        case, each = self._approvals.to_answer(
            arrived.workspace, str(job.details["case"]), str(job.details["confirmation"]), arrived.user
        )
        standing = self._tools.conversations.standing(case)
        self.tell(arrived, standing, each, "back", job.key, str(job.details["words"]))
        return [(self._tools.phrases.say(arrived.language, "note.asked_back"), None)]

    def withdraw(self, arrived: Visit, job: Job) -> Notes:
        """Take back what was said; the case is open again."""
        case_id, name = str(job.details["case"]), str(job.details["confirmation"])
        standing, new = self._approvals.withdraw(arrived.workspace, case_id, name, arrived.user)
        if not new:
            return [(self._tools.phrases.say(arrived.language, "note.already_said"), None)]
        each = next(c for c in standing.case.confirmations if c.id == name)
        self.tell(arrived, standing, each, "withdrawn", job.key)
        return [(self._tools.phrases.say(arrived.language, "note.withdrawn"), None)]

    def recall(self, arrived: Visit, job: Job) -> Notes:
        """Ask somebody no more, and tell them."""
        case_id, name = str(job.details["case"]), str(job.details["confirmation"])
        standing, new = self._approvals.recall(arrived.workspace, case_id, name, arrived.user)
        if not new:
            return [(self._tools.phrases.say(arrived.language, "note.already_said"), None)]
        each = next(c for c in standing.case.confirmations if c.id == name)
        if each.person:
            language = self._language(arrived, each.person)
            views = self._tools.views(standing.book).verdicts.approvals
            what = views.what(each.fact, each.part, language)
            asker = Mrkdwn(f"<@{arrived.user}>")
            text = self._tools.phrases.say(language, "approval.recalled", asker=asker, what=what)
            to = self._approvals.stand_in(arrived.workspace, each.person) or each.person
            letter = direct(
                standing.case,
                f"recalled:{each.id}",
                job.kind,
                to,
                (text, [section(text)]),
                job.key,
                self._tools.clock(),
            )
            self._store.put_letter(letter)
        self._tools.delivery.bring_up_to_date(standing, arrived.language)
        return [(self._tools.phrases.say(arrived.language, "note.recalled"), None)]

    def delegate(self, arrived: Visit, job: Job) -> Notes:
        """Let somebody stand in; what is asked from now on goes to them, what waits is on their Home tab."""
        until = date.fromisoformat(str(job.details["until"]))
        self._approvals.delegate(arrived.workspace, arrived.user, str(job.details["person"]), until)
        return [(self._tools.phrases.say(arrived.language, "note.delegated"), None)]

    def end_delegation(self, arrived: Visit, _: Job) -> Notes:
        """Answer oneself again."""
        self._store.end_delegation(arrived.workspace, arrived.user)
        return [(self._tools.phrases.say(arrived.language, "note.delegation_ended"), None)]

    def tell(  # noqa: PLR0913, PLR0917 - who hears what of which
        self, arrived: Visit, standing: Standing, each: Confirmation, kind: str, key: str, words: str = ""
    ) -> None:
        """Show the case as it stands now, and tell its asker in their thread."""
        case = standing.case
        language = self._language(arrived, case.asker)
        self._tools.delivery.bring_up_to_date(standing, language)
        self._store.put_letter(self.to_asker(standing, each, kind, key, language, words))

    def to_asker(  # noqa: PLR0913, PLR0917 - a letter has these parts
        self, standing: Standing, each: Confirmation, kind: str, key: str, language: str, words: str = ""
    ) -> Letter:
        """Return the letter to the thread."""
        place, views = standing.case.place, self._tools.views(standing.book).verdicts
        verdict = views.insights.word(standing.evaluation.verdict, language) if standing.evaluation else ""
        text = views.approvals.told(kind, each, verdict, language, words)
        asker = self._tools.phrases.say(
            language, "approval.to", asker=Mrkdwn(f"<@{standing.case.asker}>"), text=Mrkdwn(text)
        )
        return Letter(
            place.workspace,
            case_id=standing.case.id,
            name=f"told:{each.id}:{kind}:{key}",
            state=kind,
            lane=f"{place.channel}:{place.thread}",
            channel=place.channel,
            thread=place.thread,
            body={"text": asker},
            key=f"{key}:{kind}",
            at=self._tools.clock(),
        )

    def _language(self, arrived: Visit, user: str) -> str:
        return self._tools.languages.of(arrived.client, arrived.workspace, user)
