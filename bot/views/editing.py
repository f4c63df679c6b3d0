"""Answers looked at and changed → Block Kit: the summary of all, and what a change would do before it does it."""

from collections.abc import Iterator

from bot.ids import Action, View
from bot.rendering import Phrases
from bot.views.blocks import Block, actions, button, confirm, context, form, modal, section, sections
from bot.views.insight import InsightViews
from bot.views.question import QuestionViews, reference
from bot.views.told import told
from conversations.interview import Step
from conversations.preview import Preview
from conversations.service import Standing


class EditingViews:
    """Speaks summaries and previews in both languages."""

    def __init__(self, phrases: Phrases, questions: QuestionViews, insights: InsightViews) -> None:
        """Word answers as the cards do, and verdicts as their cards do."""
        self._phrases = phrases
        self._questions = questions
        self._insights = insights

    def summary(self, standing: Standing, language: str) -> Block:
        """Return the modal with every answer that counts, each with a button to change it, and one to start over."""
        label, case = self._phrases.label, standing.case
        answered = [step for step in standing.progress.steps if step.choice is not None]
        blocks = [self._answer(standing, step, language) for step in answered]
        if (current := standing.progress.current) is not None:
            question = self._questions.title(case, current, language)
            blocks.append(context(self._phrases.say(language, "edit.open", question=question)))
        if answered:
            again = button(label(language, "edit.start_over"), Action.START_OVER, case.id, "danger")
            means, deny = label(language, "edit.start_over_means"), label(language, "question.cancel")
            asked = confirm(label(language, "edit.start_over"), means, deny)
            blocks.append(actions([{**again, "confirm": asked}], "start_over"))
        else:
            blocks.insert(0, section(self._phrases.say(language, "edit.nothing_answered")))
        return self._modal(View.SUMMARY, "edit.summary", blocks, "verdict.close", language)

    def _answer(self, standing: Standing, step: Step, language: str) -> Block:
        change = button(self._phrases.label(language, "question.change"), Action.CHANGE, reference(standing.case, step))
        text = self._phrases.say(language, "edit.answer", **self._questions.told(standing.case, step, language))
        return {**section(text, change), "block_id": f"answer:{step.card.id}"}

    def preview(self, preview: Preview, metadata: str, language: str) -> Block:
        """Return the modal that tells what the change would do, to be applied or not."""
        words = self._questions.told(preview.before.case, preview.step, language)
        blocks = [
            section(self._phrases.say(language, "edit.answer", **words)),
            *self._withdrawn(preview, language),
            *self._verdict(preview, language),
        ]
        view = self._modal(View.APPLY, "edit.apply_title", blocks, "edit.keep", language)
        return form(view, self._phrases.label(language, "edit.apply"), metadata)

    def _withdrawn(self, preview: Preview, language: str) -> list[Block]:
        topics = [card.topic.say(language) for card in preview.withdrawn]
        lines = self._phrases.say(language, "edit.withdraws", topics=topics).split("\n") if topics else []
        return [{**block, "block_id": f"withdraws:{n}"} for n, block in enumerate(sections(lines))]

    def _verdict(self, preview: Preview, language: str) -> Iterator[Block]:
        before, after = (self._word(verdict, language) for verdict in (preview.verdict, preview.new_verdict))
        names = {(True, True): "moves", (True, False): "reopens", (False, True): "settles"}
        name = names.get((bool(before), bool(after)))
        if name == "moves" and before == after:
            name = "stands"
        if name:
            words = {"before": before, "after": after, "at_most": preview.at_most}
            block_id = f"verdict:{preview.verdict or 'open'}:{preview.new_verdict or 'open'}"
            yield {**section(self._phrases.say(language, f"edit.{name}", **words)), "block_id": block_id}

    def _word(self, verdict: str | None, language: str) -> str:
        return self._insights.word(verdict, language) if verdict else ""

    def started_over(self, language: str) -> Block:
        """Return what takes the place of the summary once everything is void."""
        return told(self._phrases, self._phrases.say(language, "edit.started_over"), language)

    def _modal(self, callback_id: str, title: str, blocks: list[Block], close: str, language: str) -> Block:
        label = self._phrases.label
        return modal(callback_id, label(language, title), blocks, label(language, close))
