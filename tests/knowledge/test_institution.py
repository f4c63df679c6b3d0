"""What an institution adds to the knowledge, and every fault of its folder that is refused: file, id, remedy."""

import shutil
from pathlib import Path

import pytest

from bot.example import EXAMPLE
from knowledge.errors import DataError
from knowledge.institution import with_institution
from knowledge.loader import load_knowledge
from knowledge.models import Knowledge
from tests.overlays import example, folder, insert
from tests.planting import plant

TEXT = '{ ja = "仮", en = "x" }'
SERVICES, CONTACTS, WORDING, INSTITUTION = "services.toml", "contacts.toml", "wording.toml", "institution.toml"
POLICY = "passages/policy.toml"
CONTRACT = '[[contract]]\nservice = "{}"\n{}'
TOLD = 'value = "yes"\nas_of = 2026-10-01\nsource = "x"\nnote = { ja = "仮", en = "x" }\n'

# What is wrong → the file, what stands there, what is written instead, and words that have to be told.
FAULTS: dict[str, tuple[str, str, str, list[str]]] = {
    "an unknown service in a contract": (
        SERVICES,
        'service = "m365_copilot_chat"',
        'service = "m365_copilot_chatt"',
        [SERVICES, "m365_copilot_chatt", "did you mean 'm365_copilot_chat'"],
    ),
    "a contract without a date": (
        SERVICES,
        'as_of = 2026-04-01\nsource = "教育機関向け包括契約 2026-04-01 第7条"',
        'source = "教育機関向け包括契約 2026-04-01 第7条"',
        [SERVICES, "m365_copilot_chat", "purpose_limited.as_of", "is missing"],
    ),
    "a contract without a source": (
        SERVICES,
        'source = "教育機関向け包括契約 2026-04-01 第7条"',
        "",
        [SERVICES, "m365_copilot_chat", "purpose_limited.source", "is missing"],
    ),
    "an unknown key of a contract": (
        SERVICES,
        'kind = "contracted"',
        'kindd = "contracted"',
        [SERVICES, "m365_copilot_chat", "'kindd'", "did you mean 'kind'"],
    ),
    "an unknown kind": (SERVICES, 'kind = "contracted"', 'kind = "free"', [SERVICES, "m365_copilot_chat", "kind"]),
    "a record of another name": (SERVICES, "[[contract]]", "[[contracts]]", [SERVICES, "did you mean 'contract'"]),
    "a service of the catalogue": (
        SERVICES,
        '[[service]]\nid = "kakuu_ai"',
        '[[service]]\nid = "deepl_pro"',
        [SERVICES, "deepl_pro", "in the catalogue", "[[contract]]"],
    ),
    "a brand of the catalogue": (
        SERVICES,
        '[[brand]]\nid = "kakuu_ai"',
        '[[brand]]\nid = "gemini"',
        [SERVICES, "gemini", "in the catalogue"],
    ),
    "a service that is called as another brand": (
        SERVICES,
        '[[service]]\nid = "kakuu_ai"',
        '[[service]]\nid = "chatgpt"',
        [SERVICES, "chatgpt", "id of a brand"],
    ),
    "a service called other": (
        SERVICES,
        '[[service]]\nid = "kakuu_ai"',
        '[[service]]\nid = "other"',
        [SERVICES, "other", "choose another"],
    ),
    "an unknown brand": (
        SERVICES,
        'brand = "kakuu_ai"',
        'brand = "kakuu_ia"',
        [SERVICES, "kakuu_ai", "'kakuu_ia'", "did you mean 'kakuu_ai'"],
    ),
    "an office twice": (CONTACTS, 'office = "ethics"', 'office = "privacy"', [CONTACTS, "privacy", "twice"]),
    "an unknown office": (CONTACTS, 'office = "ethics"', 'office = "ethic"', [CONTACTS, "ethic", "office", "'ethics'"]),
    "a contact that nobody could reach": (
        CONTACTS,
        'email = "liaison@example.ac.jp"',
        "",
        [CONTACTS, "industry", "nobody could be reached"],
    ),
    "an unknown key of a contact": (
        CONTACTS,
        'email = "liaison',
        'emial = "liaison',
        [CONTACTS, "industry", "'emial'", "did you mean 'email'"],
    ),
    "an unknown suspension": (
        INSTITUTION,
        "suspended = []",
        'suspended = ["chatgtp"]',
        [INSTITUTION, "suspended", "'chatgtp'", "did you mean 'chatgpt'"],
    ),
    "a suspension twice": (
        INSTITUTION,
        "suspended = []",
        'suspended = ["chatgpt", "chatgpt"]',
        [INSTITUTION, "suspended", "'chatgpt'", "twice"],
    ),
    "a suspension that is no list": (
        INSTITUTION,
        "suspended = []",
        'suspended = "chatgpt"',
        [INSTITUTION, "kakuu", "suspended"],
    ),
    "an unknown key of the institution": (
        INSTITUTION,
        "suspended = []",
        "suspendet = []",
        [INSTITUTION, "kakuu", "'suspendet'", "did you mean 'suspended'"],
    ),
    "contacts in the wrong file": (
        INSTITUTION,
        "suspended = []",
        "contacts = []",
        [INSTITUTION, "contacts", CONTACTS],
    ),
    "an unknown role": (
        INSTITUTION,
        'officers = ["S0OFFICE"]',
        'offciers = ["S0OFFICE"]',
        [INSTITUTION, "kakuu", "'roles.offciers'", "did you mean 'officers'"],
    ),
    "a person by name": (
        INSTITUTION,
        'desk = ["U0KENJI"]',
        'desk = ["@u0kenji"]',
        [INSTITUTION, "kakuu", "roles.desk.0", "'@u0kenji'", "did you mean 'U0KENJI'"],
    ),
    "a channel for a group": (
        INSTITUTION,
        'officers = ["S0OFFICE"]',
        'officers = ["C0GENERAL"]',
        [INSTITUTION, "kakuu", "roles.officers.0", "'C0GENERAL'", "user group (S…)"],
    ),
    "roles that are no table": (
        INSTITUTION,
        "[roles]",
        'roles = ["U0KENJI"]\n[other]',
        [INSTITUTION, "kakuu", "roles: ", "write a table"],
    ),
    "an id that cannot be one": (INSTITUTION, 'id = "kakuu"', 'id = "Kakuu U"', [INSTITUTION, "Kakuu U", "id"]),
    "words of a measure there is not": (
        WORDING,
        'id = "local_model"',
        'id = "local_modle"',
        [WORDING, "local_modle", "no measure", "did you mean 'local_model'"],
    ),
    "words of a part that cannot be worded": (
        WORDING,
        "detail = {",
        "details = {",
        [WORDING, "local_model", "'details'", "did you mean 'detail'"],
    ),
    "other passages under a measure": (
        WORDING,
        'id = "local_model"',
        'id = "local_model"\npassages = ["check.1"]',
        [WORDING, "local_model", "'passages'"],
    ),
    "words in one language": (
        WORDING,
        'label = { ja = "学内の「架空AI」を使う", en',
        "label = { en",
        [WORDING, "local_model", "label", "ja", "is missing"],
    ),
    "words without a language": (
        WORDING,
        'label = { ja = "学内の「架空AI」を使う", en = "Use 架空AI, which runs on campus" }',
        'label = "x"',
        [WORDING, "local_model", "label", "both languages"],
    ),
    "a passage that is not literal": (
        POLICY,
        "緩めるものではない。",
        "緩めるものである。",
        ["policy.toml", "kakuu.policy.purpose", "not literally in sources/policy.ja.md"],
    ),
    "a passage of the guideline": (
        POLICY,
        'id = "kakuu.policy.purpose"',
        'id = "check.1"',
        ["passages", "check.1", "part of the guideline"],
    ),
    "a source of the guideline": (
        POLICY,
        'id = "kakuu_policy"',
        'id = "guideline"',
        ["passages", "guideline", "part of the guideline"],
    ),
    "a source without its text": (
        POLICY,
        'file = "policy.ja.md"',
        'file = "policy.md"',
        ["policy.toml", "kakuu_policy", "sources/policy.md is missing"],
    ),
    "a source outside the folder": (
        POLICY,
        'file = "policy.ja.md"',
        'file = "../sources/policy.ja.md"',
        ["policy.toml", "kakuu_policy", "plain name of a file in sources/"],
    ),
    "a user who is no user id": (
        CONTACTS,
        'users = ["U0KENJI"]',
        'users = ["@kenji"]',
        [CONTACTS, "desk", "users.0", "no Slack user id"],
    ),
    "a channel that is no channel id": (
        CONTACTS,
        'channel = "C0GENERAL"',
        'channel = "#general"',
        [CONTACTS, "desk", "channel", "no Slack channel id"],
    ),
    "a number of too many digits": (CONTACTS, "[[contact]]", f"x = {'9' * 5000}\n[[contact]]", [CONTACTS, "digits"]),
    "arrays without end": (CONTACTS, "[[contact]]", f"x = {'[' * 9999}", [CONTACTS, "nested too deeply"]),
    "no TOML": (CONTACTS, "[[contact]]", "[[contact", [CONTACTS, "not valid TOML"]),
}


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    return example(tmp_path / "overlay")


