"""The assistant's pane: prompts, a title, a status while at work, and the channel that is looked at beside it."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.playground.surfaces import Pane
from bot.playground.workspace import TEAM
from tests.bot.driver import Office, Researcher


def pane(person: Researcher) -> Pane:
    return person.office.slack.api.surfaces.panes[person.direct, person.thread]


def opens(person: Researcher, beside: str = "") -> Researcher:
    """Open the pane; its thread is looked at from here on."""
    person.channel, person.thread = person.direct, person.office.gestures.open_pane(person.id, beside)
    person.office.settle()
    return person


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_it_offers_what_might_be_asked(locale: str, office: Office) -> None:
    person = opens(office.newcomer(locale))
    say = office.tools.phrases.label
    assert pane(person).heading == say(locale[:2], "entry.prompts")
    assert pane(person).prompts[0]["title"] == say(locale[:2], "entry.prompt_first")
    assert len(pane(person).prompts) == 3


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
@pytest.mark.parametrize("number", range(3))
def test_each_prompt_is_understood(number: int, locale: str, office: Office) -> None:
    person = opens(office.newcomer(locale))
    message = pane(person).prompts[number]["message"]
    kind = ("case", "case", "guideline")[number]
    assert office.tools.reader(TEAM).read(message).kind == kind
    person.replies(message)
    assert person.notes() == []
    assert len(person.asked) == (kind == "case")
    assert person.from_bot()


def test_a_message_starts_a_case_in_its_thread(office: Office, alex: Researcher) -> None:
    opens(alex)
    since = len(office.slack.api.calls)
    alex.replies("May I use Claude for our data?")
    assert alex.asked == ["openness"]
    assert alex.standing().case.brand == "claude"
    assert pane(alex).title == office.tools.phrases.label("en", "entry.title", service="Claude")
    assert pane(alex).status == ""
    told = [arguments for name, arguments in office.slack.api.calls[since:] if name == "assistant.threads.setStatus"]
    assert [each["status"] for each in told] == [office.tools.phrases.label("en", "entry.at_work")]


def test_what_is_answered_privately_leaves_no_status_standing(alex: Researcher) -> None:
    """Slack takes a status away with the next message, and a private note is none."""
    opens(alex).replies("May I use Claude for our data?").replies("hm, what?")
    assert alex.notes() == ["use_buttons"]
    assert pane(alex).status == ""


def test_the_title_holds_none_of_their_words(office: Office, alex: Researcher) -> None:
    opens(alex).replies("May I put Murasaki-Shikibu-9 into an AI service?")
    assert "Murasaki" not in repr(office.slack.api.calls[-30:])


@pytest.mark.parametrize("method", ["setStatus", "setTitle", "setSuggestedPrompts"])
def test_losing_one_of_them_loses_nothing(
    method: str, office: Office, alex: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = office.slack.api.call

    def refusing(name: str, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        fails = name == f"assistant.threads.{method}"
        return {"ok": False, "error": "internal_error"} if fails else call(name, token, arguments)

    monkeypatch.setattr(office.slack.api, "call", refusing)
    opens(alex).replies("May I use Claude for our data?")
    assert alex.asked == ["openness"]
    assert [n for n in alex.notes() if n != "trouble"] == []
    office.take_complaints()


def test_a_thread_that_is_none_of_its_has_no_status(office: Office, alex: Researcher) -> None:
    since = len(office.slack.api.calls)
    alex.asks_directly().replies("hm")
    assert [name for name, _ in office.slack.api.calls[since:] if name.startswith("assistant")] == []


def test_what_is_looked_at_beside_it_counts_for_the_programme(
    office: Office, alex: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting of the channel at the time of the question, not when the pane was opened."""
    required = {"C0LAB": "yes"}
    monkeypatch.setattr(office.tools.conversations, "_programme", lambda place: required.get(place.channel, "no"))
    opens(alex, "C0GENERAL")
    office.gestures.look_beside(alex.id, alex.thread, "C0LAB")
    office.settle()
    alex.replies("May I upload our data?")
    assert alex.standing().case.programme == "yes"
    assert alex.standing().case.place.channel == alex.direct
