"""The app is uninstalled, or its tokens are revoked: that, too, goes through the door as a job."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt import App

from bot.jobs import Kind, job_of_workspace, saying
from bot.listeners.door import Door
from conversations.store.protocol import Job

Payload = Mapping[str, Any]
ONE_LANE = ":leaving"
"""The jobs of a workspace's leaving are handled one after the other."""


def register(app: App, door: Door, clock: Callable[[], datetime]) -> None:
    """Attach the listeners."""
    leaving = Leaving(clock)
    app.event("app_uninstalled")(ack=door.through(leaving.uninstalled), lazy=[])
    app.event("tokens_revoked")(ack=door.through(leaving.revoked), lazy=[])


class Leaving:
    """What Slack tells of an installation's end, as jobs."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Jobs come at the time of `clock`."""
        self._clock = clock

    def uninstalled(self, body: Payload, context: Payload) -> Job:
        """Nobody in the workspace uses the app any more."""
        return self._job(body, context, gone=True)

    def revoked(self, body: Payload, context: Payload) -> Job | None:
        """The bot's token is void; those of users concern nobody here."""
        tokens = body["event"].get("tokens") or {}
        return self._job(body, context, gone=False) if tokens.get("bot") else None

    def _job(self, body: Payload, context: Payload, *, gone: bool) -> Job:
        job = job_of_workspace(Kind.UNINSTALL, f"event:{body['event_id']}", context, ONE_LANE, self._clock())
        return saying(job, gone=gone, at=int(body["event_time"]))
