"""A card of the interview → Block Kit: asked, answered, no longer needed, and the modal that changes an answer."""

from bot.ids import DIRECT, INPUT, Action, View
from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import (
    Block,
    actions,
    button,
    context,
    form,
    input_block,
    modal,
    option,
    plain,
    section,
)
from bot.views.choices import selected
from bot.views.help import HelpViews
from bot.views.reading import ReadingViews
from bot.views.services import ServiceViews
from conversations.choices import shown_options, shown_parts, shown_shortcuts
from conversations.interview import Step
from conversations.listing import closing_part, listed_options
from conversations.models import SERVICE_CARD, SHORTCUT, Case, Option, Part
from conversations.service import Standing

KINDS = {
    ("one", False): "radio_buttons",
    ("one", True): "static_select",
    ("many", False): "checkboxes",
    ("many", True): "multi_static_select",
}
"""Slack's element for an input, by its kind and whether it is compact."""


class QuestionViews:
    """Speaks cards in every language."""

    def __init__(self, phrases: Phrases, services: ServiceViews, help_views: HelpViews) -> None:
        """Read names and facts of services from the catalogue; every card has the menu of `help_views`."""
        self._phrases = phrases
        self._services = services
        self._help = help_views
        self.reading = ReadingViews(phrases, services)

    def intro(self, case: Case, language: str) -> list[Block]:
        """Return what is said at the start of a thread."""
        asker = Mrkdwn(f"<@{case.asker}>")
        brand = self._services.brand_name(case.brand)
        if brand:
            text = self._phrases.say(language, "question.intro_brand", asker=asker, brand=brand)
        else:
            text = self._phrases.say(language, "question.intro", asker=asker)
        return [section(text), *([] if case.place.channel.startswith(DIRECT) else self._read_by_all(case, language))]

    def _read_by_all(self, case: Case, language: str) -> list[Block]:
        """In a channel: what others can see, and a button that goes on where they cannot."""
        direct = button(self._phrases.label(language, "entry.direct"), Action.DIRECT, case.id)
        return [context(self._phrases.say(language, "entry.read_by_all")), actions([direct], "direct")]

    def asked(self, case: Case, step: Step, number: int, at_most: int, language: str) -> list[Block]:
        """Return the card to answer, the `number`-th, with at most so many to come."""
        menu = self._help.menu(case, step, language, answered=number > 1)
        blocks = [
            context(self._phrases.say(language, "question.number", number=number, at_most=at_most)),
            *([context(self._phrases.say(language, "desk.by_desk"))] if step.by_desk else []),
            section(self._phrases.say(language, "question.asked", question=self.title(case, step, language)), menu),
            context(self._phrases.say(language, "question.help", text=step.card.help.say(language))),
        ]
        catalogue = self._services.known(step, language)
        if catalogue:
            blocks.append(context(catalogue))
        blocks += self.reading.remarks(step, language)
        closing = closing_part(step)
        parts = [
            p for p in shown_parts(step.card, step.known) if p != closing and (p.kind != "service" or not p.options)
        ]
        inputs = [self._input(case, step, part, language) for part in parts]
        for block in inputs:  # only what may really be left alone is marked as optional
            block["optional"] = block["element"]["type"] == "multi_static_select"
        if closing and closing.kind == "one":
            return [*blocks, *inputs, *self._closed_by_buttons(case, step, closing, language)]
        if closing:
            inputs.append(self._at_once(case, step, closing, language))
        buttons = self._buttons(case, step, language, submit=closing is None or step.plan is not None)
        return [*blocks, *inputs, actions(buttons, "buttons")]

    def _closed_by_buttons(self, case: Case, step: Step, part: Part, language: str) -> list[Block]:
        """A button for each option of the last input, under its name where there are others above it."""
        name = [context(self._phrases.say(language, "question.closing", label=part.label.say(language)))]
        alone = len(shown_parts(step.card, step.known)) == 1
        return [*([] if alone else name), actions(self._picks(case, step, part, language), "buttons")]

    def _at_once(self, case: Case, step: Step, part: Part, language: str) -> Block:
        """The list of services: picking one of them answers the card."""
        block = self._input(case, step, part, language)
        element = {**block["element"], "action_id": f"{Action.SELECT}:{reference(case, step)}"}
        return {**block, "element": element, "dispatch_action": True}

    def answered(self, case: Case, step: Step, language: str) -> list[Block]:
        """Return the card with its answer and a button to change it."""
        text = self._phrases.say(language, "question.answered", **self.told(case, step, language))
        change = button(self._phrases.label(language, "question.change"), Action.CHANGE, reference(case, step))
        return [section(text, change)]

    def told(self, case: Case, step: Step, language: str) -> dict[str, str]:
        """Return question and answer in words, the answer as mrkdwn."""
        heading = self.reading.heading(step, language) if step.card.partial else self.title(case, step, language)
        return {"question": heading, "answer": Mrkdwn("\n".join(self.chosen(step, language)))}

    def told_in_lines(self, standing: Standing, language: str, without: str = "") -> list[dict[str, str]]:
        """Return each answered question with its answer in a line; `without` those that set this fact."""
        told = list[dict[str, str]]()
        for step in standing.progress.steps:
            if step.choice is not None and without not in step.card.facts:
                words = self.told(standing.case, step, language)
                told.append({**words, "answer": Mrkdwn(" / ".join(words["answer"].split("\n")))})
        return told

    def gone(self, question: str, language: str, *, moved: bool) -> list[Block]:
        """Return what is left of a card that is not needed any more, or is asked again further down."""
        name = "question.moved" if moved else "question.dropped"
        return [context(self._phrases.say(language, name, question=question))]

    def change(self, case: Case, step: Step, metadata: str, language: str) -> Block:
        """Return the modal with the card's inputs, the present answer chosen beforehand."""
        blocks = [
            section(self._phrases.say(language, "question.asked", question=self.title(case, step, language))),
            context(self._phrases.say(language, "question.help", text=step.card.help.say(language))),
        ]
        shortcuts = [
            option(shortcut.label.say(language), shortcut.id) for shortcut in shown_shortcuts(step.card, step.known)
        ]
        inputs = [self._input(case, step, part, language) for part in shown_parts(step.card, step.known)]
        for block in inputs:  # with a shortcut below, any of them may be left alone
            block["optional"] = bool(shortcuts) or block["element"]["type"] in ("checkboxes", "multi_static_select")
        blocks += inputs
        if shortcuts:
            chosen = (step.choice or {}).get(SHORTCUT, ())
            element = _element("radio_buttons", shortcuts, [o for o in shortcuts if o["value"] in chosen])
            label = self._phrases.label(language, "question.quick")
            blocks.append(input_block(label, element, SHORTCUT, optional=True))
        say = self._phrases.label
        title, cancel = say(language, "question.change_title"), say(language, "question.cancel")
        return form(modal(View.CHANGE, title, blocks, cancel), say(language, "question.save"), metadata)

    def title(self, case: Case, step: Step, language: str) -> str:
        """Return the question as plain text."""
        brand = self._services.brand_name(self.reading.leading(case, step))
        if step.card.id == SERVICE_CARD and brand and not step.plan:
            return self._phrases.label(language, "question.which_plan", brand=brand)
        return step.card.question.say(language)

    def _picks(self, case: Case, step: Step, part: Part, language: str) -> list[Block]:
        """One button an option; what is known already stands out."""
        value, known = reference(case, step), selected(step, part)
        picks = [
            button(o.label.say(language), f"{Action.PICK}:{part.id}:{o.id}", value, "primary" if o.id in known else "")
            for o in listed_options(step, part)
        ]
        return [*picks, *self._shortcuts(case, step, language)]

    def _shortcuts(self, case: Case, step: Step, language: str) -> list[Block]:
        return [
            button(shortcut.label.say(language), f"{Action.SHORTCUT}:{shortcut.id}", reference(case, step))
            for shortcut in shown_shortcuts(step.card, step.known)
        ]

    def _buttons(self, case: Case, step: Step, language: str, *, submit: bool) -> list[Block]:
        value, shortcuts = reference(case, step), self._shortcuts(case, step, language)
        if step.card.partial:
            return [*self.reading.buttons(step, value, language), *shortcuts]
        following = button(self._phrases.label(language, "question.next"), Action.NEXT, value, "primary")
        return [following, *shortcuts] if submit else shortcuts

    def _input(self, case: Case, step: Step, part: Part, language: str) -> Block:
        label = part.label.say(language)
        if part.kind == "service":
            return input_block(label, self._services.select(step, self.reading.leading(case, step), language), part.id)
        chosen = selected(step, part)
        options = [
            option(self._words(step, o, language), o.id, o.hint.say(language) if o.hint else "")
            for o in shown_options(part, step.known)
        ]
        initial = [o for o in options if o["value"] in chosen]
        element = _element(KINDS[part.kind, part.compact], options, initial)
        if part.compact:
            element["placeholder"] = plain(self._phrases.label(language, "question.choose"), 150)
        return input_block(label, element, part.id)

    def _words(self, step: Step, option: Option, language: str) -> str:
        return self.reading.words(option, language) if step.card.partial else option.label.say(language)

    def chosen(self, step: Step, language: str) -> list[str]:
        """The labels of what was chosen, a line an input."""
        choice = step.choice or {}
        shortcuts = {s.id: s.label.say(language) for s in step.card.shortcuts}
        if SHORTCUT in choice:
            return [self._phrases.say(language, "question.chosen", words=shortcuts[choice[SHORTCUT][0]])]
        lines = []
        for part in shown_parts(step.card, step.known):
            labels = {o.id: self._words(step, o, language) for o in part.options}
            names = [
                self._services.name(name, language) if part.kind == "service" else labels[name]
                for name in choice.get(part.id, ())
            ]
            if names and (part.kind != "many" or part.compact):
                words = f"{part.label.say(language)}: {' / '.join(names)}"
                lines.append(self._phrases.say(language, "question.chosen", words=words))
            elif names:
                lines.extend(self._phrases.say(language, "question.chosen", words=name) for name in names)
        return lines


def reference(case: Case, step: Step) -> str:
    """Return the button value that names case and card."""
    return f"{case.id}|{step.card.id}"


def _element(kind: str, options: list[Block], initial: list[Block]) -> Block:
    element: Block = {"type": kind, "action_id": INPUT, "options": options}
    if initial and kind in ("radio_buttons", "static_select"):
        return {**element, "initial_option": initial[0]}
    return {**element, "initial_options": initial} if initial else element