def refused(knowledge: Knowledge, overlay: Path) -> str:
    with pytest.raises(DataError) as caught:
        with_institution(knowledge, overlay)
    return str(caught.value)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_file_id_and_nearest_spelling(knowledge: Knowledge, overlay: Path, fault: str) -> None:
    file, old, new, words = FAULTS[fault]
    plant(overlay / file, old, new)
    told = refused(knowledge, overlay)
    assert [word for word in words if word not in told] == [], told


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("rule.toml", "did you mean 'rules.toml'"),
        ("rules.toml.txt", "did you mean 'rules.toml'"),
        ("rules.tml", "did you mean 'rules.toml'"),
        ("policy.toml", "not a file of an overlay"),
    ],
)
def test_a_file_that_nothing_would_read_is_refused(knowledge: Knowledge, overlay: Path, name: str, hint: str) -> None:
    (overlay / name).write_text("", encoding="utf-8")
    told = refused(knowledge, overlay)
    assert name in told
    assert hint in told


@pytest.mark.parametrize(("name", "hint"), [("passage", "did you mean 'passages'"), ("rules", "not a folder")])
def test_a_folder_that_nothing_would_read_is_refused(knowledge: Knowledge, overlay: Path, name: str, hint: str) -> None:
    (overlay / name).mkdir()
    assert hint in refused(knowledge, overlay)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("passages/policy.tml", "no TOML file"),
        ("passages/notes.md", "no TOML file"),
        ("passages/more/x.toml", "no TOML file"),
        ("sources/policy_old.ja.md", "no [[source]] names it"),
        ("sources/more/x.md", "no [[source]] names it"),
    ],
)
def test_what_nothing_would_read_in_a_folder_is_refused(
    knowledge: Knowledge, overlay: Path, name: str, hint: str
) -> None:
    (overlay / name).parent.mkdir(exist_ok=True)
    (overlay / name).write_text("", encoding="utf-8")
    told = refused(knowledge, overlay)
    assert name.removesuffix("/x.toml").removesuffix("/x.md") in told
    assert hint in told


