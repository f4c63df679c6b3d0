"""The playground's web server: Slack's Web API for the bot, and a page for a person. Loopback only."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from flask import Flask, Response, jsonify, redirect, request, send_from_directory
from werkzeug.wrappers import Response as Plain

from bot.app import House, build_app, build_tools, build_works
from bot.courier import Courier, at_work
from bot.manifest import manifest
from bot.metrics import Metrics
from bot.playground.gestures import Gestures
from bot.playground.roles import RolesOf, researchers_all, roles_of
from bot.playground.slack import Impossible, Slack
from bot.playground.workspace import BOT, Message
from bot.serving import PATH, http_server, running, slack_endpoint
from bot.settings import Settings
from bot.works import Works
from conversations.store.opening import open_store

LOOPBACK = "127.0.0.1"
TOKEN, SECRET = "xoxb-playground", "playground-signing-secret"
WAIT_SECONDS = 20.0


def web_app(slack: Slack, roles: RolesOf = researchers_all) -> Flask:
    """Return the WSGI application around one stand-in; `roles` of the people are told beside their names."""
    flask = Flask("playground", static_folder="static", static_url_path="/play/static", root_path=_here())
    api_routes(flask, slack.api)
    _files_and_responses(flask, slack)
    _page_routes(flask, slack, roles)

    @flask.errorhandler(Impossible)
    def impossible(error: Impossible) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @flask.errorhandler(KeyError)
    def incomplete(error: KeyError) -> tuple[Response, int]:
        return jsonify(error=f"{error.args[0]} is missing"), 400

    return flask


def _here() -> str:
    return __file__.rpartition("/")[0]


class Api(Protocol):
    """What answers calls of the Web API."""

    def call(self, method: str, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return Slack's answer."""


def api_routes(flask: Flask, api: Api) -> None:
    """Let `api` answer what is asked of the Web API."""

    @flask.post("/api/<method>")
    def asked(method: str) -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        arguments: Mapping[str, Any] = (
            (request.get_json(silent=True) or {}) if request.is_json else request.form.to_dict()
        )
        return jsonify(api.call(method, token, arguments))


def _files_and_responses(flask: Flask, slack: Slack) -> None:
    @flask.post("/files/<name>")
    def upload(name: str) -> tuple[str, int]:
        content = request.get_data()
        return (f"OK - {len(content)}", 200) if slack.api.files.take(name, content) else ("not taken", 400)

    @flask.get("/files/<name>")
    def download(name: str) -> Response | tuple[str, int]:
        found = slack.api.files.fetch(name)
        return Response(found[0], mimetype=found[1]) if found else ("not found", 404)

    @flask.post("/response/<name>")
    def response(name: str) -> tuple[str, int]:
        return ("ok", 200) if slack.respond(name, request.get_json()) else ("not found", 404)


def _page_routes(flask: Flask, slack: Slack, roles: RolesOf) -> None:
    @flask.get("/")
    def root() -> Plain:
        return redirect("/play")

    @flask.get("/play")
    def page() -> Response:
        return send_from_directory(f"{_here()}/static", "index.html")

    @flask.get("/play/state")
    def state() -> Response:
        return jsonify(_state(slack, roles, request.args.get("user", ""), request.args.get("since", 0, int)))

    @flask.post("/play/<what>")
    def act(what: str) -> tuple[Response, int] | Response:
        body = request.get_json()
        done = _act(slack, what, body)
        return jsonify(done) if done is not None else (jsonify(error=f"no such thing: {what}"), 404)


