"""What stands behind a verdict → Block Kit: the deciding answers, what would change it, and other services."""

from collections.abc import Callable, Collection, Sequence
from itertools import groupby

from bot.ids import View
from bot.rendering import Phrases
from bot.views.blocks import Block, modal, section, sections
from bot.views.services import ServiceViews
from conversations.comparison import ServiceVerdict
from conversations.service import Insight
from rules.counterfactual import Change, WayOut
from rules.models import Facts, RuleBase
from rules.vocabulary import SERVICE

ON_THE_CARD = 3
Way = dict[str, object]
"""The `word` of a verdict, and the `changes` that lead to it."""
NONE = "none"


class InsightViews:
    """Speaks counterfactuals and comparisons in every language."""

    def __init__(self, phrases: Phrases, services: ServiceViews, rulebase: RuleBase) -> None:
        """Read labels from the facts."""
        self._phrases = phrases
        self._services = services
        self._rulebase = rulebase

    def word(self, verdict: str, language: str) -> str:
        """Return the verdict with its symbol."""
        symbol = self._phrases.label(language, f"verdict.symbol_{verdict}")
        word = self._phrases.label(language, f"verdict.{verdict}")
        return self._phrases.label(language, "verdict.title", symbol=symbol, word=word)

    def deciding(self, insight: Insight, facts: Facts, language: str) -> list[Block]:
        """Return the smallest set of answers that forces the verdict."""
        answers = [self.answer(name, facts[name], language) for name in insight.deciding]
        return self._list(language, "insight.deciding", answers=answers) if answers else []

    def deciding_in_short(self, insight: Insight, facts: Facts, leading: Collection[str], language: str) -> list[Block]:
        """Return some of them for the card, those on `leading` facts first, and how many more there are."""
        ordered = sorted(insight.deciding, key=lambda name: name not in leading)
        first = [self.answer(name, facts[name], language) for name in ordered[:ON_THE_CARD]]
        more = len(insight.deciding) - len(first)
        return self._list(language, "insight.deciding_in_short", answers=first, more=more) if first else []

    def answer(self, fact: str, value: str | tuple[str, ...], language: str) -> str:
        """Return an answer in words, with what it is about."""
        told = self.value(fact, value, language)
        return self._phrases.label(language, "insight.answer", label=self._label(fact, language), value=told)

    def value(self, fact: str, value: str | tuple[str, ...], language: str) -> str:
        """Return a value in words; of a list, what it names."""
        names = (value,) if isinstance(value, str) else value or (NONE,)
        return self._phrases.label(language, "insight.both", names=[self._value(fact, n, language) for n in names])

    def in_full(self, insight: Insight, language: str) -> list[Block]:
        """Return every smallest way: what can be done, then what is a fact about the data."""
        able, data = self.ways(insight, language)
        more = sum(way.more for way in insight.ways_out)
        blocks = self._list(language, "insight.ways", ways=able) if able else []
        blocks += self._list(language, "insight.about_data", ways=data) if data else []
        return [*blocks, section(self._phrases.say(language, "insight.more", count=more))] if more else blocks

    def ways_out(self, insight: Insight, language: str) -> Block:
        """Return the modal with every smallest way, or with the word that nothing would make it milder."""
        blocks = self.in_full(insight, language) or [section(self._phrases.say(language, "insight.no_way"))]
        say = self._phrases.label
        return modal(View.WAYS, say(language, "insight.ways_title"), blocks, say(language, "verdict.close"))

    def ways(self, insight: Insight, language: str) -> tuple[list[Way], list[Way]]:
        """Return every smallest way that somebody can go, and those that are a fact about the data."""
        ways = insight.ways_out
        able = [self._way(way, changes, self._step, language) for way in ways for changes in way.actionable]
        data = [self._way(way, changes, self._change, language) for way in ways for changes in way.about_data]
        return able, data

    def other_services(
        self, compared: Sequence[ServiceVerdict], chosen: str | None, verdict: str, language: str
    ) -> Block:
        """Return the modal that compares the same data and use over the catalogue."""
        title = self._phrases.label(language, "insight.other_title")
        close = self._phrases.label(language, "verdict.close")
        return modal(View.SERVICES, title, self.compared(compared, chosen, verdict, language), close)

    def compared(
        self, compared: Sequence[ServiceVerdict], chosen: str | None, verdict: str, language: str
    ) -> list[Block]:
        """Return what each service would come to, mildest first."""
        service = self._services.name(chosen, language) or self._phrases.label(language, "insight.no_service")
        word = self.word(verdict, language)
        blocks = [section(self._phrases.say(language, "insight.other_intro", service=service, word=word))]
        for found, entries in groupby(compared, key=lambda entry: entry.verdict):
            names = [self._services.name(entry.service, language) for entry in entries]
            blocks += self._list(language, "insight.group", word=self.word(found, language), names=names)
        return blocks

    def _list(self, language: str, phrase: str, **values: object) -> list[Block]:
        return sections(self._phrases.say(language, phrase, **values).split("\n"))

    def _way(self, way: WayOut, changes: Sequence[Change], tell: Callable[[Change, str], str], language: str) -> Way:
        return {"word": self.word(way.verdict, language), "changes": [tell(change, language) for change in changes]}

    def _step(self, change: Change, language: str) -> str:
        """What somebody would do; for a fact of the institution's own, as what has to be so."""
        phrase = f"action.{change.fact}"
        if not self._phrases.has(language, phrase):
            return self._change(change, language)
        return self._phrases.label(language, phrase, values=self._values(change, language))

    def _change(self, change: Change, language: str) -> str:
        """What would have to be so."""
        label, values = self._label(change.fact, language), self._values(change, language)
        return self._phrases.label(language, "insight.change", label=label, values=values)

    def _values(self, change: Change, language: str) -> list[str]:
        return [self._value(change.fact, value, language) for value in change.values]

    def _label(self, fact: str, language: str) -> str:
        return self._rulebase.facts[fact].label.say(language)

    def _value(self, fact: str, value: str, language: str) -> str:
        own = self._rulebase.facts[fact].value_names.get(value)
        if fact == SERVICE or own:
            return own.say(language) if own else self._services.name(value, language)
        return self._phrases.label(language, f"value.{value}")
