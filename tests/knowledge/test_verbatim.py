"""Every quotation stands in the guideline, and nothing of the guideline but headings is left unquoted."""

import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from itertools import groupby

from knowledge.models import Knowledge

SHA256 = "dda8365bdcbf68084d9e59d2dffd7a48adf49f1cafa4013b04eb8d0d1b131200"


def squeeze(text: str) -> str:
    """Drop emphasis and white space; written apart from the loader's own normaliser."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if c != "*" and not c.isspace())


def source() -> bytes:
    return (files("knowledge") / "sources" / "guideline.ja.md").read_bytes()


def leftovers(text: str, quotations: Iterable[str]) -> list[str]:
    """Return the runs of `text` that no quotation covers."""
    covered = [False] * len(text)
    for quotation in quotations:
        at = text.find(quotation)
        while at >= 0:
            covered[at : at + len(quotation)] = [True] * len(quotation)
            at = text.find(quotation, at + 1)
    pairs = zip(text, covered, strict=True)
    return ["".join(c for c, _ in run) for done, run in groupby(pairs, key=lambda pair: pair[1]) if not done]


BULLETS = {"-", "-✓", "➤", "|||", "||"}
HEADINGS = [
    "【公的資金による研究データの管理・利活用に関する基本的な考え方（令和3年4月27日統合イノベーション戦略推進会議）】-",
    "■AIforScienceにおいて留意すべき事項-",
    "■AIforScienceにおける研究データの管理に関する具体策（案）-",
    "【基本的な枠組み】",
    (
        "AIforScienceの推進におけるAI利活用に係る研究データの取扱いに関する確認項目（チェックリスト）"
        "（AIforScienceの推進におけるAI利活用に係る研究データの取扱いに関する考え方）-"
    ),
    "研究データの取扱いについて【原則、公開とするものの例】-",
    "【原則、非公開とするものの例】-",
    "【公開・非公開を慎重に検討すべきものの例】-",
    "確認項目（チェックリスト）チェック欄-|確認項目（チェックリスト）|チェック欄||---|-------||",
    "(参考)研究データ基盤の構築(NIIRDC:ResearchDataCloud)",
]
"""What may stay unquoted, in the order of the source."""


def test_the_source_is_byte_identical() -> None:
    assert sha256(source()).hexdigest() == SHA256


def test_every_passage_is_literal(knowledge: Knowledge) -> None:
    text = squeeze(source().decode())
    assert knowledge.passages
    for passage in knowledge.passages.values():
        assert squeeze(passage.ja) in text, passage.id
        assert "**" not in passage.ja, passage.id


def test_every_section_is_a_heading_of_the_source(knowledge: Knowledge) -> None:
    text = squeeze(source().decode())
    for passage in knowledge.passages.values():
        for heading in passage.section.split(" › "):
            assert squeeze(heading) in text, passage.id


def unquoted(passages: Iterable[str]) -> list[str]:
    left = leftovers(squeeze(source().decode()), map(squeeze, passages))
    return [piece for piece in left if piece not in BULLETS]


def test_only_headings_and_marks_stay_unquoted(knowledge: Knowledge) -> None:
    assert unquoted(passage.ja for passage in knowledge.passages.values()) == HEADINGS


def test_each_passage_is_needed_to_cover_the_source(knowledge: Knowledge) -> None:
    for lost in knowledge.passages:
        kept = [passage.ja for passage in knowledge.passages.values() if passage.id != lost]
        assert unquoted(kept) != HEADINGS, f"{lost} repeats words that others quote"


def test_passages_name_their_source_and_the_status_of_the_english(knowledge: Knowledge) -> None:
    for passage in knowledge.passages.values():
        assert passage.source in knowledge.sources
        assert passage.en_status == "unofficial", "the guideline has no official English"
