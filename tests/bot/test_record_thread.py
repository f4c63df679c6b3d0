"""“Get the record”: three files in the thread, once, whatever fails on the way; for the asker alone."""

import json
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import pytest

from bot.playground.workspace import TEAM, Message
from bot.spoken import LANGUAGES
from conversations.errors import StoreError
from conversations.receipts import read_receipts
from knowledge.loader import bare
from tests.bot.driver import PATIENCE, Office, Researcher
from tests.bot.recording import NOT_APPLICABLE, TICKS, Read, read_markdown, read_word
from tests.bot.test_interview import INTERVIEWS, goes_through
from tests.bot.test_uploads import BEGIN, COMPLETE, LOOK, SEND, Breaking, answering
from tests.bot.test_whole_list import REFUSED, REST, answers, wants_the_whole_list

SECRET = "May I put the zebrafish atlas of Dr Tanaka into ChatGPT?"
NAMES = ("zebrafish", "atlas", "tanaka")


def gets_the_record(person: Researcher, on: Message | None = None) -> None:
    person.presses("record.get", on=on or person.verdict_message())


def files_of(person: Researcher) -> list[tuple[str, str, bytes]]:
    """Return name, the words beside it, and content of each file in the thread."""
    found = []
    for message in person.from_bot():
        for shown in message.get("files", ()):
            with urlopen(shown["url_private"], timeout=PATIENCE) as answer:
                found.append((shown["name"], message["text"], answer.read()))
    return found


def are_there_once(person: Researcher) -> tuple[Read, Read, dict[str, Any]]:
    case = person.standing().case.id
    (word, markdown, receipt) = files_of(person)
    assert [word[0], markdown[0], receipt[0]] == [
        f"kakunin-record-{case}.docx",
        f"kakunin-record-{case}.md",
        f"kakunin-receipt-{case}.json",
    ]
    assert [text for _, text, _ in (markdown, receipt)] == ["", ""]
    assert f"<@{person.id}>" in word[1]
    return read_word(word[2]), read_markdown(markdown[2].decode()), json.loads(receipt[2])


def stored(person: Researcher) -> tuple[str, ...]:
    return person.office.tools.conversations.store.receipts(TEAM, person.standing().case.id)


@pytest.fixture
def settled(alex: Researcher) -> Researcher:
    alex.asks(SECRET)
    if alex.asked == ["reading"]:
        alex.answers("reading", "ask")
    answers(alex, REFUSED | REST)
    return alex


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_files_come_into_the_thread(office: Office, settled: Researcher, language: str) -> None:
    office.speaks(settled, {"ja": "ja-JP", "en": "en-US"}[language])
    gets_the_record(settled)
    word, markdown, receipt = are_there_once(settled)
    evaluation, book = settled.evaluation(), settled.standing().book
    for read in (word, markdown):
        for row, (item, status) in zip(read.checklist, evaluation.checklist.items(), strict=True):
            assert row[0] == (NOT_APPLICABLE[language] if status == "not_applicable" else TICKS[status])
            assert bare(row[1]).startswith(bare(book.knowledge.passages[f"check.{item}"].ja))
    assert json.loads(stored(settled)[-1]) == receipt
    assert receipt["result"]["checklist"] == dict(evaluation.checklist)


def test_no_word_and_no_name_of_the_asker_is_in_it(settled: Researcher) -> None:
    gets_the_record(settled)
    word, markdown, receipt = are_there_once(settled)
    for text in (word.text, markdown.text, json.dumps(receipt)):
        assert [name for name in (*NAMES, settled.id, settled.channel, TEAM) if name.lower() in text.lower()] == []


def test_pressing_again_says_where_it_is(settled: Researcher) -> None:
    gets_the_record(settled)
    gets_the_record(settled)
    are_there_once(settled)
    assert settled.notes() == ["record_is_there"]


def test_a_click_that_slack_repeats_counts_once(office: Office, settled: Researcher) -> None:
    payload = settled.payload("record.get", settled.verdict_message())
    for _ in range(2):
        office.send_interaction(payload)
    are_there_once(settled)
    assert settled.notes() == []


def test_another_language_is_another_record(office: Office, settled: Researcher) -> None:
    gets_the_record(settled)
    office.speaks(settled, "ja-JP")
    gets_the_record(settled)
    assert len(files_of(settled)) == 6


