"""Who gets the weekly digest: officers who did not say no, and administrators who said yes."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ids import USER, named
from bot.languages import Languages
from bot.reach import reason
from bot.relay import PASSING
from conversations.roles import GROUP
from conversations.store.protocol import Store
from knowledge.models import Institution

log = logging.getLogger("kakunin.slack")


@dataclass(frozen=True)
class Recipient:
    """A person, their direct message channel, and the language they read."""

    user: str
    channel: str
    language: str


class Officers:
    """Looks people up at Slack. What may pass is raised, so that a digest waits rather than reaches nobody."""

    def __init__(self, store: Store, languages: Languages) -> None:
        """The store knows who subscribed."""
        self._store = store
        self._languages = languages

    def of(self, client: WebClient, workspace: str, institution: Institution) -> tuple[list[str], list[str]]:
        """Return the officers there are, and of them and the administrators who want the digest."""
        said = self._store.subscriptions(workspace)
        officers = list(self._people(client, institution.roles.officers))
        admins = (each for each in self._people(client, institution.roles.admins) if said.get(each))
        wanted = [each for each in officers if said.get(each, True)]
        return officers, list(dict.fromkeys([*wanted, *admins]))

    def admins(self, client: WebClient, institution: Institution) -> list[str]:
        """Return the administrators."""
        return list(self._people(client, institution.roles.admins))

    def reached(self, client: WebClient, workspace: str, users: Iterable[str]) -> list[Recipient]:
        """Return those who can be written to; who left, and bots, are passed over."""
        channels = ((user, self._channel(client, user)) for user in users)
        return [
            Recipient(user, channel, self._languages.of(client, workspace, user))
            for user, channel in channels
            if channel
        ]

    def _people(self, client: WebClient, listed: Iterable[str]) -> Iterator[str]:
        people = dict[str, None]()
        for each in listed:
            people |= dict.fromkeys(_members(client, each) if each.startswith(GROUP) else [each])
        yield from people

    def _channel(self, client: WebClient, user: str) -> str:
        try:
            person = client.users_info(user=named(user, USER)).get("user") or {}
            if person.get("deleted") or person.get("is_bot"):
                return ""
            return str(client.conversations_open(users=user)["channel"]["id"])
        except SlackApiError as error:
            _pass_on(error)
            return ""


def _members(client: WebClient, group: str) -> list[str]:
    try:
        return list(client.usergroups_users_list(usergroup=group)["users"])
    except SlackApiError as error:
        _pass_on(error)
        return []


def _pass_on(error: SlackApiError) -> None:
    """Raise what may pass; anything else stays as it is however often it is asked."""
    if error.response["error"] in PASSING:
        raise error
    log.warning("somebody cannot be sent the digest: %s", reason(error))
