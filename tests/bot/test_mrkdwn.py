"""Words from outside, an overlay's above all, stay words: none becomes a mention, a link, a broadcast or a template."""

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from bot.app import build_house
from bot.example import EXAMPLE
from bot.playground.workspace import BOT
from tests.bot.conftest import opened
from tests.bot.driver import MENTION, Office, Researcher
from tests.overlays import example
from tests.planting import plant

EVIL = "<!here>{{7*7}}<@U0ALEX><http://e.vil|x>&"
ESCAPED = "&lt;!here&gt;{{7*7}}&lt;@U0ALEX&gt;&lt;http://e.vil|x&gt;&amp;"
FIELDS = {
    "name": "N", "plan.ja": "P", "plan.en": "P", "note.ja": "O", "note.en": "O", "source": "S", "title": "T",
    "section": "I",
}  # fmt: skip
"""Keys of the example's files and the letter that tells where words came from."""
GIVEN: dict[str, Any] = {
    "openness": "undecided",
    "duties": {"bound": ["personal"]},
    "clearance": "permitted",
    "content": {"content": ["novelty"], "fields": ["none"]},
    "service": {"service": ["kakuu_ai"], "use": ["prompt"]},
    "safeguards": "unsure",
    "partners": "nobody",
    "kakuu_ethics": "not_covered",
}


def evil(tag: str, text: str) -> str:
    return f"{EVIL}{tag} {text}"


def marked(key: str, text: str) -> str:
    """Put evil words before the value of a key, wherever the key stands in the text."""
    return re.sub(rf'(?m)(^|[{{,.] *){re.escape(key)} = "', lambda found: f"{found[0]}{EVIL}{FIELDS[key]} ", text)


def worded() -> str:
    """Return a wording.toml that words every measure and every question of the guideline anew."""
    lines = []
    for kind, folder, keys in (("measure", "knowledge/measures", "LD"), ("card", "conversations/cards", "QH")):
        fields = ("label", "detail") if kind == "measure" else ("question", "help")
        package, _, name = folder.partition("/")
        for record in tomllib.loads((files(package) / f"{name}.toml").read_text(encoding="utf-8"))[kind]:
            lines.append(f"[[{kind}]]\nid = {json.dumps(record['id'])}")
            for tag, field in zip(keys, fields, strict=True):
                words = {code: json.dumps(evil(tag, record[field][code]), ensure_ascii=False) for code in ("ja", "en")}
                lines.append(f"{field} = {{ ja = {words['ja']}, en = {words['en']} }}")
    return "\n".join(lines)


