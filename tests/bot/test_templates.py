"""The templates of both languages say the same things, all of them are said, and no value can break Slack's mrkdwn."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import Environment, UndefinedError, meta

import bot
from bot.ids import AtDesk, More
from bot.listeners.assistant import PROMPTS
from bot.oauth.flow import SAID
from bot.playground.block_kit import block_faults
from bot.record.paper import HEADINGS
from bot.rendering import Mrkdwn, Phrases, escape
from bot.spoken import COMMON, LANGUAGES, NATIVE, language_of
from bot.views.blocks import section
from conversations.alarms import FIRST, LATE, SOON, WHOLE
from conversations.cards import load_cards
from conversations.confirmations import CONFIRMABLE, NO, YES
from conversations.desk import ABOUT, State
from conversations.digest import DESK, HEADLINE, ITEMS, TABLES
from conversations.drafts import DraftState
from conversations.errors import (
    APPROVER_CODES,
    AlreadyClaimed,
    AlreadySaid,
    ChoiceError,
    DayOver,
    DeskClosed,
    NoOffice,
    NoSuchCase,
    NotAColleague,
    NotADeskMember,
    NotAllowed,
    NotAsked,
    NotJudgedYet,
    NotOnTheDesk,
    NotYourCase,
    NoWords,
    OldCard,
    RulesUnreadable,
    Stranger,
)
from conversations.models import ENDS, OBJECTIONS, OPINIONS, PARTIES
from conversations.provenance import Role, Source
from conversations.validity import Why
from knowledge.desk import PRIORITIES
from knowledge.models import Office, Roles
from knowledge.understanding.unplaced import CLASSES
from rules.listing import Rules
from rules.models import VERDICTS, RuleBase
from rules.vocabulary import SERVICE

BOT = Path(bot.__file__).parent
BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock %}", re.DOTALL)
VIEWS = (
    "action|approval|checklist|coverage|desk|diff|digest|edit|entry|help|home|insight|install|notice|note|opinion|"
    "passages|question|reading|record|reply|terminal|todo|value|verdict|when|whom"
)
NAME = re.compile(rf'"((?:{VIEWS})\.\w*)(")?')
CONFIRMING = ("yes", "no")
MOVES = ("moves", "reopens", "settles", "stands")
CHOICE_CODES = ("empty", "missing", "contradiction", "alone", "unknown_option")
RECORDED = {
    *(*HEADINGS, "edition_from", "no_institution", "no_service", "way", "receipt_of", "passage_source", "official"),
    *("unofficial", "verified", "unverified", "contracted", "no_permission", "no_data", "may_change", "by_tables"),
    *("ruling", "unasked", "contact", "no_contacts", "word_title", "markdown_title", "receipt_title"),
}
"""What the writer of records says by names of its own."""
FORMS = ("reply", "assign", "hand", "want", "confirm", "rule", "accept")
TITLED = {f"{form}_{part}" for form in FORMS for part in ("title", "note")}
CALLED = {name.removeprefix("desk.") for name in AtDesk if name.startswith("desk.")}
BY_DESK = {
    "asked_by_rule",
    "unreached",
    "replied",
    "wants",
    "ruled",
    "confirmed",
    "was_closed",
    "taken_back",
    "take_back_note",
    "assigned_note",
    "handed_note",
}
"""What the desk's forms, buttons and letters say by names of their own."""
STATUSES = ("met", "not_met", "unconfirmed", "not_applicable", "required", "fulfilled")


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases()


def variables(language: str) -> dict[str, dict[str, set[str]]]:
    """File → phrase → the variables it reads."""
    parser, found = Environment(autoescape=True), {}
    for file in sorted((BOT / "templates" / language).iterdir()):
        blocks = BLOCK.findall(file.read_text(encoding="utf-8"))
        assert len(dict(blocks)) == len(blocks), f"{file.name} has a phrase twice"
        found[file.stem] = {name: meta.find_undeclared_variables(parser.parse(text)) for name, text in blocks}
    return found


