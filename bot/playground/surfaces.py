"""Home tabs and assistant panes of the stand-in, and links to messages: what Slack takes there and what it refuses."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.block_kit import view_faults
from bot.playground.refusals import Answer, Arguments, Refused, text_of
from bot.playground.workspace import APP, Channel, Workspace, with_ids

PROMPTS, TITLE = 4, 255
ADDRESS = "https://playground.slack.com"


@dataclass
class Pane:
    """An assistant's thread: what it is about, what the app is doing, and what might be asked."""

    title: str = ""
    status: str = ""
    heading: str = ""
    prompts: list[dict[str, str]] = field(default_factory=list)


class Surfaces:
    """What the app shows outside messages and modals."""

    def __init__(self, workspace: Workspace, channel: Callable[[Arguments], Channel]) -> None:
        """`channel` returns the channel that is named in arguments, or refuses."""
        self._workspace = workspace
        self._channel = channel
        self.panes: dict[tuple[str, str], Pane] = {}

    def open_pane(self, channel: str, thread: str) -> None:
        """A person opened an assistant's thread."""
        self.panes[channel, thread] = Pane()

    def answered(self, channel: str, thread: str) -> None:
        """The app wrote in the thread: its status goes."""
        if pane := self.panes.get((channel, thread)):
            pane.status = ""

    def publish(self, arguments: Arguments) -> Answer:
        """Show the Home tab of a person, unless it is another one than `hash` says."""
        user = text_of(arguments, "user_id", "invalid_arguments")
        if user not in self._workspace.people:
            raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] no such user"]})
        view = arguments.get("view")
        if not isinstance(view, dict) or view.get("type") != "home":
            raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] must be a home view"]})
        if faults := view_faults(view):
            raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]})
        with self._workspace.changed:
            before = self._workspace.homes.get(user)
            if (told := arguments.get("hash")) and (before is None or told != before["hash"]):
                raise Refused("hash_conflict")
            number = self._workspace.number()
            home = {**view, "blocks": with_ids(view["blocks"]), "hash": f"{number}.home", "app_id": APP}
            home |= {"id": before["id"] if before else f"V{number}", "team_id": self._workspace.team}
            self._workspace.homes[user] = home
            self._workspace.touch()
        return {"view": home}

    def set_status(self, arguments: Arguments) -> Answer:
        """Say what the app is doing."""
        self._pane(arguments).status = str(arguments.get("status") or "")
        self._workspace.touch()
        return {}

    def set_title(self, arguments: Arguments) -> Answer:
        """Name the thread."""
        title = text_of(arguments, "title", "invalid_arguments")
        if len(title) > TITLE:
            raise Refused("invalid_arguments")
        self._pane(arguments).title = title
        self._workspace.touch()
        return {}

    def set_prompts(self, arguments: Arguments) -> Answer:
        """Offer what might be asked."""
        prompts = arguments.get("prompts")
        if not isinstance(prompts, list) or not 0 < len(prompts) <= PROMPTS:
            raise Refused("invalid_arguments")
        if not all(each.keys() == {"title", "message"} and all(each.values()) for each in prompts):
            raise Refused("invalid_arguments")
        pane = self._pane(arguments)
        pane.heading, pane.prompts = str(arguments.get("title") or ""), prompts
        self._workspace.touch()
        return {}

    def _pane(self, arguments: Arguments) -> Pane:
        channel = self._channel({"channel": arguments.get("channel_id")})
        pane = self.panes.get((channel.id, str(arguments.get("thread_ts"))))
        if pane is None:
            raise Refused("invalid_thread_ts")
        return pane

    def permalink(self, arguments: Arguments) -> Answer:
        """Return the address of a message that is there."""
        channel, stamp = self._channel(arguments), text_of(arguments, "message_ts", "message_not_found")
        if self._workspace.find(channel.id, stamp) is None:
            raise Refused("message_not_found")
        return {"channel": channel.id, "permalink": f"{ADDRESS}/archives/{channel.id}/p{stamp.replace('.', '')}"}
