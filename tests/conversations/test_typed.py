"""Typed answers: what is heard of them, and what that comes to on each card."""

import random

import pytest

from conversations.book import Books
from conversations.hearing import Vocabulary, heard_of, load_words
from conversations.interview import Interview, Step
from conversations.models import SHORTCUT, Choice
from conversations.typed import Meant, meant
from tests.conversations.builders import answered, case, chooser, heard, pick

UNDECIDED = ("openness", pick(shortcut="undecided"))
NONE = ("duties", pick(shortcut="none"))
NOBODY = ("partners", pick(shortcut="nobody"))
NOVELTY = ("content", pick(content="novelty", fields="none"))
STATIONS = {
    "openness": (),
    "duties": (UNDECIDED,),
    "clearance": (UNDECIDED, ("duties", pick(bound="personal"))),
    "two clearances": (UNDECIDED, ("duties", pick(bound="personal other"))),
    "partners": (UNDECIDED, NONE),
    "content": (UNDECIDED, NONE, NOBODY),
    "service": (UNDECIDED, NONE, NOBODY, NOVELTY),
    "all_public": (("openness", pick(shortcut="public")), ("duties", pick(bound="secret"))),
}


@pytest.fixture(scope="module")
def vocabulary(books: Books) -> Vocabulary:
    return books.current().vocabulary


def station(interview: Interview, name: str) -> Step:
    current = interview.progress(case(*STATIONS[name])).current
    assert current is not None
    assert current.card.id in (name, "clearance")
    return current


def typed(vocabulary: Vocabulary, step: Step, text: str) -> Meant | None:
    told = vocabulary.heard(text)
    return meant(step, heard_of(told.codes())) if told else None


SURE: list[tuple[str, str, Choice]] = [
    ("openness", "わからない", pick(shortcut="unsure")),
    ("openness", "I don’t know", pick(shortcut="unsure")),
    ("openness", "まだ公開するか決めていない", {}),
    ("openness", "公開するかまだ決めていない。", pick(shortcut="undecided")),
    ("openness", "not decided yet", pick(shortcut="undecided")),
    ("openness", "２", pick(status="agreement")),
    ("duties", "いいえ", pick(shortcut="none")),
    ("duties", "no", pick(shortcut="none")),
    ("duties", "ありません。", pick(shortcut="none")),
    ("duties", "1", pick(bound="personal")),
    ("duties", "②番", pick(bound="export")),
    ("duties", "1と3", pick(bound="personal secret")),
    ("duties", "1, 2 and 4", pick(bound="personal export other")),
    ("clearance", "はい", pick(personal="permitted")),
    ("clearance", "認められています", {}),
    ("clearance", "認められている", pick(personal="permitted")),
    ("clearance", "Refused or forbidden", pick(personal="refused")),
    ("clearance", "3", pick(shortcut="unsure")),
    ("two clearances", "don't know", pick(shortcut="unsure")),
    ("partners", "No.", pick(shortcut="nobody")),
    ("partners", "どちらも関わらないです", pick(shortcut="nobody")),
    ("content", "none", pick(shortcut="none")),
    ("content", "食料", pick(fields="food")),
    ("service", "分かりません", pick(shortcut="unsure")),
    ("service", "chatgpt edu", pick(service="chatgpt_edu", use="prompt")),
    ("all_public", "はい", pick(all="all")),
    ("all_public", "NO!", pick(all="part")),
    ("all_public", "わからない", pick(all="unsure")),
    ("all_public", "２", pick(all="part")),
]


@pytest.mark.parametrize(("name", "text", "choice"), SURE)
def test_what_is_sure_is_the_answer(
    name: str, text: str, choice: Choice, interview: Interview, vocabulary: Vocabulary
) -> None:
    found = typed(vocabulary, station(interview, name), text)
    if choice:
        assert found == Meant((choice,), sure=True)
    else:
        assert found is None or not found.sure


