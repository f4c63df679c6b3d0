"""What the message of a request to confirm shows: brought up to date as the confirmation is answered or ends.

Whoever calls this is in a transaction of the store. Who got the message, and in which language, stands in its state.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from bot.direct import direct, last_words
from bot.rendering import Mrkdwn, Phrases
from bot.views.approval import ApprovalViews
from bot.views.blocks import Block, section
from conversations.models import CHANGED, Case, Confirmation
from conversations.service import Standing
from conversations.store.outbox import REQUEST
from conversations.store.protocol import Letter, Posted, Store

WAITING = "waiting"


class Shown(NamedTuple):
    """To whom a request went, in which language, and how it stood then; all empty where it is in no message."""

    to: str = ""
    language: str = ""
    how: str = ""

    @property
    def state(self) -> str:
        """Return it as the state of a part of the case."""
        return ":".join(self)


class Requests:
    """Keeps requests up to date, and tells once what a change of the case made void."""

    def __init__(self, store: Store, phrases: Phrases, clock: Callable[[], datetime]) -> None:
        """Say it by `phrases`."""
        self._store = store
        self._phrases = phrases
        self._views = ApprovalViews(phrases)
        self._clock = clock

    def ask(self, case: Case, each: Confirmation, to: str, language: str, told: tuple[str, list[Block]]) -> None:
        """Queue the request."""
        state = Shown(to, language, WAITING).state
        self._store.put_letter(direct(case, name_of(each), state, to, told, each.id, self._clock()))

    def follow(self, standing: Standing, language: str) -> None:
        """Bring the requests of a case up to date; `language`: the one of its thread."""
        case = standing.case
        posted = self._store.posted(case.place.workspace, case.id) if case.confirmations else {}
        void: list[Confirmation] = []
        for each in case.confirmations:
            before = posted.get(name_of(each), Posted("", Shown().state))
            shown, how = _shown(before), each.ended or each.value or WAITING
            if shown.how != how:
                self._show(case, each, before, shown._replace(how=how))
                void += [each] if each.ended == CHANGED and each.value else []
        if void:
            self._store.put_letter(self._to_asker(case, void, language))

    def _show(self, case: Case, each: Confirmation, before: Posted, shown: Shown) -> None:
        """Write into the message how it stands; who gave what is void is told, as nobody sees a message change."""
        name, key = name_of(each), f"{each.id}:{shown.how}"
        if not shown.to:
            self._store.set_posted(case.place.workspace, case.id, name, Posted(before.message, shown.state))
            return
        text, at = self._views.mine(each, shown.language), self._clock()
        told = text, [section(text)]
        self._store.put_letter(direct(case, name, shown.state, shown.to, told, key, at, update=True))
        if each.ended == CHANGED and each.value:
            what = self._views.what(each.fact, each.part, shown.language)
            asker = Mrkdwn(f"<@{case.asker}>")
            void = self._phrases.say(shown.language, "approval.void_to_giver", asker=asker, what=what)
            to = each.by or shown.to
            self._store.put_letter(direct(case, f"void:{each.id}", CHANGED, to, (void, [section(void)]), key, at))

    def _to_asker(self, case: Case, void: Iterable[Confirmation], language: str) -> Letter:
        lines = [Mrkdwn(self._views.state(each, language)) for each in void]
        text = self._phrases.say(language, "approval.void", asker=Mrkdwn(f"<@{case.asker}>"), lines=lines)
        key = f"void:{':'.join(each.id for each in void)}"
        place, at = case.place, self._clock()
        lane, body = f"{place.channel}:{place.thread}", {"text": text}
        return Letter(
            place.workspace, case.id, f"told:{key}", CHANGED, lane, place.channel, place.thread, body, key, at
        )

    def take_down(self, workspace: str, case_id: str, confirmations: Iterable[Confirmation]) -> None:
        """Say in the messages of these that the case is gone; to be called before it is."""
        posted = self._store.posted(workspace, case_id)
        for each in confirmations:
            before = posted.get(name_of(each), Posted("", Shown().state))
            shown = _shown(before)
            if shown.to and before.message:
                text = self._phrases.say(shown.language, "approval.gone")
                told = text, [section(text)]
                self._store.put_letter(last_words(workspace, before.message, shown.to, told, self._clock()))


def name_of(each: Confirmation) -> str:
    """Return what the message of a request is called in its case."""
    return f"{REQUEST}{each.id}"


def _shown(posted: Posted) -> Shown:
    return Shown(*posted.state.split(":")) if posted.state else Shown()
