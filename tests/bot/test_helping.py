"""The menu on a card: why it is asked, what its words mean, the desk, and the answers so far."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from bot.app import House, build_house
from bot.playground import payloads
from bot.playground.payloads import Payload
from tests.bot.conftest import opened
from tests.bot.driver import Office, Researcher

EXAMPLE = Path(str(files("bot") / "playground" / "institution"))


def block_ids(view: Payload, prefix: str = "") -> list[str]:
    found = [str(block["block_id"]) for block in view["blocks"] if not str(block["block_id"]).startswith("auto")]
    return [name.removeprefix(prefix) for name in found if name.startswith(prefix)]


def entries(person: Researcher) -> list[str]:
    """Return what the menu of the card offers."""
    found = payloads.elements(person.cards()[-1]["blocks"])
    (options,) = [element["options"] for (_, name), element in found.items() if name == "card.more"]
    return [option["value"].split("|")[0] for option in options]


def test_the_answers_so_far_are_offered_once_there_are_any(alex: Researcher) -> None:
    alex.asks()
    assert entries(alex) == ["why", "terms", "desk", "confirm"]
    alex.answers("openness", "undecided")
    assert entries(alex) == ["why", "terms", "desk", "answers"]


def test_a_reading_has_no_words_to_explain(hanako: Researcher) -> None:
    hanako.asks("公開済みの論文のデータを、ChatGPT Eduに入力していいですか？個人情報はありません。")
    assert hanako.asked == ["reading"]
    assert entries(hanako) == ["why", "desk"]
    hanako.picks("why")
    assert block_ids(hanako.view, "passage:")


def test_why_quotes_the_rules_that_the_answer_can_move(house: House, alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", bound=["personal"]).picks("why")
    step = alex.standing().progress.current
    assert step is not None
    rules = house.interview.at_stake(step)
    assert {rule.id for rule in rules} >= {"verdict.refused.personal_information", "verdict.ask.personal_information"}
    assert "verdict.refused.export_controlled" not in {rule.id for rule in rules}
    first = dict.fromkeys(rule.cites[0] for rule in rules)
    others = dict.fromkeys(name for rule in rules for name in rule.cites if name not in first)
    assert block_ids(alex.view, "passage:") == [*first, *others]
    shown = str(alex.view["blocks"])
    assert all(rule.because.en in shown for rule in rules)


def test_the_japanese_original_is_always_there_and_english_is_marked(
    house: House, alex: Researcher, hanako: Researcher
) -> None:
    alex.asks().picks("why")
    hanako.asks("データを入力していい？").picks("why")
    for person in (alex, hanako):
        shown = " ".join(str(person.view["blocks"]).split())
        for name in block_ids(person.view, "passage:"):
            assert " ".join(house.knowledge.passages[name].ja.split()) in shown
    assert "unofficial" in str(alex.view["blocks"])


def test_everyone_in_the_thread_may_read_the_help(alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    hanako.looks_at(alex)
    for kind, view in (("why", "why_asked"), ("terms", "terms"), ("desk", "ask_the_desk")):
        hanako.picks(kind, on=alex.cards()[0])
        assert hanako.view["callback_id"] == view
    assert (hanako.notes(), alex.notes()) == ([], [])


def test_the_answers_are_for_the_asker_alone(alex: Researcher, hanako: Researcher) -> None:
    alex.asks().answers("openness", "undecided")
    hanako.looks_at(alex).picks("answers", on=alex.cards()[0])
    assert not hanako.has_view
    assert hanako.notes() == ["not_your_case"]


def test_terms_are_those_of_the_card_with_their_sources(house: House, hanako: Researcher) -> None:
    hanako.asks("データを入力していい？").answers("openness", "undecided").picks("terms")
    terms = house.books.current().glossary["duties"]
    assert block_ids(hanako.view) == [term.id for term in terms]
    shown = str(hanako.view["blocks"])
    assert all(term.meaning.ja in shown and term.as_of.isoformat() in shown for term in terms)


def test_without_an_institution_the_desk_is_whoever_supports_research(alex: Researcher) -> None:
    alex.asks().picks("desk")
    shown = str(alex.view["blocks"])
    assert alex.standing().case.id in shown
    assert "How open is everything you want to enter?" in shown
    assert "research support" in shown
    assert alex.notes() == []


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(build_house(EXAMPLE), str(tmp_path_factory.mktemp("help") / "kakunin.db")) as office:
        yield office
        assert (office.take_refusals(), office.take_complaints()) == ([], [])


def test_the_institution_s_desk_and_its_words(example: Office) -> None:
    person = example.newcomer("ja-JP")
    person.asks("データを入力していい？").answers("openness", "undecided").picks("desk")
    shown = str(person.view["blocks"])
    assert "<#C0GENERAL>" in shown
    assert "ai-desk@example.ac.jp" in shown
    glossary = example.tools.conversations.book(person.standing().case).glossary
    assert [term.id for term in glossary["kakuu_ethics"]] == ["kakuu_ethics_plan", "ethics_guideline"]


@pytest.mark.parametrize(
    "value", ["", "why", "why|x|openness", "nonsense|{case}|openness", "why|{case}|service", "why|{case}|🦜"]
)
def test_a_made_up_entry_opens_nothing(value: str, office: Office, alex: Researcher) -> None:
    alex.asks()
    (block, _), element = next(
        e for e in payloads.elements(alex.cards()[0]["blocks"]).items() if e[0][1] == "card.more"
    )
    option = {**element["options"][0], "value": value.format(case=alex.standing().case.id)}
    sent = alex.payload("card.next", alex.cards()[0])
    clicked = {"block_id": block, "action_id": "card.more", "type": "overflow", "selected_option": option}
    sent["actions"][0] = {**sent["actions"][0], **clicked}
    assert office.send_interaction(sent).status == 200
    assert not alex.has_view
    assert len(alex.notes()) == 1
