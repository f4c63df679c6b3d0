"""What a changed answer would do before it does it: which answers it withdraws, and how the verdict moves."""

from dataclasses import dataclass, replace

from conversations.interview import Step
from conversations.models import Answer, Card, Choice
from conversations.renewal import ended, outdated
from conversations.service import Conversations, Standing


@dataclass(frozen=True)
class Preview:
    """A case before and after a change of one answer; `step`: the changed card with its new answer."""

    before: Standing
    after: Standing
    step: Step

    @property
    def withdrawn(self) -> tuple[Card, ...]:
        """Return the other cards whose answers would not count any more, in asking order.

        An answer that only waits for the card that would be asked next is not among them.
        """
        kept = self.after.book.interview.standing_answers(self.after.case)
        told = (step for step in self.before.progress.steps if step.choice is not None)
        return tuple(
            step.card for step in told if step.card.id != self.step.card.id and kept.get(step.card.id) != step.choice
        )

    @property
    def verdict(self) -> str | None:
        """Return the verdict that stands, if there is one."""
        return self.before.evaluation.verdict if self.before.evaluation else None

    @property
    def new_verdict(self) -> str | None:
        """Return the verdict that would stand; None where something has to be asked first."""
        return self.after.evaluation.verdict if self.after.evaluation else None

    @property
    def at_most(self) -> int:
        """Return how many questions could then come before a verdict, the one that is asked included."""
        progress = self.after.progress
        return 0 if progress.settled else 1 + progress.at_most

    @property
    def matters(self) -> bool:
        """Whether it takes anything away: an answer, or the verdict that stands."""
        return bool(self.withdrawn) or (self.verdict is not None and self.new_verdict != self.verdict)


def previewed(conversations: Conversations, standing: Standing, card_id: str, choice: Choice) -> Preview:
    """Return what another answer to the card would do; nothing is written. Raises OldCard, ChoiceError."""
    case, step = standing.case, standing.progress.step(card_id)
    standing.book.interview.check(case, card_id, choice)
    answer = Answer(card_id, choice, case.asker, case.started_at)  # when it is given moves nothing
    after = conversations.standing(replace(case, answers=(*case.answers, answer)))
    void = outdated(standing.book.interview.cards, standing.progress, after.progress, case)
    if void:
        after = conversations.standing(ended(after.case, void, conversations.now()))
    return Preview(standing, after, replace(step, choice=choice))
