"""Quotations and services of two editions: vanished, new, moved, reworded; what is known otherwise of a service."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest

from knowledge.loader import load_knowledge
from knowledge.models import Knowledge, Passage
from rules.listing import Listed
from rules.models import RuleBase
from rules.quotations import Quotations, compare_quotations
from rules.revision import Revision, compare
from tests.planting import copy_data, plant

PUBLIC, PAPER = "open.definition", "open.paper_evidence"
Quote = Callable[..., Quotations]


def changed(passage: Passage, **fields: str) -> Passage:
    return passage.model_copy(update=fields)


@pytest.fixture
def quote(knowledge: Knowledge, rulebase: RuleBase) -> Quote:
    """Return what becomes of the quotations when the named ones are replaced by others."""

    def compared(replaced: Iterable[str], *by: Passage) -> Quotations:
        rest = {name: passage for name, passage in knowledge.passages.items() if name not in replaced}
        new = knowledge.model_copy(update={"passages": rest | {passage.id: passage for passage in by}})
        return compare_quotations(knowledge, rulebase, new)

    return compared


def citing(knowledge: Knowledge, rulebase: RuleBase, passage: str) -> set[str]:
    rules = {rule.id for rule in rulebase.rules.values() if passage in rule.cites}
    return rules | {measure.id for measure in knowledge.measures.values() if passage in measure.passages}


def test_the_same_quotations_in_another_order_are_no_difference(quote: Quote, knowledge: Knowledge) -> None:
    assert not quote(knowledge.passages, *reversed(list(knowledge.passages.values())))


def test_a_vanished_passage_names_who_cited_it(quote: Quote, knowledge: Knowledge, rulebase: RuleBase) -> None:
    found = quote([PUBLIC])
    (vanished,) = found.vanished
    assert vanished.passage == knowledge.passages[PUBLIC]
    assert set(vanished.cited_by) == citing(knowledge, rulebase, PUBLIC) > {"verdict.public"}
    assert found == Quotations(found.vanished, (), (), (), ())


def test_the_same_words_under_another_id_or_section_have_moved(quote: Quote, knowledge: Knowledge) -> None:
    old = knowledge.passages[PUBLIC]
    spaced = "\n".join(old.ja)
    for new in (changed(old, id="open.meaning", ja=spaced), changed(old, section="別の節")):
        found = quote([PUBLIC], new)
        (moved,) = found.moved
        assert (moved.old, moved.new) == (old, new)
        assert found == Quotations((), (), found.moved, (), ())


def test_other_words_under_the_same_id_are_reworded(quote: Quote, knowledge: Knowledge, rulebase: RuleBase) -> None:
    old = knowledge.passages[PUBLIC]
    found = quote([PUBLIC], changed(old, ja="別の言葉"))
    (reworded,) = found.reworded
    assert (reworded.old, reworded.new.ja) == (old, "別の言葉")
    assert set(reworded.cited_by) == citing(knowledge, rulebase, PUBLIC)
    assert found == Quotations((), (), (), found.reworded, ())


def test_another_rendering_is_neither_moved_nor_reworded(quote: Quote, knowledge: Knowledge) -> None:
    old = knowledge.passages[PUBLIC]
    for new in (changed(old, en="Other words."), changed(old, en_status="official"), changed(old, ja=f" {old.ja}")):
        found = quote([PUBLIC], new)
        assert [(each.old, each.new) for each in found.retouched] == [(old, new)]
        assert found == Quotations((), (), (), (), found.retouched)


def test_an_id_given_to_other_words_has_moved_and_is_reworded(quote: Quote, knowledge: Knowledge) -> None:
    public, paper = knowledge.passages[PUBLIC], knowledge.passages[PAPER]
    found = quote([PUBLIC, PAPER], changed(public, id=PAPER), changed(paper, id=PUBLIC))
    assert {(each.old.id, each.new.id) for each in found.moved} == {(PUBLIC, PAPER), (PAPER, PUBLIC)}
    assert {each.new.id for each in found.reworded} == {PUBLIC, PAPER}
    assert (found.vanished, found.new) == ((), ())


def test_words_quoted_twice_are_followed_one_by_one(quote: Quote, knowledge: Knowledge) -> None:
    public = knowledge.passages[PUBLIC]
    found = quote([], changed(public, id="open.again"))
    assert found == Quotations((), (changed(public, id="open.again"),), (), (), ())
    found = quote([PUBLIC], changed(public, id="x.far", section="別の節"), changed(public, id="x.near"))
    assert [each.new.id for each in found.moved] == ["x.near"]
    assert [each.id for each in found.new] == ["x.far"]


def test_one_passage_takes_the_place_of_one(knowledge: Knowledge, rulebase: RuleBase) -> None:
    public = knowledge.passages[PUBLIC]
    twice = knowledge.model_copy(update={"passages": {"a": changed(public, id="a"), "b": changed(public, id="b")}})
    once = knowledge.model_copy(update={"passages": {"c": changed(public, id="c")}})
    found = compare_quotations(twice, rulebase, once)
    assert [(each.old.id, each.new.id) for each in found.moved] == [("a", "c")]
    assert [each.passage.id for each in found.vanished] == ["b"]


Revised = Callable[[str, str, str], Revision]


@pytest.fixture
def revised(tmp_path: Path, knowledge: Knowledge, rulebase: RuleBase) -> Revised:
    def edit(file: str, old: str, new: str) -> Revision:
        folder = copy_data("knowledge", tmp_path / "knowledge")
        plant(folder / file, old, new)
        return compare(knowledge, rulebase, load_knowledge(folder), rulebase)

    return edit


def test_a_changed_service_fact_is_a_change(revised: Revised) -> None:
    revision = revised("services.toml", 'value = "no"\nas_of = 2026-11-22', 'value = "yes"\nas_of = 2027-01-05')
    (change,) = revision.service_facts
    assert (change.service, change.fact) == ("chatgpt_free", "purpose_limited")
    assert change.old is not None
    assert change.new == change.old.model_copy(update={"value": "yes", "as_of": date(2027, 1, 5)})
    assert (revision.same, revision.moved, revision.services) == (False, 0, Listed((), (), ()))


@pytest.mark.parametrize(
    ("old", "new"),
    [("verified = true", "verified = false"), ("[O] help.openai.com", "[O] openai.com"), ("ask = true\n", "")],
)
def test_anything_known_otherwise_of_a_service_is_a_change(revised: Revised, old: str, new: str) -> None:
    (change,) = revised("services.toml", old, new).service_facts
    assert change.old != change.new


def test_a_service_under_another_id_is_another_service(revised: Revised) -> None:
    assert revised("services.toml", 'id = "chatgpt_free"', 'id = "chatgpt_gratis"').services == Listed(
        ("chatgpt_gratis",), ("chatgpt_free",), ()
    )


def test_other_records_are_compared_by_id(knowledge: Knowledge, rulebase: RuleBase) -> None:
    for name in ("sources", "measures", "brands", "services"):
        records = dict(getattr(knowledge, name))
        gone, record = records.popitem()
        new = knowledge.model_copy(update={name: {**records, "other": record}})
        revision = compare(knowledge, rulebase, new, rulebase)
        assert getattr(revision, name) == Listed(("other",), (gone,), ())
        assert not revision.same


def test_another_name_or_label_is_a_change(revised: Revised) -> None:
    assert revised("services.toml", 'name = "ChatGPT Free"', 'name = "ChatGPT Gratis"').services.changed == (
        "chatgpt_free",
    )


def test_a_fact_no_longer_known_of_a_service_is_a_change(knowledge: Knowledge, rulebase: RuleBase) -> None:
    service = knowledge.services["chatgpt_free"]
    facts = {name: fact for name, fact in service.facts.items() if name != "data_location"}
    less = {**knowledge.services, service.id: service.model_copy(update={"facts": facts})}
    (change,) = compare(knowledge, rulebase, knowledge.model_copy(update={"services": less}), rulebase).service_facts
    assert (change.fact, change.old, change.new) == ("data_location", service.facts["data_location"], None)
