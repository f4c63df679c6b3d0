"""What came of a run: cases, approvals, desk cases and digests, each as it must be at the end."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.digest.report import Reporter
from bot.playground.workspace import TEAM, Message
from bot.rendering import Mrkdwn
from conversations.desk import Wanted
from conversations.digest import TABLES
from conversations.figures import monday_of, name_of
from conversations.store.sql import SqlStore
from tests.simulation.actors import Asker
from tests.simulation.institution import ROOM, Institution
from tests.simulation.plan import LEAVES, OFFICERS, WEEK
from tests.simulation.recount import Figure, faults_of, kept, recount
from tests.simulation.staff import at_desk, shown


@dataclass
class Outcome:
    """What was counted, and everything that is not as it should be."""

    counted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Checks:
    """Everything that must hold at the end."""

    def __init__(self, world: Institution, askers: Sequence[Asker]) -> None:
        self.world, self.office, self.askers = world, world.office, askers
        for asker in askers:
            asker.person.office = self.office
        store = self.office.tools.conversations.store
        assert isinstance(store, SqlStore)
        self.rows = store.run
        self.counted = Counter[str]()

    def outcome(self) -> Outcome:
        parts = (self._cases, self._approvals, self._desk, self._digests, self._nothing_waits)
        return Outcome(self.counted, [fault for part in parts for fault in part()])

    def _cases(self) -> Iterator[str]:
        """Each case has its verdict, once; or it was left, and its asker was reminded of it."""
        told = {row["case_id"] for row in self.rows("SELECT case_id FROM receipts WHERE number = 1")}
        (number,) = self.rows("SELECT count(*) AS cases FROM cases")
        if number["cases"] != len(self.askers):
            yield f"{len(self.askers)} people asked, and there are {number['cases']} cases"
        for asker in self.askers:
            person, case = asker.person, asker.person.standing().case.id
            verdicts = person.verdicts()
            self.counted.update(["cases", *(f"verdict {name}" for name in verdicts)])
            if case in told:
                again = bool(person.asked) and "expired" in {c.ended for c in person.standing().case.confirmations}
                if len(verdicts) != 1 and not again:
                    yield f"case {asker.inquiry.number} shows the verdicts {verdicts}"
                self.counted["open again"] += again
            elif verdicts or not person.asked:
                yield f"case {asker.inquiry.number} has no receipt, shows {verdicts} and asks {person.asked}"
            elif self._reminded(asker) != 1:
                yield f"case {asker.inquiry.number} was left, and its asker was told so {self._reminded(asker)} times"
            else:
                self.counted["left"] += 1

    def _reminded(self, asker: Asker) -> int:
        language = self.office.workspace.people[asker.person.id].locale[:2]
        words = self.office.tools.phrases.say(language, "notice.reminder", asker=Mrkdwn(f"<@{asker.person.id}>"))
        return sum(message["text"] == words for message in asker.person.from_bot())

    def _approvals(self) -> Iterator[str]:
        """Each request was answered, is over, or is shown as waiting to both sides; who left is told of."""
        threads = {asker.case: asker for asker in self.askers}
        for row in self.rows("SELECT * FROM confirmations WHERE claimed = 0"):
            self.counted["approvals"] += 1
            if row["value"] or row["ended"]:
                self.counted["approvals answered"] += 1
                continue
            self.counted["approvals waiting"] += 1
            asker, person = threads[row["case_id"]], row["person"]
            if person not in shown(asker.person.verdict_message()):
                yield f"the verdict of {asker.inquiry.number} does not say that {person} is waited for"
            if self.office.workspace.people[person].deleted:
                if not [m for m in asker.person.from_bot() if person in m["text"]]:
                    yield f"nobody was told that {person} left before they answered {asker.inquiry.number}"
            elif f"{row['case_id']}|{row['id']}" not in shown(self.world.person(person).opens_home().home):
                yield f"Home of {person} does not show what waits for them"

    def _desk(self) -> Iterator[str]:
        """Each case at the desk is closed, or in the queue; its card says where it stands."""
        cards = {at_desk(m): m for m in self.office.workspace.messages.get(ROOM, []) if at_desk(m)}
        queue = {q.case.id for q in self.office.tools.conversations.store.desk_queue(TEAM, Wanted(), None, 10_000)}
        for row in self.rows("SELECT * FROM desk_cases"):
            self.counted.update(["desk cases", f"desk {row['state']}"])
            if (row["state"] == "closed") == (row["case_id"] in queue):
                yield f"the desk's case {row['case_id']} is {row['state']} and in the queue or not"
            if row["holder"] == LEAVES["desk"] and row["state"] != "closed":
                yield f"the desk's case {row['case_id']} is held by who left"
            card = cards.get(row["case_id"])
            if card is None or f"desk:{row['state']}" not in [b["block_id"] for b in card["blocks"]]:
                yield f"the card of the desk's case {row['case_id']} does not say that it is {row['state']}"

    def _digests(self) -> Iterator[str]:
        """Each officer got the digest of each week once, and it tells what a recount tells."""
        first = self.world.monday.date()
        weeks = [name_of(first + WEEK * number) for number in range(self.world.plan.weeks)]
        closed = kept(self.world.store)
        if [*closed][-len(weeks) :] != weeks:
            yield f"the weeks {weeks} were to be closed, and these were: {[*closed]}"
            return
        for week in weeks:
            at, figures = closed[week]
            since = (self.world.monday + (monday_of(week) - first)).timestamp()
            true = recount(self.world.store, since, since + WEEK.total_seconds(), at)
            for figure in sorted({*true, *figures}):
                number, told = true.get(figure, 0), figures.get(figure, 0)
                if number != told:
                    yield f"{week} {figure}: {told} was kept, and a recount says {number}"
            for officer in OFFICERS:
                yield from (f"{week} {officer}: {fault}" for fault in self._told(officer, week, true))

    def _told(self, officer: str, week: str, true: Mapping[Figure, int]) -> Iterator[str]:
        """What is wrong with the digest of a week as the officer got it."""
        language = self.office.workspace.people[officer].locale[:2]
        messages = [m for m in self.world.got(officer) if _digest(m) and week in shown(m["blocks"][0])]
        files = [
            f for m in self.world.got(officer) for f in m.get("files", []) if f["name"].startswith(f"digest-{week}")
        ]
        if (len(messages), len(files)) != (1, 4):
            yield f"{len(messages)} messages and {len(files)} files"
            return
        self.counted["digests"] += 1
        content, _ = self.office.slack.api.files.fetch(next(f["id"] for f in files if f["name"].endswith("csv"))) or (
            b"",
            "",
        )
        told: dict[str, dict[str, str]] = {}
        for table, name, cell, _ in itertools.islice(csv.reader(io.StringIO(content.decode("utf-8-sig"))), 1, None):
            told.setdefault(table, {})[name] = cell
        say, names = self.office.tools.phrases.label, self._names()
        for table in TABLES:
            rows = told.pop(say(language, f"digest.table_{table}"))
            counts = {names(table, name, language): n for (figure, name), n in true.items() if figure == table}
            if {*rows} == {say(language, "digest.withheld")}:
                continue
            rows.pop(say(language, "digest.empty"), None)
            yield from (f"{table}: {fault}" for fault in faults_of(counts, rows))
        headline = told[say(language, "digest.table_headline")]
        for kind, figure in {"started": "started", "finished": "verdict", "left": "left"}.items():
            number = sum(n for (each, _), n in true.items() if each == figure)
            name = say(language, f"digest.{kind}")
            yield from faults_of({name: number}, {name: headline[name]})

    def _names(self) -> Callable[[str, str, str], str]:
        tools = self.office.tools
        book = tools.conversations.library.of(TEAM).current()
        return Reporter(tools.phrases, tools.views(book), book)._name

    def _nothing_waits(self) -> Iterator[str]:
        left = self.office.tools.conversations.store.backlog()
        if left.jobs or left.letters:
            yield f"left undone: {left}"
        for row in self.rows("SELECT name, channel, error, attempts FROM letters WHERE stage = 'dead'"):
            yield f"given up: {row['name']} to {row['channel']}, {row['error']} after {row['attempts']} attempts"
        yield from (f"Slack refused: {refusal}" for refusal in self.office.take_refusals())
        outage = [line for line in self.world.complaints if not line.startswith("slack_sdk")]
        yield from (f"the log has: {line}" for line in (*outage, *self.office.take_complaints()))


def _digest(message: Message) -> bool:
    return bool((message.get("blocks") or [{}])[0].get("block_id") == "digest")
