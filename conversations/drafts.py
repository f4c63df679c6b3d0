"""“Wrong verdict?”: a draft of a scenario for whoever writes the rules, which the desk accepts or drops."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rules.models import Facts, RuleBase

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What a TOML text may not hold as it is, and nobody writes on purpose."""

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
TO_TRANSLATE = {"ja": "［未翻訳］", "en": "[not translated yet] "}
"""What stands, in the language that the desk did not write, before its words."""


class DraftState(StrEnum):
    """What became of a draft."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Draft:
    """A verdict that its asker thinks wrong: facts, what was judged and by which rules, what they expect, and why.

    `comment`: the desk's own words, kept as a record; `by` is who reviewed it. The asker's words stand nowhere.
    """

    workspace: str
    case_id: str
    at: datetime
    facts: Facts
    data_class: str
    judged: str
    rules: tuple[str, ...]
    expected: str
    reason: str
    state: DraftState = DraftState.PENDING
    by: str = ""
    comment: str = field(default="", repr=False)


def given_facts(rulebase: RuleBase, facts: Facts) -> Facts:
    """Return what somebody gave of the facts."""
    return {name: value for name, value in facts.items() if rulebase.facts[name].given}


def class_rules(rulebase: RuleBase, fired: tuple[str, ...]) -> tuple[str, ...]:
    """Return the rules that decided the class of the data."""
    return tuple(name for name in fired if rulebase.rules[name].target == "data_class")


def as_toml(draft: Draft) -> str:
    """Return the draft as a scenario file: the rules have to fire that decided the class, and the rest is expected."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield f"# Somebody thought the verdict {draft.judged} wrong ({draft.reason}), on {draft.at.date().isoformat()}."
    yield "# The situation is in the desk's words; translate what is marked before it is one of the rules'."
    yield ""
    yield "[[scenario]]"
    yield f"id = {_text(f'asked.case_{draft.case_id}')}"
    written = "ja" if JAPANESE.search(draft.comment) else "en"
    for language, mark in TO_TRANSLATE.items():
        yield f"situation.{language} = {_text(draft.comment if language == written else mark + draft.comment)}"
    yield "[scenario.facts]"
    for name, value in draft.facts.items():
        yield f"{name} = {_value(value)}"
    yield "[scenario.expect]"
    told: Mapping[str, str] = {"data_class": draft.data_class, "verdict": draft.expected}
    yield from (f"{name} = {_text(value)}" for name, value in told.items())
    yield f"rules = {_value(draft.rules)}"


def _value(value: str | tuple[str, ...]) -> str:
    return _text(value) if isinstance(value, str) else f"[{', '.join(map(_text, value))}]"


def _text(value: str) -> str:
    """A text as JSON writes it is one of TOML's, but for what no text of ours holds."""
    return json.dumps(CONTROL.sub(" ", value), ensure_ascii=False)