@pytest.mark.parametrize("name", ["rules.toml", "passages", "passages/more.toml", "sources/policy.ja.md", "sources/x"])
def test_a_link_that_leads_nowhere_is_refused(knowledge: Knowledge, overlay: Path, tmp_path: Path, name: str) -> None:
    if (overlay / name).is_dir():
        shutil.rmtree(overlay / name)
        shutil.rmtree(overlay / "sources")
    else:
        (overlay / name).unlink(missing_ok=True)
    (overlay / name).symlink_to(tmp_path / "nowhere")
    told = refused(knowledge, overlay)
    assert "leads nowhere" in told or "is missing" in told or "is not a file" in told
    assert name in told


def test_a_mark_at_the_start_of_a_file_does_no_harm(knowledge: Knowledge, overlay: Path) -> None:
    file = overlay / CONTACTS
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert with_institution(knowledge, overlay) == with_institution(knowledge, EXAMPLE)


def test_notes_and_hidden_files_are_left_alone(knowledge: Knowledge, overlay: Path) -> None:
    for name in ("README.md", ".gitignore", "rules.toml~", ".rules.toml.swp", "sources/x~", "passages/.policy.toml"):
        (overlay / name).write_text("x", encoding="utf-8")
    (overlay / ".git").mkdir()
    assert with_institution(knowledge, overlay) == with_institution(knowledge, EXAMPLE)


def test_a_missing_folder_and_a_missing_name_are_told(knowledge: Knowledge, overlay: Path, tmp_path: Path) -> None:
    assert "an overlay is a folder" in refused(knowledge, tmp_path / "nowhere")
    (overlay / INSTITUTION).unlink()
    assert "institution.toml: file: is missing" in refused(knowledge, overlay)


