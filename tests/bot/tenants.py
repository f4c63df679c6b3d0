"""One running bot with many workspaces, each of which installs it as a browser would."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from cryptography.fernet import Fernet
from slack_bolt import App

from bot import app as composition
from bot.app import House, build_app, build_tools, build_works
from bot.courier import Courier, at_work
from bot.metrics import Metrics
from bot.playground.server import Playground
from bot.playground.slack import Reply
from bot.serving import PATH, http_server, running, slack_endpoint
from bot.settings import Settings, load_settings
from conversations.store.opening import open_store
from tests.bot.conftest import Clock, Complaints, CountingExecutor, clear_environment
from tests.bot.directory import CLIENT_ID, CLIENT_SECRET, SECRET, Directory
from tests.bot.driver import Office, Researcher

KEY = Fernet.generate_key().decode()


class Stay(HTTPRedirectHandler):
    """Shows where a redirect leads instead of going there."""

    def redirect_request(self, *_: object) -> None:
        return None


class Visited:
    """What a browser got: status, page and headers."""

    def __init__(self, url: str, cookie: str = "") -> None:
        try:
            answer = build_opener(Stay).open(Request(url, headers={"Cookie": cookie}), timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            self.status, self.page, self.headers = answer.status, answer.read().decode(), answer.headers


class Tenancy:
    """The running bot, its Slack, and an office for each workspace."""

    def __init__(
        self, url: str, app: App, directory: Directory, offices: dict[str, Office], complaints: list[str]
    ) -> None:
        self.url, self.app, self.directory = url, app, directory
        self.offices, self.complaints = offices, complaints
        self.office = next(iter(offices.values()))

    def begin(self) -> tuple[str, str]:
        """Follow the install link; returns Slack's address and the cookie."""
        seen = Visited(f"{self.url}/slack/install")
        assert seen.status == 302
        return seen.headers["Location"], seen.headers["Set-Cookie"].partition(";")[0]

    def back(self, query: str, cookie: str = "") -> Visited:
        """Come back from Slack."""
        return Visited(f"{self.url}/slack/oauth_redirect?{query}", cookie)

    def install(self, *teams: str) -> Visited:
        """Install the app in a workspace, or in all of an organisation."""
        address, cookie = self.begin()
        return self.back(self.directory.allow(address, *teams), cookie)

    def remove(self, team: str, *events: str) -> list[Reply]:
        """Uninstall the app, and wait until the bot is done with that."""
        replies = self.directory.remove(team, *events)
        self.office.settle()
        return replies

    def take_complaints(self) -> list[str]:
        taken, self.complaints[:] = self.complaints[:], []
        return taken


def settings_of(address: str, store: str, **more: object) -> Settings:
    return load_settings(
        mode="http",
        store=store,
        slack_api=address,
        signing_secret=SECRET,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        round_seconds=3600,
        post_seconds=0,
        **{"token_key": KEY, **more},
    )


@contextmanager
def tenancy(directory: Directory, store: str, build: Callable[[], House], **more: object) -> Iterator[Tenancy]:
    """Run the bot on one store for every workspace of the directory."""
    executors: list[CountingExecutor] = []
    complaints, clock = Complaints(), Clock()

    def executor(*given: object, **named: object) -> CountingExecutor:
        executors.append(CountingExecutor(*given, **named))
        return executors[-1]

    with ExitStack() as stack:
        logging.getLogger().addHandler(complaints)
        stack.callback(logging.getLogger().removeHandler, complaints)
        settings = settings_of(stack.enter_context(directory.open()), store, **more)
        opened = open_store(settings.store)
        stack.callback(opened.close)
        with pytest.MonkeyPatch.context() as patch:
            clear_environment(patch)
            patch.setattr(composition, "ThreadPoolExecutor", executor)
            patch.setattr(composition, "utc_now", clock)
            tools = build_tools(build(), opened, settings, Metrics())
            works = build_works(tools, settings)
            app = build_app(tools, settings, works.jobs.wake)
        stack.callback(executors[0].shutdown)
        url = stack.enter_context(running(http_server(slack_endpoint(app), "127.0.0.1", 0)))
        courier = Courier(works, settings)
        stack.enter_context(at_work(works, courier, settings))
        offices = {}
        for team, slack in directory.slacks.items():
            slack.bot_url = f"{url}{PATH}"
            play = Playground(url, slack, works, courier)
            offices[team] = Office(play, executors[0].settle, complaints.records, [], clock)
        yield Tenancy(url, app, directory, offices, complaints.records)


def overlay(folder: Path, **lines: str) -> Path:
    """Write an institution's overlay with these lines (TOML values) in institution.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    text = 'id = "demo"\nname = { ja = "架空大学", en = "Kakuu" }\n'
    text += "".join(f"{name} = {value}\n" for name, value in lines.items())
    (folder / "institution.toml").write_text(text, encoding="utf-8")
    return folder


def twin(person: Researcher, office: Office) -> Researcher:
    """Return somebody of another workspace whose id, and those of their channels, are the same."""
    theirs, ours = person.office.workspace, office.workspace
    with ours.changed:
        ours.people = {**ours.people, person.id: theirs.people[person.id]}
        ours.channels = {**ours.channels, **{name: theirs.channels[name] for name in (person.direct, person.room)}}
    return Researcher(office, person.id, person.direct, person.room)
