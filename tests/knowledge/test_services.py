"""The catalogue names every service asked for and claims no more than official pages say."""

from collections import Counter
from datetime import date

from knowledge.models import Knowledge, ServiceFact

REQUIRED = """
chatgpt_free chatgpt_plus chatgpt_pro chatgpt_business chatgpt_enterprise chatgpt_edu openai_api azure_openai
copilot_consumer m365_copilot m365_copilot_chat github_copilot github_copilot_business
gemini_api gemini_consumer gemini_workspace vertex_ai
claude_free claude_pro claude_team claude_enterprise claude_api claude_code bedrock
perplexity perplexity_enterprise deepseek_web deepseek_api notebooklm notebooklm_workspace
deepl_free deepl_pro self_hosted
""".split()  # noqa: SIM905 - a list of names reads better without 66 quotes
BRANDS = {"chatgpt", "copilot", "gemini", "claude", "deepseek", "notebooklm", "deepl"}
ANSWERABLE = {"liability_clear", "secure_channel", "purpose_limited", "data_location", "leakage_protection"}
"""②–⑤ and liability, but not `access_limited`: who can see the data, the asker alone knows."""
TAKEN_OVER = date(2026, 11, 22)


def facts(knowledge: Knowledge) -> list[tuple[str, str, ServiceFact]]:
    return [(service.id, name, fact) for service in knowledge.services.values() for name, fact in service.facts.items()]


def test_every_required_service_is_there(knowledge: Knowledge) -> None:
    assert len(REQUIRED) == len(set(REQUIRED)) == 33
    assert [name for name in REQUIRED if name not in knowledge.services] == []


def test_every_brand_of_the_contract_is_there(knowledge: Knowledge) -> None:
    assert knowledge.brands.keys() >= BRANDS
    assert {service.brand for service in knowledge.services.values()} == knowledge.brands.keys()


def test_other_stays_free_for_services_outside_the_catalogue(knowledge: Knowledge) -> None:
    assert "other" not in knowledge.services.keys() | knowledge.brands.keys()


def test_verified_means_an_official_page_was_read(knowledge: Knowledge) -> None:
    verified = [(service, name, fact) for service, name, fact in facts(knowledge) if fact.verified]
    assert verified
    for service, name, fact in verified:
        assert fact.source.startswith("[O]"), (service, name)
        assert "[T]" not in fact.source, (service, name)
        assert "(V" not in fact.source, (service, name)


def test_what_nobody_looked_up_is_never_verified(knowledge: Knowledge) -> None:
    weak = ("[GK]", "[T]", "[M]", "(V", "page not stated", "not confirmed")
    for service, name, fact in facts(knowledge):
        assert not (fact.verified and any(mark in fact.source for mark in weak)), (service, name)


def test_services_of_which_nothing_is_known_claim_nothing(knowledge: Knowledge) -> None:
    assert not knowledge.services["claude_code"].facts
    assert not knowledge.services["deepseek_api"].facts


def test_only_what_a_provider_can_answer_is_answered(knowledge: Knowledge) -> None:
    assert {name for _, name, _ in facts(knowledge)} <= ANSWERABLE


def test_the_training_toggle_of_a_consumer_plan_is_always_asked(knowledge: Knowledge) -> None:
    seen = 0
    for service in knowledge.services.values():
        if service.kind == "consumer" and "purpose_limited" in service.facts:
            seen += 1
            assert service.facts["purpose_limited"].ask, service.id
            assert service.facts["purpose_limited"].value != "yes" or not service.facts["purpose_limited"].verified
    assert seen > 5


def test_a_verified_unknown_is_asked(knowledge: Knowledge) -> None:
    for service, name, fact in facts(knowledge):
        assert fact.value != "unknown" or not fact.verified or fact.ask, (service, name)


def test_no_fact_is_from_the_future(knowledge: Knowledge) -> None:
    for service, name, fact in facts(knowledge):
        assert fact.as_of <= TAKEN_OVER, (service, name)


def test_no_alias_means_two_things(knowledge: Knowledge) -> None:
    named = Counter(alias.casefold() for record in knowledge.services.values() for alias in record.aliases)
    named.update(alias.casefold() for brand in knowledge.brands.values() for alias in brand.aliases)
    assert [alias for alias, times in named.items() if times > 1] == []
