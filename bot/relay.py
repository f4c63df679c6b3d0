"""Letters → Slack: one after the other in a thread, at a channel's pace, until each is there or given up."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clients import NotInstalled
from bot.delivery import QUIET, kind_of
from bot.desk.letters import NOTE
from bot.desk.unreached import Unreached, at_the_desk
from bot.direct import OVER
from bot.ids import USER
from bot.listeners.guard import where_it_failed
from bot.moving import Moving
from bot.newest import Newest
from bot.opening import CLOSED_TO_US
from bot.post import Overtaken
from bot.reach import UNREACHED
from bot.rendering import Mrkdwn
from bot.tools import Tools
from bot.upload import Unfinished, Upload
from conversations.errors import ConversationError, StoreError
from conversations.models import Place
from conversations.store.protocol import Letter

log = logging.getLogger("kakunin.slack")
alert = logging.getLogger("kakunin.alert")

PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
SERVER_ERROR = 500
ATTEMPTS = 12
OUTAGE = timedelta(days=2)
"""So long a letter is tried however often nobody was found at Slack's address: that says nothing about the letter."""
LONGEST = 300
"""Seconds that a letter is put off at most, also where Slack asks for more: then it says so again."""


class Relay:
    """Delivers one letter at a time; how many go at once is up to who calls it."""

    def __init__(self, tools: Tools, client_of: Callable[[str], WebClient], lease: timedelta) -> None:
        """Speak through the client of each letter's workspace; a letter is held for a lease at a time."""
        self._lease = lease
        self._tools = tools
        self._store = tools.conversations.store
        self._client_of = client_of
        self._upload = Upload(self._store)
        self._moving = Moving(tools.conversations, tools.delivery, tools.phrases, tools.clock)
        self._unreached = Unreached(tools, client_of)
        self._newest = Newest(self._store, tools.clock)
        self._clock = tools.clock
        self._metrics = tools.metrics

    def deliver(self, letter: Letter) -> None:
        """Send the letter, put it off, or give it up."""
        try:
            message = self._send(letter)
        except SlackApiError as error:
            self._refused(letter, error)
        except Unfinished as error:
            self._failed(letter, error.code, passing=True, wait=_retry_after(error))
        except UNREACHED as error:
            self._failed(letter, type(error).__name__, passing=True, nobody_there=isinstance(error, OSError))
        except NotInstalled:
            self._failed(letter, "not_installed", passing=False)
        except Overtaken:
            log.info("a message is carried by another worker by now")
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one that fails whatever is done may not stay for ever
            log.error("a message could not be sent: %s", where_it_failed(error))  # noqa: TRY400 - no content
            self._failed(letter, type(error).__name__, passing=True)
        else:
            self._store.letter_sent(letter, message)
            self._metrics.letter("sent")

    def _refused(self, letter: Letter, error: SlackApiError) -> None:
        """What Slack refused is put off or given up; where its channel is closed, it waits or goes on elsewhere."""
        code = str(error.response.get("error") or "no_answer")
        passing = code in PASSING or _status(error) >= SERVER_ERROR
        if code in CLOSED_TO_US and at_the_desk(letter):
            self._waits_for_desk(letter, code)
        elif code == "thread_not_found" and NOTE in letter.name and at_the_desk(letter):
            self._card_anew(letter, code)
        elif not (code in CLOSED_TO_US and self._moved(letter)):
            self._failed(letter, code, passing=passing, wait=_retry_after(error.response))

    def _waits_for_desk(self, letter: Letter, code: str) -> None:
        """It is tried until the channel can be written to: nothing that came to the desk is given up."""
        self._store.letter_failed(letter, code, self._clock() + timedelta(seconds=LONGEST))
        self._metrics.letter("again")
        self._unreached.tell(letter, code)

    def _card_anew(self, note: Letter, code: str) -> None:
        """Somebody deleted the card that a word belongs under: it comes anew, and the word under that."""
        with self._store.transaction():
            self._store.letter_failed(note, code, None)
            try:
                self._tools.desk_letters.put_anew(note)
            except ConversationError:  # the case is gone, and nobody waits for the word
                log.info("a word for the desk is about a case that is gone")

    def _moved(self, letter: Letter) -> bool:
        """Go on with the case in a direct message, as its channel is closed; False if it is there already."""
        place = Place(letter.workspace, letter.channel, letter.thread)
        client, case = self._client_of(letter.workspace), self._store.case_at(place)
        if case is None or letter.case_id not in (case.id, "") or not case.asker or letter.channel.startswith("D"):
            return False
        language = self._tools.languages.of(client, letter.workspace, case.asker)
        try:
            channel = str(client.conversations_open(users=case.asker)["channel"]["id"])
            text = self._tools.phrases.say(language, "notice.goes_on_here", channel=Mrkdwn(letter.channel))
            root = self._tools.post.once(client, channel, "", {"text": text}, f"move:{case.id}", again=True)
        except UNREACHED:
            return False
        with self._store.transaction():
            self._moving.move(case, Place(letter.workspace, channel, root), language, closed=True)
        return True

    def _send(self, letter: Letter) -> str:
        """Return the message that shows the letter's part now."""
        client = self._client_of(letter.workspace)
        if letter.file:
            return self._upload.once(client, letter, letter.file)
        return self._newest.sent(letter, lambda body: self._shown(client, letter, body))

    def _shown(self, client: WebClient, letter: Letter, body: Mapping[str, Any]) -> str:
        message = self._message(letter) if letter.update else ""
        if message:
            self._hold(letter)
            try:
                client.chat_update(channel=_room(client, letter.channel), ts=message, **body)
            except SlackApiError as error:
                if error.response["error"] != "message_not_found":
                    raise
                if kind_of(letter.state) in QUIET:
                    return message
            else:
                return message
        elif letter.update and kind_of(letter.state) in QUIET:
            return ""
        again = letter.attempts > 1
        return self._tools.post.once(
            client,
            letter.channel,
            self._thread(letter),
            body,
            letter.key,
            again=again,
            last_look=lambda: self._hold(letter),
        )

    def _thread(self, letter: Letter) -> str:
        """A word at the desk goes under the message that shows the card now; into the channel where there is none."""
        card, is_note, _ = letter.name.partition(NOTE)
        if not (is_note and at_the_desk(letter)):
            return letter.thread
        posted = self._store.desk_posted(letter.workspace, card)
        return posted.message if posted else ""

    def _hold(self, letter: Letter) -> None:
        """Go on for another lease, unless somebody else took the letter up while this worker was held up."""
        if not self._store.keep_letter(letter, self._clock() + self._lease):
            raise Overtaken

    def _message(self, letter: Letter) -> str:
        if letter.name.startswith(OVER):
            return letter.name.rpartition(":")[2]
        if at_the_desk(letter):
            posted = self._store.desk_posted(letter.workspace, letter.name)
        else:
            posted = self._store.posted(letter.workspace, letter.case_id).get(letter.name)
        return posted.message if posted else ""

    def _failed(self, letter: Letter, error: str, *, passing: bool, wait: int = 0, nobody_there: bool = False) -> None:
        """What may pass is tried again, later each time; anything else, and the last attempt, is given up."""
        outlasts = nobody_there and self._clock() - letter.at < OUTAGE
        if passing and (letter.attempts < ATTEMPTS or outlasts):
            seconds = min(wait or 2**letter.attempts, LONGEST)
            self._store.letter_failed(letter, error, self._clock() + timedelta(seconds=seconds))
            self._metrics.letter("again")
            log.warning("a message waits: %s", error)
            return
        self._store.letter_failed(letter, error, None)
        self._metrics.letter("dead")
        alert.error("a message was given up: %s; `kakunin outbox` shows it", error)


def _room(client: WebClient, channel: str) -> str:
    """Return the conversation: what stands in the direct message with a person is changed under its own id only."""
    if not USER.fullmatch(channel):
        return channel
    return str(client.conversations_open(users=channel)["channel"]["id"])


def _status(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 0) or 0)


def _retry_after(answer: object) -> int:
    """Return how long Slack asks to wait, in seconds; 0 if it does not say."""
    value = str((getattr(answer, "headers", None) or {}).get("Retry-After", ""))
    return int(value) if value.isdigit() else 0
