"""Which languages the bot speaks: those that have a folder of templates."""

from importlib.resources import files

NATIVE, COMMON = "ja", "en"
"""The languages of the data. Who reads another one reads the data in the second."""


def _languages() -> tuple[str, ...]:
    folders = {each.name for each in (files("bot") / "templates").iterdir() if each.is_dir()}
    return (NATIVE, COMMON, *sorted(folders - {NATIVE, COMMON}))


LANGUAGES = _languages()


def language_of(locale: object) -> str:
    """Return the language of a locale (`ja-JP`, `fr_FR.UTF-8`); English for one that is not spoken, and for none."""
    language = str(locale).lower().replace("_", "-").partition("-")[0]
    return language if language in LANGUAGES else COMMON
