"""Which office answers for what: sound data, an institution's own word before it, and faults that name the remedy."""

from pathlib import Path

import pytest

from knowledge.errors import DataError
from knowledge.institution import with_institution
from knowledge.loader import load_knowledge
from knowledge.offices import load_matters
from tests.overlays import folder

CONTACT = '[[contact]]\noffice = "{}"\nname = {{ ja = "仮", en = "x" }}\nurl = "https://example.ac.jp"\n{}\n'
SOUND = '[[matter]]\nid = "a"\nfact = "personal_information"\noffice = "privacy"\n'


def test_an_institution_gives_a_fact_to_another_office(tmp_path: Path) -> None:
    contacts = CONTACT.format("it", 'answers_for = ["other_restriction"]')
    institution = with_institution(load_knowledge(), folder(tmp_path / "own", contacts=contacts)).institution
    before, after = load_matters(), load_matters(institution)
    assert [each.office for each in before if each.fact == "other_restriction"] == ["industry", "ethics"]
    assert [each.office for each in after if each.fact == "other_restriction"] == ["it"]
    assert [e for e in before if e.fact != "other_restriction"] == [e for e in after if e.fact != "other_restriction"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"privacy"', '"privcy"', "a: office: 'privcy' is not known, did you mean 'privacy'?"),
        ("fact =", "fakt =", "unknown key 'fakt', did you mean 'fact'?"),
        (SOUND, SOUND * 2, "a: this id is used twice"),
    ],
)
def test_a_fault_is_named_with_its_remedy(tmp_path: Path, before: str, after: str, told: str) -> None:
    (tmp_path / "offices.toml").write_text(SOUND.replace(before, after), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load_matters(folder=tmp_path)
    assert "offices.toml: " in str(refused.value)
    assert told in str(refused.value)