def in_code() -> tuple[set[str], set[str]]:
    """Return the phrases named in full in the code, and the beginnings of those that are put together."""
    full, begun = set[str](), set[str]()
    for file in BOT.rglob("*.py"):
        for name, ended in NAME.findall(file.read_text(encoding="utf-8")):
            (full if ended else begun).add(name)
    return full, begun


def put_together(rulebase: RuleBase) -> dict[str, set[str]]:
    """Beginnings → every ending that the data can bring, read from the data."""
    decided, cards = rulebase.decided, load_cards(rulebase)
    kinds = (
        NotYourCase,
        NotAllowed,
        NotAsked,
        NotJudgedYet,
        AlreadySaid,
        NotAColleague,
        Stranger,
        NoSuchCase,
        OldCard,
        RulesUnreadable,
    )
    at_the_desk = (NotOnTheDesk, AlreadyClaimed, DeskClosed, NotADeskMember, NoOffice, NotJudgedYet, NoWords, DayOver)
    refused = {f"ruling_{part}" for part in ("verdict", "reason", "passages", "office")}
    codes = {e.code for e in (*kinds, *at_the_desk)} | {ChoiceError(c).code for c in CHOICE_CODES} | refused
    beginnings = {"tick_": STATUSES, "by_": get_args(Role), "from_": get_args(Source)}
    recorded = {beginning + ending for beginning, endings in beginnings.items() for ending in endings}
    return {
        "install.": {*SAID.values(), "trouble"},
        "note.": codes | {*APPROVER_CODES},
        "approval.": {*CONFIRMING, *(f"{name}_means" for name in CONFIRMING)},
        "approval.what_": {*CONFIRMABLE},
        "approval.part_": {part.id for card in cards if card.combine for part in card.parts},
        "approval.is_": {*ENDS, "waiting", "claimed", *CONFIRMING},
        "approval.told_": {*CONFIRMING, "back", "withdrawn", "expired", "left"},
        "home.title_": {"asked", "cases", "held", "to_do"},
        "desk.": {*ABOUT[1:], *CALLED, *BY_DESK, *TITLED, FIRST, WHOLE, SOON, LATE},
        "desk.answer_": {YES, NO},
        "desk.about_": {*ABOUT},
        "desk.state_": {*State},
        "desk.priority_": {*PRIORITIES},
        "desk.draft_": {DraftState.ACCEPTED, DraftState.DROPPED},
        "entry.prompt_": set(PROMPTS),
        "entry.message_": set(PROMPTS),
        "note.words_": set(CLASSES),
        "note.role_": set(Roles.model_fields),
        "reply.office_": set(get_args(Office)),
        "notice.": {
            "suspended",
            "policy_changed",
            "policy_question",
            "edition_changed",
            "edition_question",
            "edition_summary",
            "holds_passed",
        },
        "digest.": {*HEADLINE, "few", "none", "cases", "withheld", "empty", "subscribe", "unsubscribe"},
        "digest.column_": {"table", "name", "count", "change", "week", "seen"},
        "digest.table_": {*TABLES},
        "digest.item_": {*ITEMS},
        "digest.desk_": {*DESK},
        "digest.party_": {*PARTIES},
        "digest.file_": {"trend", "week", "csv", "xlsx"},
        "record.": RECORDED | recorded,
        "record.by_": set(get_args(Role)),
        "edit.": {*MOVES},
        "help.": {*More},
        "diff.": {field.name for field in fields(Rules)},
        "action.": {SERVICE, *(fact.id for fact in rulebase.facts.values() if fact.actionable)},
        "verdict.": {*VERDICTS, *STATUSES},
        "verdict.symbol_": set(VERDICTS),
        "verdict.class_": set(decided["data_class"].values),
        "verdict.obligation_": set(decided["obligation"].values),
        "verdict.engine_": {"durable_rules", "interpreter"},
        "verdict.until_": set(get_args(Why)),
        "opinion.": {*OPINIONS, *OBJECTIONS},
        "checklist.": {"item", "status", "words"},
        "value.": {value for fact in rulebase.facts.values() for value in fact.table_values},
    }


