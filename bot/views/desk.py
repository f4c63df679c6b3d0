"""A case at the desk → Block Kit: its card in the desk's channel. It holds no word of the asker's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.ids import AtDesk
from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import Block, actions, button, context, header, menu, option, section, sections
from bot.views.ruling import RulingViews
from bot.views.speaking import Views
from conversations.desk import CASE, DeskCase, State
from conversations.desk_work import DeskFile
from conversations.service import Standing
from knowledge.models import Institution
from rules.models import Evaluation

MORE = (AtDesk.ASSIGN, AtDesk.HAND, AtDesk.WANT, AtDesk.CONFIRM, AtDesk.TAKE_BACK)
"""What the menu of a card offers besides its buttons; Slack shows no more than five."""
OF_CHECKS = (AtDesk.WANT, AtDesk.CONFIRM, AtDesk.TAKE_BACK, AtDesk.RULE)
"""What can be done only with what is about a check."""
MOST_REASONS = 4
SHARED = ("C", "G")
"""What the ids of channels begin with that several people read."""


class DeskViews:
    """Speaks cases at the desk in both languages."""

    def __init__(self, phrases: Phrases, views: Views, institution: Institution | None) -> None:
        """Speak of checks by the views of their edition, and of offices by the institution's names."""
        self._phrases = phrases
        self._views = views
        self._institution = institution
        self._rulings = RulingViews(phrases, views.verdicts.insights, institution)

    def card(self, file: DeskFile, now: datetime, language: str) -> list[Block]:
        """Return the card; `now` tells which targets are late."""
        case, label = file.case, self._phrases.label
        title = label(language, "desk.title", about=self.about(case, language), state=self.state(case, language))
        return [
            header(title, f"desk:{case.state}"),
            section(self._who(file, language)),
            *self._due(file, now, language),
            *(self._check(file, file.standing, file.evaluation, language) if file.standing else []),
            *([] if file.standing else [section(self._phrases.say(language, f"desk.{case.about}"))]),
            *self._buttons(case, language),
        ]

    def office(self, office: str, language: str) -> str:
        """Return the name of an office."""
        return self._rulings.office(office, language)

    def word(self, verdict: str, language: str) -> str:
        """Return a verdict with its symbol."""
        return self._views.verdicts.insights.word(verdict, language)

    def fact(self, standing: Standing, fact: str, language: str) -> str:
        """Return what a fact is called."""
        return standing.book.rulebook.rulebase.facts[fact].label.say(language)

    def about(self, case: DeskCase, language: str) -> str:
        """Return what the case is about, in a word."""
        return self._phrases.label(language, f"desk.about_{case.about}")

    def state(self, case: DeskCase, language: str) -> str:
        """Return where the case stands, in a word."""
        return self._phrases.label(language, f"desk.state_{case.state}")

    def _who(self, file: DeskFile, language: str) -> str:
        case, say, shared = file.case, self._phrases.say, file.place.channel.startswith(SHARED)
        asker = Mrkdwn(f"<@{file.asker}>") if file.asker else self._phrases.label(language, "desk.nobody")
        lines = [
            say(
                language,
                "desk.who",
                priority=self._phrases.label(language, f"desk.priority_{case.priority}"),
                asker=asker,
                since=at(case.since),
                place=Mrkdwn(f"<#{file.place.channel}>") if shared else "",
            )
        ]
        if case.holder:
            lines.append(say(language, "desk.held", holder=Mrkdwn(f"<@{case.holder}>")))
        if case.office:
            lines.append(say(language, "desk.with_office", office=self.office(case.office, language)))
        return "\n".join(lines)

    def _due(self, file: DeskFile, now: datetime, language: str) -> Iterator[Block]:
        told = [
            {"name": self._phrases.label(language, f"desk.{name}"), "at": at(due), "late": due < now}
            for name, due in file.due.items()
        ]
        if told:
            hours = f"{file.waited / timedelta(hours=1):.1f}"
            yield context(self._phrases.say(language, "desk.due", targets=told, hours=hours))

    def _check(
        self, file: DeskFile, standing: Standing, evaluation: Evaluation | None, language: str
    ) -> Iterator[Block]:
        """What the rules say of the check so far, and what was answered."""
        if evaluation is not None:
            yield from self._judged(standing, evaluation, language)
        yield from self._answers(standing, language)
        yield context(self._hesitated(file, standing, language))
        if file.ruling and evaluation:
            yield from self._rulings.ruled(file.ruling, standing, evaluation, language, by=True)
        yield from self._rulings.before(file.precedents, language)

    def _judged(self, standing: Standing, evaluation: Evaluation, language: str) -> Iterator[Block]:
        verdicts, provisional = self._views.verdicts, standing.evaluation is None
        word, about = (
            verdicts.insights.word(evaluation.verdict, language),
            verdicts.about(standing, evaluation, language),
        )
        yield section(self._phrases.say(language, "desk.judged", word=word, case=about, provisional=provisional))
        told = verdicts.telling(evaluation, standing.progress.asked)
        reasons = list(dict.fromkeys(rule.because.say(language) for rule in told))[:MOST_REASONS]
        yield section(self._phrases.say(language, "desk.because", reasons=reasons))

    def _answers(self, standing: Standing, language: str) -> list[Block]:
        told = self._views.questions.told_in_lines(standing, language)
        if not told:
            return [context(self._phrases.say(language, "desk.no_answer"))]
        return sections(self._phrases.say(language, "desk.answers", answers=told).split("\n"))

    def _hesitated(self, file: DeskFile, standing: Standing, language: str) -> str:
        hesitation = file.hesitation
        cards = {card.id: card.question.say(language) for card in standing.book.interview.cards}
        question = cards.get(hesitation.card, "")
        counts = {"changes": hesitation.changes, "unknown": hesitation.unknown}
        return self._phrases.say(language, "desk.hesitated", question=question, **counts)

    def _buttons(self, case: DeskCase, language: str) -> list[Block]:
        """Who may press them is looked up when they are pressed."""
        if case.state == State.CLOSED:
            return [actions([self._button(AtDesk.REOPEN, case, language)], "desk")]
        names = [AtDesk.CLAIM] if case.state == State.OPEN else []
        names += [AtDesk.REPLY, AtDesk.RULE, AtDesk.CLOSE] if case.about == CASE else [AtDesk.REPLY, AtDesk.CLOSE]
        buttons = [self._button(name, case, language) for name in names]
        return [actions([*buttons, self.menu(case, MORE, language)], "desk")]

    def _button(self, name: AtDesk, case: DeskCase, language: str) -> Block:
        style = "primary" if name == AtDesk.CLAIM else ""
        return button(self._phrases.label(language, name), name, case.id, style)

    def menu(self, case: DeskCase, names: tuple[AtDesk, ...], language: str) -> Block:
        """Return the menu with these; those of checks are left out for what is about none."""
        offered = [name for name in names if case.about == CASE or name not in OF_CHECKS]
        return menu([option(self._phrases.label(language, n), f"{n}|{case.id}") for n in offered], AtDesk.MORE)


def at(moment: datetime) -> Mrkdwn:
    """Return day and time where the reader is; where Slack is not there to reckon it, in UTC."""
    fallback = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Mrkdwn(f"<!date^{int(moment.timestamp())}^{{date_num}} {{time}}|{fallback}>")
