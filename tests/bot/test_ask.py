"""`kakunin ask` by standard input, in a real process: both languages, every kind of end, and wrong input."""

from pathlib import Path

import pytest

from bot.app import House, build_house
from bot.example import EXAMPLE
from conversations.choices import settle, shown_options, shown_parts, shown_shortcuts
from conversations.interview import Step
from conversations.models import SERVICE_CARD, SHORTCUT, Choice, Part, Place
from conversations.service import Conversations
from conversations.store.sqlite import SqliteStore
from rules.models import VERDICTS
from tests.bot.test_cli import kakunin, told

Answers = dict[str, Choice]

SECRET_BUT_PUBLIC: Answers = {"openness": {SHORTCUT: ("public",)}, "duties": {"bound": ("secret",)}}
NOTHING_IN_IT: Answers = {"duties": {SHORTCUT: ("none",)}, "content": {SHORTCUT: ("none",)}}
ALONE: Answers = {"partners": {SHORTCUT: ("nobody",)}}
PERSONAL: Answers = {"openness": {SHORTCUT: ("undecided",)}, "duties": {"bound": ("personal",)}, **ALONE}
ENDS: dict[str, Answers] = {
    "allowed": {"openness": {SHORTCUT: ("public",)}, "duties": {SHORTCUT: ("none",)}},
    "allowed_with_conditions": {"openness": {"status": ("decided_open",)}, **NOTHING_IN_IT, **ALONE},
    "confirm_first": {},
    "public_data_only": {
        **PERSONAL,
        "clearance": {"personal": ("permitted",)},
        "service": {"service": ("other",), "use": ("prompt",)},
        "safeguards": {"confirmed": ("access",), "not_so": ("purpose",), "place": ("japan",)},
    },
    "do_not_upload": {**PERSONAL, "clearance": {"personal": ("refused",)}},
}


UNDER_THE_EXAMPLE: dict[str, Answers] = {
    "public data in a banned service": {
        **ENDS["allowed"],
        "service": {"service": ("deepl_free",), "use": ("prompt",)},
    },
    "health data in a consumer service": {
        "openness": {SHORTCUT: ("undecided",)},
        "duties": {SHORTCUT: ("none",)},
        "content": {"content": ("novelty",), "fields": ("health",)},
        "service": {"service": ("chatgpt_free",), "use": ("prompt",)},
        "safeguards": {"confirmed": ("access", "channel", "person"), "not_so": ("purpose",), "place": ("japan",)},
        **ALONE,
    },
    "nothing known": {"kakuu_ethics": {"approval": ("unsure",)}},
}


@pytest.fixture(scope="module")
def house() -> House:
    return build_house()


@pytest.fixture(scope="module")
def example() -> House:
    return build_house(EXAMPLE)


def typed(house: House, answers: Answers) -> str:
    """Return what a person has to type for the answers; every other card is answered by “I don't know”."""
    store, lines = SqliteStore(":memory:"), list[str]()
    talk, place = Conversations(store, house.library), Place("t", "t", "1")
    standing = talk.start(place, "me")
    while step := standing.progress.current:
        choice = answers.get(step.card.id, {SHORTCUT: ("unsure",)})
        settle(step.card, choice, step.known)
        lines += _lines(house, step, choice)
        standing = talk.answer("t", standing.case.id, step.card.id, choice, "me")
    store.close()
    return "".join(f"{line}\n" for line in lines)


def _lines(house: House, step: Step, choice: Choice) -> list[str]:
    shortcuts = [shortcut.id for shortcut in shown_shortcuts(step.card, step.known)]
    if SHORTCUT in choice:
        return [str(shortcuts.index(choice[SHORTCUT][0]) + 1)]
    details = [str(len(shortcuts) + 1)] if shortcuts else []
    return details + [_line(house, step, part, choice.get(part.id, ())) for part in shown_parts(step.card, step.known)]


