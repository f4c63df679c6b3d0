"""Who may be asked to confirm something: a colleague who is there, by what Slack says of them."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from conversations.errors import NotAnApprover


def require_approver(client: WebClient, workspace: str, user: str) -> None:
    """Let through who can confirm. Raises NotAnApprover saying why not, and what reaching Slack raises."""
    try:
        person = client.users_info(user=user)["user"]
    except SlackApiError as error:
        if error.response["error"] not in ("user_not_found", "user_not_visible"):
            raise
        raise NotAnApprover("approver_left") from None
    teams = {person.get("team_id"), *(person.get("enterprise_user") or {}).get("teams", ())}
    why = {
        "approver_left": person.get("deleted"),
        "approver_is_bot": person.get("is_bot"),
        "approver_is_elsewhere": person.get("is_stranger") or workspace not in teams,
        "approver_is_guest": person.get("is_restricted") or person.get("is_ultra_restricted"),
    }
    if found := next((code for code, so in why.items() if so), ""):
        raise NotAnApprover(found)
