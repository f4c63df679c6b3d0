"""Words: Jinja2 templates, one file a view and language, one block a phrase. The only file that knows Jinja2."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.spoken import LANGUAGES

ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
MARKS = re.compile(r"[\\`*\[\]<|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=#?\w+;)")
AT_THE_START = re.compile(r"^(?:[-+=>#]|(\d+)([.)]))")
"""What Markdown reads as more than text: anywhere, and where a line begins with it."""
NOT_IN_XML = re.compile(r"[^\n\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file may hold."""


class Mrkdwn(str):
    """Text that is mrkdwn already (a mention, a link) and is put in as it is."""

    __slots__ = ()


def escape(value: object) -> Mrkdwn:
    """Return the value as mrkdwn, the three characters escaped that Slack reads as control characters."""
    if isinstance(value, Mrkdwn):
        return value
    text = str(value)
    for character, entity in ESCAPES:
        text = text.replace(character, entity)
    return Mrkdwn(text)


def in_markdown(value: object) -> str:
    """Return the value on one line, as text that Markdown makes nothing else of."""
    text = MARKS.sub(r"\\\g<0>", " ".join(str(value).split()))
    return AT_THE_START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[0]}", text)


def documents() -> Environment:
    """Return what Word documents are rendered with: every value escaped, and nothing reached but what is given."""
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_in_xml)


def unknown_names(source: str, known: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield each name that a document asks for and is not given, with those that it could have meant.

    `known`: what it is given, with an entry in every list. Raises jinja2's TemplateSyntaxError.
    """
    environment = documents()
    tree = environment.parse(source)
    own = dict.fromkeys(name.name for name in tree.find_all(nodes.Name) if name.ctx != "load")
    yield from _unknown(tree, {**environment.globals, "loop": None, **own, **known})


def _unknown(node: nodes.Node, known: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        yield from _unknown(node.iter, known)
        among = _meant(node.iter, known)
        known = {**known, node.target.name: among[0] if isinstance(among, list) else None}
        for inner in (*node.body, *node.else_, *([node.test] if node.test else [])):
            yield from _unknown(inner, known)
        return
    if isinstance(node, nodes.Name) and node.name not in known:
        yield node.name, known
    if isinstance(node, nodes.Getattr):
        holder = _meant(node.node, known)
        if isinstance(holder, dict) and node.attr not in holder:
            yield node.attr, holder
    for inner in node.iter_child_nodes():
        yield from _unknown(inner, known)


def _meant(node: nodes.Node, known: Mapping[str, Any]) -> object:
    """Return what is known of what an expression names, or None."""
    if isinstance(node, nodes.Name):
        return known.get(node.name)
    holder = _meant(node.node, known) if isinstance(node, nodes.Getattr) else None
    return holder.get(node.attr) if isinstance(holder, dict) and isinstance(node, nodes.Getattr) else None


def _in_xml(value: object) -> object:
    return NOT_IN_XML.sub("", value) if isinstance(value, str) else value


class Phrases:
    """Says `view.phrase` in a language, as mrkdwn (`say`) or as plain text (`label`), or in all as a page (`page`)."""

    def __init__(self) -> None:
        """Open the templates of this package."""
        loader = PackageLoader("bot")
        common = {"loader": loader, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        self._mrkdwn = Environment(**common, finalize=escape, autoescape=False)  # type: ignore[arg-type]  # noqa: S701 - Slack mrkdwn, not HTML: finalize escapes it
        self._html = Environment(**common, autoescape=True)  # type: ignore[arg-type]
        self._markdown = Environment(**common, finalize=in_markdown, autoescape=False)  # type: ignore[arg-type]  # noqa: S701 - Markdown: finalize escapes it
        self._plain = Environment(**common, autoescape=False)  # type: ignore[arg-type]  # noqa: S701 - plain text, nothing to escape

    def say(self, language: str, name: str, **values: object) -> str:
        """Return the phrase as mrkdwn, every value escaped."""
        return self._render(self._mrkdwn, language, name, values)

    def label(self, language: str, name: str, **values: object) -> str:
        """Return the phrase as plain text, for buttons, titles and options."""
        return self._render(self._plain, language, name, values)

    def page(self, name: str, **values: object) -> str:
        """Return the phrase in every language as one HTML page, every value escaped."""
        said = {language: self._render(self._html, language, name, values) for language in LANGUAGES}
        return self._html.get_template("page.j2").render(said=said)

    def markdown(self, name: str, **values: object) -> str:
        """Return the template as Markdown, every value escaped."""
        return self._markdown.get_template(f"{name}.md.j2").render(values)

    def drawing(self, name: str, **values: object) -> str:
        """Return the template as SVG, every value escaped."""
        return self._html.get_template(f"{name}.svg.j2").render(values)

    def has(self, language: str, name: str) -> bool:
        """Whether the language has the phrase."""
        view, phrase = name.split(".")
        return phrase in self._plain.get_template(f"{language}/{view}.j2").blocks

    def names(self, language: str) -> Iterable[str]:
        """Return every `view.phrase` of the language."""
        for file in self._plain.list_templates(filter_func=lambda name: name.startswith(f"{language}/")):
            yield from (f"{Path(file).stem}.{phrase}" for phrase in self._plain.get_template(file).blocks)

    def _render(self, environment: Environment, language: str, name: str, values: dict[str, object]) -> str:
        view, phrase = name.split(".")
        template = environment.get_template(f"{language}/{view}.j2")
        return "".join(template.blocks[phrase](template.new_context(values))).strip()
