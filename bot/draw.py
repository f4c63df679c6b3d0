"""`kakunin draw`: the rule base as a picture, and as Graphviz source beside it."""

from pathlib import Path

import click

from knowledge.loader import load_knowledge
from rules.drawing.page import Drawing
from rules.drawing.picture import graphviz, load_words
from rules.loader import load_rules


def write_pictures(out: str) -> None:
    """Write rules.svg and rules.dot into the folder and print their names."""
    rulebase = load_rules(load_knowledge())
    words = load_words(rulebase)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"rules.svg": Drawing(rulebase, words).svg(), "rules.dot": graphviz(rulebase, words)}.items():
        (folder / name).write_text(content, encoding="utf-8")
        click.echo(folder / name)
