"""The checklist ①–⑦ → Block Kit: in a line, as a table in the thread, and in a modal."""

from bot.ids import View
from bot.rendering import Phrases
from bot.views.blocks import Block, context, data_table, modal, section
from knowledge.models import Knowledge
from rules.models import Evaluation

MARKS = dict(zip("1234567", "①②③④⑤⑥⑦", strict=True))


class ChecklistViews:
    """Speaks the checklist in both languages."""

    def __init__(self, phrases: Phrases, knowledge: Knowledge) -> None:
        """Read the items from the guideline's passages."""
        self._phrases = phrases
        self._knowledge = knowledge

    def line(self, evaluation: Evaluation, language: str) -> Block:
        """Return every item's status in a line."""
        obligation = self._phrases.label(language, f"verdict.obligation_{evaluation.obligation}")
        items = [{"mark": MARKS[item], "word": self._told(evaluation, item, language)} for item in MARKS]
        return section(self._phrases.say(language, "verdict.checklist", obligation=obligation, items=items))

    def table(self, evaluation: Evaluation, language: str) -> Block:
        """Return each item in the guideline's words, with its status, as a table; its id tells the codes."""
        head = [self._phrases.label(language, f"checklist.{name}") for name in ("item", "status", "words")]
        rows = [[MARKS[item], self._told(evaluation, item, language), self._words(item, language)] for item in MARKS]
        codes = ":".join(evaluation.checklist[item] for item in MARKS)
        caption = self._phrases.label(language, "verdict.whole_list")
        return data_table([head, *rows], caption, f"checklist:{codes}")

    def modal(self, evaluation: Evaluation, language: str) -> Block:
        """Return each item with its status; a modal takes no table."""
        items = [
            {
                **section(self._phrases.say(language, "verdict.whole_item", mark=MARKS[item],
                    status=self._told(evaluation, item, language), words=self._words(item, language))),
                "block_id": f"item:{item}:{evaluation.checklist[item]}",
            }
            for item in MARKS
        ]  # fmt: skip
        title = self._phrases.label(language, "checklist.title")
        blocks = [self.line(evaluation, language), *items, context(self._phrases.say(language, "checklist.rendering"))]
        return modal(View.CHECKLIST, title, blocks, self._phrases.label(language, "verdict.close"))

    def _words(self, item: str, language: str) -> str:
        passage = self._knowledge.passages[f"check.{item}"]
        return " ".join((passage.ja if language == "ja" else passage.en).split()).removeprefix(MARKS[item]).strip()

    def status(self, evaluation: Evaluation, item: str) -> str:
        """Return the status of an item; what ⑥ asks for is fulfilled where the data are public."""
        status = evaluation.checklist[item]
        public = evaluation.facts["already_public"] == "yes"
        return "fulfilled" if status == "required" and public else status

    def _told(self, evaluation: Evaluation, item: str, language: str) -> str:
        return self._phrases.label(language, f"verdict.{self.status(evaluation, item)}")
