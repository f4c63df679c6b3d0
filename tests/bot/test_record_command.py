"""`kakunin record`, in real processes: the same files as the button gives, from a store that is only read."""

from pathlib import Path

import pytest

from bot.playground.workspace import TEAM
from tests.bot.driver import Office
from tests.bot.recording import read_markdown, read_word
from tests.bot.test_cli import kakunin, told
from tests.bot.test_interview import INTERVIEWS, goes_through
from tests.bot.test_record_thread import files_of, gets_the_record
from tests.overlays import folder


def test_it_writes_what_the_button_gives(filed_office: tuple[Office, Path], tmp_path: Path) -> None:
    office, store = filed_office
    person = office.newcomer("ja-JP").asks()
    goes_through(person, INTERVIEWS["unpublished, everything settled"][0])
    case = person.standing().case.id
    done = kakunin(tmp_path, "record", case, "--store", str(store), "--out", "here/it/is", "--lang", "ja")
    assert done.returncode == 0, told(done)
    written = [tmp_path / line for line in done.stdout.decode().splitlines()]
    assert [path.suffix for path in written] == [".docx", ".md", ".json"]
    gets_the_record(person)
    word, markdown, receipt = [content for _, _, content in files_of(person)]
    assert written[1].read_bytes() == markdown
    assert written[2].read_bytes() == receipt
    assert read_word(written[0].read_bytes()) == read_word(word)
    assert len(read_markdown(markdown.decode()).checklist) == 7
    english = kakunin(tmp_path, "record", case, "--store", str(store), "--out", ".")
    assert "Record of a check" in (tmp_path / english.stdout.decode().splitlines()[1]).read_text(encoding="utf-8")


def test_it_says_what_is_wrong_and_writes_nothing(filed_office: tuple[Office, Path], tmp_path: Path) -> None:
    office, store = filed_office
    person = office.newcomer("en-US").asks()
    opened = person.standing().case.id
    goes_through(person, INTERVIEWS["public data"][0][:1])
    other = office.newcomer("en-US").asks()
    goes_through(other, INTERVIEWS["public data"][0])
    settled = other.standing().case.id
    held = office.tools.conversations.store
    before = held.receipts(TEAM, settled)
    own = folder(tmp_path / "own")
    for words, said in (
        (("0badcafe0badcafe",), "there is no case '0badcafe0badcafe'"),
        ((opened,), "has no verdict yet"),
        ((settled, "--overlay", str(own)), "do not say what the last receipt of case"),
    ):
        done = kakunin(tmp_path, "record", *words, "--store", str(store), "--out", "out")
        assert (done.returncode, done.stdout, said in told(done)) == (1, b"", True), told(done)
    assert not (tmp_path / "out").exists()
    assert held.receipts(TEAM, settled) == before


@pytest.mark.parametrize("words", [(), ("0badcafe0badcafe",)])
def test_a_missing_word_is_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert kakunin(tmp_path, "record", *words).returncode == 2
