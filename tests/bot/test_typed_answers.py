"""Typed answers through the whole bot: taken, asked back, or left alone as talk; and nothing of the words is kept."""

import json
from pathlib import Path

import pytest

from bot.playground import payloads
from bot.playground.workspace import Message
from tests.bot.driver import MENTION, Office, Researcher
from tests.bot.effects import dump


def asked_back(person: Researcher) -> Message:
    """Return the last private note to the person."""
    return [message for message in person.everything() if message.get("only_for") == person.id][-1]


def offered(note: Message) -> list[dict[str, list[str]]]:
    """Return the choices that a note offers."""
    values = [str(e["value"]) for (_, name), e in payloads.elements(note["blocks"]).items() if "card.meant" in name]
    return [json.loads(value.split("|", 2)[2]) for value in values]


def labels(note: Message) -> list[str]:
    return [e["text"]["text"] for e in payloads.elements(note["blocks"]).values()]


def test_a_whole_check_is_typed_in_japanese(hanako: Researcher) -> None:
    hanako.asks("データを入力していい？")
    for text in ("公開するかまだ決めていない", "いいえ", "いいえ", "どれにも当たらない"):
        hanako.replies(text)
    assert hanako.verdicts() == ["allowed_with_conditions"]
    assert hanako.notes() == []
    assert hanako.choices() == {
        "openness": {"shortcut": ["undecided"]},
        "duties": {"shortcut": ["none"]},
        "partners": {"shortcut": ["nobody"]},
        "content": {"shortcut": ["none"]},
    }


def test_a_direct_message_takes_typed_answers_as_well(alex: Researcher) -> None:
    alex.asks_directly().replies("2").replies("1 and 4").replies("don't know")
    assert alex.choices() == {
        "openness": {"status": ["agreement"]},
        "duties": {"bound": ["personal", "other"]},
        "clearance": {"shortcut": ["unsure"]},
    }
    assert alex.notes() == []


def test_naming_the_bot_makes_no_difference(alex: Researcher) -> None:
    alex.asks().replies(f"{MENTION} not decided yet")
    assert alex.asked == ["duties"]
    alex.replies(f"{MENTION} no")
    assert alex.choices()["duties"] == {"shortcut": ["none"]}
    assert len(alex.standing().case.answers) == 2


def test_what_was_clicked_before_it_was_handled_is_what_a_typed_answer_meets(office: Office, alex: Researcher) -> None:
    alex.asks()
    click = payloads.encode_interaction(alex.payload("card.shortcut:public", alex.cards()[0]))
    office.slack.send(*click)
    alex.replies("no")
    assert alex.verdicts() == ["allowed"]


def test_what_is_not_sure_is_asked_back_privately_and_one_click_answers(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").replies("personal information")
    assert (alex.notes(), alex.asked) == (["did_you_mean"], ["duties"])
    note = asked_back(alex)
    assert offered(note) == [{"bound": ["personal"]}, {"unsure": ["personal"]}]
    assert labels(note) == ["Personal information", "Not sure about: Personal information"]
    alex.presses("card.meant:0", on=note)
    assert alex.choices()["duties"] == {"bound": ["personal"]}
    alex.presses("card.meant:1", on=note)
    assert alex.choices()["duties"] == {"bound": ["personal"]}
    assert alex.notes() == ["did_you_mean", "old_card"]


def test_a_service_is_taken_with_the_use_that_stands_on_the_card(hanako: Researcher) -> None:
    hanako.asks("データを入力していい？").answers("openness", "undecided").answers("duties", "none")
    hanako.answers("partners", "nobody").answers("content", content=["novelty"], fields=["none"])
    hanako.replies("chatgpt edu")
    assert hanako.choices()["service"] == {"service": ["chatgpt_edu"], "use": ["prompt"]}


@pytest.mark.parametrize("text", ["はい", "yes", "8"])
def test_what_answers_no_card_like_that_is_pointed_to_it(text: str, alex: Researcher) -> None:
    alex.asks().replies(text)
    assert (alex.notes(), alex.asked) == (["choose_on_card"], ["openness"])


@pytest.mark.parametrize(
    "text", ["I'll ask Tanaka-san tomorrow", "データはどこだっけ？", "permitted", "answers", "lol"]
)
def test_talk_in_a_channel_gets_no_reply(text: str, alex: Researcher) -> None:
    shown = len(alex.asks().everything())
    alex.replies(text)
    assert len(alex.everything()) == shown + 1


def test_talk_in_a_direct_message_is_pointed_to_the_buttons(alex: Researcher) -> None:
    alex.asks_directly().replies("I'll ask Tanaka-san tomorrow")
    assert alex.notes() == ["use_buttons"]


def test_only_the_asker_answers(alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    hanako.looks_at(alex).replies("not decided yet")
    assert (alex.asked, hanako.notes()) == (["openness"], [])
    hanako.replies(f"{MENTION} not decided yet")
    assert (alex.asked, hanako.notes()) == (["openness"], ["not_your_case"])


def test_after_the_verdict_nothing_typed_is_an_answer(alex: Researcher) -> None:
    alex.asks().answers("openness", "public").answers("duties", "none").replies("no")
    assert alex.notes() == []
    assert len(alex.standing().case.answers) == 2


def test_a_reading_is_confirmed_by_typing(hanako: Researcher) -> None:
    hanako.asks("公開済みの論文のデータを、ChatGPT Eduに入力していいですか？個人情報はありません。")
    assert hanako.asked == ["reading"]
    hanako.replies("はい")
    assert "reading" in hanako.choices()
    assert hanako.asked != ["reading"]


def test_the_word_answers_leads_to_them(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").replies(f"{MENTION} answers")
    assert alex.notes() == ["your_answers"]
    alex.presses("answers.summary", on=asked_back(alex))
    assert alex.view["callback_id"] == "answers"


MADE_UP = ["", "|", "x|y|z", "{case}|openness|[]", "{case}|openness|{{}}"]
MADE_UP += ['{case}|openness|{{"status": ["nonsense"]}}', '{case}|openness|{{"status": 7}}']


@pytest.mark.parametrize("value", MADE_UP)
def test_a_made_up_choice_has_no_effect(value: str, office: Office, alex: Researcher) -> None:
    alex.asks().replies("公開済み")
    note = asked_back(alex)
    sent = alex.payload("card.meant:0", note)
    sent["actions"][0]["value"] = value.format(case=alex.standing().case.id)
    assert office.send_interaction(sent).status == 200
    assert alex.standing().case.answers == ()
    assert len(alex.notes()) == 2


def test_nothing_typed_is_stored(filed_office: tuple[Office, Path]) -> None:
    office, file = filed_office
    person = office.newcomer("ja-JP")
    words = ("個人情報ですzz", "公開するかまだ決めていない、たぶん", "personal infomation")
    person.asks_directly("データを入力していい？").answers("openness", "undecided")
    for text in words:
        person.replies(text)
    assert person.notes() == ["use_buttons", "use_buttons", "did_you_mean"]
    kept = json.dumps(dump(file), ensure_ascii=False, default=repr)
    assert [text for text in words if text in kept] == []
