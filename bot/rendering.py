"""Words: Jinja2 templates, one file a view and language, one block a phrase. The only file that knows Jinja2."""

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

LANGUAGES = ("ja", "en")
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


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


def language_of(locale: object) -> str:
    """Return `ja` for a Japanese locale, `en` for any other and for none."""
    return "ja" if str(locale).lower().startswith("ja") else "en"


class Phrases:
    """Says `view.phrase` in a language, as mrkdwn (`say`) or as plain text (`label`), or in all as a page (`page`)."""

    def __init__(self) -> None:
        """Open the templates of this package."""
        loader = PackageLoader("bot")
        common = {"loader": loader, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        self._mrkdwn = Environment(**common, finalize=escape, autoescape=False)  # type: ignore[arg-type]  # noqa: S701 - Slack mrkdwn, not HTML: finalize escapes it
        self._html = Environment(**common, autoescape=True)  # type: ignore[arg-type]
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
