"""The paragraph for a data-management plan: true in every case, and only of what was answered."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.app import House
from bot.playground.block_kit import view_faults
from bot.record.plan import plan_texts
from bot.spoken import LANGUAGES
from bot.views.plan import plan_view
from conversations.service import Standing
from rules.evaluator import Evaluator
from rules.models import UNKNOWN, VERDICTS, Evaluation
from rules.vocabulary import parse_facts
from tests.bot.driver import Office, Researcher
from tests.bot.test_interview import INTERVIEWS, goes_through
from tests.bot.test_views import FACTS, some_facts, standing

DAY = date(2026, 11, 22)
SERVICES = (None, UNKNOWN, "other", "chatgpt", "chatgpt_free", "openai_api", "self_hosted")
QUOTED = re.compile(r"「[^」]*」|『[^』]*』|“[^”]*”")
ENDS = {"ja": "。", "en": ". "}
RESPONSIBLE = {"ja": "データの管理責任者を定めている。", "en": "A person responsible for managing the data is named."}
Judge = Callable[[dict[str, object]], Evaluation]


@pytest.fixture(scope="module")
def judge(house: House, interpreter_only: Evaluator) -> Judge:
    return lambda facts: interpreter_only.evaluate(parse_facts(house.rulebase, facts))


def judged(house: House, evaluation: Evaluation, service: str | None) -> Standing:
    found = standing(house, evaluation)
    return replace(found, progress=replace(found.progress, service=service))


def texts(house: House, evaluation: Evaluation, service: str | None) -> dict[str, str]:
    return plan_texts(house.phrases, judged(house, evaluation, service), evaluation, DAY)


@pytest.mark.parametrize("seed", range(300))
def test_it_is_true_in_every_case(house: House, judge: Judge, seed: int) -> None:
    evaluation = judge(some_facts(house.rulebase, seed))
    service = random.Random(seed).choice(SERVICES)
    for language, text in texts(house, evaluation, service).items():
        say = house.phrases.label
        assert 1 <= len(sentences(text, language)) <= 4
        assert say(language, f"verdict.class_{evaluation.data_class}") in text
        assert f"「{word(house, evaluation, language)}」" in text or f"“{word(house, evaluation, language)}”" in text
        assert (RESPONSIBLE[language] in text) == (evaluation.facts["responsible_person"] == "yes")
        use = evaluation.facts["use"]
        told = {name: say(language, f"value.{name}") for name in ("prompt", "knowledge_base", "training")}
        assert {n for n, words in told.items() if f": {words}）" in text or f": {words})" in text} == {use} - {UNKNOWN}
        named = house.views.services.name(service, language) if service != UNKNOWN else ""
        assert (named in text) if named else (text.startswith("AIサービス") or "an AI service" in text)
        assert condition(house, evaluation, language) in text


def word(house: House, evaluation: Evaluation, language: str) -> str:
    return house.phrases.label(language, f"verdict.{evaluation.verdict}")


def condition(house: House, evaluation: Evaluation, language: str) -> str:
    """What a rule that set the verdict begins with; nothing where there is no condition."""
    if evaluation.verdict == "allowed":
        return ""
    rules = [house.rulebase.rules[name] for name in evaluation.rules]
    setting = next(r for r in rules if (r.target, r.then) == ("verdict", evaluation.verdict))
    return setting.because.say(language).split("。")[0].split(". ")[0].rstrip(".")


def sentences(text: str, language: str) -> list[str]:
    bare = QUOTED.sub("", text) + (" " if language == "en" else "")
    assert bare.endswith(ENDS[language])
    return bare.removesuffix(ENDS[language]).split(ENDS[language])


def test_each_verdict_leads_to_another_sentence(house: House, judge: Judge) -> None:
    for language in LANGUAGES:
        said = set()
        for verdict in VERDICTS:
            evaluation = judge(FACTS[verdict])
            assert evaluation.verdict == verdict
            third = sentences(texts(house, evaluation, None)[language], language)[2]
            said.add(third.partition("（")[0].partition(" (")[0])
        assert len(said) == len(VERDICTS)


def test_a_disputed_verdict_has_no_reason_to_tell(house: House, judge: Judge) -> None:
    evaluation = judge(FACTS["allowed"]).model_copy(update={"verdict": "confirm_first", "disputed": True})
    for text in texts(house, evaluation, None).values():
        assert "（）" not in text
        assert "()" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_modal(house: House, judge: Judge, snapshot: SnapshotAssertion, language: str, verdict: str) -> None:
    evaluation = judge(FACTS[verdict]).model_copy(update={"edition": "2026-01"})
    view = plan_view(house.phrases, texts(house, evaluation, "chatgpt_free"), language)
    assert view_faults(view) == []
    assert view == snapshot.use_extension(JSONSnapshotExtension)


def copied(person: Researcher) -> list[str]:
    blocks = [block for block in person.view["blocks"] if block["type"] == "rich_text"]
    return [block["elements"][0]["elements"][0]["text"] for block in blocks]


def test_it_is_copied_from_beside_the_record(office: Office, alex: Researcher, hanako: Researcher) -> None:
    goes_through(alex.asks(), INTERVIEWS["public data"][0])
    (card,) = [message for message in alex.from_bot() if "verdict:allowed" in str(message["blocks"])]
    alex.presses("record.plan", on=card)
    english, japanese = copied(alex)
    assert "the verdict is “You may enter it”" in english
    assert "判定は「入力できます」" in japanese
    hanako.looks_at(alex).presses("record.plan", on=card)
    assert copied(hanako) == [japanese, english]


def test_before_a_verdict_there_is_nothing_to_copy(alex: Researcher) -> None:
    goes_through(alex.asks(), INTERVIEWS["public data"][0])
    (card,) = [message for message in alex.from_bot() if "verdict:allowed" in str(message["blocks"])]
    payload = alex.payload("record.plan", card)
    alex.changes("openness")
    alex.submits(status=["decided_open"])
    alex.office.send_interaction(payload)
    assert alex.notes() == ["old_card"]
