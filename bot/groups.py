"""Who is in a user group, asked of Slack and remembered for a while."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.reach import UNREACHED, reason
from conversations.roles import Members

log = logging.getLogger("kakunin.slack")

REMEMBERED = timedelta(minutes=5)
MOST = 200
"""How many groups are remembered; the one that was read longest ago goes first."""
NO_GROUP = "no_such_subteam"

Group = tuple[str, str]
"""Workspace and id."""


class UserGroups:
    """Members of user groups. Where Slack does not answer, those last known count; of a group never read, nobody."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Remember nothing yet."""
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[Group, tuple[datetime, frozenset[str]]] = OrderedDict()

    def of(self, client: WebClient, workspace: str) -> Members:
        """Return what tells the members of that workspace's groups."""
        return lambda group: self._members(client, (workspace, group))

    def _members(self, client: WebClient, group: Group) -> frozenset[str]:
        with self._lock:
            read_at, members = self._known.get(group, (None, frozenset[str]()))
        if read_at is not None and abs(self._clock() - read_at) < REMEMBERED:
            return members
        try:
            members = self._ask(client, group[1])
        except UNREACHED as error:
            log.warning("the members of a user group could not be read: %s", reason(error))
            return members
        with self._lock:
            self._known[group] = self._clock(), members
            self._known.move_to_end(group)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return members

    def _ask(self, client: WebClient, group: str) -> frozenset[str]:
        """A group that is not there any more has no members; that is an answer, too."""
        try:
            return frozenset(client.usergroups_users_list(usergroup=group)["users"])
        except SlackApiError as error:
            if error.response["error"] != NO_GROUP:
                raise
            log.warning("a user group is not there: %s", NO_GROUP)
            return frozenset()
