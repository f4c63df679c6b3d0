"""What `kakunin edition diff` prints."""

import pytest

from bot.revision import tell_revision
from knowledge.models import Bilingual, Knowledge
from rules.models import Fact, Rule, RuleBase
from rules.revision import compare

NEW_FACT = Fact(id="dual_use", values=("yes", "no"), label=Bilingual(ja="軍民両用か", en="whether it is dual-use"))
FLOOR = Rule(
    id="verdict.dual_use",
    target="verdict",
    when={"dual_use": frozenset({"yes"})},
    then="do_not_upload",
    cites=("check.1",),
    because=Bilingual(ja="仮", en="x"),
)


@pytest.fixture
def raised(rulebase: RuleBase) -> RuleBase:
    """The rule base with one fact and one floor more."""
    tables = tuple(
        table.model_copy(update={"rules": (*table.rules, FLOOR)}) if table.decides == "verdict" else table
        for table in rulebase.tables
    )
    facts = {**rulebase.facts, NEW_FACT.id: NEW_FACT}
    return RuleBase(facts=facts, tables=tables, editions=rulebase.editions)


def test_the_same_edition_takes_one_line(
    knowledge: Knowledge, rulebase: RuleBase, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_revision(compare(knowledge, rulebase, knowledge, rulebase), "en")
    assert capsys.readouterr().out == "no answer combination moves; 0 of 1,115,771,008,320; nothing else differs\n"


def test_moves_are_counted_with_an_example_in_the_asked_language(
    knowledge: Knowledge, rulebase: RuleBase, raised: RuleBase, capsys: pytest.CaptureFixture[str]
) -> None:
    revision = compare(knowledge, rulebase, knowledge, raised)
    for language, label in (("en", "whether it is dual-use"), ("ja", "軍民両用か")):
        tell_revision(revision, language)
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if f"{label} (dual_use)" in line]
        if language == "ja":
            words = ("combinations", "example", "severer", "added", "facts", "rules", "verdict ", "everything")
            assert [(word, line) for line in lines for word in words if word in line] == []
            assert f"    {label} (dual_use): はい" in lines
            continue
        assert lines[0].startswith(f"{revision.moved:,} of 3,347,313,024,960 answer combinations move (")
        assert lines[1] == f"{revision.unchanged:,} keep their verdict"
        start = next(n for n, line in enumerate(lines) if line.startswith("severer: confirm_first → do_not_upload: "))
        assert lines[start + 1 : start + 3] == [
            "  for example, with everything else unknown:",
            f"    {label} (dual_use): yes",
        ]
        assert f"  added: {label} (dual_use); it has no effect in the old edition" in lines
        assert "  added: verdict.dual_use" in lines
        assert not {"tables", "quotations", "measures", "services", "other decisions"} & set(lines)


def test_values_that_one_side_lacks_are_said_to_count_as_unknown(
    knowledge: Knowledge, rulebase: RuleBase, capsys: pytest.CaptureFixture[str]
) -> None:
    place, domains = rulebase.facts["data_location"], rulebase.facts["sensitive_domains"]
    wider = Fact(id=place.id, values=(*place.values, "orbit"), safe=place.safe, label=place.label)
    longer = Fact(id=domains.id, values=(*domains.values, "space"), many=True, label=domains.label)
    facts = {**rulebase.facts, place.id: wider, domains.id: longer}
    new = RuleBase(facts=facts, tables=rulebase.tables, editions=rulebase.editions)
    tell_revision(compare(knowledge, rulebase, knowledge, new), "en")
    told = capsys.readouterr().out.splitlines()
    assert told[0].endswith(" of 1,394,713,760,400 answer combinations move (0.00471 %)")
    assert "    data_location: new value orbit; counts as unknown in the old edition" in told
    assert "    sensitive_domains: new value space; on a list, counts as some" in told
    tell_revision(compare(knowledge, new, knowledge, rulebase), "en")
    assert "    data_location: gone value orbit; counts as unknown in the new edition" in capsys.readouterr().out


def test_quotations_and_services_are_told_with_their_words(
    knowledge: Knowledge, rulebase: RuleBase, capsys: pytest.CaptureFixture[str]
) -> None:
    passages = dict(knowledge.passages)
    gone, old = passages.pop("open.definition"), passages.pop("check.1")
    passages["check.1"] = old.model_copy(update={"ja": "別の言葉"})
    passages["check.0"] = passages.pop("check.2").model_copy(update={"id": "check.0"})
    free = knowledge.services["chatgpt_free"]
    fact = free.facts["purpose_limited"].model_copy(update={"value": "yes"})
    less = {"purpose_limited": fact, "data_location": free.facts["data_location"]}
    services = {**knowledge.services, free.id: free.model_copy(update={"facts": less})}
    new = knowledge.model_copy(update={"passages": passages, "services": services})
    tell_revision(compare(knowledge, rulebase, new, rulebase), "en")
    told = capsys.readouterr().out
    assert f"  vanished: open.definition, guideline, {gone.section}\n    {gone.ja}\n    cited by: " in told
    assert "  moved: check.2, guideline, " in told
    assert "    to: check.0, guideline, " in told
    assert "    was: ① 研究データの適切な管理のための責任者を明確にしているか また、" in told
    assert "    is: 別の言葉\n    cited by: item_1." in told
    assert "    was: no, as of 2026-11-22, verified, still asked, [O] help.openai.com" in told
    assert "    is: yes, as of 2026-11-22, verified, still asked, " in told
    assert "    is: not told\n" in told
