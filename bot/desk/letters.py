"""What the desk's channel and the asker's thread are to show of a case at the desk → letters.

Whoever calls this is in a transaction of the store: the letters are written with what caused them, or not at all.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from bot.rendering import Mrkdwn, Phrases
from bot.views.blocks import Block, section
from bot.views.contacts import Contacts
from bot.views.desk import DeskViews, at
from bot.views.draft import draft_card
from bot.views.speaking import views_of
from conversations.alarms import FIRST
from conversations.desk import CASE, DeskCase
from conversations.desk_work import DeskWork
from conversations.drafts import Draft
from conversations.service import Conversations, Standing
from conversations.store.outbox import AT_DESK
from conversations.store.protocol import Letter

NOTE = ":note:"
"""What follows a card's name in that of a word under it."""


class DeskLetters:
    """Queues cards and words."""

    def __init__(
        self, conversations: Conversations, work: DeskWork, phrases: Phrases, clock: Callable[[], datetime]
    ) -> None:
        """Show what `work` says of cases."""
        self._conversations = conversations
        self._work = work
        self._store = conversations.store
        self._phrases = phrases
        self._clock = clock

    def channel(self, workspace: str) -> str:
        """Return where the desk's cards are posted: the set channel, else the desk's own; empty for none."""
        institution = self._work.institution(workspace)
        contact = institution.contact("desk") if institution else None
        return self._work.settings(workspace).channel or (contact.channel if contact else "")

    def views(self, workspace: str, standing: Standing | None) -> DeskViews:
        """Return what speaks of a case: by the edition of its check, or today's."""
        book = standing.book if standing else self._conversations.library.of(workspace).current()
        return DeskViews(self._phrases, views_of(self._phrases, book), self._work.institution(workspace))

    def show(self, case: DeskCase) -> None:
        """Queue the cards that do not show the case as it stands."""
        file, language = self._work.file(case), self._work.settings(case.workspace).language
        blocks = self.views(case.workspace, file.standing).card(file, self._clock(), language)
        for name, channel in self._places(case):
            self._put_card(case.workspace, name, channel, blocks)
        channel = self.channel(case.workspace)
        if channel:
            self._work.shown_in(case, channel)

    def _places(self, case: DeskCase) -> Iterator[tuple[str, str]]:
        """The desk's channel, and that of the office that has the case."""
        desk = self.channel(case.workspace)
        if desk:
            yield card_name(case), desk
        institution = self._work.institution(case.workspace)
        contact = institution.contact(case.office) if institution and case.office else None
        if contact and contact.channel not in ("", desk):
            yield f"{card_name(case)}:{case.office}", contact.channel

    def _put_card(self, workspace: str, name: str, channel: str, blocks: list[Block], *, anew: bool = False) -> None:
        state, before = f"desk:{_digest(blocks, channel)}", self._store.desk_posted(workspace, name)
        if anew or before is None or before.state != state:
            body = {"text": blocks[0]["text"]["text"], "blocks": blocks}
            key = _digest(name, state, self._clock().isoformat())
            lane, now = f"{channel}:{name}", self._clock()
            update = not anew and before is not None
            self._store.put_letter(Letter(workspace, "", name, state, lane, channel, "", body, key, now, update=update))

    def follow(self, standing: Standing, language: str) -> None:
        """Let the desk's card keep up with its check, and bring a check there that the overlay sends by its verdict."""
        case = self._store.desk_case(standing.case.place.workspace, standing.case.id)
        if case is not None:
            self.show(case)
        elif standing.progress.current is None and (brought := self._work.bring(standing)):
            self.show(brought)
            asker = Mrkdwn(f"<@{standing.case.asker}>")
            self.tell(brought, "asked_by_rule", f"by_rule:{brought.id}", language, asker=asker)

    def tell(self, case: DeskCase, name: str, key: str, language: str, **values: object) -> None:
        """Queue words for the asker, in their thread; nothing where nobody is there to hear them."""
        file = self._work.file(case)
        if not file.asker:
            return
        desk = self.desk_name(case.workspace, language)
        text = self._phrases.say(
            language, f"desk.{name}", **{"desk": desk, "asker": Mrkdwn(f"<@{file.asker}>"), **values}
        )
        self._store.put_letter(
            Letter(
                case.workspace,
                case_id=case.id if case.about == CASE else "",
                name=f"from_desk:{key}",
                state=name,
                lane=f"{file.place.channel}:{file.place.thread}",
                channel=file.place.channel,
                thread=file.place.thread,
                body={"text": text, "blocks": [section(text)]},
                key=key,
                at=self._clock(),
            )
        )

    def desk_name(self, workspace: str, language: str, office: str = "desk") -> str:
        """Return what an office is called, the desk where that is not known."""
        institution = self._work.institution(workspace)
        contact = (institution.contact(office) or institution.contact("desk")) if institution else None
        return contact.name.say(language) if contact else self._phrases.label(language, "reply.office_desk")

    def contact(self, workspace: str, language: str) -> Mrkdwn:
        """Return how the desk is reached otherwise."""
        return Contacts(self._phrases, self._work.institution(workspace)).say("desk", language)

    def first_due(self, case: DeskCase) -> Mrkdwn | str:
        """Return until when a first answer is due; empty where there is none to wait for."""
        due = self._work.file(case).due.get(FIRST)
        return at(due) if due else ""

    def note(self, case: DeskCase, key: str, text: str) -> None:
        """Queue a word under the desk's card: under the message that shows it once the word is sent."""
        if channel := self.channel(case.workspace):
            name = f"{card_name(case)}{NOTE}{key}"
            lane, body = f"{channel}:{card_name(case)}", {"text": text, "blocks": [section(text)]}
            self._store.put_letter(
                Letter(case.workspace, "", name, "note", lane, channel, "", body, key, self._clock())
            )

    def put_anew(self, note: Letter) -> None:
        """Queue the card that somebody deleted as a new message, and the word after it. Raises NoSuchCase."""
        name = note.name.partition(NOTE)[0]
        file = self._work.file(self._work.get(note.workspace, name.removeprefix(AT_DESK)))
        language = self._work.settings(note.workspace).language
        blocks = self.views(note.workspace, file.standing).card(file, self._clock(), language)
        self._put_card(note.workspace, name, note.channel, blocks, anew=True)
        self._store.put_letter(replace(note, id=0, attempts=0, error=""))

    def show_draft(self, draft: Draft) -> None:
        """Queue the card of a draft in the desk's channel."""
        channel, language = self.channel(draft.workspace), self._work.settings(draft.workspace).language
        if channel:
            book = self._conversations.library.of(draft.workspace).current()
            blocks = draft_card(self._phrases, views_of(self._phrases, book).verdicts.insights, draft, language)
            self._put_card(draft.workspace, f"{AT_DESK}{draft.case_id}:draft", channel, blocks)


def card_name(case: DeskCase) -> str:
    """Return what the letters of a case's card in the desk's channel are called."""
    return f"{AT_DESK}{case.id}"


def _digest(*parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
