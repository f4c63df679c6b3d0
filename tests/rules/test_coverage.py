"""Every sentence of the guideline is encoded or has a reason; planted gaps are named with file and id."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from knowledge.coverage import load_reasons
from knowledge.errors import DataError
from knowledge.loader import bare, load_knowledge
from knowledge.models import Knowledge
from knowledge.sentences import Sentence, load_sentences
from rules.coverage import Covered, cover
from rules.models import Rule, RuleBase
from tests.knowledge.test_verbatim import HEADINGS, source, squeeze
from tests.planting import copy_data, plant

SENTENCE = "新しい一文を加える。"
REASON = '\n[[reason]]\nid = "planted"\npassages = [{passages}]\nbecause = {{ ja = "仮", en = "x" }}\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return copy_data("knowledge", tmp_path / "knowledge")


@pytest.fixture(scope="module")
def sentences(knowledge: Knowledge) -> tuple[Sentence, ...]:
    return load_sentences(knowledge)


def crossed(data: Path, rulebase: RuleBase) -> tuple[Covered, ...]:
    knowledge = load_knowledge(data)
    return cover(load_sentences(knowledge, data), rulebase, load_reasons(knowledge, data), {})


def faults(covered: Iterable[Covered]) -> set[str]:
    return {fault for one in covered for fault in one.faults}


def give_reason(data: Path, *passages: str) -> None:
    with (data / "not_encoded.toml").open("a", encoding="utf-8") as file:
        file.write(REASON.format(passages=", ".join(f'"{passage}"' for passage in passages)))


def without_citations_of(rulebase: RuleBase, passage: str) -> RuleBase:
    def less(rule: Rule) -> Rule:
        return rule.model_copy(update={"cites": tuple(cited for cited in rule.cites if cited != passage)})

    tables = [t.model_copy(update={"rules": tuple(map(less, t.rules))}) for t in rulebase.tables]
    return RuleBase.model_construct(facts=rulebase.facts, tables=tuple(tables), editions=rulebase.editions)


def test_every_sentence_is_encoded_or_has_a_reason(data: Path, rulebase: RuleBase) -> None:
    covered = crossed(data, rulebase)
    assert faults(covered) == set()
    assert [one.sentence.text for one in covered if not one.rules and not one.reasons] == []


def test_every_passage_is_met_in_a_sentence(sentences: tuple[Sentence, ...], knowledge: Knowledge) -> None:
    assert {passage for sentence in sentences for passage in sentence.passages} == set(knowledge.passages)


def test_sentences_and_headings_are_the_whole_source_in_its_order(sentences: tuple[Sentence, ...]) -> None:
    """What is left of the source without the sentences is headings and marks."""
    left = squeeze(source().decode())
    for sentence in sentences:
        before, found, left = left.partition(squeeze(sentence.text))
        assert found, sentence.text
        assert not before.strip("-✓➤|■") or any(before.strip("-✓➤|■") in squeeze(h) for h in HEADINGS), before
    assert left.strip("-|") == ""


def test_a_sentence_stands_alone_under_its_heading(sentences: tuple[Sentence, ...]) -> None:
    by_text = {sentence.text: sentence for sentence in sentences}
    assert by_text["また、安全な通信手段が確保されているか"].heading == "確認項目（チェックリスト）"
    assert by_text["① 研究データの適切な管理のための責任者を明確にしているか"].passages == ("check.1",)
    assert by_text["データ検索基盤"].heading.startswith("(参考)")
    assert all(sentence.text.count("。") <= 1 for sentence in sentences)
    assert len({bare(sentence.text) for sentence in sentences}) == len(sentences)


def test_rules_and_scenarios_are_told_with_the_sentence(
    sentences: tuple[Sentence, ...], knowledge: Knowledge, rulebase: RuleBase
) -> None:
    scenarios = {"by_rule": ["item_4.not_met"], "by_passage": ["check.4"], "about_nothing": []}
    covered = cover(sentences, rulebase, load_reasons(knowledge), scenarios)
    (item_4,) = (one for one in covered if one.sentence.passages == ("check.4",))
    assert set(item_4.rules) == {rule.id for rule in rulebase.rules.values() if "check.4" in rule.cites}
    assert [one.scenarios for one in covered if "item_4.not_met" in one.rules] == [("by_rule", "by_passage")]


def test_a_passage_that_no_rule_cites_and_without_a_reason_is_named(data: Path, rulebase: RuleBase) -> None:
    plant(data / "not_encoded.toml", 'passages = ["closed.sharing"]', 'passages = ["check.4"]')
    lacking = without_citations_of(rulebase, "check.4")
    (fault,) = faults(crossed(data, lacking))
    assert fault.startswith("not_encoded.toml: closed.sharing: ")


@pytest.mark.parametrize("passage", ["check.7", "careful.domains"])
def test_a_rule_base_that_no_longer_cites_a_passage_is_named(data: Path, rulebase: RuleBase, passage: str) -> None:
    found = faults(crossed(data, without_citations_of(rulebase, passage)))
    assert [fault.partition(": no rule")[0] for fault in found] == [f"not_encoded.toml: {passage}"]


def test_a_sentence_that_no_passage_quotes_is_named(data: Path, rulebase: RuleBase) -> None:
    plant(
        data / "sources" / "guideline.ja.md", "確認項目（チェックリスト）\n\nチェック欄", f"- {SENTENCE}\n\nチェック欄"
    )
    (fault,) = faults(crossed(data, rulebase))
    assert "passages: guideline: " in fault
    assert SENTENCE in fault


def test_a_sentence_that_is_quoted_in_part_is_named(data: Path, rulebase: RuleBase) -> None:
    plant(data / "passages" / "guideline.toml", "'''③ 目的外使用が認められない", "'''目的外使用が認められない")
    (fault,) = faults(crossed(data, rulebase))
    assert "③ 目的外使用が認められない形になっているか" in fault


def test_a_reason_for_an_unknown_passage_is_refused(data: Path) -> None:
    give_reason(data, "closed.sharin")
    with pytest.raises(DataError, match=r"not_encoded.toml: planted: .*'closed.sharin', did you mean 'closed.sharing'"):
        load_reasons(load_knowledge(data), data)


def test_a_second_reason_for_a_passage_is_refused(data: Path) -> None:
    give_reason(data, "closed.sharing")
    with pytest.raises(DataError, match=r"not_encoded.toml: planted: .*'sharing_is_possible' already"):
        load_reasons(load_knowledge(data), data)


def test_a_reason_for_a_passage_that_a_rule_cites_is_refused(data: Path, rulebase: RuleBase) -> None:
    give_reason(data, "check.4")
    with pytest.raises(DataError, match=r"not_encoded.toml: planted: .*'check.4', which .* cites"):
        crossed(data, rulebase)


@pytest.mark.parametrize("passages", [[], ["Not An Id"]])
def test_a_reason_that_cannot_be_right_is_refused(data: Path, passages: list[str]) -> None:
    give_reason(data, *passages)
    with pytest.raises(DataError, match=r"not_encoded.toml: planted: passages"):
        load_reasons(load_knowledge(data), data)
