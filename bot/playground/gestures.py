"""What a person does at Slack besides writing and clicking on messages: edits, reactions, shortcuts, Home and panes."""

from dataclasses import replace

from bot.manifest import events, manifest
from bot.playground import happenings, payloads
from bot.playground.payloads import Payload, State
from bot.playground.slack import Impossible, Reply, Slack
from bot.playground.workspace import Channel, Message

HASH = ("id", "hash", "blocks", "private_metadata", "type", "team_id", "app_id")
"""What Slack tells of the Home tab that is shown."""


class Gestures:
    """Turns each into what Slack would send."""

    def __init__(self, slack: Slack) -> None:
        """Do it in the workspace of `slack`."""
        self._slack = slack
        self._workspace = slack.workspace

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """A person writes something else into a message of their own."""
        place, message = self._message(user, channel, ts, own=True)
        before = dict(message)
        edited = {"text": text, "edited": {"user": user, "ts": self._now()}}
        self._workspace.edit(message, lambda m: m.update(edited))
        self._hear(place, happenings.message_changed(place, before, dict(message), self._now()))

    def delete(self, user: str, channel: str, ts: str) -> None:
        """A person deletes a message of their own; one with replies leaves a tombstone."""
        place, message = self._message(user, channel, ts, own=True)
        before = dict(message)
        if any(m.get("thread_ts") == ts for m in self._workspace.messages[place.id] if m is not message):
            stone = happenings.tombstone(message)
            self._workspace.edit(message, lambda m: _become(m, stone))
            self._hear(place, happenings.message_changed(place, before, stone, self._now()))
        else:
            self._workspace.remove(place.id, message)
            self._hear(place, happenings.message_deleted(place, before, self._now()))

    def react(self, user: str, channel: str, ts: str, reaction: str) -> None:
        """A person reacts to a message they can see, or takes that back."""
        place, message = self._message(user, channel, ts)
        given = {each["name"]: list(each["users"]) for each in message.get("reactions", [])}
        users = given.get(reaction, [])
        given[reaction] = [each for each in users if each != user] if user in users else [*users, user]
        told = [{"name": name, "users": who, "count": len(who)} for name, who in given.items() if who]
        self._workspace.edit(message, lambda m: m.update(reactions=told))
        if user not in users and place.bot_is_in:
            person = self._slack.who(user)
            self._send("reaction_added", happenings.reaction_added(person, place, message, reaction, self._now()))

    def speak(self, user: str, locale: str) -> None:
        """A person sets another language in Slack."""
        with self._workspace.changed:
            self._workspace.people[user] = replace(self._slack.who(user), locale=locale)
            self._slack.forget_locale(user)
            self._workspace.touch()

    def shortcut(self, user: str, callback_id: str) -> Reply:
        """A person uses a shortcut from anywhere."""
        self._registered("global", callback_id)
        sent = happenings.shortcut(self._workspace, self._slack.who(user), callback_id)
        return self._slack.send(*payloads.encode_interaction(sent))

    def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Reply:
        """A person uses a shortcut of a message they can see."""
        self._registered("message", callback_id)
        place, message = self._message(user, channel, ts)
        sent = happenings.message_action(self._workspace, self._slack.who(user), place, message, callback_id)
        return self._slack.send(*payloads.encode_interaction(sent))

    def open_home(self, user: str, tab: str = happenings.HOME) -> None:
        """A person opens a tab of the app."""
        who, shown = self._slack.who(user), self._workspace.homes.get(user)
        view = {key: value for key, value in shown.items() if key in HASH} if shown else None
        direct = self._direct(user)
        self._send("app_home_opened", happenings.app_home_opened(who, direct.id, tab, view, self._now()))

    def click_home(self, user: str, block_id: str, action_id: str, chosen: list[str], state: State) -> Reply:
        """A person clicks an element of their Home tab, or chooses something in it."""
        view = self._workspace.homes.get(user)
        element = payloads.elements(view["blocks"]).get((block_id, action_id)) if view else None
        if view is None or element is None:
            raise Impossible("no such element")
        action = {"block_id": block_id, "action_id": action_id, **payloads.clicked(element, chosen)}
        values = payloads.state_values(view["blocks"], state)
        sent = payloads.view_actions(self._workspace, self._slack.who(user), view, action, values)
        return self._slack.send(*payloads.encode_interaction(sent))

    def open_pane(self, user: str, beside: str = "") -> str:
        """A person opens the assistant's pane beside a channel; returns its new thread."""
        direct, workspace = self._direct(user), self._workspace
        author = {"user": workspace.bot, "bot_id": workspace.bot_id, "subtype": "assistant_app_thread"}
        root = workspace.post(direct.id, {**author, "text": "New Assistant Thread", "team": workspace.team})
        self._slack.api.surfaces.open_pane(direct.id, root["ts"])
        self._tell_pane("assistant_thread_started", user, root["ts"], beside)
        return str(root["ts"])

    def look_beside(self, user: str, thread: str, beside: str) -> None:
        """A person with an open pane goes to another channel."""
        self._tell_pane("assistant_thread_context_changed", user, thread, beside)

    def _tell_pane(self, kind: str, user: str, thread: str, beside: str) -> None:
        context = {"channel_id": beside, "team_id": self._workspace.team, "enterprise_id": None} if beside else {}
        who, direct = self._slack.who(user), self._direct(user)
        self._send(kind, happenings.assistant_thread(kind, who, direct.id, thread, context, self._now()))

    def _direct(self, user: str) -> Channel:
        return next(each for each in self._workspace.channels.values() if each.person == user)

    def _message(self, user: str, channel: str, ts: str, *, own: bool = False) -> tuple[Channel, Message]:
        place = self._slack.where(channel, user)
        message = self._workspace.find(place.id, ts)
        if message is None or message.get("only_for", user) != user or (own and message["user"] != user):
            raise Impossible("no such message")
        return place, message

    def _registered(self, kind: str, callback_id: str) -> None:
        known = [(each["type"], each["callback_id"]) for each in manifest()["features"]["shortcuts"]]
        if (kind, callback_id) not in known:
            raise Impossible("no such shortcut")

    def _hear(self, place: Channel, inner: Payload) -> None:
        if place.bot_is_in:
            self._send(happenings.heard_as(place), inner)

    def _send(self, subscription: str, inner: Payload) -> None:
        if subscription in events():
            self._slack.send(*payloads.encode_event(payloads.event(self._workspace, inner)))

    def _now(self) -> str:
        return self._workspace.stamp()


def _become(message: Message, other: Message) -> None:
    message.clear()
    message.update(other)
