"""A card of the interview → Block Kit: asked, answered, no longer needed, and the modal that changes an answer."""

import re
from collections.abc import Mapping
from itertools import groupby

from bot.ids import INPUT, Action, View
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
from conversations.choices import preselected, shown_options, shown_parts, shown_shortcuts
from conversations.interview import Step
from conversations.models import OTHER_SERVICE, SERVICE_CARD, SHORTCUT, Case, Choice, Part
from knowledge.models import Knowledge, Service
from rules.models import UNKNOWN, RuleBase

ONE_CLICK_OPTIONS = 5
GRADE = re.compile(r"/?\[[A-Z/]+\]")
OPTION_GROUP = 75


class QuestionViews:
    """Speaks cards in both languages."""

    def __init__(self, phrases: Phrases, knowledge: Knowledge, rulebase: RuleBase) -> None:
        """Read names from the catalogue and labels from the facts."""
        self._phrases = phrases
        self._knowledge = knowledge
        self._rulebase = rulebase

    def intro(self, case: Case, language: str) -> list[Block]:
        """Return what is said at the start of a thread."""
        asker = Mrkdwn(f"<@{case.asker}>")
        brand = self._knowledge.brands.get(case.brand or "")
        if brand:
            return [section(self._phrases.say(language, "question.intro_brand", asker=asker, brand=brand.name))]
        return [section(self._phrases.say(language, "question.intro", asker=asker))]

    def asked(self, case: Case, step: Step, number: int, language: str) -> list[Block]:
        """Return the card to answer."""
        title = self._title(case, step, language)
        blocks = [
            context(self._phrases.say(language, "question.number", number=number)),
            section(f"*{title}*"),
            context(self._phrases.say(language, "question.help", text=step.card.help.say(language))),
        ]
        catalogue = self._catalogue(step, language)
        if catalogue:
            blocks.append(context(catalogue))
        if one_click(step):
            return [*blocks, actions(self._picks(case, step, language), "buttons")]
        inputs = [self._input(case, step, part, language) for part in shown_parts(step.card, step.known)]
        for block in inputs:  # only what may really be left alone is marked as optional
            block["optional"] = block["element"]["type"] == "multi_static_select"
        return [*blocks, *inputs, actions(self._buttons(case, step, language), "buttons")]

    def answered(self, case: Case, step: Step, language: str) -> list[Block]:
        """Return the card with its answer and a button to change it."""
        text = self._phrases.say(
            language,
            "question.answered",
            question=self._title(case, step, language),
            answer=Mrkdwn("\n".join(self._chosen(step, language))),
        )
        change = button(self._phrases.label(language, "question.change"), Action.CHANGE, reference(case, step))
        return [section(text, change)]

    def gone(self, question: str, language: str, *, moved: bool) -> list[Block]:
        """Return what is left of a card that is not needed any more, or is asked again further down."""
        name = "question.moved" if moved else "question.dropped"
        return [context(self._phrases.say(language, name, question=question))]

    def change(self, case: Case, step: Step, metadata: str, language: str) -> Block:
        """Return the modal with the card's inputs, the present answer chosen beforehand."""
        blocks = [
            section(f"*{self._title(case, step, language)}*"),
            context(self._phrases.say(language, "question.help", text=step.card.help.say(language))),
        ]
        shortcuts = [
            option(shortcut.label.say(language), shortcut.id) for shortcut in shown_shortcuts(step.card, step.known)
        ]
        blocks += [self._input(case, step, part, language) for part in shown_parts(step.card, step.known)]
        if shortcuts:
            chosen = (step.choice or {}).get(SHORTCUT, ())
            element = _element("radio_buttons", shortcuts, [o for o in shortcuts if o["value"] in chosen])
            label = self._phrases.label(language, "question.quick")
            blocks.append(input_block(label, element, SHORTCUT, optional=True))
        say = self._phrases.label
        title, cancel = say(language, "question.change_title"), say(language, "question.cancel")
        return form(modal(View.CHANGE, title, blocks, cancel), say(language, "question.save"), metadata)

    def _title(self, case: Case, step: Step, language: str) -> str:
        brand = self._knowledge.brands.get(case.brand or "")
        if step.card.id == SERVICE_CARD and brand:
            return self._phrases.say(language, "question.which_plan", brand=brand.name)
        return step.card.question.say(language)

    def _catalogue(self, step: Step, language: str) -> str:
        """What the catalogue says of the service on facts this card asks, verified or not."""
        service = self._knowledge.services.get(step.service or "")
        facts = {n: f for n, f in service.facts.items() if n in step.card.facts} if service else {}
        if not service or not facts:
            return ""
        lines = [self._phrases.say(language, "question.catalogue", service=self.service_name(service.id, language))]
        for name, fact in facts.items():
            lines.append(
                self._phrases.say(
                    language,
                    "question.catalogue_fact",
                    label=self._rulebase.facts[name].label.say(language),
                    value=self._phrases.label(language, f"question.value_{fact.value}"),
                    note=fact.note.say(language).rstrip("。."),
                    source=GRADE.sub("", fact.source).strip(),
                    as_of=fact.as_of.isoformat(),
                    verified=fact.verified,
                )
            )
        return "\n".join(lines)

    def _picks(self, case: Case, step: Step, language: str) -> list[Block]:
        """One button an option; the card's own “I don't know” stands for options that say no more than that."""
        (part,) = shown_parts(step.card, step.known)
        options = shown_options(part, step.known)
        if step.card.shortcuts:
            options = [o for o in options if any(value != UNKNOWN for value in o.sets.values())]
        picks = [
            button(o.label.say(language), f"{Action.PICK}:{part.id}:{o.id}", reference(case, step)) for o in options
        ]
        return [*picks, *self._shortcuts(case, step, language)]

    def _shortcuts(self, case: Case, step: Step, language: str) -> list[Block]:
        return [
            button(shortcut.label.say(language), f"{Action.SHORTCUT}:{shortcut.id}", reference(case, step))
            for shortcut in shown_shortcuts(step.card, step.known)
        ]

    def _buttons(self, case: Case, step: Step, language: str) -> list[Block]:
        following = self._phrases.label(language, "question.next")
        return [
            button(following, Action.NEXT, reference(case, step), "primary"),
            *self._shortcuts(case, step, language),
        ]

    def _input(self, case: Case, step: Step, part: Part, language: str) -> Block:
        label = part.label.say(language)
        if part.kind == "service":
            return input_block(label, self._service_select(case, step, language), part.id, optional=False)
        chosen = selected(step, part)
        options = [
            option(o.label.say(language), o.id, o.hint.say(language) if o.hint else "")
            for o in shown_options(part, step.known)
        ]
        initial = [o for o in options if o["value"] in chosen]
        if part.kind == "one":
            return input_block(label, _element("radio_buttons", options, initial), part.id, optional=True)
        element = _element("multi_static_select" if part.compact else "checkboxes", options, initial)
        if part.compact:
            element["placeholder"] = plain(self._phrases.label(language, "question.choose"), 150)
        return input_block(label, element, part.id, optional=True)

    def _service_select(self, case: Case, step: Step, language: str) -> Block:
        """Every plan by brand; a brand that was named comes first."""
        services = sorted(self._knowledge.services.values(), key=lambda s: list(self._knowledge.brands).index(s.brand))
        groups = [(brand, list(plans)) for brand, plans in groupby(services, key=lambda s: s.brand)]
        groups.sort(key=lambda group: group[0] != case.brand)
        option_groups: list[Block] = [
            {
                "label": plain(self._knowledge.brands[brand].name, OPTION_GROUP),
                "options": [
                    *(self._service_option(s, language) for s in plans),
                    *self._unknown_plan(brand, plans, language),
                ],
            }
            for brand, plans in groups
        ]
        other = option(self._phrases.label(language, "question.other_service"), OTHER_SERVICE)
        label = plain(self._phrases.label(language, "question.other_group"), OPTION_GROUP)
        option_groups.append({"label": label, "options": [other]})
        chosen = (step.choice or {}).get(SERVICE_CARD, ())
        initial = [o for group in option_groups for o in group["options"] if o["value"] in chosen]
        element: Block = {
            "type": "static_select",
            "action_id": INPUT,
            "placeholder": plain(self._phrases.label(language, "question.choose"), 150),
            "option_groups": option_groups,
        }
        return {**element, "initial_option": initial[0]} if initial else element

    def _service_option(self, service: Service, language: str) -> Block:
        return option(self.service_name(service.id, language), service.id)

    def _unknown_plan(self, brand: str, plans: list[Service], language: str) -> list[Block]:
        if len(plans) == 1 or brand in self._knowledge.services:
            return []
        return [option(self.service_name(brand, language), brand)]

    def service_name(self, code: str | None, language: str) -> str:
        """Return the name of a service with its plan, of a brand, or of what is not listed; empty for None."""
        service = self._knowledge.services.get(code or "")
        if service:
            plan = service.plan.say(language)
            return f"{service.name}（{plan}）" if language == "ja" else f"{service.name} ({plan})"
        brand = self._knowledge.brands.get(code or "")
        if brand:
            return self._phrases.label(language, "question.brand_unknown", brand=brand.name)
        return self._phrases.label(language, "question.other_service") if code else ""

    def _chosen(self, step: Step, language: str) -> list[str]:
        """The labels of what was chosen, a line an input."""
        choice = step.choice or {}
        shortcuts = {s.id: s.label.say(language) for s in step.card.shortcuts}
        if SHORTCUT in choice:
            return [self._phrases.say(language, "question.chosen", words=shortcuts[choice[SHORTCUT][0]])]
        lines = []
        for part in shown_parts(step.card, step.known):
            labels = {o.id: o.label.say(language) for o in part.options}
            names = [
                self.service_name(name, language) if part.kind == "service" else labels[name]
                for name in choice.get(part.id, ())
            ]
            if names and (part.kind != "many" or part.compact):
                words = f"{part.label.say(language)}: {' / '.join(names)}"
                lines.append(self._phrases.say(language, "question.chosen", words=words))
            elif names:
                lines.extend(self._phrases.say(language, "question.chosen", words=name) for name in names)
        return lines


