"""First messages of different kinds, what each says, and the case behind it; and the clicks it takes to a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.interview import Interview, Step
from conversations.models import READING_CARD, SERVICE_CARD, Case, Choice, Value
from tests.conversations.builders import case, heard, more
from tests.conversations.clicking import Cost, cost
from tests.conversations.situations import (
    ABROAD,
    ALONE,
    CONSUMER,
    OWN_MODEL,
    PLAIN,
    SETTLED,
    UNBOUND,
    UNPUBLISHED,
    truthful_choice,
)

PATIENTS: Mapping[str, Value] = {"personal_information": "yes", "sensitive_domains": ("health",)}
PENDING: Mapping[str, Value] = {**UNPUBLISHED, "openness_review": "pending", **UNBOUND}


@dataclass(frozen=True)
class FirstMessage:
    """What somebody writes. `says`: what a reader may make of that. `facts`: what they know besides."""

    text: str
    says: Choice
    service: str
    facts: Mapping[str, Value]
    brand: str | None = None


FIRST_MESSAGES = (
    FirstMessage(
        "患者さんのカルテの要約をChatGPTの無料版でやりたいんだけど、だめかな？",
        {
            "service": ("chatgpt_free",), "use": ("prompt",), "personal_information": ("yes",),
            "sensitive_domains": ("health",),
        },
        "chatgpt_free",
        {**PENDING, **PATIENTS, **CONSUMER, **ALONE},
        "chatgpt",
    ),
    FirstMessage(
        "Can I have ChatGPT Plus summarise our paper? It is open access, anyone can download it.",
        {"service": ("chatgpt_plus",), "use": ("prompt",), "already_public": ("yes",)},
        "chatgpt_plus",
        {"already_public": "yes", **UNBOUND, **CONSUMER},
        "chatgpt",
    ),
    FirstMessage(
        "共同研究先の企業の社外秘データを、大学契約のCopilot Chatで分析してもいいですか？",
        {
            "service": ("m365_copilot_chat",), "use": ("prompt",), "company_secret": ("yes",),
            "collaboration": ("industry",), "already_public": ("no",),
        },
        "m365_copilot_chat",
        {
            **PENDING, "company_secret": "yes", **ABROAD, "collaboration": "industry", "leader_approval": "yes",
            **SETTLED,
        },
        "copilot",
    ),
    FirstMessage(
        "Fine-tuning a model on our own server with coded interviews: may I? The ethics board was not asked yet.",
        {
            "service": ("self_hosted",), "use": ("training",), "personal_information": ("yes",),
            "legal_clearance": ("unknown",),
        },
        "self_hosted",
        {**PENDING, "personal_information": "yes", **OWN_MODEL, "use": "training", **ALONE, **SETTLED},
        "self_hosted",
    ),
    FirstMessage(
        "ChatGPTに未発表の実験結果を入れていい？",
        {"already_public": ("no",), "novelty": ("yes",)},
        "chatgpt_edu",
        {**PENDING, **PLAIN, "novelty": "yes", **ABROAD, **ALONE, **SETTLED},
        "chatgpt",
    ),
    FirstMessage(
        "Is it okay to translate a manuscript that I am reviewing for a journal with DeepL?",
        {"use": ("prompt",), "other_restriction": ("yes",)},
        "deepl_free",
        {**PENDING, "other_restriction": "yes", "legal_clearance": "no", **CONSUMER, **ALONE},
        "deepl",
    ),
    FirstMessage(
        "ChatGTPに公開済みの統計データだけ入れて分析したい。個人情報はありません。",
        {"slip": ("chatgpt",), "use": ("prompt",), "already_public": ("yes",), "personal_information": ("no",)},
        "chatgpt_free",
        {"already_public": "yes", **UNBOUND, **CONSUMER},
    ),
    FirstMessage(
        "ChatGPT Free or Claude Team for our unpublished field notes? No personal data, and nobody outside takes part.",
        {
            "service": ("chatgpt_free", "claude_team"), "already_public": ("no",), "personal_information": ("no",),
            "collaboration": ("none",),
        },
        "claude_team",
        {**PENDING, **PLAIN, "novelty": "yes", **ABROAD, **ALONE, **SETTLED},
    ),
    FirstMessage(
        "該非判定で該当になった図面をDeepSeekのAPIに読ませたい",
        {"service": ("deepseek_api",), "use": ("prompt",), "export_controlled": ("yes",)},
        "deepseek_api",
        {**PENDING, "export_controlled": "yes", **ABROAD, **ALONE},
        "deepseek",
    ),
    FirstMessage("May I upload this?", {}, "gemini_workspace", {**PENDING, **PLAIN, **ABROAD, **ALONE}),
)  # fmt: skip


def clicks(interview: Interview, message: FirstMessage, read: Choice) -> tuple[Cost, Case]:
    """Return what it costs whoever answers truthfully to come to a verdict, and the case then."""
    done, spent = heard(read, brand=message.brand) if read else case(brand=message.brand), Cost(0, 0)
    while step := interview.progress(done).current:
        choice = _yes(interview, step, message) if step.card.id == READING_CARD else _truth(step, message)
        interview.check(done, step.card.id, choice)
        spent = spent.plus(cost(step, choice))
        done = more(done, (step.card.id, choice))
    return spent, done


def _yes(interview: Interview, step: Step, message: FirstMessage) -> Choice:
    """One click says yes, with the service picked where there are several."""
    brand = interview.knowledge.services[message.service].brand
    picked = [code for code in step.read.candidates if code in (message.service, brand)]
    return {**interview.readings.accepted(step.read), **({SERVICE_CARD: (picked[0],)} if picked else {})}


def _truth(step: Step, message: FirstMessage) -> Choice:
    return truthful_choice(step, message.facts, message.service)
