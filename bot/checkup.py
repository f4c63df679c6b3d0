"""`kakunin check`: whether all data is sound and, with --slack, whether everything is there to connect."""

import click
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.app import build_house
from bot.manifest import scopes
from bot.settings import Settings, load_settings, missing
from rules.errors import EngineError
from rules.models import UNKNOWN


def check_data() -> None:
    """Load everything and print what there is. Raises DataError naming file, id and remedy."""
    house = build_house()
    evaluation = house.evaluator.evaluate(dict.fromkeys(house.rulebase.facts, UNKNOWN))
    if evaluation.disputed:
        raise EngineError("durable-rules and the table interpreter disagree; do not use this installation")
    counts = {
        "passages": house.knowledge.passages,
        "measures": house.knowledge.measures,
        "services": house.knowledge.services,
        "facts": house.rulebase.facts,
        "rules": house.rulebase.rules,
        "cards": house.interview.cards,
    }
    click.echo(", ".join(f"{len(things)} {name}" for name, things in counts.items()) + ": sound")
    click.echo(f"edition in force: {evaluation.edition}")
    alone = "" if evaluation.engine == "durable_rules" else " (durable-rules cannot be imported on this Python)"
    click.echo(f"engine: {evaluation.engine}{alone}")


def check_slack() -> int:
    """Print what is missing to connect to Slack, in plain words; returns 1 if anything is."""
    settings = load_settings()
    faults = missing(settings)
    if settings.bot_token:
        faults += _connection_faults(settings)
    for fault in faults:
        click.echo(f"• {fault}", err=True)
    click.echo("Slack: not ready" if faults else f"Slack: ready ({settings.mode} mode)")
    return 1 if faults else 0


def _connection_faults(settings: Settings) -> list[str]:
    client = WebClient(token=settings.bot_token, base_url=settings.slack_api, timeout=10)
    try:
        granted = client.auth_test().headers.get("x-oauth-scopes", "")
    except SlackApiError as error:
        return [_explained(str(error.response["error"]))]
    except OSError as error:
        reason = getattr(error, "reason", error)
        return [
            f"{settings.slack_api} cannot be reached ({reason}). Check the network, a proxy, and KAKUNIN_SLACK_API."
        ]
    have = {scope.strip() for scope in granted.split(",")}
    return [
        f"The scope {scope} is not granted. Add it under OAuth & Permissions (or import manifest.json) and reinstall."
        for scope in sorted(scopes() - have)
    ]


def _explained(error: str) -> str:
    known = {
        "invalid_auth": "SLACK_BOT_TOKEN is not accepted. Copy it again from OAuth & Permissions.",
        "not_authed": "SLACK_BOT_TOKEN is empty.",
        "account_inactive": "The bot's account is switched off: reinstall the app to the workspace.",
        "token_revoked": "SLACK_BOT_TOKEN was revoked: reinstall the app to the workspace.",
    }
    return known.get(error, f"Slack refuses the token: {error}.")
