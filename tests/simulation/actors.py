"""What a researcher does with what Slack shows them, and what leaders and the desk do about it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.playground import payloads
from tests.bot.driver import Researcher
from tests.simulation.institution import ROOM, Institution
from tests.simulation.plan import DAY, DESK, HOUR, LEAVES, Inquiry
from tests.simulation.staff import MOVES, at_desk, has, values

Next = Callable[[], None]
QUESTION = "実験データをAIに入れてもいいですか？"
MOST = 30
"""Nobody answers more cards of one check, questions that came up later among them."""
UNANSWERED = "What does the guideline say about GakuNin RDM fees?"
"""No passage answers it, and two of its words are not understood."""


class Asker:
    """One inquiry: asked, answered card after card as long as its asker cares, and followed up."""

    def __init__(self, world: Institution, inquiry: Inquiry, later: Callable[[timedelta, Next], None]) -> None:
        """`later` puts off what is done next; the person is a copy who looks at this thread alone."""
        self.world, self.inquiry, self._later = world, inquiry, later
        who = world.researchers[inquiry.who]
        self.person = Researcher(world.office, who.id, who.direct, who.room)
        self.given: list[str] = []
        self.approver, self.case, self.has_read = "", "", False

    def begins(self) -> None:
        """Ask, in one way or another; every event of it may come twice."""
        self.person.office = self.world.office
        if self.inquiry.twice:
            self._says_twice()
        elif self.inquiry.number % 3 == 1:
            self.person.asks_directly(QUESTION)
        else:
            self.person.asks(QUESTION)
        self._later(timedelta(minutes=2), self.goes_on)

    def _says_twice(self) -> None:
        """Mention the bot; Slack sends both events of it twice, with the same id."""
        office, person = self.world.office, self.person
        person.channel = person.room
        content = {"user": person.id, "text": f"<@{office.workspace.bot}> {QUESTION}", "team": office.workspace.team}
        message = office.workspace.post(person.room, content)
        person.thread = message["ts"]
        told = payloads.message_events(office.workspace, office.workspace.channels[person.room], message)
        sent = [payloads.encode_event(payloads.event(office.workspace, inner)) for _, inner in told]
        office.send_at_once([*sent, *sent])

    def goes_on(self) -> None:
        """Answer what is asked, until the verdict or until they have something else to do."""
        self.person.office = self.world.office
        if self.world.in_outage:
            if self.person.asked and not self._has_enough:
                self._answers()  # acknowledged; what comes of it is seen once Slack is back
            self._later(3 * HOUR, self.goes_on)
            return
        self.case = self.person.standing().case.id
        while self.person.asked and not self._has_enough:
            assert len(self.given) < MOST, f"{self.inquiry} is asked on and on: {self.given}, {self.person.notes()}"
            self._answers()
        if self._has_enough:
            return
        if self.person.verdicts() and not self.has_read:
            self.has_read = True
            self._reads_the_verdict()

    @property
    def _has_enough(self) -> bool:
        return self.inquiry.stops_after is not None and len(self.given) >= self.inquiry.stops_after

    def _answers(self) -> None:
        card = self.person.asked[0]
        button, parts = self.inquiry.way(card)
        before = len(self.person.everything())
        if self.inquiry.twice and button:
            self._clicks_twice(card, button)
        else:
            self.person.answers(card, button, **parts)
        self.given.append(card)
        assert self.world.in_outage or len(self.person.everything()) >= before

    def _clicks_twice(self, card: str, button: str) -> None:
        """Press a button twice before anything changes."""
        message = self.person.cards(card)[-1]
        names = [name for _, name in payloads.elements(message["blocks"])]
        action = next(name for name in names if name.split(":")[-1] == button)
        sent = [payloads.encode_interaction(self.person.payload(action, message)) for _ in range(2)]
        self.world.office.send_at_once(sent)

    def _reads_the_verdict(self) -> None:
        inquiry, person = self.inquiry, self.person
        if names := [name for name, done in person.boxes().items() if not done][: inquiry.ticks]:
            person.ticks(*names)
        if inquiry.objects:
            person.presses("object.verdict", on=person.verdict_message())
            person.submits(objection=["too_strict"], expected=["confirm_first"])
        if inquiry.asks and has(person.verdict_message(), "approval.open"):
            self._later(timedelta(minutes=5), lambda: self.asks_a_leader(inquiry.asks))
        if inquiry.to_desk and has(person.verdict_message(), "desk.ask"):
            self._later(timedelta(minutes=10), self.asks_the_desk)

    def asks_a_leader(self, leader: str) -> None:
        """Name a leader; who left cannot be asked, and then it is somebody else."""
        if self._waits_for_slack(lambda: self.asks_a_leader(leader)):
            return
        person = self.person
        person.presses("approval.open", on=person.verdict_message())
        told = {"what": ["leader_approval|"], "capacity": ["leader"], "claimed": [], "person": [leader]}
        wrong = person.submits(**told)
        if wrong:
            assert wrong == {"person": "approver_left"}, wrong
            assert leader == LEAVES["leader"]
            person.submits(**{**told, "person": ["ULEAD1"]})
            leader = "ULEAD1"
        self.approver = leader
        if self.inquiry.leader_says != "nothing":
            self._later(self.inquiry.patience, lambda: self.leader_answers(self.inquiry.leader_says))

    def leader_answers(self, says: str) -> None:
        """The leader reads their message and does something about it."""
        if self._waits_for_slack(lambda: self.leader_answers(says)):
            return
        if self.world.office.workspace.people[self.approver].deleted:
            return
        leader = self.world.person(self.approver, "")
        leader.channel = leader.direct
        (message,) = [m for m in self.world.got(self.approver) if self.case in values(m, "approval.yes")]
        if says == "back":
            leader.presses("approval.back", on=message)
            leader.submits(words=["Which plan?"])
            self._later(3 * HOUR, lambda: self.leader_answers("yes"))
            return
        until = {"until": [self.world.day(2 * DAY)] if says == "for_two_days" else []} if says != "no" else {}
        leader.presses("approval.no" if says == "no" else "approval.yes", on=message)
        leader.submits(words=["On record."], **until)
        self._later(2 * HOUR, self.goes_on)  # there may be more to answer now

    def asks_the_desk(self) -> None:
        """Press the button under the verdict, twice where clicks are doubled."""
        if self._waits_for_slack(self.asks_the_desk):
            return
        verdict = self.person.verdict_message()
        sent = payloads.encode_interaction(self.person.payload("desk.ask", verdict))
        self.world.office.send_at_once([sent, sent] if self.inquiry.twice else [sent])
        self._later(self.inquiry.patience, lambda: self.desk_moves(self.inquiry.desk_does))

    def desk_moves(self, moves: Sequence[str]) -> None:
        """Somebody of the desk does something with the card in the desk's channel, and the next thing later."""
        if not moves or self._waits_for_slack(lambda: self.desk_moves(moves)):
            return
        member = self.world.person(self._member())
        (card,) = [m for m in self.world.office.workspace.messages[ROOM] if at_desk(m) == self.case]
        verdict = self.person.verdicts()
        MOVES[moves[0]](self.world, member, card, verdict[0] if verdict else "")
        self._later(2 * HOUR, lambda: self.desk_moves(moves[1:]))

    def _member(self) -> str:
        """Whoever is meant, or who is still there."""
        gone = self.world.office.workspace.people[self.inquiry.member].deleted
        return DESK[0] if gone else self.inquiry.member

    def _waits_for_slack(self, again: Next) -> bool:
        self.person.office = self.world.office
        if self.world.in_outage:
            self._later(3 * HOUR, again)
        return self.world.in_outage
