"""Slack's blocks as plain text, for the terminal."""

import re
from collections.abc import Iterable

from bot.views.blocks import Block

RULE = "─" * 40
LABELLED = re.compile(r"<[^<>|]+\|([^<>]*)>")
"""A link or a date: what stands behind the bar is what is read."""


def in_plain(blocks: Iterable[Block]) -> str:
    """Return what the blocks say, without their marks; what cannot be said (a button) is left out."""
    return "\n".join(text for block in blocks if (text := _text(block)))


def _text(block: Block) -> str:
    kind, text, elements = block["type"], block.get("text"), block.get("elements")
    if kind == "divider":
        return RULE
    if kind == "header" and isinstance(text, dict):
        return f"\n{text['text']}\n"
    if kind == "section" and isinstance(text, dict):
        return bare(str(text["text"]))
    if kind == "context" and isinstance(elements, list):
        return "  " + bare(" ".join(str(element["text"]) for element in elements))
    return ""


def bare(mrkdwn: str) -> str:
    """Return mrkdwn as plain text."""
    plain = LABELLED.sub(r"\1", mrkdwn).replace("*", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return "\n".join(line.removeprefix("_").removesuffix("_") for line in plain.split("\n"))
