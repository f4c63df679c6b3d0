"""Confirmations → Block Kit: the modals that ask and that answer on record, and what is confirmed and missing."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.ids import INPUT, Action, View
from bot.rendering import Mrkdwn, Phrases, escape
from bot.views.blocks import (
    Block,
    actions,
    button,
    checkboxes,
    confirm,
    context,
    form,
    input_block,
    modal,
    option,
    plain,
    section,
)
from conversations.approvals import Wanted
from conversations.confirmations import answers_to, missing
from conversations.models import PARTIES, Confirmation, Delegation
from conversations.service import Standing
from conversations.store.protocol import Asked

CAPACITIES = (*PARTIES, "export_control", "privacy", "ethics", "industry", "desk")
WHAT, CAPACITY, PERSON, CLAIMED, UNTIL, WORDS = "what", "capacity", "person", "claimed", "until", "words"
"""Block ids of the inputs."""
LONGEST = 300
"""Characters of what somebody writes for the record, or asks back."""
MOST_ON_CARD = 5


class ApprovalViews:
    """Speaks of confirmations in both languages."""

    def __init__(self, phrases: Phrases) -> None:
        """Say it by `phrases`."""
        self._phrases = phrases

    def what(self, fact: str, part: str, language: str) -> str:
        """Return what is confirmed, in plain words."""
        what = self._phrases.label(language, f"approval.what_{fact}")
        of = self._phrases.label(language, f"approval.part_{part}") if part else ""
        return self._phrases.label(language, "approval.what", what=what, of=of)

    def who(self, each: Confirmation, language: str) -> Mrkdwn:
        """Return person and capacity, as mrkdwn; who answered at the desk did so in its name, or an office's."""
        if each.value and not each.asked_by:
            return Mrkdwn(self._phrases.say(language, f"record.by_{each.capacity}"))
        person = Mrkdwn(f"<@{each.person}>") if each.person else self._phrases.label(language, "approval.outside")
        capacity = self._phrases.label(language, f"record.by_{each.capacity}")
        by = Mrkdwn(f"<@{each.by}>") if each.by and each.by != each.person else ""
        return Mrkdwn(self._phrases.say(language, "approval.who", person=person, capacity=capacity, by=by))

    def state(self, each: Confirmation, language: str) -> str:
        """Return one line: what, who, and how it stands."""
        how = each.ended or ("claimed" if each.claimed else "waiting")
        if each.in_force:
            how = "yes" if each.value == answers_to(each.fact)[0] else "no"
        until = each.until.isoformat() if each.until else ""
        word = self._phrases.label(language, f"approval.is_{how}", until=until)
        what = self.what(each.fact, each.part, language)
        return self._phrases.say(language, "approval.state", what=what, who=self.who(each, language), how=word)

    def on_card(self, standing: Standing, language: str) -> list[Block]:
        """Return what is still missing, by name, and what was confirmed; nothing where nobody was asked."""
        open_ones = missing(standing.case)
        given = [each for each in standing.case.confirmations if each.in_force]
        lines = [self.state(each, language) for each in (*open_ones, *given)[:MOST_ON_CARD]]
        title = "approval.missing" if open_ones else "approval.confirmed"
        told = self._phrases.say(language, title, lines=[Mrkdwn(line) for line in lines])
        holding = {(each.fact, each.part) for each in open_ones if each.claimed}
        in_its_way = any((each.fact, each.part) in holding for each in given)
        claim = [self._phrases.say(language, "approval.claim_keeps_open")] if in_its_way else []
        return [context(told, *claim)] if lines else []

    def request(self, standing: Standing, wanted: Sequence[Wanted], metadata: str, language: str) -> Block:
        """Return the modal of the asker: who was asked so far, and whom to ask."""
        say, case = self._phrases.label, standing.case
        blocks = [section(self._phrases.say(language, "approval.means"))]
        for each in case.confirmations[-10:]:
            recall = button(say(language, "approval.recall"), Action.RECALL, f"{case.id}|{each.id}")
            open_one = each.waiting or (each.claimed and not each.ended)
            blocks.append(section(self.state(each, language), recall if open_one else None))
        title, close = say(language, "approval.title"), say(language, "verdict.close")
        if not wanted:
            return modal(View.CONFIRM, title, [*blocks, context(say(language, "approval.nothing"))], close)
        facts = [option(self.what(fact, part, language), f"{fact}|{part}") for fact, part in wanted]
        capacities = [option(say(language, f"record.by_{name}"), name) for name in CAPACITIES]
        outside = [option(say(language, "approval.claim"), CLAIMED, say(language, "approval.claim_means"))]
        blocks += [
            input_block(say(language, "approval.which"), self._select(facts, language), WHAT),
            input_block(say(language, "approval.capacity"), self._select(capacities, language), CAPACITY),
            input_block(say(language, "approval.person"), self._person(language), PERSON, optional=True),
            input_block(say(language, "approval.else"), checkboxes(INPUT, outside, ()), CLAIMED, optional=True),
        ]
        return form(modal(View.CONFIRM, title, blocks, close), say(language, "approval.send"), metadata)

    def _select(self, options: list[Block], language: str) -> Block:
        placeholder = plain(self._phrases.label(language, "question.choose"), 150)
        return {"type": "static_select", "action_id": INPUT, "placeholder": placeholder, "options": options}

    def _person(self, language: str) -> Block:
        placeholder = plain(self._phrases.label(language, "question.choose"), 150)
        return {"type": "users_select", "action_id": INPUT, "placeholder": placeholder}

    def buttons(self, reference: str, language: str) -> list[Block]:
        """Return what can be said to a request; each opens a modal."""
        names = {"yes": Action.CONFIRM_YES, "no": Action.CONFIRM_NO, "back": Action.ASK_BACK}
        styles = {"yes": "primary", "no": "danger"}
        say = self._phrases.label
        return [button(say(language, f"approval.{n}"), a, reference, styles.get(n, "")) for n, a in names.items()]

    def answer(self, each: Confirmation, metadata: str, language: str, *, yes: bool) -> Block:
        """Return the modal in which a request is confirmed or refused, on record."""
        say = self._phrases.label
        name = "yes" if yes else "no"
        blocks = [
            section(
                self._phrases.say(language, f"approval.{name}_means", what=self.what(each.fact, each.part, language))
            )
        ]
        if yes:
            picker: Block = {"type": "datepicker", "action_id": INPUT}
            blocks.append(input_block(say(language, "approval.until"), picker, UNTIL, optional=True))
        blocks += self._writing("approval.words", "approval.words_kept", language, optional=True)
        view = modal(View.SAID, say(language, "approval.answer_title"), blocks, say(language, "question.cancel"))
        return form(view, say(language, f"approval.{name}"), metadata)

    def back(self, metadata: str, language: str) -> Block:
        """Return the modal in which somebody asks the asker something first."""
        say = self._phrases.label
        blocks = self._writing("approval.question", "approval.question_kept", language, optional=False)
        view = modal(View.ASK_BACK, say(language, "approval.back"), blocks, say(language, "question.cancel"))
        return form(view, say(language, "approval.send"), metadata)

    def _writing(self, label: str, kept: str, language: str, *, optional: bool) -> list[Block]:
        element: Block = {"type": "plain_text_input", "action_id": INPUT, "multiline": True, "max_length": LONGEST}
        words = input_block(self._phrases.label(language, label), element, WORDS, optional=optional)
        return [words, context(self._phrases.say(language, kept))]

    def on_home(self, asked: Sequence[Asked], language: str) -> Iterator[Block]:
        """Yield what a person is asked to confirm, and what they said, which they may take back."""
        for found in asked:
            each, reference = found.confirmation, f"{found.case_id}|{found.confirmation.id}"
            yield section(self.mine(each, language))
            if each.waiting:
                yield actions(self.buttons(reference, language), f"asked:{each.id}")
            elif each.in_force:
                yield actions([self._withdraw(reference, language)], f"asked:{each.id}")

    def delegation(self, found: Delegation | None, language: str) -> Block:
        """Return who stands in for the person, with the button that ends it, or that names somebody."""
        say = self._phrases.label
        if found is None:
            text = self._phrases.say(language, "approval.delegate_means")
            return section(text, button(say(language, "approval.delegate"), Action.DELEGATE, "delegate"))
        who = Mrkdwn(f"<@{found.delegate}>")
        text = self._phrases.say(language, "approval.delegated", who=who, until=found.until.isoformat())
        return section(text, button(say(language, "approval.end_delegation"), Action.END_DELEGATION, "end"))

    def delegating(self, language: str) -> Block:
        """Return the modal that names who stands in, and until when."""
        say = self._phrases.label
        blocks = [
            section(self._phrases.say(language, "approval.delegate_means")),
            input_block(say(language, "approval.delegate_to"), self._person(language), PERSON),
            input_block(say(language, "approval.delegate_until"), {"type": "datepicker", "action_id": INPUT}, UNTIL),
        ]
        view = modal(View.DELEGATE, say(language, "approval.delegate"), blocks, say(language, "question.cancel"))
        return form(view, say(language, "approval.send"), "delegate")

    def mine(self, each: Confirmation, language: str) -> str:
        """Return what is asked of a person, by whom, and how it stands."""
        asker = Mrkdwn(f"<@{each.asked_by}>") if each.asked_by else self._phrases.label(language, "approval.somebody")
        how = self.state(each, language)
        return self._phrases.say(language, "approval.mine", asker=asker, state=Mrkdwn(how))

    def _withdraw(self, reference: str, language: str) -> Block:
        label, deny = (self._phrases.label(language, name) for name in ("approval.withdraw", "question.cancel"))
        means = self._phrases.label(language, "approval.withdraw_means")
        return {**button(label, Action.WITHDRAW, reference), "confirm": confirm(label, means, deny)}

    def told(self, kind: str, each: Confirmation, verdict: str, language: str, words: str = "") -> str:
        """Return what the asker is told: what was said, and the verdict now (empty: a question is open again)."""
        until: date | None = each.until
        return self._phrases.say(
            language,
            f"approval.told_{kind}",
            who=self.who(each, language),
            what=self.what(each.fact, each.part, language),
            until=until.isoformat() if until else "",
            words=Mrkdwn("\n".join(f"> {line}" for line in escape(words).splitlines())),
            verdict=verdict,
        )
