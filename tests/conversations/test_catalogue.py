"""What the service catalogue may answer, what it only presumes, and who beats whom."""

from collections.abc import Mapping
from datetime import date

import pytest

from conversations.cards import load_cards
from conversations.catalogue import answerable, service_answers
from conversations.interview import Interview, Progress
from conversations.models import Choice
from knowledge.models import Bilingual, Knowledge, Service, ServiceFact
from rules.models import UNKNOWN, RuleBase
from rules.vocabulary import parse_facts
from tests.conversations.builders import case, pick, waiting

PLANTED = "planted"
CONSUMER = "chatgpt_free"
TEXT = Bilingual(ja="注", en="note")
SECRET = (
    ("openness", pick(shortcut="undecided")),
    ("duties", pick(shortcut="none")),
    ("partners", pick(shortcut="nobody")),
    ("content", pick(content="novelty", fields="none")),
)


def fact(value: str, *, verified: bool = True, ask: bool = False) -> ServiceFact:
    return ServiceFact(value=value, as_of=date(2026, 11, 1), source="a page", verified=verified, ask=ask, note=TEXT)


def with_service(knowledge: Knowledge, facts: Mapping[str, ServiceFact]) -> Knowledge:
    planted = Service(id=PLANTED, brand="claude", kind="other", name="Planted", plan=TEXT, facts=facts)
    return knowledge.model_copy(update={"services": {**knowledge.services, PLANTED: planted}})


def safeguarded(interview: Interview, service: str, choice: Choice) -> Progress:
    """Return where a case of unpublished results stands once the safeguards are answered."""
    named = ("service", pick(service=service, use="prompt"))
    assert waiting(interview.progress(case(*SECRET, named))) == "safeguards"
    return interview.progress(case(*SECRET, named, ("safeguards", choice)))


def test_only_verified_facts_count(knowledge: Knowledge) -> None:
    for service in knowledge.services.values():
        told = service_answers(knowledge, service.id)
        for name in {**told.answers, **told.presumed}:
            assert service.facts[name].verified, (service.id, name)
        for name, known in service.facts.items():
            counts = known.verified and not known.ask and known.value != UNKNOWN
            assert (told.answers.get(name) == known.value) == counts, (service.id, name)


def test_an_unverified_fact_is_not_even_presumed(knowledge: Knowledge) -> None:
    facts = {"purpose_limited": fact("no", verified=False, ask=True), "secure_channel": fact("yes", verified=False)}
    told = service_answers(with_service(knowledge, facts), PLANTED)
    assert (told.answers, told.presumed) == ({}, {})


def test_a_default_presumes_only_what_raises_concern(knowledge: Knowledge) -> None:
    facts = {
        "purpose_limited": fact("no", ask=True),
        "data_location": fact("undisclosed", ask=True),
        "secure_channel": fact("yes", ask=True),
        "liability_clear": fact(UNKNOWN, ask=True),
        "access_limited": fact(UNKNOWN),
    }
    told = service_answers(with_service(knowledge, facts), PLANTED)
    assert (told.answers, told.presumed) == ({}, {"purpose_limited": "no", "data_location": "undisclosed"})


def test_neither_region_nor_access_is_ever_answered(knowledge: Knowledge) -> None:
    chosen = knowledge.services["azure_openai"].facts["data_location"]
    assert (chosen.verified, chosen.ask) == (True, True)
    assert answerable(knowledge) & {"data_location", "access_limited"} == frozenset()
    for service in knowledge.services:
        assert not service_answers(knowledge, service).presumed.keys() & {"data_location", "access_limited"}


def test_what_it_answers_is_in_the_vocabulary(knowledge: Knowledge, rulebase: RuleBase) -> None:
    for service in knowledge.services:
        told = service_answers(knowledge, service)
        parse_facts(rulebase, {**told.answers, **told.presumed})


@pytest.mark.parametrize("service", ["chatgpt", "claude", "other", "no_such_service", "", None])
def test_a_brand_or_another_service_answers_nothing(knowledge: Knowledge, service: str | None) -> None:
    told = service_answers(knowledge, service)
    assert (told.answers, told.presumed) == ({}, {})
    assert told.stands_for("purpose_limited") == UNKNOWN


def test_a_brand_named_as_the_service_answers_nothing(interview: Interview) -> None:
    progress = interview.progress(case(*SECRET, ("service", pick(service="chatgpt", use="prompt"))))
    assert (progress.service, progress.facts["purpose_limited"]) == ("chatgpt", UNKNOWN)


def test_a_verified_answer_counts_at_once(interview: Interview) -> None:
    progress = interview.progress(case(*SECRET, ("service", pick(service="chatgpt_business", use="prompt"))))
    assert (progress.facts["purpose_limited"], progress.facts["secure_channel"]) == ("yes", "yes")


def test_the_training_default_counts_until_the_asker_says_off(interview: Interview) -> None:
    named = interview.progress(case(*SECRET, ("service", pick(service=CONSUMER, use="prompt"))))
    assert named.facts["purpose_limited"] == "no"
    off = safeguarded(interview, CONSUMER, pick(confirmed="purpose", place="japan"))
    assert off.facts["purpose_limited"] == "yes"


@pytest.mark.parametrize("choice", [pick(shortcut="unsure"), pick(confirmed="access channel", place="japan")])
def test_the_training_default_still_counts_where_the_asker_does_not_know(interview: Interview, choice: Choice) -> None:
    assert safeguarded(interview, CONSUMER, choice).facts["purpose_limited"] == "no"


def test_the_askers_definite_answer_beats_the_catalogue(interview: Interview) -> None:
    choice = pick(confirmed="access", not_so="channel purpose", place="japan")
    told = safeguarded(interview, "chatgpt_business", choice).facts
    assert (told["purpose_limited"], told["secure_channel"]) == ("no", "no")


def test_i_do_not_know_leaves_the_catalogue_its_word(interview: Interview) -> None:
    told = safeguarded(interview, "chatgpt_business", pick(shortcut="unsure")).facts
    assert (told["purpose_limited"], told["secure_channel"]) == ("yes", "yes")


def test_what_the_asker_unticks_is_no_longer_answered_by_the_catalogue(interview: Interview) -> None:
    choice = pick(confirmed="access", place="japan")
    told = safeguarded(interview, "chatgpt_business", choice).facts
    assert (told["purpose_limited"], told["secure_channel"]) == ("unknown", "unknown")


def test_a_card_whose_facts_the_catalogue_answers_is_not_asked(knowledge: Knowledge, rulebase: RuleBase) -> None:
    answers = ("access_limited", "secure_channel", "purpose_limited", "liability_clear", "responsible_person")
    full = {**dict.fromkeys(answers, fact("yes")), "data_location": fact("japan")}
    interview = Interview(load_cards(rulebase), rulebase, with_service(knowledge, full))
    named = interview.progress(case(*SECRET, ("service", pick(service=PLANTED, use="prompt"))))
    assert waiting(named) is None
