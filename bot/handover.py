"""A case is handed to a colleague: the asker offers it, and the other takes it over or not, in a direct message."""

from collections.abc import Callable, Mapping

from slack_sdk import WebClient

from bot.delivery import INTRO
from bot.direct import Told, direct
from bot.ids import DIRECT
from bot.jobs import Kind
from bot.listeners.visit import Notes, Visit
from bot.moving import Moving
from bot.people import belongs, person_of
from bot.rendering import Mrkdwn
from bot.tools import Tools
from bot.views.blocks import section
from bot.views.handover import offered
from conversations.errors import NoSuchCase, NotAColleague
from conversations.models import Case, Place
from conversations.store.protocol import Job, Posted

OFFERED, TAKEN, REFUSED = "offered", "taken", "refused"


def require_colleague(client: WebClient, arrived: Visit, user: str) -> None:
    """Let through who can take over a case of this workspace. Raises NotAColleague, and what reaching Slack raises."""
    person = person_of(client, user) or {"deleted": True}
    gone = person.get("deleted") or person.get("is_bot") or person.get("is_stranger")
    if gone or user == arrived.user or not belongs(person, arrived.workspace):
        raise NotAColleague(user)


def handing(tools: Tools) -> Mapping[str, Callable[[Visit, Job], Notes]]:
    """Return what each kind of job does."""
    handover = Handover(tools)
    return {Kind.HAND: handover.hand, Kind.TAKE: handover.take, Kind.REFUSE: handover.refuse}


class Handover:
    """Offers cases and lets them be taken over. The offer is a message of the case, in whose state it stands."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._store = tools.conversations.store
        self._moving = Moving(tools.conversations, tools.delivery, tools.phrases, tools.clock)

    def hand(self, arrived: Visit, job: Job) -> Notes:
        """Ask the colleague, in their language; nothing changes before they say yes."""
        case = self._tools.conversations.owned(arrived.workspace, str(job.details["case"]), arrived.user)
        to = str(job.details["to"])
        language = self._tools.languages.of(arrived.client, arrived.workspace, to)
        self._put(case, job, _name(to), OFFERED, to, offered(self._tools.phrases, case, language))
        return [(self._tools.phrases.say(arrived.language, "note.handed"), None)]

    def take(self, arrived: Visit, job: Job) -> Notes:
        """Let the case be theirs; one in a direct message goes on under the offer."""
        case = self._offer(arrived, job)
        message = str(job.details["message"])
        standing = self._tools.conversations.hand_over(arrived.workspace, case.id, arrived.user)
        self._close_offers(case)
        if case.place.channel.startswith(DIRECT):
            place = Place(arrived.workspace, arrived.channel, message)
            self._moving.move(standing.case, place, arrived.language)
        else:
            self._store.set_posted(arrived.workspace, case.id, INTRO, self._shown(case, INTRO))
            self._tools.delivery.bring_up_to_date(standing, arrived.language)
        self._settle(arrived, case, job, TAKEN)
        self._tell(arrived, case, job, "entry.was_taken")
        return []

    def refuse(self, arrived: Visit, job: Job) -> Notes:
        """Leave it with the asker, and tell them."""
        case = self._offer(arrived, job)
        self._settle(arrived, case, job, REFUSED)
        self._tell(arrived, case, job, "entry.was_refused")
        return []

    def _offer(self, arrived: Visit, job: Job) -> Case:
        """Return the case that is offered to whoever clicked. Raises NoSuchCase where it is not, or no more."""
        case = self._tools.conversations.case(arrived.workspace, str(job.details["case"]))
        offer = self._store.posted(arrived.workspace, case.id).get(_name(arrived.user))
        if offer is None or offer.state != OFFERED:
            raise NoSuchCase(case.id)
        return case

    def _close_offers(self, case: Case) -> None:
        """What was offered to others as well is theirs to take no more."""
        for name, posted in self._store.posted(case.place.workspace, case.id).items():
            if posted.state == OFFERED:
                self._store.set_posted(case.place.workspace, case.id, name, Posted(posted.message, TAKEN))

    def _shown(self, case: Case, part: str) -> Posted:
        """The part as something that has to be shown anew, in its place."""
        posted = self._store.posted(case.place.workspace, case.id).get(part)
        return Posted(posted.message if posted else "", "")

    def _settle(self, arrived: Visit, case: Case, job: Job, state: str) -> None:
        """Write into the offer what came of it."""
        name = _name(arrived.user)
        self._store.set_posted(arrived.workspace, case.id, name, Posted(str(job.details["message"]), ""))
        elsewhere = "" if case.place.channel.startswith(DIRECT) else case.place.channel
        asker = Mrkdwn(f"<@{case.asker}>")
        phrase = "entry.taken" if state == TAKEN else "entry.refused"
        there = Mrkdwn(f"<#{elsewhere}>") if elsewhere else ""
        text = self._tools.phrases.say(arrived.language, phrase, asker=asker, channel=there)
        self._put(case, job, name, state, arrived.channel, (text, [section(text)]), update=True)

    def _tell(self, arrived: Visit, case: Case, job: Job, phrase: str) -> None:
        """Tell whoever asked, in a direct message of their own."""
        language = self._tools.languages.of(arrived.client, arrived.workspace, case.asker)
        text = self._tools.phrases.say(language, phrase, colleague=Mrkdwn(f"<@{arrived.user}>"))
        self._put(case, job, f"told:{job.key}", phrase, case.asker, (text, [section(text)]))

    def _put(  # noqa: PLR0913, PLR0917 - a letter has these parts
        self, case: Case, job: Job, name: str, state: str, channel: str, told: Told, *, update: bool = False
    ) -> None:
        letter = direct(case, name, state, channel, told, f"{job.key}:{state}", self._tools.clock(), update=update)
        self._store.put_letter(letter)


def _name(user: str) -> str:
    return f"hand:{user}"
