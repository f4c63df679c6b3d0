"""“Get the record” → three letters with a file each, for the thread of the case; only its asker gets them."""

from collections.abc import Mapping
from dataclasses import replace

from bot.acts import Act
from bot.delivery import RECORD
from bot.listeners.visit import Notes, Visit
from bot.people import names_of
from bot.record.making import FILES, make_files
from bot.record.writing import Settled
from bot.rendering import Mrkdwn
from bot.tools import Tools
from conversations.errors import OldCard
from conversations.store.protocol import File, Job, Letter


class Records:
    """Makes records before the transaction that queues them, so that nobody waits for it with the store."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._store = tools.conversations.store

    def ready(self, arrived: Visit, job: Job) -> Act:
        """Return what queues the record. Raises NoSuchCase, NotYourCase, OldCard before there is a verdict."""
        case = self._settled(arrived, str(job.details["case"]))
        parts = _parts(case, arrived.language)
        missing = [what for what in FILES if not self._is_there(case, parts[what])]
        if not missing:
            return lambda *_: [(self._tools.phrases.say(arrived.language, "note.record_is_there"), None)]
        case = replace(case, names=names_of(arrived.client, _confirming(case)))
        files = make_files(self._tools.phrases, case, self._tools.zone, arrived.language)

        def queue(arrived: Visit, job: Job) -> Notes:
            self._queue(case, {parts[what]: files[what] for what in missing}, arrived, job)
            return []

        return queue

    def _settled(self, arrived: Visit, case_id: str) -> Settled:
        """Return the case as it stands, with a receipt that says just this and is kept."""
        conversations = self._tools.conversations
        with self._store.transaction():
            standing = conversations.standing(conversations.owned(arrived.workspace, case_id, arrived.user))
            if standing.evaluation is None:
                raise OldCard(case_id)
            receipt = conversations.receipt(standing, standing.evaluation)
            ruling = conversations.marks(standing.case).ruling
        return Settled(standing, standing.evaluation, conversations.insight(standing), receipt, ruling)

    def _is_there(self, case: Settled, name: str) -> bool:
        """Whether a file is in the thread, or on its way there."""
        workspace, case_id = case.standing.case.place.workspace, case.standing.case.id
        posted = self._store.posted(workspace, case_id).get(name)
        return bool(posted and posted.message) or self._store.on_its_way(workspace, case_id, name)

    def _queue(self, case: Settled, files: Mapping[str, File], arrived: Visit, job: Job) -> None:
        """Queue the files, by the names of their parts; the first one brings the words."""
        text = self._tools.phrases.say(arrived.language, "record.posted", asker=Mrkdwn(f"<@{arrived.user}>"))
        place = self._tools.conversations.case(arrived.workspace, case.standing.case.id).place  # it may have moved
        at = self._tools.clock()
        for name, file in files.items():
            letter = Letter(
                place.workspace,
                case_id=case.standing.case.id,
                name=name,
                state=RECORD,
                lane=f"{place.channel}:{place.thread}",
                channel=place.channel,
                thread=place.thread,
                body={"text": text},
                key=f"{job.key}:{name}",
                at=at,
                file=file,
            )
            self._store.put_letter(letter)
            text = ""


def _confirming(case: Settled) -> set[str]:
    """Whose word counts in the case: who was asked, and who answered for them."""
    given = (each for each in case.standing.case.confirmations if each.in_force and each.asked_by)
    return {person for each in given for person in (each.person, each.by) if person}


def _parts(case: Settled, language: str) -> Mapping[str, str]:
    """Return how the parts are called that show the files: by the receipt and the ruling, which say all of it."""
    ruled = f":{int(case.ruling.at.timestamp())}" if case.ruling else ""
    return {what: f"{RECORD}:{what}:{language}:{case.receipt.hash[:16]}{ruled}" for what in FILES}