def one_click(step: Step) -> bool:
    """Whether the card is one short single choice, which buttons answer with one click."""
    parts = shown_parts(step.card, step.known)
    return len(parts) == 1 and parts[0].kind == "one" and len(parts[0].options) <= ONE_CLICK_OPTIONS


def selected(step: Step, part: Part) -> tuple[str, ...]:
    """Return the option ids chosen beforehand: the present answer, or what the facts so far say."""
    if step.choice is not None:
        return step.choice.get(part.id, ())
    return preselected(part, step.known)


def reference(case: Case, step: Step) -> str:
    """Return the button value that names case and card."""
    return f"{case.id}|{step.card.id}"


def _element(kind: str, options: list[Block], initial: list[Block]) -> Block:
    element: Block = {"type": kind, "action_id": INPUT, "options": options}
    if initial and kind == "radio_buttons":
        return {**element, "initial_option": initial[0]}
    return {**element, "initial_options": initial} if initial else element


def choice_from_state(step: Step, state: Mapping[str, Mapping[str, Block]], shortcut: str = "") -> Choice:
    """Return the choice that an interaction's `state.values` holds.

    With a shortcut only what differs from the choices made beforehand counts as chosen, and contradicts it.
    """
    choice = {part: _values(inputs.get(INPUT, {})) for part, inputs in state.items()}
    if not shortcut:
        return {part: values for part, values in choice.items() if values}
    untouched = {part.id: set(preselected(part, step.known)) for part in step.card.parts}
    moved = {part: values for part, values in choice.items() if set(values) - untouched.get(part, set())}
    return {**moved, SHORTCUT: (shortcut,)}


def changed_choice(step: Step, state: Mapping[str, Mapping[str, Block]]) -> Choice:
    """Return the choice that a submitted change holds: what was touched counts, as radio buttons cannot be cleared."""
    choice = {part: values for part, inputs in state.items() if (values := _values(inputs.get(INPUT, {})))}
    shortcut = choice.pop(SHORTCUT, ())
    before = {part.id: names for part in shown_parts(step.card, step.known) if (names := selected(step, part))}
    if not shortcut or (shortcut == (step.choice or {}).get(SHORTCUT) and choice != before):
        return choice
    return {SHORTCUT: shortcut, **(choice if choice != before else {})}


def _values(element: Block) -> tuple[str, ...]:
    """Return the values chosen in one input of any kind; anything malformed is nothing chosen."""
    chosen = element.get("selected_options") or [element.get("selected_option")]
    return tuple(str(o["value"]) for o in chosen if isinstance(o, dict) and "value" in o)
