"""`[digest]` of an institution: what it takes, and how what it cannot take is told."""

import pytest

from knowledge.errors import DataError
from knowledge.institution import INSTITUTION
from knowledge.models import Institution
from knowledge.records import parse

NAMED = {"id": "kakuu", "name": {"ja": "架空大学", "en": "Kakuu University"}}


def plan(**told: object) -> Institution:
    return parse(Institution, {**NAMED, "digest": told}, INSTITUTION)


def test_without_anything_it_is_monday_at_nine() -> None:
    found = parse(Institution, NAMED, INSTITUTION).digest
    assert (found.weekday, found.time, found.zone, found.threshold) == ("monday", "09:00", "", 5)
    assert plan(weekday="friday", time="17:30", zone="Europe/Berlin", threshold=3).digest.zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"weekday": "mondy"}, r"digest\.weekday: 'mondy' is not known, did you mean 'monday'\?"),
        ({"time": "9 o'clock"}, r"no time of day; write it as 09:00"),
        ({"zone": "Asia/Tokio"}, r"no time zone, did you mean 'Asia/Tokyo'\?"),
        ({"threshold": 0}, r"digest\.threshold"),
        ({"threshold": "5"}, r"digest\.threshold"),
        ({"treshold": 5}, r"unknown key 'digest\.treshold', did you mean 'threshold'\?"),
    ],
)
def test_what_it_cannot_take_is_told(told: dict[str, object], fault: str) -> None:
    with pytest.raises(DataError, match=rf"institution\.toml: kakuu: .*{fault}"):
        plan(**told)
