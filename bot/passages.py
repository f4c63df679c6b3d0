"""`kakunin passages`: the guideline's own words on a question, or that it does not say."""

import json
from pathlib import Path
from typing import Any

import click

from bot.rendering import Phrases
from conversations.book import open_book
from knowledge.models import Knowledge


def print_passages(question: str, language: str, overlay: Path | None = None, *, as_json: bool) -> None:
    """Print the best passages with what they mean for a case; as JSON, a line each, and none where it does not say."""
    book, phrases = open_book(overlay=overlay), Phrases()
    asked = question.encode(errors="surrogateescape").decode(errors="replace")  # whatever the locale took it for
    found = [_told(book.knowledge, name) for name in book.search.find(asked)]
    if as_json:
        for passage in found:
            click.echo(json.dumps(passage, ensure_ascii=False))
        return
    said = [phrases.label(language, "passages.passage", **_worded(passage, language)) for passage in found]
    click.echo("\n\n".join(said) or phrases.label(language, "passages.not_said"))


def _told(knowledge: Knowledge, name: str) -> dict[str, Any]:
    """The passage as data, with its source's title and what it means for a case, in both languages or null."""
    passage, asked = knowledge.passages[name], knowledge.asked_as.get(name)
    means = asked.means.model_dump() if asked and asked.means else None
    return {**passage.model_dump(), "title": knowledge.sources[passage.source].title, "means": means}


def _worded(passage: dict[str, Any], language: str) -> dict[str, Any]:
    means, official = passage["means"], passage["en_status"] == "official"
    return {**passage, "means": means and means[language], "official": official}
