"""Weekly figures → words."""

from collections.abc import Callable, Mapping

from bot.rendering import Phrases
from bot.views.speaking import Views
from conversations.figures import WeeklyFigures

MOST_SERVICES = 10
NONE = "—"


def week_in_figures(phrases: Phrases, views: Views, week: WeeklyFigures, language: str) -> str:
    """Return the week's counts as mrkdwn, the most frequent first; services beyond the tenth in one number."""

    def data_class(code: str) -> str:
        return phrases.label(language, f"verdict.class_{code}")

    def service(code: str) -> str:
        return views.services.name(code, language) or code or phrases.label(language, "note.no_service")

    others = phrases.label(language, "note.more_services")
    services = _told(dict([*week.services.items()][:MOST_SERVICES]), service)
    if rest := sum([*week.services.values()][MOST_SERVICES:]):
        services = " · ".join((services, f"{others} {rest}"))
    told = phrases.say(
        language,
        "note.status",
        week=week.week,
        monday=week.monday.isoformat(),
        started=week.started,
        finished=week.finished,
        verdicts=_told(week.verdicts, lambda code: views.verdicts.insights.word(code, language)),
        data_classes=_told(week.data_classes, data_class),
        services=services,
    )
    if not week.unplaced:
        return told

    def words(code: str) -> str:
        return phrases.label(language, f"note.words_{code}")

    unplaced = phrases.say(language, "note.unplaced", words=_told(week.unplaced, words))
    return f"{told}\n{unplaced}"


def _told(counts: Mapping[str, int], name: Callable[[str], str]) -> str:
    return " · ".join(f"{name(code)} {number}" for code, number in counts.items()) or NONE
