"""Which workspace a payload belongs to. Everything that is read or written is keyed by it."""

from collections.abc import Callable, Mapping
from typing import Any

Payload = Mapping[str, Any]


def workspace_of(body: Payload, context: Payload) -> str:
    """Return the workspace where it happened.

    An installation of a whole organisation has no workspace of its own: there each kind of payload names it elsewhere.
    """
    team = str(context.get("team_id") or "")
    if team.startswith("T"):
        return team
    inner = (body.get("view"), body.get("message"), body.get("user"))
    told = (body, *(part for part in inner if isinstance(part, Mapping)))
    named = (str(part.get(name) or "") for part in told for name in ("team_id", "team"))
    return next((name for name in named if name.startswith("T")), team or str(context.get("enterprise_id") or ""))


class Workspaces:
    """Bolt middleware behind the authorization: settles the workspace for every listener."""

    def __init__(self, joined: Callable[[str, str], object]) -> None:
        """`joined` is told the workspace and organisation of a payload that an organisation's installation let in."""
        self._joined = joined

    def settle(self, body: dict[str, Any], context: dict[str, Any], next_: Callable[[], object]) -> None:
        """Write it into the context."""
        context["team_id"] = workspace = workspace_of(body, context)
        enterprise = str(context.get("enterprise_id") or "")
        if context.get("bot_token") and context.get("is_enterprise_install") and workspace != enterprise:
            self._joined(workspace, enterprise)
        next_()
