"""A Slack that fails half-way: nothing that was answered is lost, nothing is shown twice, and it is made good later."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from bot.playground.workspace import TEAM
from conversations.models import Case, Place
from conversations.store.protocol import Posted
from conversations.store.sqlite import SqliteStore
from tests.bot.driver import Office, Researcher


class Failing:
    """Makes calls of one Web API method fail for a while; everything else works as it does."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self._call = office.slack.api.call
        self._answers: dict[str, list[Any]] = {}
        self.failed: list[str] = []
        monkeypatch.setattr(office.slack.api, "call", self.call)

    def next(self, method: str, *answers: Any) -> None:
        """Let the next calls of the method fail: an error code, or a response."""
        self._answers.setdefault(method, []).extend(answers)

    def call(self, method: str, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        waiting = self._answers.get(method)
        if not waiting:
            return self._call(method, token, arguments)
        self.failed.append(method)
        answer = waiting.pop(0)
        if isinstance(answer, str):
            return {"ok": False, "error": answer}
        raise HTTPException(response=answer)


def next_post_arrives_unheard(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Slack post the next message and answer as if it had not."""
    arrives = office.slack.api._methods["chat.postMessage"][1]

    def arrives_unheard(arguments: Mapping[str, Any]) -> dict[str, Any]:
        monkeypatch.undo()
        arrives(arguments)
        raise HTTPException(response=broken())

    methods = {**office.slack.api._methods, "chat.postMessage": ("chat:write", arrives_unheard)}
    monkeypatch.setattr(office.slack.api, "_methods", methods)


def broken() -> Response:
    return Response("<html>oops</html>", 500, mimetype="text/html")


def limited() -> Response:
    return Response('{"ok": false, "error": "ratelimited"}', 429, {"Retry-After": "1"}, mimetype="application/json")


@pytest.fixture
def failing(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Failing]:
    yield Failing(office, monkeypatch)
    office.take_complaints()


@pytest.mark.parametrize("method", ["chat.update", "chat.postMessage"])
@pytest.mark.parametrize("answer", ["internal_error", broken()])
def test_an_answer_outlives_a_failing_slack(method: str, answer: Any, failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next(method, answer)
    alex.presses("card.shortcut:public")
    assert failing.failed == [method]
    assert alex.choices() == {"openness": {"shortcut": ["public"]}}
    alex.office.later()
    assert alex.notes() == []
    alex.answers("duties", "none")
    assert alex.verdicts() == ["allowed"]
    assert alex.answered("openness") is not None


def test_what_a_failing_slack_did_not_show_comes_later_and_once(failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next("chat.postMessage", "internal_error")
    sent = alex.payload("card.shortcut:public", alex.cards()[0])
    alex.office.send_interaction(sent)
    assert alex.asked == []
    alex.office.send_interaction(sent)
    alex.office.later()
    assert alex.asked == ["duties"]
    assert len(alex.cards("duties")) == 1


def test_a_message_that_slack_refuses_is_given_up_and_may_be_sent_again(failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next("chat.postMessage", "msg_too_long")
    alex.presses("card.shortcut:public")
    alex.office.later()
    assert alex.asked == []
    store = alex.office.tools.conversations.store
    (dead,) = [letter for letter in store.dead_letters() if letter.case_id == alex.standing().case.id]
    assert (dead.error, dead.name) == ("msg_too_long", "card:duties")
    assert store.retry_letter(dead.id)
    alex.office.later()
    assert alex.asked == ["duties"]


def test_an_outage_of_hours_loses_no_message(alex: Researcher) -> None:
    alex.asks()
    with alex.office.unreachable_slack():
        alex.presses("card.shortcut:public")
        for _ in range(15):
            alex.office.later()
    assert not [line for line in alex.office.take_complaints() if "given up" in line]
    alex.office.later()
    assert alex.asked == ["duties"]


def test_a_message_that_arrived_without_an_answer_is_not_posted_again(
    failing: Failing, alex: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    alex.asks()
    next_post_arrives_unheard(alex.office, monkeypatch)
    alex.presses("card.shortcut:public")
    alex.office.later()
    assert len(alex.cards("duties")) == 1
    alex.answers("duties", "none")
    assert alex.verdicts() == ["allowed"]


@pytest.mark.parametrize("method", ["chat.update", "chat.postMessage", "users.info"])
def test_a_call_is_tried_again_when_slack_asks_to_slow_down(method: str, failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next(method, limited())
    alex.answers("openness", "public")
    assert failing.failed == [method]
    alex.office.later(1.1)
    assert (alex.notes(), alex.asked) == ([], ["duties"])


@pytest.mark.parametrize("answer", ["internal_error", broken()])
def test_a_language_that_cannot_be_read_stops_nothing(answer: Any, failing: Failing, hanako: Researcher) -> None:
    failing.next("users.info", answer)
    hanako.asks("データを入力していい？")
    assert hanako.asked == ["openness"]


@pytest.mark.parametrize("answer", ["internal_error", broken()])
def test_a_note_that_cannot_be_shown_stops_nothing(answer: Any, failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next("chat.postEphemeral", answer)
    alex.presses("card.next")
    assert alex.notes() == []
    alex.answers("openness", "public")
    assert alex.asked == ["duties"]


def test_a_beginning_that_failed_is_made_good_later(failing: Failing, alex: Researcher) -> None:
    failing.next("chat.postMessage", "internal_error")
    alex.asks()
    assert alex.asked == []
    alex.office.later()
    assert (alex.notes(), alex.asked) == ([], ["openness"])
    assert len(alex.from_bot()) == 2


def test_a_thread_whose_root_arrived_without_an_answer_is_opened_once(
    failing: Failing, alex: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_post_arrives_unheard(alex.office, monkeypatch)
    alex.commands("May I upload our data?")
    alex.office.later()
    roots = [m for m in alex.office.workspace.messages[alex.room] if "thread_ts" not in m]
    assert len(roots) == 1
    alex.channel, alex.thread = alex.room, roots[0]["ts"]
    assert alex.asked == ["openness"]


def test_a_modal_that_cannot_be_opened_gets_a_note(failing: Failing, alex: Researcher) -> None:
    alex.asks().answers("openness", "public")
    failing.next("views.open", "expired_trigger_id")
    alex.presses_change("openness")
    assert alex.notes() == ["trouble"]
    assert not alex.has_view
    alex.changes("openness")
    assert alex.submits(shortcut=["undecided"]) == {}


def test_a_store_in_memory_stands_many_threads() -> None:
    with closing(SqliteStore(":memory:")) as store:
        cases = [Case(f"c{n}", Place(TEAM, "C", str(n)), "U", datetime(2026, 11, 22, tzinfo=UTC)) for n in range(8)]
        for case in cases:
            store.add_case(case)

        def works(case: Case) -> list[Case | None]:
            found = []
            for number in range(600):
                found.append(store.case(TEAM, case.id))
                store.posted(TEAM, case.id)
                if number % 10 == 0:
                    store.set_posted(TEAM, case.id, "intro", Posted("1.0", "intro"))
            return found

        with ThreadPoolExecutor(len(cases)) as pool:
            for case, found in zip(cases, pool.map(works, cases), strict=True):
                assert found == [case] * 600


def test_an_unreachable_slack_makes_no_listener_raise(office: Office, alex: Researcher) -> None:
    alex.asks()
    with office.unreachable_slack():
        alex.presses("card.shortcut:public")
    complaints = office.take_complaints()
    office.later()
    assert alex.asked == ["duties"]
    assert [c for c in complaints if "internal function" in c] == []
