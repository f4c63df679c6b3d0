"""Ways in: mentions, direct messages, /kakunin, the start button, files, and in which language the bot answers."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.app import House
from bot.playground.payloads import elements
from bot.playground.workspace import BOT
from tests.bot.driver import MENTION, Office, Researcher

PANE = ("Status", "Title", "SuggestedPrompts")


def question_language(house: House, person: Researcher) -> str:
    card = house.interview.cards[[c.id for c in house.interview.cards].index(person.asked[-1])]
    return "ja" if card.question.ja == person.cards()[-1]["text"] else "en"


def test_a_mention_starts_a_thread_with_introduction_and_first_card(alex: Researcher) -> None:
    alex.asks()
    introduction, card = alex.from_bot()
    assert f"<@{alex.id}>" in introduction["text"]
    assert card == alex.cards("openness")[0]
    assert alex.standing().case.asker == alex.id
    assert alex.standing().case.brand is None
    assert alex.standing().case.place.thread == alex.thread


def test_a_direct_message_starts_a_thread(alex: Researcher) -> None:
    alex.asks_directly()
    assert alex.asked == ["openness"]
    assert alex.channel == alex.direct


def test_a_mention_inside_somebodys_thread_starts_there(alex: Researcher, hanako: Researcher) -> None:
    hanako.says("実験データの話")
    alex.looks_at(hanako).replies(f"{MENTION} may I upload these data?")
    assert alex.asked == ["openness"]


@pytest.mark.parametrize("text", ["May I upload our data?", "ChatGPTに入れていい？", ""])
def test_the_command_starts_a_thread_of_its_own(text: str, alex: Researcher) -> None:
    reply = alex.commands(text)
    assert (reply.status, reply.body) == (200, "")
    assert alex.asked == ["openness"]
    assert alex.standing().case.brand == ("chatgpt" if "ChatGPT" in text else None)
    assert alex.notes() == []


@pytest.mark.parametrize(("text", "note"), [("help", "help"), ("使い方", "help"), ("lorem ipsum", "off_topic")])
def test_the_command_answers_other_words_privately_with_a_start_button(text: str, note: str, alex: Researcher) -> None:
    alex.commands(text)
    assert alex.notes() == [note]
    assert not alex.thread
    (message,) = alex.everything()
    alex.channel = alex.room
    alex.presses("start", on=message)
    alex._follow({message["ts"]})
    assert alex.asked == ["openness"]


def test_the_command_where_the_bot_may_not_write_goes_on_in_a_direct_message(office: Office, alex: Researcher) -> None:
    alex.channel = "C0QUIET"
    alex.commands("May I upload our data?", "C0QUIET")
    assert office.take_refusals() == ["chat.postMessage: not_in_channel"]
    assert (alex.channel, alex.asked) == (alex.direct, ["openness"])
    root = next(m for m in office.workspace.messages[alex.direct] if m["ts"] == alex.thread)
    assert root["text"].endswith(office.tools.phrases.say("en", "note.moved_to_dm"))


def test_the_command_in_a_direct_message_starts_there(alex: Researcher) -> None:
    alex.commands("", alex.direct)
    assert (alex.channel, alex.asked) == (alex.direct, ["openness"])


@pytest.mark.parametrize(("text", "note"), [("", "welcome"), ("help", "help"), ("good morning", "not_a_question")])
@pytest.mark.parametrize("directly", [True, False])
def test_what_is_no_question_gets_a_start_button(
    directly: bool, text: str, note: str, office: Office, alex: Researcher
) -> None:
    if directly:
        alex.asks_directly(text)
    else:
        alex.asks(text)
    (welcome,) = alex.from_bot()
    assert office.name_of(welcome["text"]) == ("en", note)
    assert alex.asked == []
    alex.presses("start", on=welcome)
    assert alex.asked == ["openness"]
    assert alex.standing().case.asker == alex.id


def test_pressing_start_twice_starts_once(alex: Researcher) -> None:
    alex.asks("")
    (welcome,) = alex.from_bot()
    alex.presses("start", on=welcome)
    alex.presses("start", on=welcome)
    assert len(alex.cards()) == 1
    assert len(alex.from_bot()) == 3


def test_whoever_presses_start_first_is_the_asker(alex: Researcher, hanako: Researcher) -> None:
    alex.asks("")
    welcome = alex.from_bot()[0]
    hanako.looks_at(alex).presses("start", on=welcome)
    alex.presses("start", on=welcome)
    assert alex.standing().case.asker == hanako.id
    assert alex.notes() == ["not_your_case"]


def test_a_brand_that_was_named_comes_first(house: House, alex: Researcher) -> None:
    alex.asks("May I use Claude for our data?")
    assert alex.standing().case.brand == "claude"
    assert house.knowledge.brands["claude"].name in alex.from_bot()[0]["text"]
    alex.answers("openness", "undecided").answers("duties", "none")
    alex.answers("partners", "nobody").answers("content", content=["novelty"], fields=["none"])
    (card,) = alex.cards("service")
    select = next(e for (block, _), e in elements(card["blocks"]).items() if block == "service")
    first = [option["value"] for option in select["option_groups"][0]["options"]]
    plans = [s.id for s in house.knowledge.services.values() if s.brand == "claude"]
    assert first == [*plans, "claude"]


def test_a_mention_in_an_open_thread_asks_again_at_the_end(alex: Researcher) -> None:
    alex.asks()
    before = alex.cards("openness")[0]["ts"]
    alex.replies(f"{MENTION} where was I?")
    assert alex.asked == ["openness"]
    assert alex.from_bot()[-1] == alex.cards("openness")[0]
    assert alex.cards("openness")[0]["ts"] != before
    assert [m["ts"] for m in alex.from_bot()][1] == before
    alex.answers("openness", "public")
    assert alex.asked == ["duties"]


def test_a_mention_by_somebody_else_in_an_open_thread_is_turned_away(alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    shown = [dict(m) for m in alex.from_bot()]
    hanako.looks_at(alex).replies(f"{MENTION} 入力していい？")
    assert hanako.noted() == [("ja", "not_your_case")]
    assert alex.notes() == []
    assert alex.from_bot() == shown


def test_a_mention_in_a_finished_thread_gets_a_private_note(alex: Researcher, hanako: Researcher) -> None:
    alex.asks().answers("openness", "public").answers("duties", "none")
    shown = [dict(m) for m in alex.from_bot()]
    alex.replies(f"{MENTION} and now?")
    hanako.looks_at(alex).replies(f"{MENTION} 入力していい？")
    assert (alex.notes(), hanako.noted()) == (["finished"], [("ja", "not_your_case")])
    assert alex.from_bot() == shown


def test_words_inside_an_open_direct_thread_are_pointed_to_the_buttons(alex: Researcher) -> None:
    alex.asks_directly().replies("hm, not sure what you mean")
    assert alex.notes() == ["use_buttons"]
    assert alex.asked == ["openness"]
    alex.replies(MENTION)
    assert alex.from_bot()[-1] == alex.cards()[0]
    assert len(alex.from_bot()) == 3


def test_help_inside_an_open_thread_explains_and_leaves_the_card(office: Office, alex: Researcher) -> None:
    alex.asks().replies(f"{MENTION} help")
    assert office.name_of(alex.from_bot()[-1]["text"]) == ("en", "help")
    assert alex.asked == ["openness"]


@pytest.mark.parametrize("thread", [True, False])
def test_talk_that_does_not_name_the_bot_is_not_answered(thread: bool, office: Office, alex: Researcher) -> None:
    if thread:
        alex.asks()
    else:
        alex.says("let us talk")
    posted = len(office.slack.api.calls)
    alex.replies("is it okay to upload our data to ChatGPT?")
    assert len(office.slack.api.calls) == posted


def test_a_thread_posted_to_the_channel_too_is_heard_once(office: Office, alex: Researcher) -> None:
    alex.asks_directly()
    message = office.workspace.post(
        alex.direct,
        {"user": alex.id, "text": "hm", "thread_ts": alex.thread, "subtype": "thread_broadcast", "team": "T0PLAY"},
    )
    office.send_event({**message, "channel": alex.direct, "channel_type": "im", "event_ts": message["ts"]})
    assert alex.notes() == ["use_buttons"]


@pytest.mark.parametrize(("locale", "language"), [("ja-JP", "ja"), ("en-GB", "en"), ("fr-FR", "en"), ("", "en")])
def test_the_language_follows_the_locale(locale: str, language: str, house: House, office: Office) -> None:
    person = office.newcomer(locale).asks("データを入力していい？")
    assert question_language(house, person) == language


@pytest.mark.parametrize("answer", [{"ok": False, "error": "user_not_found"}, {"ok": True, "user": {"id": "U1"}}])
def test_english_when_the_locale_cannot_be_read(
    answer: dict[str, Any], house: House, office: Office, hanako: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = office.slack.api.call

    def without_locale(method: str, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return answer if method == "users.info" else call(method, token, arguments)

    monkeypatch.setattr(office.slack.api, "call", without_locale)
    assert question_language(house, hanako.asks("データを入力していい？")) == "en"


def test_the_locale_is_read_anew_each_time(house: House, office: Office, alex: Researcher) -> None:
    alex.asks()
    assert question_language(house, alex) == "en"
    office.speaks(alex, "ja-JP")
    alex.answers("openness", "undecided")
    assert question_language(house, alex) == "ja"
    office.speaks(alex, "en-US")
    alex.replies(MENTION)
    assert question_language(house, alex) == "en"


@pytest.mark.parametrize("file", ["results.csv", "写真.png"])
def test_a_file_in_a_direct_message_is_not_fetched(file: str, office: Office, alex: Researcher) -> None:
    alex.says("", alex.direct, file=file)
    (warning,) = alex.from_bot()
    assert office.name_of(warning["text"]) == ("en", "file")
    alex.says("May I upload this?", alex.direct, file=file)
    assert alex.asked == ["openness"]
    assert office.name_of(alex.from_bot()[0]["text"]) == ("en", "file")


def test_a_file_in_the_thread_of_a_case_gets_a_warning(office: Office, alex: Researcher) -> None:
    alex.asks().replies("here they are", file="results.csv")
    assert office.name_of(alex.from_bot()[-1]["text"]) == ("en", "file")
    assert alex.asked == ["openness"]


def test_a_file_with_a_mention_gets_a_warning_and_the_first_card(office: Office, alex: Researcher) -> None:
    alex.says(f"{MENTION} may I upload this?", file="results.csv")
    warnings = [m for m in alex.from_bot() if m["text"] == office.tools.phrases.say("en", "note.file")]
    assert len(warnings) == 1
    assert alex.asked == ["openness"]


def test_a_file_in_a_thread_without_a_case_is_not_answered(office: Office, alex: Researcher) -> None:
    posted = len(office.slack.api.calls)
    alex.says("our results", file="results.csv").replies("more", file="more.csv")
    assert [name for name, _ in office.slack.api.calls[posted:] if name != "users.info"] == []


def test_no_file_is_ever_touched(office: Office, alex: Researcher) -> None:
    alex.asks().replies("", file="a.csv").says("", alex.direct, file="b.csv")
    assert {name for name, _ in office.slack.api.calls} <= {
        "auth.test", "users.info", "usergroups.users.list", "chat.postMessage", "chat.postEphemeral", "chat.update",
        "conversations.open", "conversations.replies", "conversations.history", "views.open",
        "views.update", "views.publish", "chat.getPermalink", *(f"assistant.threads.set{it}" for it in PANE),
    }  # fmt: skip
    assert all(message["user"] != BOT or "files" not in message for message in alex.everything())
