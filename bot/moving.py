"""A case that goes on elsewhere: at the new place it is shown anew, where it was a word is left.

What was said once and still waits for the old place, such as the files of a record, a reminder or somebody's word, goes
to the new one. What went to other people stays with them.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bot.delivery import CARD, INTRO, MOVED, QUIET, RECORD, SEVERAL, VERDICT, WHOLE_LIST, Delivery, kind_of
from bot.ids import DIRECT
from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import context, section
from conversations.models import Case, Place
from conversations.service import Conversations
from conversations.store.protocol import Letter, Posted

PARTS = (INTRO, VERDICT, WHOLE_LIST, SEVERAL)


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

    def move(self, case: Case, place: Place, language: str, *, closed: bool = False) -> None:
        """Go on in a direct message with the asker; what the old thread shows of the case is taken back.

        `closed`: nothing can be written there any more, so answers to talk that wait for it come along, too.
        """
        waited = self._taken(case, closed=closed)
        posted = self._store.posted(case.place.workspace, case.id)
        there = [name for name in posted if _is_shown(name) or name.startswith(RECORD)]
        self._store.move_case(case.place.workspace, case.id, place, there)
        for name in () if closed else filter(_is_shown, there):
            if posted[name].message and kind_of(posted[name].state) not in QUIET:
                self._leave_a_word(case, name, posted[name].message, language)
        self._send_after(place, (each for each in waited if not each.file))  # a reminder comes before its question
        moved = self._conversations.case(case.place.workspace, case.id)
        self._delivery.bring_up_to_date(self._conversations.standing(moved), language)
        self._send_after(place, (each for each in waited if each.file))

    def _taken(self, case: Case, *, closed: bool) -> list[Letter]:
        """Take off what waits for the old place; return what is not shown anew at the new one."""
        place, handed = case.place, case.place.channel.startswith(DIRECT)

        def comes_off(letter: Letter) -> bool:
            """Words to whoever handed the case over are for them; its files are theirs no more."""
            own = letter.case_id == case.id and kind_of(letter.state) != MOVED
            return closed or (own and (not handed or bool(letter.file) or _is_shown(letter.name)))

        taken = self._store.take_letters(place.workspace, place.channel, place.thread, comes_off)
        follow = (each for each in taken if not (_is_shown(each.name) or kind_of(each.state) == MOVED))
        return [] if handed else list(follow)

    def _send_after(self, place: Place, letters: Iterable[Letter]) -> None:
        """Queue letters anew for the new place; an upload begins anew, too."""
        lane, channel, thread = f"{place.channel}:{place.thread}", place.channel, place.thread
        for letter in letters:
            anew = replace(letter, update=False, file_id="", uploaded=False)
            self._store.put_letter(replace(anew, lane=lane, channel=channel, thread=thread))

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
    """Whether the part shows how the case stands, so that it is drawn anew wherever that is."""
    return name in PARTS or name.startswith(CARD)
