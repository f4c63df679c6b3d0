"""Slack with several workspaces: apps are installed by OAuth, each with a token of its own that opens nothing else."""

import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, request

from bot.playground import payloads
from bot.playground.server import api_routes
from bot.playground.slack import Reply, Slack
from bot.playground.workspace import APP, Workspace
from bot.serving import http_server, running

CLIENT_ID, CLIENT_SECRET, SECRET = "1.2", "client-secret", "signing-secret"

Answer = Mapping[str, Any]


def workspace(team: str, enterprise: str = "") -> Workspace:
    """A workspace whose bot has ids of its own; people and channels are named as in every other."""
    return Workspace(team=team, bot=f"UBOT{team[1:]}", bot_id=f"B{team[1:]}", enterprise=enterprise)


class Directory:
    """Several workspaces and the app that they may install."""

    def __init__(self, *workspaces: Workspace) -> None:
        self.slacks = {each.team: Slack("", SECRET, each) for each in workspaces}
        self.refusals: list[str] = []
        self.asked: list[str] = []
        self._codes: dict[str, list[Slack]] = {}
        self._numbers = itertools.count(1)
        self._revoked: set[str] = set()

    @contextmanager
    def open(self) -> Iterator[str]:
        """Serve the Web API on a loopback port; gives its address."""
        flask = Flask("directory")

        @flask.post("/response/<team>/<name>")
        def response(team: str, name: str) -> tuple[str, int]:
            return ("ok", 200) if self.slacks[team].respond(name, request.get_json()) else ("not found", 404)

        api_routes(flask, self)
        with running(http_server(flask, "127.0.0.1", 0)) as url:
            for team, slack in self.slacks.items():
                slack.response_base = f"{url}/response/{team}"
            yield f"{url}/api/"

    def allow(self, address: str, *teams: str) -> str:
        """Somebody allows the app at Slack's page; returns the query that their browser is sent back with."""
        asked = parse_qs(urlsplit(address).query)
        assert asked["client_id"] == [CLIENT_ID]
        code = f"code-{next(self._numbers)}"
        self._codes[code] = [self.slacks[team] for team in teams]
        return f"code={code}&state={asked['state'][0]}"

    def call(self, method: str, token: str, arguments: Answer) -> Answer:
        """Answer a call of the Web API: the token decides in which workspace."""
        self.asked.append(method)
        if method == "oauth.v2.access":
            return self._access(arguments)
        theirs = [slack for slack in self.slacks.values() if slack.api.token == token != ""]
        if not theirs:
            error = "account_inactive" if token in self._revoked else "invalid_auth"
            self.refusals.append(f"{method}: {error}")
            return {"ok": False, "error": error}
        return next((s for s in theirs if _knows(s, arguments)), theirs[0]).api.call(method, token, arguments)

    def _access(self, arguments: Answer) -> Answer:
        given = request.authorization
        if given is None or given.username != CLIENT_ID:
            return {"ok": False, "error": "invalid_client_id"}
        if given.password != CLIENT_SECRET:
            return {"ok": False, "error": "bad_client_secret"}
        theirs = self._codes.pop(str(arguments.get("code")), None)
        if theirs is None:
            return {"ok": False, "error": "invalid_code"}
        first, token = theirs[0].workspace, f"xoxb-{next(self._numbers)}"
        for slack in theirs:
            slack.api.token = token
        whole = bool(first.enterprise)
        return {
            "ok": True,
            "app_id": APP,
            "authed_user": {"id": "U0ALEX"},
            "scope": "chat:write",
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": first.bot,
            "team": None if whole else {"id": first.team, "name": f"<{first.team}>"},
            "enterprise": {"id": first.enterprise, "name": "Grid & Co"} if whole else None,
            "is_enterprise_install": whole,
        }

    def remove(self, team: str, *events: str) -> list[Reply]:
        """Somebody uninstalls the app; the bot hears of it by these events (both, unless others are named)."""
        slack = self.slacks[team]
        self._revoked.add(slack.api.token)
        for other in self.slacks.values():
            if other.api.token == slack.api.token:
                other.api.token = ""
        return [self.tell(team, event) for event in events or ("tokens_revoked", "app_uninstalled")]

    def tell(self, team: str, event: str, at: int | None = None) -> Reply:
        """Send the event of an installation's end; `at`: when it happened (Unix s), now if nothing is said."""
        slack = self.slacks[team]
        tokens = {"tokens": {"bot": [slack.workspace.bot], "oauth": []}} if event == "tokens_revoked" else {}
        sent = payloads.event(slack.workspace, {"type": event, **tokens})
        del sent["authorizations"]  # nobody is authorized any more
        return slack.send(json.dumps({**sent, **({} if at is None else {"event_time": at})}), "application/json")


def _knows(slack: Slack, arguments: Answer) -> bool:
    """Whether the call is about somebody or something of this workspace."""
    held = slack.workspace
    named = {str(arguments.get(name)) for name in ("channel", "user", "users")}
    return bool(named & (held.people.keys() | held.channels.keys())) or arguments.get("trigger_id") in held.triggers