def _line(house: House, step: Step, part: Part, names: tuple[str, ...]) -> str:
    ids = [option.id for option in shown_options(part, step.known)]
    if part.kind == SERVICE_CARD:
        services = house.knowledge.services.values()
        several = [b for b in house.knowledge.brands if sum(s.brand == b for s in services) > 1]
        ids = [*house.knowledge.services, *several, "other"]
    return " ".join(str(ids.index(name) + 1) for name in names)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_kind_of_end_is_reached_by_typing(tmp_path: Path, house: House, verdict: str, language: str) -> None:
    given = typed(house, ENDS[verdict])
    done = kakunin(tmp_path, "ask", "--lang", language, given=given.encode())
    questions, answer = told(done), done.stdout.decode("utf-8")
    word = house.phrases.label(language, f"verdict.{verdict}")
    first = house.interview.cards[0].question.say(language)
    assert done.returncode == 0
    assert answer.split("\n")[1] == house.views.verdicts.insights.word(verdict, language)
    assert word not in questions
    assert first in questions
    assert first not in answer
    lifted = {
        "ja": "この判定を変え得る回答: 所属機関の個人情報",
        "en": "Whose answer would lift this: the privacy office",
    }
    assert (lifted[language] in answer) == (verdict == "do_not_upload")
    assert house.phrases.label(language, "verdict.footer", edition="", engine="").split()[-1] in answer
    assert [mark for mark in ("&lt;", "&amp;", "*", "<@") if mark in answer] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_question_says_how_many_may_follow_at_most(tmp_path: Path, house: House, language: str) -> None:
    store = SqliteStore(":memory:")
    talk, place = Conversations(store, house.library), Place("t", "t", "1")
    standing, expected = talk.start(place, "me"), []
    while step := standing.progress.current:
        number, at_most = len(standing.progress.steps), standing.progress.at_most
        expected.append(house.phrases.label(language, "question.number", number=number, at_most=at_most))
        choice = ENDS["public_data_only"].get(step.card.id, {SHORTCUT: ("unsure",)})
        standing = talk.answer("t", standing.case.id, step.card.id, choice, "me")
    store.close()
    said = told(kakunin(tmp_path, "ask", "--lang", language, given=typed(house, ENDS["public_data_only"]).encode()))
    assert [line[1:].partition("]")[0] for line in said.splitlines() if line.startswith("[")] == expected


@pytest.mark.long
@pytest.mark.parametrize("situation", UNDER_THE_EXAMPLE)
def test_the_verdict_card_is_told_under_the_shipped_overlay(tmp_path: Path, example: House, situation: str) -> None:
    given = typed(example, UNDER_THE_EXAMPLE[situation])
    done = kakunin(tmp_path, "ask", "--lang", "en", "--overlay", "example", given=given.encode())
    told(done)
    assert done.returncode == 0
    expected = {"banned": "do_not_upload", "health": "public_data_only"}
    verdict = next((word for name, word in expected.items() if name in situation), "confirm_first")
    assert done.stdout.decode("utf-8").split("\n")[1] == example.views.verdicts.insights.word(verdict, "en")
    assert example.phrases.label("en", "todo.nothing") not in done.stdout.decode("utf-8")
    assert example.knowledge.measures["another_service"].label.en in done.stdout.decode("utf-8")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kept", [0, 1, 2])
def test_input_that_ends_early_gives_no_verdict(tmp_path: Path, house: House, language: str, kept: int) -> None:
    given = "".join(typed(house, ENDS["public_data_only"]).splitlines(keepends=True)[:kept])
    done = kakunin(tmp_path, "ask", "--lang", language, given=given.encode())
    assert (done.returncode, done.stdout) == (1, b"")
    assert house.phrases.label(language, "terminal.gave_up").strip() in told(done)


