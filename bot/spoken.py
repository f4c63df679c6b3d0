"""Which languages the bot speaks: those that have a folder of templates."""

import re
from importlib.resources import files

NATIVE, COMMON = "ja", "en"
"""The languages of the data. Who reads another one reads the data in the second."""


def _languages() -> tuple[str, ...]:
    folders = {each.name for each in (files("bot") / "templates").iterdir() if each.is_dir()}
    return (NATIVE, COMMON, *sorted(folders - {NATIVE, COMMON}))


LANGUAGES = _languages()
LANGUAGE = re.compile(r"[a-z]+")
"""What a locale begins with."""


def language_of(locale: object) -> str:
    """Return the language of a locale (`ja-JP`, `fr_FR.UTF-8`); English for one that is not spoken, and for none."""
    found = LANGUAGE.match(str(locale).lower())
    return found[0] if found and found[0] in LANGUAGES else COMMON
