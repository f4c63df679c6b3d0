"""What a first message was read as → Block Kit: what the reading card says besides its inputs, and its buttons."""

from bot.ids import Action
from bot.rendering import Phrases
from bot.views.blocks import Block, actions, button, context, section
from bot.views.choices import selected
from bot.views.services import ServiceViews
from conversations.choices import preselected, shown_parts
from conversations.interview import Step
from conversations.models import SERVICE_CARD, SHORTCUT, Case, Option
from conversations.reading import NOTHING


class ReadingViews:
    """Speaks readings in every language."""

    def __init__(self, phrases: Phrases, services: ServiceViews) -> None:
        """Read names of services from the catalogue."""
        self._phrases = phrases
        self._services = services

    def remarks(self, step: Step, language: str) -> list[Block]:
        """Return what has to be said of it: a doubt, several services, or what it chose beforehand on another card."""
        if step.card.partial:
            phrase = "reading.did_you_mean" if step.read.slips else "reading.several_services"
            names = [self._services.short_name(code, language) for code in step.read.candidates]
            return [section(self._phrases.say(language, phrase, names=names))] if names else []
        parts = shown_parts(step.card, step.known) if step.read != NOTHING else []
        chosen = any(selected(step, part) != preselected(part, step.known) for part in parts)
        return [context(self._phrases.say(language, "reading.beforehand"))] if chosen else []

    def buttons(self, step: Step, value: str, language: str) -> list[Block]:
        """Return the buttons that say yes: one, or where there are several services one for each and for none."""
        say = self._phrases.label
        if not step.read.candidates:
            return [button(say(language, "reading.yes"), Action.NEXT, value, "primary")]
        picks = [
            button(
                say(language, "reading.yes_with", service=self._services.short_name(code, language)),
                f"{Action.NEXT}:{SERVICE_CARD}:{code}",
                value,
                "primary",
            )
            for code in step.read.candidates
        ]
        return [*picks, button(say(language, "reading.yes_other"), Action.NEXT, value)]

    def heading(self, step: Step, language: str) -> str:
        """Return what stands over the answer."""
        dropped = SHORTCUT in (step.choice or {})
        return self._phrases.label(language, "reading.dropped" if dropped else "reading.confirmed")

    def words(self, option: Option, language: str) -> str:
        """Return what a value is called everywhere, unless it has a name of its own."""
        value = f"value.{option.id}"
        named = option.label.en != option.id or not self._phrases.has(language, value)
        return option.label.say(language) if named else self._phrases.label(language, value)

    def leading(self, case: Case, step: Step) -> str | None:
        """Return the brand whose plans come first: picked among several, or named."""
        picked = step.read.services if step.read.confirmed else ()
        brands = (self._services.brand_of(code) for code in picked)
        return next((brand for brand in brands if brand), case.brand)

    def several_data_sets(self, case: Case, language: str) -> list[Block]:
        """Return that each data set needs a check of its own, with a button that starts another."""
        another = button(self._phrases.label(language, "reading.another"), Action.ANOTHER, case.id)
        text = self._phrases.say(language, "reading.several_data_sets")
        return [section(text), actions([another], "another")]