@pytest.mark.parametrize(
    "nonsense", ["0", "99", "-1", "1.5", "abc", "1 2", "", "   ", "はい", "１x", "\ufeff", "9" * 5000]
)
def test_nonsense_is_asked_again(tmp_path: Path, house: House, nonsense: str) -> None:
    given = f"{nonsense}\n" + typed(house, ENDS["allowed"])
    done = kakunin(tmp_path, "ask", "--lang", "en", given=given.encode())
    said = told(done)
    last = len(house.interview.cards[0].shortcuts) + 1
    again = [house.phrases.label("en", "terminal.numbers", last=last), house.phrases.label("en", "terminal.only_one")]
    assert done.returncode == 0
    assert any(words in said for words in again)
    assert house.views.verdicts.insights.word("allowed", "en") in done.stdout.decode()


@pytest.mark.parametrize("errors", ["surrogateescape", "strict"])  # what Python does under C, and under ja_JP.UTF-8
def test_what_is_not_utf_8_is_asked_again(tmp_path: Path, house: House, errors: str) -> None:
    given = b"\xff\xfe\n" + typed(house, ENDS["allowed"]).encode()
    done = kakunin(tmp_path, "ask", "--lang", "ja", given=given, PYTHONIOENCODING=f"utf-8:{errors}")
    assert (told(done) != "", done.returncode) == (True, 0)


def test_full_width_numbers_and_marks_are_taken(tmp_path: Path, house: House) -> None:
    given = typed(house, ENDS["allowed"]).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert kakunin(tmp_path, "ask", "--lang", "ja", given=given.encode()).returncode == 0


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_contradiction_is_told_and_the_card_asked_again(tmp_path: Path, house: House, language: str) -> None:
    contradiction = "4\n3、4\n"  # in detail: decided open, and decided closed
    done = kakunin(tmp_path, "ask", "--lang", language, given=(contradiction + typed(house, ENDS["allowed"])).encode())
    said = told(done)
    assert done.returncode == 0
    assert house.phrases.label(language, "note.contradiction") in said
    assert said.count(house.interview.cards[0].question.say(language)) == 2


def test_nothing_ticked_is_told_and_the_card_asked_again(tmp_path: Path, house: House) -> None:
    done = kakunin(tmp_path, "ask", "--lang", "en", given=f"4\n\n{typed(house, ENDS['allowed'])}".encode())
    assert house.phrases.label("en", "note.empty") in told(done)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("variables", "language"),
    [({"LANG": "ja_JP.UTF-8"}, "ja"), ({"LC_ALL": "en_US.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"), ({}, "en")],
)
def test_the_language_is_that_of_the_terminal(
    tmp_path: Path, house: House, variables: dict[str, str], language: str
) -> None:
    assert house.phrases.label(language, "terminal.intro") in told(kakunin(tmp_path, "ask", **variables))


@pytest.mark.parametrize("where", ["no/such/folder/receipt.json", "."])
def test_a_receipt_that_cannot_be_written_is_told_before_anything_is_asked(tmp_path: Path, where: str) -> None:
    done = kakunin(tmp_path, "ask", "--lang", "en", "--receipt", str(tmp_path / where))
    said = told(done)
    assert done.stdout == b""
    assert done.returncode in (1, 2)
    assert str(tmp_path) in said
    assert "[1]" not in said


@pytest.mark.long
def test_the_receipt_is_written_after_the_verdict_and_only_with_one(tmp_path: Path, house: House) -> None:
    file = tmp_path / "receipt.json"
    assert kakunin(tmp_path, "ask", "--lang", "en", "--receipt", str(file)).returncode == 1
    assert not file.exists()
    done = kakunin(
        tmp_path, "ask", "--lang", "en", "--receipt", str(file), given=typed(house, ENDS["allowed"]).encode()
    )
    assert (done.returncode, "allowed" in file.read_text(encoding="utf-8")) == (0, True)
    file.write_text("old", encoding="utf-8")
    assert kakunin(tmp_path, "ask", "--lang", "en", "--receipt", str(file)).returncode == 1
    assert file.read_text(encoding="utf-8") == "old"