def test_two_contracts_on_a_service_are_refused(knowledge: Knowledge, overlay: Path) -> None:
    insert(overlay / SERVICES, CONTRACT.format("m365_copilot_chat", ""))
    told = refused(knowledge, overlay)
    assert "m365_copilot_chat" in told
    assert "two contracts" in told


@pytest.mark.parametrize("facts", ["3", '["purpose_limited"]', "{ purpose_limited = true }"])
def test_facts_that_are_none_are_told(knowledge: Knowledge, tmp_path: Path, facts: str) -> None:
    told = refused(knowledge, folder(tmp_path, services=CONTRACT.format("deepl_pro", f"facts = {facts}")))
    assert "services.toml: deepl_pro: facts" in told


def test_words_given_twice_are_refused(knowledge: Knowledge, tmp_path: Path) -> None:
    word = f'[[measure]]\nid = "keep_record"\nlabel = {TEXT}\n'
    told = refused(knowledge, folder(tmp_path, wording=word * 2))
    assert "keep_record" in told
    assert "twice" in told


def test_the_least_overlay_is_a_name(knowledge: Knowledge, tmp_path: Path) -> None:
    told = with_institution(knowledge, folder(tmp_path))
    assert told.institution
    assert (told.institution.id, told.institution.contacts, told.institution.suspended) == ("own", (), ())
    assert told.model_copy(update={"institution": None}) == knowledge


def test_what_a_contract_says_is_verified_and_the_institutions_own(knowledge: Knowledge) -> None:
    told = with_institution(knowledge, EXAMPLE)
    facts = told.services["m365_copilot_chat"].facts
    assert {name for name, fact in facts.items() if fact.institution} == {
        "purpose_limited",
        "data_location",
        "liability_clear",
    }
    for fact in facts.values():
        assert fact.verified or not fact.institution
        assert fact.source
        assert fact.as_of
    assert not facts["purpose_limited"].ask
    assert knowledge.services["m365_copilot_chat"].facts["purpose_limited"].ask


def test_what_an_institution_says_of_its_own_service_is_its_own(knowledge: Knowledge) -> None:
    facts = with_institution(knowledge, EXAMPLE).services["kakuu_ai"].facts
    assert facts
    assert all(fact.institution for fact in facts.values())


def test_a_contract_may_say_that_a_fact_is_not_confirmed_or_still_asked(knowledge: Knowledge, tmp_path: Path) -> None:
    facts = (
        f"[contract.facts.purpose_limited]\n{TOLD}verified = false\n[contract.facts.secure_channel]\n{TOLD}ask = true\n"
    )
    told = with_institution(knowledge, folder(tmp_path, services=CONTRACT.format("deepl_pro", facts)))
    purpose, channel = (told.services["deepl_pro"].facts[name] for name in ("purpose_limited", "secure_channel"))
    assert (purpose.verified, purpose.institution) == (False, True)
    assert (channel.verified, channel.ask) == (True, True)


def test_a_contract_changes_the_kind_only_where_it_says_so(knowledge: Knowledge, tmp_path: Path) -> None:
    contracts = CONTRACT.format("github_copilot", 'kind = "contracted"\n') + CONTRACT.format("deepl_free", "")
    told = with_institution(knowledge, folder(tmp_path, services=contracts))
    assert told.services["github_copilot"].kind == "contracted"
    assert told.services["deepl_free"] == knowledge.services["deepl_free"]


def test_words_change_and_nothing_else(knowledge: Knowledge) -> None:
    told = with_institution(knowledge, EXAMPLE)
    changed = [name for name, measure in told.measures.items() if measure != knowledge.measures[name]]
    assert changed == ["local_model"]
    assert told.measures["local_model"].passages == knowledge.measures["local_model"].passages
    assert list(told.measures) == list(knowledge.measures)


def test_every_office_can_be_asked(knowledge: Knowledge) -> None:
    institution = with_institution(knowledge, EXAMPLE).institution
    assert institution
    for office in ("desk", "export_control", "privacy", "ethics", "industry", "compliance"):
        contact = institution.contact(office)
        assert contact
        assert contact.name.ja != contact.name.en
    assert institution.contact("nobody") is None


def test_the_shipped_catalogue_is_untouched(knowledge: Knowledge) -> None:
    before = load_knowledge()
    with_institution(knowledge, EXAMPLE)
    assert knowledge == before
    assert knowledge.institution is None