def _act(slack: Slack, what: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    user = str(body["user"])
    if what == "message":
        file = str(body.get("file") or "")
        slack.say(user, body["channel"], str(body.get("text") or ""), str(body.get("thread_ts") or ""), file)
    elif what == "command":
        slack.command(user, body["channel"], str(body.get("text") or ""))
    elif what == "action" and "view_id" in body:
        chosen, state = body.get("selected") or [], body.get("state") or {}
        slack.click_in_view(user, body["view_id"], body["block_id"], body["action_id"], chosen, state)
    elif what == "action":
        chosen, state = body.get("selected") or [], body.get("state") or {}
        slack.click(user, body["channel"], body["message_ts"], body["block_id"], body["action_id"], chosen, state)
    elif what in _gestures(slack):
        return _gestures(slack)[what](user, body)
    elif what == "submit":
        return {"errors": slack.submit(user, body["view_id"], body.get("state") or {})}
    elif what == "close":
        slack.close(user, body["view_id"])
    else:
        return None
    return {}


def _gestures(slack: Slack) -> Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]]:
    """What a person does besides writing and clicking on messages."""
    gestures = Gestures(slack)

    def edit(user: str, body: Mapping[str, Any]) -> dict[str, Any]:
        gestures.edit(user, body["channel"], body["message_ts"], str(body.get("text") or ""))
        return {}

    def delete(user: str, body: Mapping[str, Any]) -> dict[str, Any]:
        gestures.delete(user, body["channel"], body["message_ts"])
        return {}

    def react(user: str, body: Mapping[str, Any]) -> dict[str, Any]:
        gestures.react(user, body["channel"], body["message_ts"], str(body["reaction"]))
        return {}

    def shortcut(user: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if "message_ts" in body:
            gestures.message_shortcut(user, body["channel"], body["message_ts"], body["callback_id"])
        else:
            gestures.shortcut(user, body["callback_id"])
        return {}

    def home(user: str, _: Mapping[str, Any]) -> dict[str, Any]:
        gestures.open_home(user)
        return {}

    def home_action(user: str, body: Mapping[str, Any]) -> dict[str, Any]:
        chosen, state = body.get("selected") or [], body.get("state") or {}
        gestures.click_home(user, body["block_id"], body["action_id"], chosen, state)
        return {}

    def pane(user: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return {"thread_ts": gestures.open_pane(user, str(body.get("beside") or ""))}

    def locale(user: str, body: Mapping[str, Any]) -> dict[str, Any]:
        gestures.speak(user, str(body["locale"]))
        return {}

    found = (edit, delete, react, shortcut, home, home_action, pane, locale)
    return {each.__name__: each for each in found}


def _state(slack: Slack, roles: RolesOf, user: str, since: int) -> dict[str, Any]:
    workspace = slack.workspace
    version = workspace.wait(since, WAIT_SECONDS)
    return {
        "version": version,
        "bot": {"user_id": BOT, "name": "Kakunin"},
        "workspace": {"name": "Kakunin Playground"},
        "users": [
            {"id": person.id, "name": person.name, "locale": person.locale, "roles": roles(person.id)}
            for person in workspace.people.values()
        ],
        "channels": [
            {"id": channel.id, "name": channel.name, "is_im": bool(channel.person)}
            for channel in workspace.channels.values()
            if channel.shown_to(user)
        ],
        "messages": {name: [_shown(m) for m in found] for name, found in workspace.visible(user).items()},
        "view": workspace.views.get(user),
        "home": workspace.homes.get(user),
        "panes": [
            {"thread_ts": thread, **asdict(pane)}
            for (channel, thread), pane in slack.api.surfaces.panes.items()
            if workspace.channels[channel].person == user
        ],
        "shortcuts": manifest()["features"]["shortcuts"],
        "errors": workspace.refusals[-5:],
    }


def _shown(message: Message) -> Message:
    return {key: value for key, value in message.items() if key not in ("only_for", "metadata")}


@dataclass(frozen=True)
class Playground:
    """A running playground: its page, the stand-in, and what the bot works with."""

    url: str
    slack: Slack
    works: Works
    courier: Courier


@contextmanager
def playground(house: House, settings: Settings, slack: Slack | None = None) -> Iterator[Playground]:
    """Run the bot and the stand-in on two loopback ports; the page is on `settings.port`.

    `slack`: a stand-in that went on while the bot was away; a new one where none is given.
    """
    slack = slack or Slack(TOKEN, SECRET)
    page = http_server(web_app(slack, roles_of(house, slack.workspace)), LOOPBACK, settings.port)
    with running(page) as url:
        local = settings.model_copy(
            update={
                "mode": "http",
                "slack_api": f"{url}/api/",
                "bot_token": TOKEN,
                "signing_secret": SECRET,
                "client_id": "",
            }
        )
        store = open_store(local.store)
        try:
            tools = build_tools(house, store, local, Metrics())
            slack.forget_locale = tools.languages.forget
            works = build_works(tools, local)
            app = build_app(tools, local, works.jobs.wake)
            courier = Courier(works, local)
            bot = http_server(slack_endpoint(app, works.tools.guard.refused), LOOPBACK, 0)
            with running(bot) as bot_url, at_work(works, courier, local):
                slack.bot_url = f"{bot_url}{PATH}"
                slack.response_base = f"{url}/response"
                slack.api.files.base = f"{url}/files"
                yield Playground(f"{url}/play", slack, works, courier)
        finally:
            slack.workspace.close()
            store.close()
