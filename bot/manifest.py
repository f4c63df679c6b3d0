"""The app manifest: which scopes and events the app asks Slack for."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any


def manifest() -> dict[str, Any]:
    """Return the manifest, from the package or from the root of the checkout."""
    packaged = files("bot") / "manifest.json"
    text = packaged if packaged.is_file() else Path(__file__).parents[1] / "manifest.json"
    loaded: dict[str, Any] = json.loads(text.read_text(encoding="utf-8"))
    return loaded


def scopes() -> frozenset[str]:
    """Return the bot scopes."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])


def events() -> frozenset[str]:
    """Return the bot events subscribed to."""
    return frozenset(manifest()["settings"]["event_subscriptions"]["bot_events"])
