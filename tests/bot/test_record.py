"""The record as files: the seven rows of the evaluation, every answer with its source, the guideline's own words."""

import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from bot.app import House, build_house
from bot.record.template import make
from bot.record.word import shipped
from bot.rendering import Phrases, in_markdown
from bot.spoken import LANGUAGES
from conversations.interview import Step
from conversations.models import SHORTCUT, Choice
from conversations.receipts import read_receipts
from knowledge.loader import bare
from tests.bot.recording import NOT_APPLICABLE, TICKS, Read, made, read_markdown, read_word, settled
from tests.conversations.builders import answered, case, pick, random_case
from tests.overlays import INSTITUTION, example, folder

SEEDS = range(12)


@pytest.fixture(scope="module")
def shipped_example(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build_house(example(tmp_path_factory.mktemp("own") / "example"))


def unsure(_: Step) -> Choice:
    return {SHORTCUT: ("unsure",)}


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_template_is_what_the_script_makes() -> None:
    anew = BytesIO()
    make().save(anew)
    assert parts(shipped()) == parts(anew.getvalue())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", SEEDS)
def test_both_files_hold_the_checklist_of_the_evaluation(house: House, language: str, seed: int) -> None:
    case = settled(house, random_case(house.interview, seed))
    verdicts, passages = house.views.verdicts, house.knowledge.passages
    for read in made(house, case, language)[:2]:
        assert len(read.checklist) == 7
        for row, (item, status) in zip(read.checklist, case.evaluation.checklist.items(), strict=True):
            shown = verdicts.checklist.status(case.evaluation, item)
            assert row[0] == (NOT_APPLICABLE[language] if status == "not_applicable" else TICKS[shown])
            assert row[2] == house.phrases.label(language, f"verdict.{shown}")
            assert bare(row[1]).startswith(bare(passages[f"check.{item}"].ja))
            unofficial = bare("English (unofficial rendering): " + passages[f"check.{item}"].en)
            assert bare(row[1]).endswith(unofficial) == (language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", SEEDS)
def test_both_files_say_all_that_there_is(house: House, language: str, seed: int) -> None:
    case = settled(house, random_case(house.interview, seed))
    word, markdown, _ = made(house, case, language)
    for read in (word, markdown):
        says_all(house, case.evaluation.passages, case.evaluation.measures, read, language)
        text = bare(read.text)
        assert case.standing.case.id in read.text
        assert case.receipt.hash in read.text
        assert bare(house.views.verdicts.insights.word(case.evaluation.verdict, language)) in text
        for answer in case.receipt.answers:
            assert bare(house.rulebase.facts[answer.fact].label.say(language)) in text
        assert case.standing.case.asker not in read.text


def says_all(house: House, passages: tuple[str, ...], measures: tuple[str, ...], read: Read, language: str) -> None:
    text = bare(read.text)
    for name in passages:
        passage = house.knowledge.passages[name]
        assert bare(passage.ja) in text, "the Japanese words stand in every record"
        assert bare(passage.section) in text
        assert (bare(passage.en) in text) == (language == "en")
    for name in measures:
        assert bare(house.knowledge.measures[name].label.say(language)) in text


def test_the_receipt_is_one_that_can_be_replayed(house: House) -> None:
    case = settled(house, random_case(house.interview, 1))
    receipt = made(house, case, "en")[2]
    assert read_receipts(receipt) == (case.receipt,)
    assert json.loads(receipt)["case"] == case.standing.case.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_answer_has_its_source(shipped_example: House, language: str) -> None:
    seen = set[str]()
    for seed in range(80):
        case = settled(shipped_example, random_case(shipped_example.interview, seed))
        if {answer.source for answer in case.receipt.answers} <= seen:
            continue
        told = {a.fact: a for a in case.receipt.answers if a.source != "nobody"}
        word = made(shipped_example, case, language)[0]
        rows = word.under(shipped_example.phrases.label(language, "record.source"))
        assert len(rows) == len(told)
        for row, answer in zip(rows, told.values(), strict=True):
            if answer.as_of:
                assert answer.as_of in row[2]
        seen |= {answer.source for answer in case.receipt.answers}
    assert seen == {"asker", "setting", "catalogue", "presumed", "nobody"}


def test_an_institution_is_named_with_its_offices(shipped_example: House) -> None:
    case = settled(shipped_example, random_case(shipped_example.interview, 3))
    for read in made(shipped_example, case, "en")[:2]:
        assert "Kakuu University" in read.text
        assert "AI help desk: ai-desk@example.ac.jp" in read.text
        assert "U0KENJI" not in read.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_whose_answer_would_lift_it_and_names_that_office_first(
    shipped_example: House, language: str
) -> None:
    given = case(
        ("openness", {SHORTCUT: ("undecided",)}),
        ("duties", pick(bound="export")),
        ("clearance", pick(export="refused")),
        ("service", pick(service="kakuu_ai", use="prompt")),
        ("partners", {SHORTCUT: ("nobody",)}),
    )
    refused = settled(shipped_example, answered(shipped_example.interview, unsure, given))
    assert refused.evaluation.verdict == "do_not_upload"
    (lifted,) = shipped_example.views.verdicts.whom.lifted_by(refused.insight.whom, language)
    assert {"ja": "安全保障輸出管理室", "en": "Export Control Office"}[language] in lifted
    for read in made(shipped_example, refused, language)[:2]:
        assert lifted in read.text
        assert read.text.index("export@example.ac.jp") < read.text.index("ai-desk@example.ac.jp")


EVIL = '</w:t> & "<b>" {{ 7 * 7 }} {% endfor %} \x01 *a* _b_ | `c` [d](e)'


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_breaks_a_file(tmp_path: Path, language: str) -> None:
    named = INSTITUTION.replace('"Own"', json.dumps(EVIL)).replace('"架空"', json.dumps(EVIL))
    house = build_house(folder(tmp_path / "own", institution=named))
    word, markdown, _ = made(house, settled(house, random_case(house.interview, 4)), language)
    assert EVIL.replace("\x01", "") in word.text
    assert bare(EVIL) in bare(markdown.text)
    assert len(word.checklist) == len(markdown.checklist) == 7


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf")), min_size=1))
def test_markdown_says_every_text_as_it_is(text: str) -> None:
    words = " ".join(text.split())
    for written in (f"{in_markdown(text)}", f"- **a**: {in_markdown(text)}", f"> {in_markdown(text)}"):
        assert read_markdown(f"{written}\n").text.removeprefix("a: ").strip() == words.strip()
    cell = read_markdown(f"| a | b |\n| --- | --- |\n| {in_markdown(text)} | c |\n").tables[0][1]
    assert cell == [words.strip(), "c"]


def test_a_day_is_said_as_people_say_it() -> None:
    say = Phrases().label
    assert say("ja", "record.day", year=2026, month=11, day=2) == "2026年11月2日"
    assert say("en", "record.day", year=2026, month=11, day=2) == "2 November 2026"


def test_word_keeps_lines_and_repeats_the_heading(house: House) -> None:
    word = made(house, settled(house, random_case(house.interview, 0)), "ja")[0]
    assert word.checklist[0][1] == house.knowledge.passages["check.1"].ja
    xml = parts(shipped())["word/document.xml"].decode()
    assert len(re.findall("w:tblHeader", xml)) == 3
    assert read_word(shipped()).text
    assert Document(BytesIO(shipped())).core_properties.author == "Kakunin"
