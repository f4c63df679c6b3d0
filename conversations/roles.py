"""Who may do what: the institution lists people and user groups by role; who is in a group, the caller finds out."""

from collections.abc import Callable

from conversations.errors import NotAllowed
from knowledge.models import Institution

Members = Callable[[str], frozenset[str]]
"""A user group's id to the ids of the people in it."""

DESK = "desk"
GROUP = "S"
"""What the id of a user group begins with."""


def has_role(institution: Institution | None, user: str, role: str, members: Members) -> bool:
    """Whether the person holds the role. Groups are looked into only for who is not listed by name."""
    listed = institution.roles.of(role) if institution else ()
    return user in listed or any(user in members(each) for each in listed if each.startswith(GROUP))


def capacity(institution: Institution | None, user: str, office: str, members: Members) -> str:
    """Return as what the person acts on a case at the desk that `office` has (empty: none); empty for nothing.

    The people of that office act as the office, also where they are of the desk; everybody else of the desk as `desk`.
    """
    contact = institution.contact(office) if institution and office else None
    if contact and user in contact.users:
        return office
    return DESK if has_role(institution, user, DESK, members) else ""


def require(institution: Institution | None, user: str, roles: tuple[str, ...], members: Members) -> None:
    """Let through whoever holds one of the roles. Raises NotAllowed; without an institution nobody holds any."""
    if not any(has_role(institution, user, role, members) for role in roles):
        raise NotAllowed(roles)
