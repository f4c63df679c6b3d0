"""What each person is in the playground's institution, as its overlay says, for the page to tell beside their names."""

from collections.abc import Callable

from bot.app import House
from bot.playground.workspace import Workspace
from conversations.roles import has_role
from knowledge.models import Roles

RESEARCHER = "researcher"

RolesOf = Callable[[str], list[str]]
"""A person's id to the roles they hold; who holds none is a researcher."""


def researchers_all(_: str) -> list[str]:
    """Where there is no institution, nobody holds a role."""
    return [RESEARCHER]


def roles_of(house: House, workspace: Workspace) -> RolesOf:
    """Return what tells the roles of the people, by the institution's overlay as it is now."""

    def members(group: str) -> frozenset[str]:
        return frozenset(workspace.groups.get(group, ()))

    def roles(user: str) -> list[str]:
        institution = house.library.of(workspace.team).current().knowledge.institution
        held = [role for role in Roles.model_fields if has_role(institution, user, role, members)]
        return held or [RESEARCHER]

    return roles
