"""Who acts at the desk: its members, and the people of the office that has a case.

Slack is asked, so never inside a transaction.
"""

from slack_sdk import WebClient

from bot.people import person_of
from bot.tools import Tools
from conversations.errors import NotADeskMember, NotOnTheDesk
from conversations.roles import capacity


class Members:
    """Looks people up."""

    def __init__(self, tools: Tools) -> None:
        """Read roles from the overlay of each workspace."""
        self._tools = tools

    def capacity(self, client: WebClient, workspace: str, user: str, office: str = "") -> str:
        """Return as what the person acts: `desk`, the office that has the case, or nothing. Raises RulesUnreadable."""
        institution = self._tools.desk.institution(workspace)
        return capacity(institution, user, office, self._tools.groups.of(client, workspace))

    def require(self, client: WebClient, workspace: str, user: str, office: str = "") -> str:
        """Return as what the person acts. Raises NotOnTheDesk, RulesUnreadable."""
        found = self.capacity(client, workspace, user, office)
        if not found:
            raise NotOnTheDesk(user)
        return found

    def require_there(self, client: WebClient, workspace: str, user: str, office: str) -> None:
        """Let through who can be given a case. Raises NotADeskMember, and what reaching Slack raises."""
        if not self.is_there(client, workspace, user, office):
            raise NotADeskMember(user)

    def is_there(self, client: WebClient, workspace: str, user: str, office: str) -> bool:
        """Whether the person acts at the desk and has not left. Raises what reaching Slack raises."""
        if not self.capacity(client, workspace, user, office):
            return False
        person = person_of(client, user)
        return person is not None and not (person.get("deleted") or person.get("is_bot"))
