"""What officers ask of the digest on their Home: to see a week, to have it sent again, to have it each week or not."""

from datetime import timedelta

from bot.acts import Act
from bot.digest.officers import Officers
from bot.digest.report import Report
from bot.digest.sending import letters_to, report_of
from bot.jobs import Kind
from bot.listeners.visit import Notes, Visit
from bot.status import WHO
from bot.tools import Tools
from bot.views.blocks import Block
from bot.views.digest import OnHome, preview
from conversations.digest import WEEKS
from conversations.errors import NotAllowed, RulesUnreadable
from conversations.figures import monday_of, name_of
from conversations.roles import has_role, require
from conversations.store.protocol import Job


class Asking:
    """Every method asks Slack who is an officer, so no transaction should be open. Raises NotAllowed."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._store = tools.conversations.store
        self._officers = Officers(self._store, tools.languages)

    def on_home(self, arrived: Visit) -> OnHome | None:
        """Return what Home shows; None for who may not see it."""
        try:
            self._require(arrived)
        except (NotAllowed, RulesUnreadable):
            return None
        latest, _ = self._tools.digests.due(arrived.workspace)
        monday = monday_of(latest)
        weeks = tuple(name_of(monday - timedelta(weeks=back)) for back in range(-1, WEEKS))
        said = self._store.subscriptions(arrived.workspace).get(arrived.user)
        return OnHome(latest, weeks, self._is_officer(arrived) if said is None else said)

    def preview(self, arrived: Visit, week: str) -> Block:
        """Return the modal with the digest of a week, also of one that is not over."""
        self._require(arrived)
        return preview(self._tools.phrases, self._report(arrived, week, arrived.language))

    def ready(self, arrived: Visit, job: Job) -> Act:
        """Return what does the job in a transaction."""
        self._require(arrived)
        if job.kind == Kind.DIGEST_SUBSCRIBE:
            return self._subscribe
        week, users = str(job.details["week"]), [arrived.user]
        recipients = self._officers.reached(arrived.client, arrived.workspace, users)
        reports = {each.language: self._report(arrived, week, each.language) for each in recipients}
        letters = list(letters_to(self._tools, arrived.workspace, reports, recipients, job.key))

        def queue(arrived: Visit, _: Job) -> Notes:
            for letter in letters:
                self._store.put_letter(letter)
            return [(self._tools.phrases.say(arrived.language, "note.digest_sent", week=week), None)]

        return queue

    def _subscribe(self, arrived: Visit, job: Job) -> Notes:
        wanted = bool(job.details["wanted"])
        self._store.subscribe(arrived.workspace, arrived.user, wanted=wanted)
        name = "note.digest_wanted" if wanted else "note.digest_unwanted"
        return [(self._tools.phrases.say(arrived.language, name), None)]

    def _report(self, arrived: Visit, week: str, language: str) -> Report:
        digest = self._tools.digests.of(arrived.workspace, week)
        running = self._tools.digests.figures.span(arrived.workspace, week)[1] > self._tools.clock()
        remarks = [self._tools.phrases.label(language, "digest.running")] if running else []
        return report_of(self._tools, arrived.workspace, digest, language, *remarks)

    def _require(self, arrived: Visit) -> None:
        book = self._tools.conversations.library.of(arrived.workspace).current()
        require(book.knowledge.institution, arrived.user, WHO, self._tools.groups.of(arrived.client, arrived.workspace))

    def _is_officer(self, arrived: Visit) -> bool:
        book = self._tools.conversations.library.of(arrived.workspace).current()
        members = self._tools.groups.of(arrived.client, arrived.workspace)
        return has_role(book.knowledge.institution, arrived.user, "officers", members)
