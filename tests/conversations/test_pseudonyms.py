"""Pseudonyms: the same for a person each time, another in another workspace or under another key, and no id in it."""

import re

import pytest

from conversations.pseudonyms import Pseudonyms
from knowledge.errors import KakuninError

KEY = "0123456789abcdef" * 4


def test_a_person_has_one_name_in_a_workspace() -> None:
    name = Pseudonyms(KEY).of("T1", "U1")
    assert name == Pseudonyms(KEY).of("T1", "U1") == "p-sb4te22clpks"
    assert re.fullmatch(r"p-[a-z2-7]{12}", name)


def test_another_workspace_person_or_key_is_another_name() -> None:
    names = [
        Pseudonyms(KEY).of("T1", "U1"),
        Pseudonyms(KEY).of("T2", "U1"),
        Pseudonyms(KEY).of("T1", "U2"),
        Pseudonyms(f"{KEY}x").of("T1", "U1"),
    ]
    assert len(set(names)) == 4


def test_where_workspace_ends_and_person_begins_is_told_apart() -> None:
    assert Pseudonyms(KEY).of("T1U", "1") != Pseudonyms(KEY).of("T1", "U1")


@pytest.mark.parametrize("key", ["", "hunter2", "x" * 31])
def test_without_a_good_key_the_way_to_make_one_is_told(key: str) -> None:
    with pytest.raises(KakuninError, match=r"KAKUNIN_PSEUDONYM_KEY .*secrets\.token_hex\(32\)") as refused:
        Pseudonyms(key)
    assert not key or key not in str(refused.value)