def spoken_by_evil(target: Path) -> Path:
    """Return the worked example with evil words before everything that it says."""
    folder = example(target)
    for name in ("services.toml", "passages/policy.toml", "rules.toml", "cards.toml", "facts.toml", "institution.toml"):
        file = folder / name
        text = file.read_text(encoding="utf-8")
        for key in FIELDS:
            text = marked(key, text)
        text = text.replace("verified = true", "verified = false")  # so that it is shown, and asked all the same
        tag = {"passages/policy.toml": "W", "rules.toml": "B", "cards.toml": "K", "facts.toml": "F"}.get(name, "X")
        for code in ("ja", "en"):
            text = re.sub(rf'\b{code} = "', f'{code} = "{EVIL}{tag} ', text)
        file.write_text(text, encoding="utf-8")
    source = folder / "sources" / "policy.ja.md"
    text = source.read_text(encoding="utf-8")
    for passage in tomllib.loads((EXAMPLE / "passages" / "policy.toml").read_text(encoding="utf-8"))["passage"]:
        text = text.replace(passage["ja"], evil("W", passage["ja"]))
    source.write_text(text, encoding="utf-8")
    (folder / "wording.toml").write_text(worded(), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return spoken_by_evil(tmp_path / "overlay")


@pytest.fixture
def evil_office(folder: Path, tmp_path: Path) -> Iterator[Office]:
    with opened(build_house(folder), str(tmp_path / "kakunin.db")) as office:
        office.rounds()
        yield office
        office.settle()
        assert (office.take_refusals(), office.take_complaints()) == ([], [])


def interview(person: Researcher) -> list[Any]:
    """Answer everything, look at everything; returns the cards as they were asked and the modals that were seen."""
    seen = list[Any]()
    person.says(f"{MENTION} 架空AIに未公開のデータを入れていい？")
    while person.asked:
        card = person.asked[-1]
        seen.append(copy.deepcopy(person.cards()[-1]))
        person.replies(MENTION)
        if card == "duties":
            person.presses("card.next")
        how = GIVEN[card]
        if isinstance(how, str):
            person.answers(card, how)
        else:
            person.answers(card, **how)
        seen.append(copy.deepcopy(person.changes(card)))
        if card == "duties":
            seen.append(person.submits(bound=["secret"]))
            person.changes(card)
            seen.append(person.submits(bound=["personal"]))
    for button in (
        "verdict.reasons",
        "services.compare",
        "measure.all",
        "ways.open",
        "verdict.checklist",
        "record.plan",
    ):
        person.presses(button, on=next(m for m in person.from_bot() if "verdict.reasons" in json.dumps(m)))
        seen.append(copy.deepcopy(person.view))
    person.presses("verdict.whole_list", on=next(m for m in person.from_bot() if "verdict.reasons" in json.dumps(m)))
    return seen


def said(value: Any) -> Iterator[str]:
    """Yield every text that Slack reads as mrkdwn: of messages, and of mrkdwn objects, which say so of themselves."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            assert value["verbatim"] is True
        if value.get("type") in ("mrkdwn", "message"):
            yield value["text"]
        for key, inner in value.items():
            if key != "metadata":
                yield from said(inner)
    for inner in value if isinstance(value, list) else ():
        yield from said(inner)


DATE = re.compile(r"<!date\^[0-9]+\^\{date_num\}\|[0-9-]+>")
CONTACT = ("<#C0GENERAL>", "<mailto:ai-desk@example.ac.jp|ai-desk@example.ac.jp>")
"""How the desk is reached: an id and an address that the overlay gives as such."""


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_words_of_an_overlay_become_nothing_but_words(evil_office: Office, folder: Path, locale: str) -> None:
    person = evil_office.newcomer(locale)
    modals = interview(person)
    plant(folder / "institution.toml", "suspended = []", 'suspended = ["kakuu_ai"]')
    evil_office.rounds()
    messages = [m for m in person.everything() if m["user"] == BOT]
    texts = [DATE.sub("", text) for text in said([messages, modals])]
    live = {found for text in texts for found in re.findall(r"<[^>]*>?", text)}
    assert live <= {f"<@{person.id}>", *CONTACT}
    assert not [text for text in texts if "49" in text or "&amp;lt;" in text or "&amp;amp;" in text]
    tags = {tag for text in texts for tag in re.findall(re.escape(ESCAPED) + "([A-Z])", text)}
    assert tags >= set("QHLDNPOSBWKF")


@pytest.mark.parametrize("locale", ["{{ 7*7 }}", "<!channel>", "\x00", "ja<@U0ALEX>" * 1000, "{% raw %}"])
def test_a_locale_is_read_and_never_said(locale: str, office: Office) -> None:
    person = office.newcomer(locale).asks()
    person.presses("card.next")
    assert (person.asked, person.noted()) == (["openness"], [("ja" if locale.startswith("ja") else "en", "empty")])
    assert not [text for text in said([m for m in person.everything() if m["user"] == BOT]) if locale in text]


@pytest.mark.parametrize("user", [{"locale": 7}, {"locale": ["ja"]}, {"locale": None}, {}, None, "U1", [], 7])
def test_a_locale_that_is_none_is_english(
    user: Any, office: Office, hanako: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = office.slack.api.call

    def odd(method: str, token: str, arguments: Any) -> dict[str, Any]:
        return {"ok": True, "user": user} if method == "users.info" else call(method, token, arguments)

    monkeypatch.setattr(office.slack.api, "call", odd)
    hanako.asks().presses("card.next")
    assert (hanako.asked, hanako.noted()) == (["openness"], [("en", "empty")])
