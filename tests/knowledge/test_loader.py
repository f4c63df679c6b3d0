"""The loader takes the shipped data and refuses a fault, naming file, record and remedy."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge.errors import DataError, KakuninError, nearest
from knowledge.loader import load_knowledge
from knowledge.models import Bilingual, Knowledge
from tests.planting import copy_data, plant

GUIDELINE = "passages/guideline.toml"

FAULTS = {
    "a passage that is not literal": (
        GUIDELINE,
        "③ 目的外使用が認められない形",
        "③ 目的外使用が認められる形",
        ["guideline.toml", "check.3", "sources/guideline.ja.md"],
    ),
    "a passage with its marks kept": (
        GUIDELINE,
        "'''基本的な考え方として、オープン",
        "'''基本的な考え方として、**オープン",
        ["guideline.toml", "policy.open_and_closed", "**"],
    ),
    "a passage id used twice": (
        GUIDELINE,
        'id = "check.4"',
        'id = "check.3"',
        ["guideline.toml", "check.3", "twice"],
    ),
    "a measure id used twice": (
        "measures.toml",
        'id = "keep_record"',
        'id = "update_dmp"',
        ["measures.toml", "update_dmp", "twice"],
    ),
    "a service id used twice": (
        "services.toml",
        'id = "deepl_pro"',
        'id = "deepl_free"',
        ["services.toml", "deepl_free", "twice"],
    ),
    "a brand id used twice": (
        "services.toml",
        'id = "deepseek"',
        'id = "perplexity"',
        ["services.toml", "perplexity", "twice"],
    ),
    "a measure that points nowhere": (
        "measures.toml",
        'passages = ["check.7"]',
        'passages = ["chek.7"]',
        ["measures.toml", "leader_approval", "'chek.7'", "did you mean 'check.7'"],
    ),
    "a measure without a passage": (
        "measures.toml",
        'passages = ["check.7"]',
        "passages = []",
        ["measures.toml", "leader_approval", "passages"],
    ),
    "an unknown brand": (
        "services.toml",
        'brand = "bedrock"',
        'brand = "bedrok"',
        ["services.toml", "bedrock", "'bedrok'", "did you mean 'bedrock'"],
    ),
    "an unknown key of a passage": (
        GUIDELINE,
        "en_status",
        "en_stauts",
        ["guideline.toml", "policy.open_and_closed", "'en_stauts'", "did you mean 'en_status'"],
    ),
    "an unknown key of a service": (
        "services.toml",
        'aliases = ["chatgpt free"',
        'aliasses = ["chatgpt free"',
        ["services.toml", "chatgpt_free", "'aliasses'", "did you mean 'aliases'"],
    ),
    "a missing English text": ("measures.toml", "label.en", "#", ["measures.toml", "public_data_only", "label.en"]),
    "an unknown kind of service": (
        "services.toml",
        'kind = "consumer"',
        'kind = "costumer"',
        ["services.toml", "chatgpt_free", "kind"],
    ),
    "a source text that is not there": (
        GUIDELINE,
        'file = "guideline.ja.md"',
        'file = "guidelines.ja.md"',
        ["guideline.toml", "sources/guidelines.ja.md", "missing"],
    ),
}

MISSED_FAULTS = {
    "an unknown key of a service fact": (
        "services.toml",
        "ask = true",
        "aks = true",
        ["services.toml", "chatgpt_free", "aks", "did you mean 'ask'"],
    ),
    "an unknown key of a text": (
        "measures.toml",
        "label.en",
        "label.eng",
        ["measures.toml", "public_data_only", "label.eng", "did you mean 'en'"],
    ),
    "a misspelt list of records": (
        "services.toml",
        '[[service]]\nid = "deepseek_api"',
        '[[servise]]\nid = "deepseek_api"',
        ["services.toml", "servise", "did you mean 'service'"],
    ),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return copy_data("knowledge", tmp_path / "knowledge")


def refusal(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        load_knowledge(folder)
    assert isinstance(caught.value, KakuninError)
    return str(caught.value)


def test_a_faultless_copy_equals_the_shipped_data(data: Path, knowledge: Knowledge) -> None:
    assert load_knowledge(data) == knowledge


@pytest.mark.parametrize("fault", [*FAULTS, *(pytest.param(name) for name in MISSED_FAULTS)])
def test_a_planted_fault_is_named(data: Path, fault: str) -> None:
    file, old, new, words = {**FAULTS, **MISSED_FAULTS}[fault]
    plant(data / file, old, new)
    text = refusal(data)
    assert [word for word in words if word not in text] == [], text


@pytest.mark.parametrize("file", ["measures.toml", "services.toml", GUIDELINE])
def test_broken_toml_is_named(data: Path, file: str) -> None:
    with (data / file).open("a", encoding="utf-8") as text:
        text.write("\n[[broken\n")
    text_of_error = refusal(data)
    assert Path(file).name in text_of_error
    assert "not valid TOML" in text_of_error


def test_a_file_that_is_not_utf_8_is_named(data: Path) -> None:
    (data / "measures.toml").write_bytes("[[measure]]\nid = '確認'".encode("shift_jis"))
    assert "measures.toml" in refusal(data)


@pytest.mark.parametrize("file", ["measures.toml", "services.toml", "sources/guideline.ja.md"])
def test_a_missing_file_is_named(data: Path, file: str) -> None:
    (data / file).unlink()
    text = refusal(data)
    assert Path(file).name in text
    assert "missing" in text


def test_several_faults_of_one_record_are_told_together(data: Path) -> None:
    plant(data / "services.toml", 'kind = "consumer"\nname', 'kid = "consumer"\nname')
    text = refusal(data)
    assert "kind: is missing" in text
    assert "did you mean 'kind'" in text


def test_every_measure_rests_on_known_passages(knowledge: Knowledge) -> None:
    assert knowledge.measures
    for measure in knowledge.measures.values():
        assert measure.passages
        assert set(measure.passages) <= knowledge.passages.keys()


def test_records_cannot_be_changed(knowledge: Knowledge) -> None:
    with pytest.raises(ValidationError):
        knowledge.passages["check.1"].ja = "…"  # type: ignore[misc]


def test_say_and_nearest() -> None:
    assert Bilingual(ja="はい", en="yes").say("ja") == "はい"
    assert Bilingual(ja="はい", en="yes").say("de") == "yes"
    assert nearest("novlety", ["novelty", "use"]) == ", did you mean 'novelty'?"
    assert nearest("zzz", ["novelty", "use"]) == ""
