"""Whom a verdict card sends people to, in both languages: the institution's offices, the desk for those it has not."""

from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.app import House, build_house
from bot.example import EXAMPLE
from bot.spoken import LANGUAGES
from conversations.competence import NOBODY, Whom
from tests.overlays import folder

DESK = '[[contact]]\noffice = "desk"\nname = { ja = "相談窓口", en = "Desk" }\nemail = "desk@example.ac.jp"\n'
RESTRICTED = ("personal_information", "export_controlled")


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, House]:
    """No institution, one with a desk alone, and one with every office."""
    own: Path = folder(tmp_path_factory.mktemp("own") / "desk", contacts=DESK)
    return {"nobody": build_house(), "desk alone": build_house(own), "every office": build_house(EXAMPLE)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_to_ask(houses: dict[str, House], snapshot: SnapshotAssertion, language: str) -> None:
    told: dict[str, dict[str, str]] = {}
    for name, house in houses.items():
        matters = tuple(each for each in house.books.current().matters if each.fact in RESTRICTED)
        ask, refused = Whom(matters), Whom(matters, lifts=True, alone=True)
        cases = {
            "ask": ask,
            "refused": refused,
            "refused by a policy, too": replace(refused, alone=False),
            "by leaders": Whom(leaders=True, alone=True),
            "in general": NOBODY,
        }
        told[name] = {case: house.views.verdicts.whom.on_card(whom, language) for case, whom in cases.items()}
        told[name]["in the record"] = "".join(house.views.verdicts.whom.lifted_by(refused, language))
    assert told == snapshot.use_extension(JSONSnapshotExtension)


def test_only_a_refusal_is_lifted(houses: dict[str, House]) -> None:
    house = houses["every office"]
    assert house.views.verdicts.whom.lifted_by(Whom(house.books.current().matters), "en") == []


def test_an_institution_s_own_fact_has_the_office_that_says_so(houses: dict[str, House]) -> None:
    own = next(each for each in houses["every office"].books.current().matters if "ethics_approval" in each.fact)
    card = houses["every office"].views.verdicts.whom.on_card(Whom((own,)), "en")
    assert "Research Ethics Committee" in card
    assert houses["every office"].rulebase.facts[own.fact].label.en in card
