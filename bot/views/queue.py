"""The desk's queue → Block Kit: a page of it on a desk member's Home tab."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.ids import AtDesk
from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import Block, actions, button, context, header, section
from bot.views.desk import DeskViews
from conversations.desk import Cursor, Queued

ON_HOME = (AtDesk.CLAIM, AtDesk.REPLY, AtDesk.RULE, AtDesk.ASSIGN, AtDesk.CLOSE)
"""What the menu of a line offers; the card in the desk's channel has the rest."""
FIRST, NEXT = "first", "next"


@dataclass(frozen=True)
class Page:
    """A page of the queue: its lines, how many there are in all, where the next page begins, whether one is before."""

    lines: tuple[Queued, ...]
    count: int
    after: Cursor | None
    further: bool = False


class QueueViews:
    """Speaks the queue in both languages."""

    def __init__(self, phrases: Phrases, desk: DeskViews) -> None:
        """Speak of cases as their cards do."""
        self._phrases = phrases
        self._desk = desk

    def page(self, page: Page, language: str) -> list[Block]:
        """Return the page."""
        title = header(self._phrases.label(language, "desk.queue"), "desk_queue")
        if not page.count:
            return [title, context(self._phrases.say(language, "desk.queue_empty"))]
        count = context(self._phrases.say(language, "desk.queue_count", count=page.count))
        lines = [self._line(line, language) for line in page.lines]
        turning = list(self._turning(page, language))
        return [title, count, *lines, *([actions(turning, "desk_page")] if turning else [])]

    def _line(self, line: Queued, language: str) -> Block:
        case = line.case
        text = self._phrases.say(
            language,
            "desk.queue_line",
            priority=self._phrases.label(language, f"desk.priority_{case.priority}"),
            about=self._desk.about(case, language),
            state=self._desk.state(case, language),
            since=case.since.date().isoformat(),
            verdict=self._desk.word(line.verdict, language) if line.verdict else "",
            holder=Mrkdwn(f"<@{case.holder}>") if case.holder else "",
            office=self._desk.office(case.office, language) if case.office else "",
        )
        return {**section(text, self._desk.menu(case, ON_HOME, language)), "block_id": f"desk:{case.id}"}

    def _turning(self, page: Page, language: str) -> Iterator[Block]:
        if page.further:
            yield button(self._phrases.label(language, "desk.first_page"), f"{AtDesk.PAGE}:{FIRST}", FIRST)
        if page.after:
            value = "|".join(map(str, page.after))
            yield button(self._phrases.label(language, "desk.next_page"), f"{AtDesk.PAGE}:{NEXT}", value)


def cursor_in(value: str) -> Cursor | None:
    """Return where a page begins, as a button says it; the first page for anything else."""
    try:
        urgency, since, case_id = value.split("|")
        return int(urgency), int(since), case_id
    except ValueError:
        return None
