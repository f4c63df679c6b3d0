"""Who somebody is, as Slack has it."""

from collections.abc import Collection, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

Person = Mapping[str, Any]


def person_of(client: WebClient, user: str) -> Person | None:
    """Return what Slack tells of a person, None for who is not there. Raises what reaching Slack raises."""
    try:
        person: Person = client.users_info(user=user)["user"]
    except SlackApiError as error:
        if error.response["error"] not in ("user_not_found", "user_not_visible"):
            raise
        return None
    return person


def belongs(person: Person, workspace: str) -> bool:
    """Whether the person is of the workspace, also by way of an organisation that it is part of."""
    return workspace in {person.get("team_id"), *(person.get("enterprise_user") or {}).get("teams", ())}


def names_of(client: WebClient, users: Collection[str]) -> Mapping[str, str]:
    """Return how people are called, by id; who is not there is left out. Raises what reaching Slack raises."""
    found = {user: person_of(client, user) for user in sorted(users)}
    return {user: _name(person) for user, person in found.items() if person}


def _name(person: Person) -> str:
    profile = person.get("profile") or {}
    told = (profile.get("display_name"), profile.get("real_name"), person.get("real_name"), person.get("name"))
    return " ".join(str(next(filter(None, told), "")).split())
