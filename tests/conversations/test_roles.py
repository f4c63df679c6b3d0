"""Who holds which role, by name or through a user group, and what is told to everybody else."""

import pytest

from conversations.errors import NotAllowed
from conversations.roles import has_role, require
from knowledge.models import Bilingual, Institution, Roles

NAME = Bilingual(ja="架空大学", en="Kakuu")
KAKUU = Institution(
    id="kakuu", name=NAME, roles=Roles(desk=("U001",), officers=("S001", "U002"), admins=("W003", "S002"))
)
GROUPS = {"S001": {"U001", "U004"}, "S002": {"U005"}}


class Groups:
    """Tells who is in a group, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, group: str) -> frozenset[str]:
        self.asked.append(group)
        return frozenset(GROUPS.get(group, ()))


@pytest.mark.parametrize(
    ("user", "roles"),
    [
        ("U001", {"desk", "officers"}),
        ("U002", {"officers"}),
        ("W003", {"admins"}),
        ("U004", {"officers"}),
        ("U005", {"admins"}),
        ("U009", set()),
        ("", set()),
    ],
)
def test_a_role_is_held_by_name_or_through_a_group(user: str, roles: set[str]) -> None:
    assert {role for role in Roles.model_fields if has_role(KAKUU, user, role, Groups())} == roles


def test_a_group_is_looked_into_only_for_who_is_not_named() -> None:
    groups = Groups()
    assert has_role(KAKUU, "U002", "officers", groups)
    assert groups.asked == []
    assert not has_role(KAKUU, "U009", "officers", groups)
    assert groups.asked == ["S001"]


def test_one_of_the_roles_is_enough() -> None:
    require(KAKUU, "U004", ("admins", "officers"), Groups())
    require(KAKUU, "W003", ("officers", "admins"), Groups())


@pytest.mark.parametrize("institution", [KAKUU, Institution(id="other", name=NAME), None])
def test_who_holds_none_is_refused_and_told_who_may(institution: Institution | None) -> None:
    with pytest.raises(NotAllowed) as refused:
        require(institution, "U009", ("officers", "admins"), Groups())
    assert (refused.value.code, refused.value.roles) == ("not_allowed", ("officers", "admins"))
