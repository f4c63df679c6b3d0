"""What helps with a card → Block Kit: the menu on it, why it is asked, what its words mean, and whom to ask."""

import json
from collections.abc import Iterator, Sequence

from bot.ids import Action, More, View
from bot.rendering import Mrkdwn, Phrases, escape
from bot.views.blocks import Block, context, divider, form, menu, modal, option, section, sections
from bot.views.contacts import Contacts
from bot.views.verdict import VerdictViews
from conversations.confirmations import CONFIRMABLE
from conversations.interview import Step
from conversations.models import Case
from knowledge.glossary import GENERAL, Glossary, Term
from knowledge.models import Knowledge
from rules.models import Rule


class HelpViews:
    """Speaks help in both languages."""

    def __init__(self, phrases: Phrases, verdicts: VerdictViews, knowledge: Knowledge, glossary: Glossary) -> None:
        """Read quotations and the desk from the knowledge, and words from the glossary."""
        self._phrases = phrases
        self._verdicts = verdicts
        self._knowledge = knowledge
        self._glossary = glossary
        self._contacts = Contacts(phrases, knowledge.institution)

    def menu(self, case: Case, step: Step, language: str, *, answered: bool) -> Block:
        """Return the menu of a card; `answered`: there are answers to look at."""
        offered = [More.WHY, More.TERMS, More.DESK, More.ANSWERS]
        if step.card.id not in self._glossary:
            offered.remove(More.TERMS)
        if not step.card.facts.isdisjoint(CONFIRMABLE):
            offered.insert(-1, More.CONFIRM)
        if not answered:
            offered.remove(More.ANSWERS)
        labels = [self._phrases.label(language, f"help.{kind}") for kind in offered]
        values = [f"{kind}|{case.id}|{step.card.id}" for kind in offered]
        return menu([option(*each) for each in zip(labels, values, strict=True)], Action.MORE)

    def why(self, question: str, rules: Sequence[Rule], language: str) -> Block:
        """Return the modal with the rules that the answer can move, each under the passage that it follows."""
        phrase = "help.at_stake" if rules else "help.nothing_at_stake"
        blocks = [self._about(question, language), section(self._phrases.say(language, phrase))]
        for passage, follow in _by_passage(rules):
            blocks += [divider(), *self._verdicts.quote(self._knowledge.passages[passage], follow, language)]
            told = [{"word": self._floor(rule, language), "because": rule.because.say(language)} for rule in follow]
            blocks += sections(self._phrases.say(language, "help.rules", rules=told).split("\n"))
        return self._modal(View.WHY, "help.why", [*blocks, *self._further(rules, language)], language)

    def _further(self, rules: Sequence[Rule], language: str) -> list[Block]:
        """The other passages that the rules cite."""
        first = {rule.cites[0] for rule in rules}
        others = dict.fromkeys(cite for rule in rules for cite in rule.cites if cite not in first)
        blocks = [divider(), section(self._phrases.say(language, "help.further"))] if others else []
        for name in others:
            citing = [rule for rule in rules if name in rule.cites]
            blocks += self._verdicts.quote(self._knowledge.passages[name], citing, language)
        return blocks

    def _floor(self, rule: Rule, language: str) -> str:
        return self._verdicts.insights.word(rule.then, language) if rule.target == "verdict" else ""

    def terms(self, card: str, question: str, language: str) -> Block:
        """Return the modal with the terms of the card."""
        blocks = [self._about(question, language)]
        for term in self._glossary.get(card, ()):
            blocks += self._term(term, language)
        blocks.append(context(self._phrases.say(language, "help.terms_are")))
        return self._modal(View.TERMS, "help.terms", blocks, language)

    def _term(self, term: Term, language: str) -> Iterator[Block]:
        title, meaning, as_of = term.name.say(language), term.meaning.say(language), term.as_of.isoformat()
        yield {**section(self._phrases.say(language, "help.term", title=title, meaning=meaning)), "block_id": term.id}
        phrase = "help.term_general" if term.source == GENERAL else "help.term_source"
        yield context(self._phrases.say(language, phrase, source=term.source, as_of=as_of))

    def desk(self, case: Case, card: str, question: str, language: str, *, own: bool) -> Block:
        """Return the modal with the desk and what to send there; whose `own` it is can ask from here."""
        contact = self._contacts.say("desk", language)
        case_id, asked = Mrkdwn(case.id), escape(question.replace("`", "'"))
        blocks = [
            section(self._phrases.say(language, "help.ask_desk_here" if own else "help.ask_desk", contact=contact)),
            section(self._phrases.say(language, "help.forward", case=case_id, question=asked)),
            context(self._phrases.say(language, "help.forward_note")),
        ]
        view = self._modal(View.DESK, "help.desk", blocks, language)
        told = {"case": case.id, "card": card, "channel": case.place.channel, "thread": case.place.thread}
        return form(view, self._phrases.label(language, "desk.ask"), json.dumps(told)) if own else view

    def _about(self, question: str, language: str) -> Block:
        return section(self._phrases.say(language, "help.about", question=question))

    def _modal(self, callback_id: str, title: str, blocks: list[Block], language: str) -> Block:
        label = self._phrases.label
        return modal(callback_id, label(language, title), blocks, label(language, "verdict.close"))


def _by_passage(rules: Sequence[Rule]) -> Iterator[tuple[str, list[Rule]]]:
    """Each rule once, under the first passage that it cites."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.cites[0], []).append(rule)
    yield from found.items()
