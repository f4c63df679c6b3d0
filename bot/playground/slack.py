"""Slack's side of the wire: turns what a person does into signed requests to the bot, over real HTTP."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.manifest import events
from bot.playground import payloads
from bot.playground.payloads import Payload, State
from bot.playground.web_api import WebApi
from bot.playground.workspace import Channel, Message, Person, Workspace

ANSWER_SECONDS = 10


class Impossible(Exception):
    """A person could not do this in Slack: no such channel, message, element or view."""


@dataclass(frozen=True)
class Reply:
    """What the bot answered to a request."""

    status: int
    body: str


class Slack:
    """One workspace and the bot behind `bot_url`."""

    def __init__(self, token: str, secret: str, workspace: Workspace | None = None) -> None:
        """`secret` signs requests to the bot; `token` is what the bot has to show.

        `forget_locale` lets the bot, which asks for a person's locale once a minute, ask again at once.
        """
        self.workspace = workspace or Workspace()
        self.api = WebApi(self.workspace, token)
        self.bot_url = ""
        self.response_base = ""
        self.forget_locale: Callable[[str], None] = lambda _: None
        self._secret = secret
        self._responses: dict[str, tuple[str, str]] = {}

    def say(self, user: str, channel: str, text: str, thread: str = "", file: str = "") -> Message:
        """A person posts a message; the bot hears of it as its manifest asks."""
        person, place = self.who(user), self.where(channel, user)
        content: Message = {"user": person.id, "text": text, "team": self.workspace.team}
        if thread:
            content["thread_ts"] = thread
        if file:
            content["files"] = [{"id": f"F{self.workspace.number()}", "name": file, "mimetype": "text/csv"}]
        message = self.workspace.post(place.id, content)
        for subscription, inner in payloads.message_events(self.workspace, place, message) if place.bot_is_in else ():
            if subscription in events():
                self.send(*payloads.encode_event(payloads.event(self.workspace, inner)))
        return message

    def command(self, user: str, channel: str, text: str) -> Reply:
        """A person types /kakunin."""
        name = f"R{self.workspace.number()}"
        self._responses[name] = (channel, user)
        fields = payloads.command(
            self.workspace, self.who(user), self.where(channel, user), text, f"{self.response_base}/{name}"
        )
        return self.send(*payloads.encode_form(fields))

    def click(  # noqa: PLR0913, PLR0917 - as many things as a click has
        self, user: str, channel: str, ts: str, block_id: str, action_id: str, chosen: list[str], state: State
    ) -> Reply:
        """A person clicks an element of a message they can see."""
        place = self.where(channel, user)
        message = self.workspace.find(place.id, ts)
        if message is None or message.get("only_for", user) != user:
            raise Impossible("no such message")
        blocks = message.get("blocks", [])
        action, values = self._acted(blocks, block_id, action_id, chosen), payloads.state_values(blocks, state)
        sent = payloads.block_actions(self.workspace, self.who(user), place, message, action, values)
        return self.send(*payloads.encode_interaction(sent))

    def click_in_view(  # noqa: PLR0913, PLR0917 - as many things as a click has
        self, user: str, view_id: str, block_id: str, action_id: str, chosen: list[str], state: State
    ) -> Reply:
        """A person clicks an element of the modal they have open."""
        view = self._view(user, view_id)
        action = self._acted(view["blocks"], block_id, action_id, chosen)
        values = payloads.state_values(view["blocks"], state)
        sent = payloads.view_actions(self.workspace, self.who(user), view, action, values)
        return self.send(*payloads.encode_interaction(sent))

    def _acted(self, blocks: list[Payload], block_id: str, action_id: str, chosen: list[str]) -> Payload:
        """Return what Slack tells of a click on an element."""
        element = payloads.elements(blocks).get((block_id, action_id))
        if element is None:
            raise Impossible("no such element")
        return {"block_id": block_id, "action_id": action_id, **payloads.clicked(element, chosen)}

    def _view(self, user: str, view_id: str) -> Payload:
        view = self.workspace.views.get(user)
        if view is None or view["id"] != view_id:
            raise Impossible("no such view")
        return view

    def submit(self, user: str, view_id: str, state: State) -> dict[str, str]:
        """A person submits the modal they have open; returns errors by block id."""
        view = self._view(user, view_id)
        values = payloads.state_values(view["blocks"], state)
        sent = payloads.view_submission(self.workspace, self.who(user), view, values)
        reply = self.send(*payloads.encode_interaction(sent))
        answer: dict[str, Any] = json.loads(reply.body) if reply.body.startswith("{") else {}
        if answer.get("response_action") == "errors":
            return dict(answer["errors"])
        if answer.get("response_action") == "update":
            self.api.replace_view(user, view_id, answer.get("view"))
        else:
            self.close(user, view_id)
        return {}

    def close(self, user: str, view_id: str) -> None:
        """A person closes the modal."""
        if self.workspace.views.get(user, {}).get("id") == view_id:
            del self.workspace.views[user]
            self.workspace.touch()

    def respond(self, name: str, message: Payload) -> bool:
        """Take what the bot posts to a response_url; False if that was never given out."""
        if name not in self._responses:
            return False
        channel, user = self._responses[name]
        arguments = {"channel": channel, "user": user, "text": message.get("text"), "blocks": message.get("blocks")}
        self.api.respond({key: value for key, value in arguments.items() if value})
        return True

    def send(self, body: str, content_type: str, now: int | None = None) -> Reply:
        """Send a signed request to the bot and return its answer."""
        headers = payloads.signed(self._secret, body, content_type, int(time.time()) if now is None else now)
        request = Request(self.bot_url, body.encode(), headers)  # noqa: S310 - our own loopback address
        try:
            with urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
                reply = Reply(answer.status, answer.read().decode())
        except HTTPError as error:
            with error:
                reply = Reply(error.code, error.read().decode())
        if reply.status != 200:  # noqa: PLR2004 - HTTP OK
            self.workspace.refuse(f"the bot answered {reply.status}")
        return reply

    def who(self, user: str) -> Person:
        """Return the person. Raises Impossible."""
        person = self.workspace.people.get(user)
        if person is None:
            raise Impossible("no such user")
        return person

    def where(self, channel: str, user: str) -> Channel:
        """Return a channel that the person can see. Raises Impossible."""
        place = self.workspace.channels.get(channel)
        if place is None or place.person not in ("", user):
            raise Impossible("no such channel")
        return place
