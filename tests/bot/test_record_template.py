"""A template of the institution's own: filled as the shipped one, and refused where a placeholder would stay empty."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word

from bot.app import House, build_house
from bot.record.paper import HEADINGS, sample
from bot.record.template import make
from bot.record.word import check_template, shipped
from knowledge.errors import DataError
from tests.bot.recording import made, read_word, settled
from tests.bot.test_cli import kakunin, told
from tests.conversations.builders import random_case
from tests.overlays import alerts, folder

ROOT = Path(__file__).parents[2]
ITEMS = "{%p for item in items %}", "{{ item.tick }} {{ item.ja }}", "{%p endfor %}"


def document(*texts: str, footer: str = "") -> Word:
    word = Document()
    for text in texts:
        word.add_paragraph(text)
    word.sections[0].footer.paragraphs[0].text = footer
    return word


def overlay(target: Path, word: Word | bytes) -> Path:
    own = folder(target)
    if isinstance(word, bytes):
        (own / "record.docx").write_bytes(word)
    else:
        word.save(str(own / "record.docx"))
    return own


def test_the_institutions_own_template_is_filled(tmp_path: Path) -> None:
    own = overlay(tmp_path / "own", document("Form 7 of {{ about.institution }}", *ITEMS, footer="{{ receipt }}"))
    check_template(own)
    house = build_house(own)
    case = settled(house, random_case(house.interview, 0))
    word, markdown, _ = made(house, case, "en")
    assert word.text.startswith("Form 7 of Own\n")
    assert [line[0] for line in word.text.splitlines() if "①" in line or "⑦" in line] != []
    assert "Form 7" not in markdown.text


FAULTY: dict[str, tuple[Callable[[], Word | bytes], list[str]]] = {
    "a misspelt name": (lambda: document("{{ recipt }}"), ["no placeholder 'recipt', did you mean 'receipt'?"]),
    "a misspelt heading": (lambda: document("{{ words.cheklist }}"), ["'cheklist', did you mean 'checklist'?"]),
    "a misspelt part of an entry": (
        lambda: document("{%p for item in items %}", "{{ item.tik }}", "{%p endfor %}"),
        ["'tik', did you mean 'tick'?"],
    ),
    "in a condition": (lambda: document("{%p if catalog %}", "x", "{%p endif %}"), ["did you mean 'catalogue'?"]),
    "a list": (lambda: document("{%p for m in measurs %}", "x", "{%p endfor %}"), ["did you mean 'measures'?"]),
    "in the footer": (lambda: document(footer="{{ recipt }}"), ["did you mean 'receipt'?"]),
    "two at once": (lambda: document("{{ recipt }} {{ plan_jp }}"), ["'receipt'", "did you mean 'plan_ja'?"]),
    "a loop without its end": (lambda: document("{%p for item in items %}"), ["cannot be filled"]),
    "another language of templates": (lambda: document("{{ receipt | nosuch }}"), ["cannot be filled", "nosuch"]),
    "a way out": (lambda: document("{{ ''.__class__.__mro__ }}"), ["cannot be filled: SecurityError"]),
    "no Word document": (lambda: b"PK nothing", ["cannot be filled"]),
}


@pytest.mark.parametrize("name", FAULTY)
def test_what_would_stay_empty_is_refused(tmp_path: Path, name: str) -> None:
    word, said = FAULTY[name]
    with pytest.raises(DataError) as refused:
        check_template(overlay(tmp_path / "own", word()))
    assert [part for part in said if part not in str(refused.value)] == []
    assert str(refused.value).startswith("record.docx: template: ")


def test_the_shipped_template_has_every_placeholder(tmp_path: Path) -> None:
    check_template(overlay(tmp_path / "own", make()))
    xml = read_word(shipped()).text
    known = sample()
    names = [*known.keys() - {"words", "about"}, *(f"about.{name}" for name in known["about"])]
    assert [name for name in names if f" {name} " not in xml] == [], "said in no place of the template"
    assert [name for name in HEADINGS if f"words.{name} " not in xml] == []


def test_check_names_the_file_the_fault_and_the_nearest(tmp_path: Path) -> None:
    own = overlay(tmp_path / "own", document("{{ recipt }}"))
    done = kakunin(tmp_path, "check", "--overlay", str(own))
    assert (done.returncode, "record.docx" in told(done), "'receipt'" in told(done)) == (1, True, True)
    all_of_them = tmp_path / "all"
    overlay(all_of_them / "T0ONE", document("{{ recipt }}"))
    done = kakunin(tmp_path, "check", "--overlays", str(all_of_them))
    assert (done.returncode, "T0ONE/record.docx" in told(done)) == (1, True)
    make().save(str(own / "record.docx"))
    assert kakunin(tmp_path, "check", "--overlay", str(own)).returncode == 0


def test_nobody_goes_without_a_record(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    own = overlay(tmp_path / "own", document("{{ recipt }}"))
    house = build_house(own)
    word = made(house, settled(house, random_case(house.interview, 0)), "en")[0]
    assert len(word.checklist) == 7
    assert [line for line in alerts(caplog) if "record.docx" in line] != []


def test_a_template_moves_no_verdict_and_no_receipt(tmp_path: Path) -> None:
    plain, own = folder(tmp_path / "plain"), overlay(tmp_path / "own", make())
    digests = [build_house(each).books.current().rulebook.digests for each in (plain, own)]
    assert digests[0] == digests[1]


def test_another_name_is_not_read_at_all(tmp_path: Path) -> None:
    own = overlay(tmp_path / "own", make())
    (own / "record.docx").rename(own / "recrod.docx")
    with pytest.raises(DataError, match=r"did you mean 'record\.docx'"):
        build_house(own)


def test_a_new_template_counts_at_once(tmp_path: Path, house: House) -> None:
    own = folder(tmp_path / "own")
    house = build_house(own)
    make_own = document("Form 8")
    make_own.save(str(own / "record.docx"))
    assert house.books.refresh() is False, "it changes no rule"
    content = BytesIO()
    make_own.save(content)
    word = made(house, settled(house, random_case(house.interview, 0)), "en")[0]
    assert word.text.startswith("Form 8")


def test_the_page_names_every_placeholder() -> None:
    page = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    for name, value in sample().items():
        assert re.search(rf"\b{name}\b", page), name
        inner = value[0] if isinstance(value, list) else value
        if isinstance(inner, dict) and name != "words":
            assert [part for part in inner if not re.search(rf"\b\w+\.{part}\b", page)] == []
