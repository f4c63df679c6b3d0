"""A case that goes on elsewhere: at the new place it is shown anew, where it was a word is left."""

from collections.abc import Callable
from datetime import datetime

from bot.delivery import MOVED, QUIET, SEVERAL, VERDICT, WHOLE_LIST, Delivery, kind_of
from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import context, section
from conversations.models import Case, Place
from conversations.service import Conversations
from conversations.store.protocol import Letter, Posted

INTRO, CARD = "intro", "card:"
PARTS = (VERDICT, WHOLE_LIST, SEVERAL)


class Moving:
    """Moves cases. Whoever calls it is in a transaction."""

    def __init__(
        self, conversations: Conversations, delivery: Delivery, phrases: Phrases, clock: Callable[[], datetime]
    ) -> None:
        """Show by `delivery`, speak by `phrases`."""
        self._conversations = conversations
        self._store = conversations.store
        self._delivery = delivery
        self._phrases = phrases
        self._clock = clock

    def move(self, case: Case, place: Place, language: str) -> None:
        """Go on in a direct message with the asker; what the old thread shows of the case is taken back."""
        workspace = case.place.workspace
        shown = {name: posted for name, posted in self._store.posted(workspace, case.id).items() if _is_shown(name)}
        self._store.move_case(workspace, case.id, place)
        for name, posted in shown.items():
            if posted.message and kind_of(posted.state) not in QUIET:
                self._leave_a_word(case, name, posted.message, language)
        moved = self._conversations.case(workspace, case.id)
        self._delivery.bring_up_to_date(self._conversations.standing(moved), language)

    def _leave_a_word(self, case: Case, part: str, message: str, language: str) -> None:
        name, place, at = f"{MOVED}:{message}", case.place, self._clock()
        self._store.set_posted(place.workspace, case.id, name, Posted(message, ""))
        if part == INTRO:
            text = self._phrases.say(language, "entry.went_on", asker=Mrkdwn(f"<@{case.asker}>"))
        else:
            text = self._phrases.say(language, "entry.taken_back")
        self._store.put_letter(
            Letter(
                place.workspace,
                case_id=case.id,
                name=name,
                state=MOVED,
                lane=f"{place.channel}:{place.thread}",
                channel=place.channel,
                thread=place.thread,
                body={"text": text, "blocks": [section(text) if part == INTRO else context(text)]},
                key=f"{case.id}:{name}:{at.isoformat()}",
                at=at,
                update=True,
            )
        )


def _is_shown(name: str) -> bool:
    return name == INTRO or name in PARTS or name.startswith(CARD)
