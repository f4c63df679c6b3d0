"""The Home tab → Block Kit: a person's own cases, and whatever else is theirs to see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.ids import Action
from bot.rendering import Phrases
from bot.spoken import LANGUAGES
from bot.views.again import delete
from bot.views.blocks import MAX_VIEW_BLOCKS, Block, actions, button, context, header, option, plain, section
from bot.views.digest import OnHome, on_home
from bot.views.offer import held, start
from bot.views.speaking import Views
from conversations.models import Delegation
from conversations.store.protocol import Asked, Holdings, Outline, OwnCases
from conversations.todo import ToDo

AS_IN_SLACK = "auto"
"""The choice that leaves the language to Slack."""


@dataclass(frozen=True)
class Owned:
    """What is a person's: `links` from case id to the thread, `chosen` the language they chose, empty for none.

    `week`: this week's figures in words, empty for who may not see them. `said`: what there is to tell just now.
    `to_do`: the conditions of their verdicts that are not ticked yet. `asked`: what they are asked to confirm, or did.
    `approver`: they may be asked, or were. `delegation`: who stands in for them there. `queue`: a page of the desk's,
    for its members. `digest`: the weekly one, or None as `week`.
    """

    cases: OwnCases
    holdings: Holdings
    links: Mapping[str, str] = field(default_factory=dict)
    chosen: str = ""
    week: str = ""
    said: tuple[str, ...] = ()
    to_do: tuple[ToDo, ...] = ()
    digest: OnHome | None = None
    asked: tuple[Asked, ...] = ()
    approver: bool = False
    delegation: Delegation | None = None
    queue: tuple[Block, ...] = ()


class HomeViews:
    """Speaks the Home tab in every language."""

    def __init__(self, phrases: Phrases, views: Views) -> None:
        """Read names of services and verdicts from the views of today's edition."""
        self._phrases = phrases
        self._views = views

    def home(self, owned: Owned, language: str) -> Block:
        """Return the view."""
        blocks = [section(text) for text in owned.said]
        blocks += [section(self._phrases.say(language, "home.what_for")), start(self._phrases, language)]
        blocks += self._cases(owned, language)
        if owned.to_do:
            blocks += [self._header("to_do", language), *(section(self._still(each, language)) for each in owned.to_do)]
        if owned.asked or owned.delegation or owned.approver:
            approvals = self._views.verdicts.approvals
            blocks += [self._header("asked", language), *approvals.on_home(owned.asked, language)]
            blocks.append(approvals.delegation(owned.delegation, language))
        blocks += owned.queue
        if owned.week:
            blocks.append(section(owned.week))
        if owned.digest:
            blocks += on_home(self._phrases, owned.digest, language)
        blocks += [self._language(owned.chosen, language), self._header("held", language)]
        blocks += held(self._phrases, owned.holdings, language, chosen=bool(owned.chosen))[1]
        return {"type": "home", "blocks": blocks[:MAX_VIEW_BLOCKS]}

    def _header(self, name: str, language: str) -> Block:
        return header(self._phrases.label(language, f"home.title_{name}"), name)

    def _cases(self, owned: Owned, language: str) -> Iterator[Block]:
        yield self._header("cases", language)
        if not owned.cases.cases:
            yield context(self._phrases.say(language, "home.no_case"))
        for case in owned.cases.cases:
            yield section(self._case(case, language))
            yield actions(list(self._buttons(case, owned.links.get(case.id, ""), language)), f"case:{case.id}")
        if more := owned.cases.more_open + owned.cases.more_finished:
            yield context(self._phrases.say(language, "home.more", count=more))

    def _case(self, case: Outline, language: str) -> str:
        """The service, as far as it was named, since when, and the verdict."""
        service = self._views.services.name(case.service or case.brand, language)
        word = self._views.verdicts.insights.word(case.verdict, language) if case.verdict else ""
        return self._phrases.say(
            language,
            "home.case",
            service=service or self._phrases.label(language, "home.no_service"),
            since=case.started_at.date().isoformat(),
            verdict=word or self._phrases.label(language, "home.open"),
        )

    def _still(self, to_do: ToDo, language: str) -> str:
        """The service, and each condition that is not ticked yet."""
        service = self._views.services.name(to_do.service, language) or self._phrases.label(language, "home.no_service")
        measures = [self._views.verdicts.to_do.label(name, language) for name in to_do.still]
        return self._phrases.say(language, "home.still", service=service, measures=measures)

    def _buttons(self, case: Outline, link: str, language: str) -> Iterator[Block]:
        say, unfinished = self._phrases.label, case.finished_at is None
        if link:
            resume = button(say(language, "home.resume" if unfinished else "home.show"), Action.RESUME, case.id)
            yield {**resume, "url": link, **({"style": "primary"} if unfinished else {})}
        yield button(say(language, "home.copy"), Action.COPY, case.id)
        yield button(say(language, "home.hand"), Action.HAND, case.id)
        if unfinished:
            yield delete(self._phrases, case.id, language)

    def _language(self, chosen: str, language: str) -> Block:
        as_in_slack = option(self._phrases.label(language, "home.language_auto"), AS_IN_SLACK)
        named = {name: option(self._phrases.label(name, "home.language_name"), name) for name in LANGUAGES}
        options = {AS_IN_SLACK: as_in_slack, **named}
        select: Block = {
            "type": "static_select",
            "action_id": Action.LANGUAGE,
            "placeholder": plain(self._phrases.label(language, "question.choose"), 150),
            "options": list(options.values()),
            "initial_option": options[chosen or AS_IN_SLACK],
        }
        return section(self._phrases.say(language, "home.language"), select)