def test_both_languages_have_the_same_files_phrases_and_variables() -> None:
    japanese, english = (variables(language) for language in (NATIVE, COMMON))
    assert japanese.keys() == english.keys() == set(VIEWS.split("|"))
    for file, told in japanese.items():
        assert list(told) == list(english[file]), file
        differing = {name for name in told if told[name] != english[file][name]}
        # what differs is told in one language only: a passage's rendering and its standing belong to English
        assert differing <= {"quote", "source"}, file
    assert variables("ja")["verdict"]["quote"] <= variables("en")["verdict"]["quote"]
    assert variables("ja")["verdict"]["source"] <= variables("en")["verdict"]["source"]


def test_names_lists_what_the_files_hold(phrases: Phrases) -> None:
    for language in LANGUAGES:
        held = {f"{file}.{name}" for file, told in variables(language).items() for name in told}
        assert set(phrases.names(language)) == held


def test_every_phrase_used_exists_and_every_phrase_is_used(phrases: Phrases, rulebase: RuleBase) -> None:
    full, begun = in_code()
    endings = put_together(rulebase)
    assert begun == set(endings), "the code puts phrases together in a new way: say here what it can bring"
    used = full | {beginning + ending for beginning in begun for ending in endings[beginning]}
    for language in LANGUAGES:
        there = set(phrases.names(language))
        assert used - there == set(), f"used in the code but not said in {language}"
        assert there - used == set(), f"said in {language} but used nowhere"


def test_no_phrase_is_empty_or_has_loose_space(phrases: Phrases) -> None:
    for language in LANGUAGES:
        for file, told in variables(language).items():
            for name in (name for name, needed in told.items() if not needed):
                text = phrases.say(language, f"{file}.{name}")
                assert text == text.strip() != "", f"{language} {file}.{name}"
                assert "{" not in text


EVIL = ["<!channel>", "<!here>", "<@U0ALEX>", "<https://evil.example|click>", "a & b", "&lt;", "x > y", "\u202e<"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("evil", EVIL)
def test_values_cannot_become_mentions_or_links(phrases: Phrases, language: str, evil: str) -> None:
    for text in (
        phrases.say(language, "question.help", text=evil),
        phrases.say(language, "note.missing", part=evil),
        phrases.say(language, "verdict.reasons", reasons=[evil, evil]),
        phrases.say(language, "verdict.open", names=[evil, "b"]),
        phrases.say(language, "verdict.measures", measures=[{"label": evil, "detail": evil}]),
    ):
        assert [match for match in re.findall(r"<[@!#h]", text) if match] == []
        assert "&amp;" in text if "&" in evil else "&" not in text.replace("&lt;", "").replace("&gt;", "")
        assert block_faults([section(text)], "message") == []


def test_labels_are_plain_text_and_mrkdwn_is_left_alone(phrases: Phrases) -> None:
    assert phrases.label("en", "question.help", text="a < b & c") == "a < b & c"
    assert "<@U0ALEX>" in phrases.say("en", "question.intro", asker=Mrkdwn("<@U0ALEX>"))
    assert "&lt;@U0ALEX&gt;" in phrases.say("en", "question.intro", asker="<@U0ALEX>")
    assert escape("<a&b>") == "&lt;a&amp;b&gt;"
    assert escape(7) == "7"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forgotten_variable_is_an_error(phrases: Phrases, language: str) -> None:
    for file, told in variables(language).items():
        for name in (name for name, needed in told.items() if needed):
            with pytest.raises(UndefinedError):
                phrases.say(language, f"{file}.{name}")


def test_a_phrase_that_is_not_there_is_an_error(phrases: Phrases) -> None:
    with pytest.raises(KeyError):
        phrases.say("en", "note.nothing")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("JA_jp", "ja"),
        ("en-US", "en"),
        ("fr-FR", "en"),
        ("jav-ID", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_of_a_locale(locale: str | None, language: str) -> None:
    assert language_of(locale) == language


def test_every_part_that_can_be_missing_has_a_label(rulebase: RuleBase) -> None:
    for card in load_cards(rulebase):
        for part in card.parts:
            assert all(part.label.say(language).strip() for language in LANGUAGES)
