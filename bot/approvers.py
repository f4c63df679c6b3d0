"""Who may be asked to confirm something: a colleague who is there, by what Slack says of them."""

from slack_sdk import WebClient

from bot.people import belongs, person_of
from conversations.errors import NotAnApprover


def require_approver(client: WebClient, workspace: str, user: str) -> None:
    """Let through who can confirm. Raises NotAnApprover saying why not, and what reaching Slack raises."""
    person = person_of(client, user)
    if person is None:
        raise NotAnApprover("approver_left")
    why = {
        "approver_left": person.get("deleted"),
        "approver_is_bot": person.get("is_bot"),
        "approver_is_elsewhere": person.get("is_stranger") or not belongs(person, workspace),
        "approver_is_guest": person.get("is_restricted") or person.get("is_ultra_restricted"),
    }
    if found := next((code for code, so in why.items() if so), ""):
        raise NotAnApprover(found)
