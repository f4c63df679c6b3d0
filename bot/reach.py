"""Slack out of reach: which errors say so, and what of them may stand in a log."""

from slack_sdk.errors import SlackApiError, SlackClientError

UNREACHED = (SlackClientError, OSError)
UNSAID = (*UNREACHED, ValueError)
"""What is no id is not sent to Slack at all."""


def reason(error: Exception) -> str:
    """Return Slack's error code, or the kind of error where Slack was not reached."""
    return str(error.response["error"]) if isinstance(error, SlackApiError) else type(error).__name__
