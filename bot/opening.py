"""What is done at Slack before a job is taken up: a root message is posted, or somebody is looked up.

It may be tried again, and so may be done again; nothing is written down yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.handover import require_colleague
from bot.ids import DIRECT
from bot.jobs import Kind
from bot.listeners.visit import Visit
from bot.outside import Outside
from bot.rendering import Mrkdwn
from bot.spoken import LANGUAGES
from bot.tools import Tools
from conversations.store.protocol import Job

CLOSED_TO_US = frozenset({"channel_not_found", "not_in_channel", "is_archived", "restricted_action"})
Before = Callable[[Visit, Job, WebClient], Visit]


class Opening:
    """One method a kind of job; each returns the visit at the place where the job is taken up."""

    def __init__(self, tools: Tools) -> None:
        """Work with what the composition root put together."""
        self._tools = tools
        self._by_kind: Mapping[str, Before] = {
            Kind.OPEN_THREAD: self._open_thread,
            Kind.COPY: self._open_if_theirs,
            Kind.DIRECT: self._open_elsewhere,
            Kind.HAND: self._look_up,
            **dict.fromkeys((Kind.TAKE, Kind.REFUSE), self._know_the_asker),
            **dict.fromkeys((Kind.SAY, Kind.ASK_BACK, Kind.WITHDRAW), self._know_the_asker),
            **dict.fromkeys((Kind.ASK_TO_CONFIRM, Kind.RECALL, Kind.DELEGATE), self._know_the_other),
            Kind.LANGUAGE: self._switch,
            Kind.TALK: Outside(tools).brought_in,
        }

    def before(self, arrived: Visit, job: Job, carrier: Callable[[str], WebClient]) -> Visit:
        """Do it. `carrier` gives the client that never posts a second time by itself.

        Raises ConversationError where the job cannot be taken, and what reaching Slack raises.
        """
        opens = self._by_kind.get(job.kind)
        return opens(arrived, job, carrier(job.workspace)) if opens else arrived

    def _open_thread(self, arrived: Visit, job: Job, carrier: WebClient) -> Visit:
        """Post a root message, or in a direct message where there is no channel, or the bot may not write in it.

        Tried again, it takes the message that an earlier attempt posted.
        """
        text = self._tools.phrases.say(arrived.language, "note.root", asker=Mrkdwn(f"<@{arrived.user}>"))
        if not arrived.channel:
            return self._directly(arrived, job, carrier, text)
        try:
            return self._posted(arrived, job, carrier, {"text": text})
        except SlackApiError as error:
            if error.response["error"] not in CLOSED_TO_US:
                raise
        moved = self._tools.phrases.say(arrived.language, "note.moved_to_dm")
        return self._directly(arrived, job, carrier, f"{text}\n{moved}")

    def _directly(self, arrived: Visit, job: Job, carrier: WebClient, text: str) -> Visit:
        channel = str(carrier.conversations_open(users=arrived.user)["channel"]["id"])
        return self._posted(replace(arrived, channel=channel), job, carrier, {"text": text})

    def _posted(self, arrived: Visit, job: Job, carrier: WebClient, body: Mapping[str, Any]) -> Visit:
        root = self._tools.post.once(carrier, arrived.channel, "", body, job.key, again=job.attempts > 1)
        return replace(arrived, thread=root)

    def _open_if_theirs(self, arrived: Visit, job: Job, carrier: WebClient) -> Visit:
        self._tools.conversations.owned(arrived.workspace, str(job.details["case"]), arrived.user)
        return self._open_thread(arrived, job, carrier)

    def _open_elsewhere(self, arrived: Visit, job: Job, carrier: WebClient) -> Visit:
        """Open a direct message, unless the case is in one already."""
        case = self._tools.conversations.owned(arrived.workspace, str(job.details["case"]), arrived.user)
        if case.place.channel.startswith(DIRECT):
            return replace(arrived, channel=case.place.channel, thread=case.place.thread)
        return self._open_thread(replace(arrived, channel="", thread=""), job, carrier)

    def _look_up(self, arrived: Visit, job: Job, carrier: WebClient) -> Visit:
        self._tools.conversations.owned(arrived.workspace, str(job.details["case"]), arrived.user)
        require_colleague(carrier, arrived, str(job.details["to"]))
        self._know(arrived, str(job.details["to"]))
        return arrived

    def _know_the_asker(self, arrived: Visit, job: Job, _: WebClient) -> Visit:
        self._know(arrived, self._tools.conversations.case(arrived.workspace, str(job.details["case"])).asker)
        return arrived

    def _know_the_other(self, arrived: Visit, job: Job, _: WebClient) -> Visit:
        if person := str(job.details["person"]):
            self._know(arrived, person)
            delegation = self._tools.conversations.store.delegation(arrived.workspace, person)
            if delegation:
                self._know(arrived, delegation.delegate)
        return arrived

    def _know(self, arrived: Visit, user: str) -> None:
        """Ask for the language of somebody else who is told as well, as Slack is not asked in a transaction."""
        self._tools.languages.of(arrived.client, arrived.workspace, user)

    def _switch(self, arrived: Visit, job: Job, _: WebClient) -> Visit:
        """Take the language that was chosen, or leave it to Slack again, so that everything after is said in it."""
        store, language = self._tools.conversations.store, str(job.details["language"])
        if language in LANGUAGES:
            store.prefer(arrived.workspace, arrived.user, language)
        else:
            store.forget_language(arrived.workspace, arrived.user)
        spoken = self._tools.languages.of(arrived.client, arrived.workspace, arrived.user)
        return replace(arrived, language=spoken)
