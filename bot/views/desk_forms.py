"""What a desk member fills in → Block Kit: reply, assign, hand over, ask for a fact, decide, accept a scenario."""

from collections.abc import Sequence

from bot.ids import INPUT, AtDesk
from bot.rendering import Phrases
from bot.views.blocks import Block, context, form, input_block, modal, option, plain, section
from bot.views.insight import InsightViews
from bot.views.ruling import RulingViews
from conversations.confirmations import CONFIRMABLE, NO, YES
from conversations.desk_work import askable
from conversations.models import Confirmation
from conversations.rulings import REFUSED, wants_office
from conversations.service import Standing
from knowledge.models import Passage
from rules.models import SEVERITY, VERDICTS, Evaluation

MOST_WORDS = 2000
MOST_OPTIONS = 100
WORDS, PERSON, OFFICE, CARD, VERDICT, PASSAGES = "words", "person", "office", "card", "verdict", "passages"
FACT, ANSWER = "fact", "answer"
"""Block ids of the inputs."""


class DeskForms:
    """Speaks the modals in both languages; each carries the id of its case."""

    def __init__(self, phrases: Phrases, insights: InsightViews, rulings: RulingViews) -> None:
        """Name verdicts and offices as the cards do."""
        self._phrases = phrases
        self._insights = insights
        self._rulings = rulings

    def reply(self, case_id: str, language: str) -> Block:
        """Return the modal for words to the asker."""
        return self._form(AtDesk.REPLY, "reply", case_id, [self._words("desk.reply_label", language)], language)

    def assign(self, case_id: str, language: str) -> Block:
        """Return the modal that picks a person of the desk."""
        element: Block = {"type": "users_select", "action_id": INPUT, "placeholder": self._choose(language)}
        picked = input_block(self._phrases.label(language, "desk.assign_label"), element, PERSON)
        return self._form(AtDesk.ASSIGN, "assign", case_id, [picked], language)

    def hand(self, case_id: str, offices: Sequence[str], language: str) -> Block:
        """Return the modal that picks an office; without any, the word that there is none."""
        if not offices:
            say = self._phrases.label
            blocks = [section(self._phrases.say(language, "desk.no_office"))]
            return modal(AtDesk.HAND, say(language, "desk.hand_title"), blocks, say(language, "desk.cancel"))
        picked = self._select("desk.hand_label", self._offices(offices, language), OFFICE, language)
        return self._form(AtDesk.HAND, "hand", case_id, [picked], language)

    def want(self, standing: Standing, language: str) -> Block:
        """Return the modal that picks a card for the asker."""
        cards = {card.id: card.question.say(language) for card in standing.book.interview.cards}
        options = [option(cards[name], name) for name in askable(standing)]
        picked = self._select("desk.want_label", options, CARD, language)
        return self._form(AtDesk.WANT, "want", standing.case.id, [picked], language)

    def confirm(self, standing: Standing, language: str) -> Block:
        """Return the modal that answers a fact for the case, as the desk or the office that has it."""
        facts, say = standing.book.rulebook.rulebase.facts, self._phrases.label
        names = [option(facts[name].label.say(language), name) for name in CONFIRMABLE]
        answers = [option(say(language, f"desk.answer_{name}"), name) for name in (YES, NO)]
        blocks = [
            self._select("desk.confirm_label", names, FACT, language),
            self._select("desk.confirm_answer", answers, ANSWER, language),
        ]
        return self._form(AtDesk.CONFIRM, "confirm", standing.case.id, blocks, language)

    def take_back(self, standing: Standing, given: Sequence[Confirmation], language: str) -> Block:
        """Return the modal that picks what the member takes back of what they answered; without any, that word."""
        facts, say = standing.book.rulebook.rulebase.facts, self._phrases.label
        if not given:
            blocks = [section(self._phrases.say(language, "desk.nothing_to_take_back"))]
            return modal(AtDesk.TAKE_BACK, say(language, "desk.take_back_title"), blocks, say(language, "desk.cancel"))
        names = dict.fromkeys(each.fact for each in given)
        options = [option(facts[name].label.say(language), name) for name in names]
        picked = self._select("desk.confirm_label", options, FACT, language)
        return self._form(AtDesk.TAKE_BACK, "take_back", standing.case.id, [picked], language)

    def rule(self, standing: Standing, evaluation: Evaluation, offices: Sequence[str], language: str) -> Block:
        """Return the modal for a ruling; the passages that the rules cite come first."""
        say, word = self._phrases.label, self._insights.word(evaluation.verdict, language)
        blocks = [context(self._phrases.say(language, "desk.rule_note", word=word))]
        milder = next((name for name in VERDICTS if SEVERITY[name] < SEVERITY[REFUSED]), REFUSED)
        if wants_office(standing.book.rulebook.rulebase, evaluation, milder):
            blocks.append(section(self._phrases.say(language, "desk.rule_clearance")))
        verdicts = [option(self._insights.word(name, language), name) for name in VERDICTS]
        blocks += [
            self._select("desk.rule_verdict", verdicts, VERDICT, language),
            self._words("desk.rule_reason", language),
            input_block(say(language, "desk.rule_passages"), self._passages(standing, evaluation, language), PASSAGES),
        ]
        blocks[-1]["optional"] = True
        if offices:
            office = self._select("desk.rule_office", self._offices(offices, language), OFFICE, language)
            blocks.append({**office, "optional": True})
        return self._form(AtDesk.RULE, "rule", standing.case.id, blocks, language)

    def accept(self, case_id: str, language: str) -> Block:
        """Return the modal for the comment of a scenario."""
        return self._form(AtDesk.ACCEPT, "accept", case_id, [self._words("desk.accept_label", language)], language)

    def _form(self, callback: AtDesk, name: str, case_id: str, blocks: list[Block], language: str) -> Block:
        say = self._phrases.label
        if name != "rule":  # that says more, and first
            blocks = [*blocks, context(self._phrases.say(language, f"desk.{name}_note"))]
        view = modal(callback, say(language, f"desk.{name}_title"), blocks, say(language, "desk.cancel"))
        return form(view, say(language, "desk.send"), case_id)

    def _words(self, label: str, language: str) -> Block:
        element: Block = {"type": "plain_text_input", "action_id": INPUT, "multiline": True, "max_length": MOST_WORDS}
        return input_block(self._phrases.label(language, label), element, WORDS)

    def _select(self, label: str, options: list[Block], block_id: str, language: str) -> Block:
        element: Block = {"type": "static_select", "action_id": INPUT, "options": options[:MOST_OPTIONS]}
        element["placeholder"] = self._choose(language)
        return input_block(self._phrases.label(language, label), element, block_id)

    def _choose(self, language: str) -> Block:
        return plain(self._phrases.label(language, "question.choose"), 150)

    def _offices(self, offices: Sequence[str], language: str) -> list[Block]:
        return [option(self._rulings.office(name, language), name) for name in offices]

    def _passages(self, standing: Standing, evaluation: Evaluation, language: str) -> Block:
        known = standing.book.knowledge.passages
        first = [name for name in evaluation.passages if name in known]
        ordered = [*first, *(name for name in known if name not in first)]
        options = [option(_told(known[name], language), name) for name in ordered[:MOST_OPTIONS]]
        return {
            "type": "multi_static_select",
            "action_id": INPUT,
            "options": options,
            "placeholder": self._choose(language),
        }


def _told(passage: Passage, language: str) -> str:
    """A passage by its section and how it begins."""
    return f"{passage.section} {passage.ja if language == 'ja' else passage.en}"
