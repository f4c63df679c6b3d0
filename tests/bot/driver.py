"""A person at Slack: looks at what is shown to them, clicks and types, and reads verdicts and notes as codes."""

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from bot.ids import INPUT, View
from bot.playground import payloads
from bot.playground.gestures import Gestures
from bot.playground.payloads import Payload
from bot.playground.server import Playground
from bot.playground.slack import Reply
from bot.playground.workspace import BOT, Channel, Message, Person
from conversations.errors import NoSuchCase
from conversations.models import Place
from conversations.service import Standing
from rules.models import Evaluation

MENTION = f"<@{BOT}>"
SAFE = {"confirmed": ["access", "channel", "purpose", "person", "liability"], "place": ["japan"]}
"""A service about which all is confirmed, as ticked on its card."""

QUESTION = "May I upload this experiment's data?"
LANGUAGES = ("ja", "en")
PATIENCE = 60.0
NOBODY_THERE = "http://127.0.0.1:1/"
_numbers = itertools.count(1)


class Office:
    """The running playground, with what tests ask of it."""

    def __init__(
        self,
        play: Playground,
        settle: Callable[[], None],
        complaints: list[str],
        clients: list[WebClient],
        clock: Any,
    ) -> None:
        self.slack, self.works, self.url = play.slack, play.works, play.url
        self.tools = play.works.tools
        self.courier = play.courier
        self.workspace = play.slack.workspace
        self.gestures = Gestures(play.slack)
        self._settle_listeners = settle
        self._complaints = complaints
        self._clients = clients
        self._clock = clock

    def later(self, seconds: float = 600) -> None:
        """Let time pass, until what was put off is due, and wait for it."""
        self._clock.ahead += timedelta(seconds=seconds)
        self.works.wake()
        self.settle()

    def settle(self) -> None:
        """Wait until the bot has nothing left to do now; what it put off for later may stay."""
        self._settle_listeners()
        until = time.monotonic() + PATIENCE
        while not self._at_rest():
            assert time.monotonic() < until, f"the bot is still busy: {self.tools.conversations.store.backlog()}"
            time.sleep(0.002)

    def _at_rest(self) -> bool:
        return self.works.jobs.resting and self.works.letters.resting

    def rounds(self) -> None:
        """Let the courier go its round, and wait for what it queued."""
        self.courier.go_round()
        self.settle()

    @contextmanager
    def unreachable_slack(self) -> Iterator[None]:
        """Let the bot find nobody at Slack's address while inside."""
        addresses = [client.base_url for client in self._clients]
        for client in self._clients:
            client.base_url = NOBODY_THERE
        try:
            yield
        finally:
            for client, address in zip(self._clients, addresses, strict=True):
                client.base_url = address

    def newcomer(self, locale: str) -> "Researcher":
        """Return a person with a direct message channel and a public channel that only this test uses."""
        number = next(_numbers)
        person = Person(f"U{number:06d}", f"person {number}", locale)
        direct = Channel(f"D{number:06d}", "Kakunin", person=person.id)
        channel = Channel(f"C{number:06d}", f"room-{number}")
        with self.workspace.changed:
            self.workspace.people = {**self.workspace.people, person.id: person}
            self.workspace.channels = {**self.workspace.channels, direct.id: direct, channel.id: channel}
        return Researcher(self, person.id, direct.id, channel.id)

    def speaks(self, person: "Researcher", locale: str) -> None:
        """Change somebody's locale."""
        self.workspace.people[person.id] = replace(self.workspace.people[person.id], locale=locale)

    def take_refusals(self) -> list[str]:
        """Return what the stand-in refused since, and forget it."""
        taken, self.workspace.refusals[:] = self.workspace.refusals[:], []
        return taken

    def take_complaints(self) -> list[str]:
        """Return what was logged as an error since, and forget it."""
        taken, self._complaints[:] = self._complaints[:], []
        return taken

    def send_event(self, inner: Payload, **more: Any) -> Reply:
        """Send an event as Slack would, and wait until the bot is done with it."""
        return self.send(payloads.encode_event({**payloads.event(self.workspace, inner), **more}))

    def send_interaction(self, payload: Payload) -> Reply:
        """Send a click or a submission, and wait until the bot is done with it."""
        return self.send(payloads.encode_interaction(payload))

    def send(self, encoded: tuple[str, str]) -> Reply:
        reply = self.slack.send(*encoded)
        self.settle()
        return reply

    def send_at_once(self, requests: Sequence[tuple[str, str]]) -> list[int]:
        """Send requests from as many threads at once; returns their status codes once the bot is done."""
        start = threading.Barrier(len(requests))
        found: list[int] = []

        def send(request: tuple[str, str]) -> None:
            start.wait()
            found.append(self.slack.send(*request).status)

        threads = [threading.Thread(target=send, args=(request,)) for request in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.settle()
        return found

    def name_of(self, text: str) -> tuple[str, str]:
        """Return language and name of the phrase a note says."""
        for language in LANGUAGES:
            for name in self.tools.phrases.names(language):
                if name.startswith("note.") and re.fullmatch(self._pattern(language, name), text, re.DOTALL):
                    return language, name.removeprefix("note.")
        raise AssertionError(f"not a note of ours: {text}")

    def _pattern(self, language: str, name: str) -> str:
        names = ("part", "reference", "asker", "unfinished", "finished", "answers", "since", "roles", "week", "monday")
        counts = ("started", "verdicts", "data_classes", "services", "words", "jobs", "letters", "dead")
        values = dict.fromkeys((*names, *counts, "ticks", "opinions", "confirmations", "desk", "holder"), "\0")
        said = self.tools.phrases.say(language, name, **values)
        return re.escape(said).replace(re.escape("\0"), ".*")


@dataclass
class Researcher:
    """One person, in one thread at a time."""

    office: Office
    id: str
    direct: str
    room: str
    channel: str = ""
    thread: str = ""

    def asks(self, text: str = QUESTION) -> "Researcher":
        """Mention the bot in the channel; the thread under the mention is looked at from here on."""
        return self.says(f"<@{self.office.workspace.bot}> {text}".strip())

    def asks_directly(self, text: str = QUESTION) -> "Researcher":
        return self.says(text, channel=self.direct)

    def says(self, text: str, channel: str = "", thread: str = "", file: str = "") -> "Researcher":
        self.channel = channel or self.room
        message = self.office.slack.say(self.id, self.channel, text, thread, file)
        self.thread = thread or message["ts"]
        self.office.settle()
        return self

    def replies(self, text: str, file: str = "") -> "Researcher":
        return self.says(text, self.channel, self.thread, file)

    def commands(self, text: str, channel: str = "") -> Reply:
        """Type /kakunin; the thread that it started, if any, is looked at from here on."""
        before = {message["ts"] for message in self.everything()}
        reply = self.office.slack.command(self.id, channel or self.room, text)
        self.office.settle()
        self._follow(before)
        return reply

    def _follow(self, before: set[str]) -> None:
        for channel in (self.room, self.direct):
            for message in self.office.workspace.messages.get(channel, []):
                if message["ts"] not in before and "thread_ts" not in message and not message.get("ephemeral"):
                    self.channel, self.thread = channel, message["ts"]

    def looks_at(self, other: "Researcher") -> "Researcher":
        """Look at somebody else's thread."""
        self.channel, self.thread = other.channel, other.thread
        return self

    def everything(self) -> list[Message]:
        """Return every message that the person can see in the two channels of this test and the one looked at."""
        seen = self.office.workspace.visible(self.id)
        return [message for name in {self.room, self.direct, self.channel} for message in seen.get(name, [])]

    def from_bot(self) -> list[Message]:
        """Return what the bot posted in the thread for all to see, oldest first."""
        found = self.office.workspace.messages.get(self.channel, [])
        return [
            m
            for m in found
            if m.get("thread_ts") == self.thread and m["user"] == self.office.workspace.bot and "only_for" not in m
        ]

    def notes(self) -> list[str]:
        """Return the names of the private notes to this person so far."""
        return [name for _, name in self.noted()]

    def noted(self) -> list[tuple[str, str]]:
        """Return language and name of each private note."""
        return [self.office.name_of(m["text"]) for m in self.everything() if m.get("only_for") == self.id]

    def cards(self, card: str = "") -> list[Message]:
        """Return the messages that ask something now; with `card`, those that ask it."""
        found = [m for m in self.from_bot() if _asks(m)]
        return [m for m in found if not card or _asks(m) == card]

    @property
    def asked(self) -> list[str]:
        """Return the ids of the cards that can be answered in the thread."""
        return [_asks(message) for message in self.cards()]

    def answered(self, card: str) -> Message | None:
        """Return the message that shows the answer to the card."""
        return next((m for m in self.from_bot() if (_button(m, "card.change") or "").endswith(f"|{card}")), None)

    def presses(
        self, action: str, state: Mapping[str, Sequence[str]] | None = None, on: Message | None = None
    ) -> Reply:
        """Click a button of the card that is asked, or of a message, or pick it in its menu, with what is ticked."""
        message = on or self.cards()[-1]
        block, name, picked = _found(message, action)
        chosen = {part: {INPUT: list(names)} for part, names in (state or {}).items()}
        reply = self.office.slack.click(self.id, self.channel, message["ts"], block, name, picked, chosen)
        self.office.settle()
        return reply

    def answers(self, card: str, button: str = "", /, **ticked: Sequence[str]) -> "Researcher":
        """Answer the card that has to be the one asked now: by a one-click button, or by Next with what is ticked."""
        assert self.asked == [card]
        names = [name for _, name in payloads.elements(self.cards()[-1]["blocks"])]
        wanted = [n for n in names if button and n.split(":")[-1] == button] or [n for n in names if n == "card.next"]
        if wanted:
            self.presses(wanted[0], ticked)
        else:
            self._closes(names, ticked)
        return self

    def _closes(self, names: Sequence[str], ticked: Mapping[str, Sequence[str]]) -> None:
        """Choose in the last input of the card, which answers it: a service in its list, or one of its buttons."""
        lists = [name for name in names if name.startswith("card.select:")]
        if not lists:
            closing = next(n for n in names for p, v in ticked.items() if n == f"card.pick:{p}:{''.join(v)}")
            others = {part: values for part, values in ticked.items() if part != closing.split(":")[1]}
            self.presses(closing, others)
            return
        message, chosen = self.cards()[-1], list(ticked["service"])
        state = {part: {INPUT: list(values)} for part, values in ticked.items() if part != "service"}
        state["service"] = {lists[0]: chosen}
        self.office.slack.click(self.id, self.channel, message["ts"], "service", lists[0], chosen, state)
        self.office.settle()

    def presses_change(self, card: str) -> None:
        message = self.answered(card)
        assert message is not None
        self.presses("card.change", on=message)

    def changes(self, card: str) -> Payload:
        """Press Change at an answered card; returns the modal that opened."""
        self.presses_change(card)
        return self.view

    def first_message(self) -> Message:
        """Return the message that the thread looked at hangs on."""
        found = self.office.workspace.find(self.channel, self.thread)
        assert found is not None
        return found

    def edits(self, text: str) -> "Researcher":
        """Write something else into the first message of the thread."""
        self.office.gestures.edit(self.id, self.channel, self.thread, text)
        self.office.settle()
        return self

    def reacts(self, reaction: str, to: "Researcher | None" = None) -> "Researcher":
        """React to the first message of a thread."""
        looked_at = to or self
        self.office.gestures.react(self.id, looked_at.channel, looked_at.thread, reaction)
        self.office.settle()
        return self

    def presses_in_the_note(self, action: str) -> Reply:
        """Press a button of the newest private note."""
        note = [m for m in self.everything() if m.get("only_for") == self.id][-1]
        return self.presses(action, on=note)

    def opens_home(self) -> "Researcher":
        """Open the Home tab."""
        self.office.gestures.open_home(self.id)
        self.office.settle()
        return self

    @property
    def home(self) -> Payload:
        """Return the Home tab as it is shown."""
        return self.office.workspace.homes[self.id]

    def on_home(self, action: str, case: str = "") -> Payload | None:
        """Return an element of the Home tab, of the row of a case where one is named; None where there is none."""
        for (block, name), element in payloads.elements(self.home["blocks"]).items():
            if name == action and (not case or block == f"case:{case}"):
                return element
        return None

    def acts_on_home(self, action: str, case: str = "", chosen: Sequence[str] = ()) -> "Researcher":
        """Click an element of the Home tab, or choose something in it; a thread that begins is looked at."""
        before = {message["ts"] for message in self.everything()}
        for block, name in payloads.elements(self.home["blocks"]):
            if name == action and (not case or block == f"case:{case}"):
                self.office.gestures.click_home(self.id, block, action, list(chosen), {})
                self.office.settle()
                self._follow(before)
                return self
        raise AssertionError(f"no {action} on Home")

    def told_on_home(self) -> tuple[str, str]:
        """Return language and name of the note on top of the Home tab."""
        return self.office.name_of(self.home["blocks"][0]["text"]["text"])

    @property
    def view(self) -> Payload:
        return self.office.workspace.views[self.id]

    @property
    def has_view(self) -> bool:
        return self.id in self.office.workspace.views

    def submits(self, **ticked: Sequence[str]) -> dict[str, str]:
        """Submit the open modal; returns what is wrong by block id, as names of notes."""
        state = {part: {INPUT: list(names)} for part, names in ticked.items()}
        errors = self.office.slack.submit(self.id, self.view["id"], state)
        self.office.settle()
        if self.has_view and self.view["callback_id"] == View.APPLY:
            return self.applies()
        return {block: self.office.name_of(text)[1] for block, text in errors.items()}

    def proposes(self, **ticked: Sequence[str]) -> Payload:
        """Submit the open modal; returns what it shows then, which is what the change would do."""
        self.office.slack.submit(
            self.id, self.view["id"], {part: {INPUT: list(names)} for part, names in ticked.items()}
        )
        self.office.settle()
        return self.view

    def applies(self) -> dict[str, str]:
        """Submit what the modal shows of a change."""
        self.office.slack.submit(self.id, self.view["id"], {})
        self.office.settle()
        return {}

    def picks(self, kind: str, on: Message | None = None) -> Reply:
        """Pick an entry of the menu of the card that is asked, or of a message."""
        message = on or self.cards()[-1]
        (((block, name), element),) = [
            e for e in payloads.elements(message["blocks"]).items() if e[0][1] == "card.more"
        ]
        chosen = [o["value"] for o in element["options"] if o["value"].split("|")[0] == kind]
        reply = self.office.slack.click(self.id, self.channel, message["ts"], block, name, chosen, {})
        self.office.settle()
        return reply

    def presses_in_view(self, action: str, value: str = "") -> Reply:
        """Click a button of the open modal; with `value`, the one whose value ends so."""
        found = payloads.elements(self.view["blocks"]).items()
        block = next(b for (b, name), e in found if name == action and str(e["value"]).endswith(value))
        reply = self.office.slack.click_in_view(self.id, self.view["id"], block, action, [], {})
        self.office.settle()
        return reply

    def payload(self, action: str, on: Message, state: Mapping[str, Sequence[str]] | None = None) -> Payload:
        """Return the payload of a click without sending it."""
        chosen = {part: {INPUT: list(names)} for part, names in (state or {}).items()}
        values = payloads.state_values(on["blocks"], chosen)
        block, name, picked = _found(on, action)
        element = payloads.elements(on["blocks"])[block, name]
        clicked = {"block_id": block, "action_id": name, "type": element["type"]}
        if picked:
            clicked["selected_option"] = next(each for each in element["options"] if each["value"] == picked[0])
        else:
            clicked["value"] = element["value"]
        person = self.office.workspace.people[self.id]
        channel = self.office.workspace.channels[self.channel]
        return payloads.block_actions(self.office.workspace, person, channel, on, clicked, values)

    def submission(self, state: Mapping[str, Sequence[str]] | None = None) -> Payload:
        """Return the payload of a submission of the open modal without sending it."""
        chosen = {part: {INPUT: list(names)} for part, names in (state or {}).items()}
        values = payloads.state_values(self.view["blocks"], chosen)
        return payloads.view_submission(self.office.workspace, self.office.workspace.people[self.id], self.view, values)

    def standing(self) -> Standing:
        """Return where the case of the thread stands."""
        case = self.office.tools.conversations.store.case_at(
            Place(self.office.workspace.team, self.channel, self.thread)
        )
        if case is None:
            raise NoSuchCase(self.thread)
        return self.office.tools.conversations.standing(case)

    def choices(self) -> dict[str, dict[str, list[str]]]:
        """Return the answers that count, by card."""
        steps = self.standing().progress.steps
        return {s.card.id: {p: list(names) for p, names in s.choice.items()} for s in steps if s.choice is not None}

    def verdicts(self) -> list[str]:
        """Return the verdicts that the thread shows."""
        headers = [_block_ids(message, "verdict:") for message in self.from_bot()]
        return [name for found in headers for name in found]

    def quoted(self) -> list[str]:
        """Return the ids of the passages that are quoted behind the verdict, those that tell it first."""
        self.presses("verdict.reasons", on=self.verdict_message())
        return _block_ids(self.view, "passage:")

    def verdict_message(self) -> Message:
        """Return the message with the verdict."""
        return next(message for message in self.from_bot() if _block_ids(message, "verdict:"))

    def ticks(self, *measures: str) -> Reply:
        """Tick boxes of the verdict card, so that exactly these are ticked of those that it shows."""
        message = self.verdict_message()
        ((block, action), element) = next(
            each for each in payloads.elements(message["blocks"]).items() if each[0][1] == "measure.tick"
        )
        values = [o["value"] for o in element["options"] if o["value"].partition("|")[2] in measures]
        assert len(values) == len(measures)
        reply = self.office.slack.click(
            self.id, self.channel, message["ts"], block, action, values, {block: {action: values}}
        )
        self.office.settle()
        return reply

    def boxes(self) -> dict[str, bool]:
        """Return the measures that the verdict card shows, and whether each is ticked."""
        for (_, action), element in payloads.elements(self.verdict_message()["blocks"]).items():
            if action == "measure.tick":
                ticked = [option["value"] for option in element.get("initial_options", [])]
                return {o["value"].partition("|")[2]: o["value"] in ticked for o in element["options"]}
        return {}

    def evaluation(self) -> Evaluation:
        evaluation = self.standing().evaluation
        assert evaluation is not None
        return evaluation


def _block_ids(message: Message, prefix: str) -> list[str]:
    names = [str(block["block_id"]) for block in message.get("blocks", [])]
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def _button(message: Message, action: str) -> str | None:
    for (_, name), element in payloads.elements(message.get("blocks", [])).items():
        if name.split(":")[0] == action:
            return str(element["value"])
    return None


def _asks(message: Message) -> str:
    """Return the id of the card that a message asks, or nothing."""
    for action in ("card.next", "card.shortcut", "card.pick"):
        value = _button(message, action)
        if value:
            return value.partition("|")[2]
    return ""


def _found(message: Message, action: str) -> tuple[str, str, list[str]]:
    """Return block and element that do the action, and what to pick there where it is an entry of a menu."""
    elements = payloads.elements(message["blocks"])
    for block, name in elements:
        if name == action:
            return block, name, []
    for (block, name), element in elements.items():
        values = [each["value"] for each in element.get("options", []) if element["type"] == "overflow"]
        if picked := [value for value in values if value.startswith(f"{action}|")]:
            return block, name, picked
    raise AssertionError(f"no {action} on the message")
