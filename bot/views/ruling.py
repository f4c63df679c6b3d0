"""What people at the desk decided → Block Kit: the ruling on a check, and what was ruled on others before."""

from collections.abc import Sequence

from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import Block, context, section
from bot.views.insight import InsightViews
from conversations.rulings import Precedent, Ruling, key_of
from conversations.service import Standing
from knowledge.models import Institution
from rules.models import Evaluation


class RulingViews:
    """Speaks rulings in both languages."""

    def __init__(self, phrases: Phrases, insights: InsightViews, institution: Institution | None) -> None:
        """Name verdicts as the cards do, and offices as the institution does."""
        self._phrases = phrases
        self._insights = insights
        self._institution = institution

    def office(self, office: str, language: str) -> str:
        """Return the name of an office; its code where the overlay names it no more."""
        contact = self._institution.contact(office) if self._institution else None
        return contact.name.say(language) if contact else office

    def ruled(
        self, ruling: Ruling, standing: Standing, evaluation: Evaluation, language: str, *, by: bool = False
    ) -> list[Block]:
        """Return the ruling, marked as a person's; `by`: with who it was, for the desk alone."""
        text = self._phrases.say(
            language,
            "desk.ruling",
            word=self._insights.word(ruling.verdict, language),
            judged=self._insights.word(ruling.judged, language),
            person=Mrkdwn(f"<@{ruling.by}>") if by else "",
            day=ruling.at.date().isoformat(),
            reason=ruling.reason,
            office=self.office(ruling.office, language) if ruling.office else "",
            passages=self._sections(standing, ruling.passages),
        )
        stands = ruling.key == key_of(standing.book.rulebook.rulebase, evaluation)
        note = self._phrases.say(language, "desk.ruling_stands" if stands else "desk.ruling_past")
        return [{**section(text), "block_id": f"ruling:{ruling.verdict}"}, context(note)]

    def _sections(self, standing: Standing, passages: Sequence[str]) -> list[str]:
        known = standing.book.knowledge.passages
        return [f"{known[name].section} ({name})" if name in known else name for name in passages]

    def before(self, precedents: Sequence[Precedent], language: str) -> list[Block]:
        """Return what was ruled on other checks in which the same rules fired; nothing where there is none."""
        told = [
            {
                "month": each.month,
                "word": self._insights.word(each.verdict, language),
                "judged": self._insights.word(each.judged, language),
                "office": self.office(each.office, language) if each.office else "",
                "passages": each.passages,
            }
            for each in precedents
        ]
        if not told:
            return []
        text = self._phrases.say(language, "desk.precedents", precedents=told)
        note = self._phrases.say(language, "desk.precedents_note")
        return [{**section(text), "block_id": "precedents"}, context(note)]
