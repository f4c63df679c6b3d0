"""What is typed outside a thread: an answer to the one open check, or a wish to see one's answers."""

import pytest

from tests.bot.driver import Office, Researcher


def types_alone(person: Researcher, text: str) -> list[str]:
    """Write a message of its own to the bot; returns what the bot answers under it."""
    thread = person.thread
    person.says(text, channel=person.direct)
    told = [message["text"] for message in person.from_bot()]
    person.thread = thread
    return told


def say(person: Researcher, name: str) -> str:
    return person.office.tools.phrases.say("en", name)


@pytest.mark.parametrize("text", ["not decided yet", "4", "I don't know"])
def test_an_answer_is_taken_by_the_open_check_of_the_direct_message(alex: Researcher, text: str) -> None:
    alex.asks_directly()
    assert alex.asked == ["openness"]
    assert types_alone(alex, text) == [say(alex, "note.answered_there")]
    assert alex.asked == ["duties"]
    assert [answer.by for answer in alex.standing().case.answers] == [alex.id]


def test_what_is_not_sure_is_asked_back_in_the_thread_of_the_check(alex: Researcher) -> None:
    alex.asks_directly()
    assert types_alone(alex, "yes") == [say(alex, "note.answered_there")]
    assert alex.asked == ["openness"]
    assert alex.notes() == ["choose_on_card"]
    (note,) = [message for message in alex.everything() if message.get("only_for") == alex.id]
    assert note["thread_ts"] == alex.thread


def test_with_two_open_checks_it_is_not_known_which_is_meant(alex: Researcher) -> None:
    alex.asks_directly("May I put our data into Claude?")
    alex.asks_directly("May I put our data into Gemini?")
    assert types_alone(alex, "not decided yet") == [say(alex, "note.off_topic")]
    assert alex.asked == ["openness"]


def test_a_check_in_a_channel_is_answered_there(alex: Researcher) -> None:
    alex.asks()
    assert types_alone(alex, "not decided yet") == [say(alex, "note.off_topic")]
    assert alex.looks_at(alex).asked == []


def test_a_new_question_begins_a_new_check(alex: Researcher) -> None:
    alex.asks_directly()
    first = alex.thread
    alex.asks_directly("May I put our data into Claude?")
    assert alex.thread != first
    assert alex.asked == ["openness"]


def summary_of(person: Researcher) -> str:
    """The case that the newest private note leads to."""
    note = [message for message in person.everything() if message.get("only_for") == person.id][-1]
    (button,) = [element for block in note["blocks"] for element in block.get("elements", ())]
    return str(button["value"])


@pytest.mark.parametrize("text", ["answers", "my answers", "回答一覧"])
def test_the_command_shows_the_answers_of_the_open_check(alex: Researcher, text: str) -> None:
    case = alex.asks().standing().case.id
    alex.commands(text)
    assert alex.notes() == ["your_answers"]
    assert summary_of(alex) == case


def test_the_command_tells_where_to_look_when_none_or_several_are_open(alex: Researcher) -> None:
    alex.commands("answers")
    alex.asks().asks()
    alex.commands("answers")
    assert alex.notes() == ["whose_answers", "whose_answers"]


def test_answers_in_a_direct_message_are_those_of_the_open_check(alex: Researcher) -> None:
    case = alex.asks().standing().case.id
    types_alone(alex, "answers")
    assert alex.notes() == ["your_answers"]
    assert summary_of(alex) == case


def test_nothing_typed_is_written_down(office: Office, alex: Researcher) -> None:
    alex.asks_directly()
    types_alone(alex, "Not Decided Yet")
    assert "Not Decided Yet" not in repr(list(office.tools.conversations.store.cases()))
