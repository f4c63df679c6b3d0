"""How long a button click waits for its acknowledgement over HTTP, beside a bare Bolt app that only acknowledges."""

import copy
import http.client
import re
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.app import build_house
from bot.playground import payloads
from bot.playground.server import SECRET, TOKEN, playground
from bot.playground.slack import Slack
from bot.playground.workspace import Message
from bot.serving import PATH, http_server, running, slack_endpoint
from bot.settings import load_settings
from tests.bench.table import percentile, show

CLICKS, PAUSE = 400, 0.02
USER, CHANNEL = "U0HANAKO", "C0GENERAL"


def bare_app(api: str) -> App:
    """Return a Bolt app that acknowledges every click and does nothing else."""
    client = WebClient(token=TOKEN, base_url=api)
    app = App(client=client, signing_secret=SECRET, token_verification_enabled=False, process_before_response=True)

    @app.action(re.compile(".*"))
    def only_ack(ack: Ack) -> None:
        ack()

    return app


def _first_card(slack: Slack) -> Message:
    slack.say(USER, CHANNEL, "<@U0KAKUNIN> may I put these data into ChatGPT?")
    with slack.workspace.changed:
        slack.workspace.changed.wait_for(lambda: len(slack.workspace.messages[CHANNEL]) >= 3, 10)
    return copy.deepcopy(slack.workspace.messages[CHANNEL][-1])


def _click(slack: Slack, card: Message) -> tuple[str, str]:
    """A fresh click on the same button: taken the first time, and refused with a private note after that."""
    button = card["blocks"][-1]["elements"][-1]
    action = {"block_id": "buttons", "action_id": button["action_id"], "type": "button", "value": button["value"]}
    state = payloads.state_values(card["blocks"], {})
    person, channel = slack.workspace.people[USER], slack.workspace.channels[CHANNEL]
    sent = payloads.block_actions(slack.workspace, person, channel, card, action, state)
    return payloads.encode_interaction(sent)


def _measure(url: str, requests: list[tuple[str, str]]) -> list[float]:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    waited = []
    for body, content_type in requests:
        headers = payloads.signed(SECRET, body, content_type, int(time.time()))
        start = time.perf_counter()
        connection.request("POST", PATH, body.encode(), headers)
        answer = connection.getresponse()
        answer.read()
        waited.append(time.perf_counter() - start)
        assert answer.status == 200, answer.status
        time.sleep(PAUSE)
    connection.close()
    return waited


def run() -> None:
    """Click on both apps in alternating rounds and print p50 and p99."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(port=0, store=str(Path(folder) / "bench.db"))
        with (
            playground(build_house(), settings) as play,
            running(http_server(slack_endpoint(bare_app(play.url.replace("/play", "/api/"))), "127.0.0.1", 0)) as bare,
        ):
            card = _first_card(play.slack)
            times: dict[str, list[float]] = {"bare": [], "kakunin": []}
            for _ in range(4):
                for name, url in (("bare", bare), ("kakunin", play.slack.bot_url.removesuffix(PATH))):
                    clicks = [_click(play.slack, card) for _ in range(CLICKS // 4)]
                    times[name] += _measure(url, clicks)
    base = {share: percentile(times["bare"], share) for share in (0.5, 0.99)}
    rows = [
        [name, *(f for share in (0.5, 0.99) for f in (percentile(t, share), percentile(t, share) / base[share]))]
        for name, t in times.items()
    ]
    title = f"Acknowledging a click over HTTP, {CLICKS} clicks each, {1000 * PAUSE:.0f} ms apart"
    show(title, ["app", "p50 ms", "ratio", "p99 ms", "ratio"], rows)