UNSURE: list[tuple[str, str, list[Choice]]] = [
    ("openness", "公開済み", [pick(shortcut="public")]),
    ("duties", "個人情報", [pick(bound="personal"), pick(unsure="personal")]),
    ("duties", "personal infomation", [pick(bound="personal"), pick(unsure="personal")]),
    ("duties", "6", [pick(shortcut="none")]),
    ("two clearances", "no", [pick(personal="refused", other="refused")]),
    (
        "partners",
        "a company (its information counts)",
        [pick(partner="industry", approval=name) for name in ("confirmed", "refused", "waiting")],
    ),
    ("content", "健康", [pick(fields="health")]),
]


@pytest.mark.parametrize(("name", "text", "choices"), UNSURE)
def test_what_is_not_sure_is_asked_back(
    name: str, text: str, choices: list[Choice], interview: Interview, vocabulary: Vocabulary
) -> None:
    assert typed(vocabulary, station(interview, name), text) == Meant(tuple(choices), sure=False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("openness", "はい"),
        ("openness", "9"),
        ("duties", "yes"),
        ("duties", "0"),
        ("duties", "1 7"),
        ("content", "データ"),
        ("service", "1"),
        ("service", "ChatGPT"),
        ("partners", "認められている"),
        ("openness", "このデータはどこにありますか、田中さん"),
        ("openness", "lunch?"),
        ("openness", "x" * 5000),
        ("openness", ""),
        ("openness", " 。"),
    ],
)
def test_anything_else_is_no_answer(name: str, text: str, interview: Interview, vocabulary: Vocabulary) -> None:
    assert typed(vocabulary, station(interview, name), text) is None


def test_a_reading_is_taken_or_left(interview: Interview, vocabulary: Vocabulary) -> None:
    read = {"service": ("chatgpt_edu",), "use": ("prompt",), "already_public": ("no",), "personal_information": ("no",)}
    (step,) = interview.progress(heard(read)).steps
    assert typed(vocabulary, step, "はい") == Meant((interview.readings.accepted(step.read),), sure=True)
    assert typed(vocabulary, step, "no") == Meant(({SHORTCUT: ("ask",)},), sure=False)
    assert typed(vocabulary, step, "わからない") == Meant(({SHORTCUT: ("ask",)},), sure=True)
    assert typed(vocabulary, step, "1") is None


def test_of_two_services_that_were_read_one_is_picked(interview: Interview, vocabulary: Vocabulary) -> None:
    read = {"service": ("chatgpt_edu", "claude_team"), "personal_information": ("no",)}
    (step,) = interview.progress(heard(read)).steps
    found = typed(vocabulary, step, "yes")
    assert found is not None
    assert not found.sure
    assert [choice["service"] for choice in found.choices] == [("chatgpt_edu",), ("claude_team",)]


def test_whatever_is_typed_can_be_taken_where_it_is_asked(interview: Interview, vocabulary: Vocabulary) -> None:
    """Every name of every option, on every card of random interviews: what comes of it never fails the card."""
    texts = ["はい", "no", "unsure", "1", "2", "1 2", "7"]
    texts += [o.label.ja for card in interview.cards for part in card.parts for o in part.options]
    texts += [s.label.en for card in interview.cards for s in card.shortcuts]
    taken = 0
    for seed in range(12):
        done = answered(interview, chooser(random.Random(f"typed {seed}")))
        for length in range(len(done.answers)):
            so_far = case(*((a.card, a.choice) for a in done.answers[:length]))
            step = interview.progress(so_far).current
            assert step is not None
            for text in texts:
                for choice in (typed(vocabulary, step, text) or Meant((), sure=False)).choices:
                    interview.check(so_far, step.card.id, choice)
                    taken += 1
    assert taken > 500


def test_the_words_name_cards_and_options_that_are_there(interview: Interview) -> None:
    cards = {card.id: card for card in interview.cards}
    for told in load_words().card:
        options = {option.id for part in cards[told.id].parts for option in part.options}
        options |= {shortcut.id for shortcut in cards[told.id].shortcuts}
        assert {name for name in (told.yes, told.no) if name} <= options


def test_no_word_means_two_things() -> None:
    words = load_words()
    told = [word.casefold() for each in (words.yes, words.no, words.unsure, words.answers) for word in each]
    assert len(told) == len(set(told))