def test_a_changed_answer_is_another_record(settled: Researcher) -> None:
    gets_the_record(settled)
    settled.changes("clearance")
    settled.submits(personal=["permitted"])
    answers(settled, REFUSED | REST)
    gets_the_record(settled)
    receipts = [read_receipts(content.decode())[0] for name, _, content in files_of(settled) if name.endswith(".json")]
    assert [receipt.number for receipt in receipts] == [1, len(stored(settled))]
    assert receipts[0].result != receipts[1].result


def test_only_the_asker_gets_it(office: Office, settled: Researcher) -> None:
    other = office.newcomer("en-US").looks_at(settled)
    gets_the_record(other)
    assert other.notes() == ["not_your_case"]
    assert files_of(settled) == []


def test_an_old_button_gives_nothing_while_the_verdict_is_open(settled: Researcher) -> None:
    card = settled.verdict_message()
    payload = settled.payload("record.get", card)
    settled.changes("clearance")
    settled.submits(personal=["permitted"])
    assert settled.asked
    settled.office.send_interaction(payload)
    assert settled.notes() == ["old_card"]
    assert files_of(settled) == []


def test_half_a_checklist_is_recorded_as_it_stands(alex: Researcher) -> None:
    alex.asks()
    answers(alex, REFUSED)
    wants_the_whole_list(alex)
    alex.answers("service", **REST["service"]) if alex.asked == ["service"] else None
    held = len(stored(alex))
    gets_the_record(alex)
    receipt = are_there_once(alex)[2]
    assert alex.asked, "the list is not finished"
    assert len(stored(alex)) == held + 1
    told = {given["fact"]: given["value"] for given in receipt["answers"]}
    assert told["use"] == alex.evaluation().facts["use"] == "prompt"


@pytest.mark.parametrize("done", [False, True], ids=["not done", "done"])
@pytest.mark.parametrize("step", [BEGIN, SEND, COMPLETE, LOOK])
def test_what_a_failing_slack_begins_is_finished_later(
    step: str, done: bool, settled: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking = Breaking(settled.office, monkeypatch)
    for _ in range(4):
        breaking.next(step, answering(500), done=done)
    gets_the_record(settled)
    for _ in range(8):
        settled.office.later()
    are_there_once(settled)
    gets_the_record(settled)
    are_there_once(settled)
    settled.office.take_refusals()


@pytest.mark.parametrize("failing", ["add_receipt", "put_letter", "job_done"])
def test_what_a_failing_store_stops_is_done_once_later(
    failing: str, alex: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    alex.asks()
    answers(alex, REFUSED)
    wants_the_whole_list(alex)
    alex.answers("service", **REST["service"])
    store = alex.office.tools.conversations.store
    act: Callable[..., Any] = getattr(store, failing)
    calls = iter((False, False, True) if failing == "put_letter" else (True,))

    def fails_once(*given: Any) -> Any:
        if next(calls, False):
            raise StoreError("the disk is full")
        return act(*given)

    held = len(stored(alex))
    monkeypatch.setattr(store, failing, fails_once)
    gets_the_record(alex)
    assert files_of(alex) == []
    alex.office.later()
    are_there_once(alex)
    assert len(stored(alex)) == held + 1
    alex.office.later()
    are_there_once(alex)
    assert alex.notes() == []


def test_a_file_that_was_given_up_comes_at_the_next_click(settled: Researcher, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking = Breaking(settled.office, monkeypatch)
    breaking.next(COMPLETE, lambda: {"ok": False, "error": "file_type_not_allowed"})
    gets_the_record(settled)
    assert [name.rpartition(".")[2] for name, _, _ in files_of(settled)] == ["md", "json"]
    assert len(settled.office.take_complaints()) == 1
    gets_the_record(settled)
    assert [name.rpartition(".")[2] for name, _, _ in files_of(settled)] == ["md", "json", "docx"]
    settled.office.take_refusals()


def test_public_data_need_no_service(hanako: Researcher) -> None:
    goes_through(hanako.asks(), INTERVIEWS["public data"][0])
    gets_the_record(hanako)
    word, _, receipt = are_there_once(hanako)
    assert receipt["service"] is None
    assert {row[0] for row in word.checklist} == {"対象外"}
