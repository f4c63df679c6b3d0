"""The statements about cases at the desk: where they stand, what happened to them, and the queue."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conversations.desk import Cursor, DeskCase, DeskEvent, Did, Queued, State, Wanted, id_at
from conversations.models import Place
from conversations.store.cases import CaseTables
from conversations.store.protocol import Posted
from conversations.store.tables import Row, Value, micros, moment
from knowledge.desk import PRIORITIES

WAITING = f"state <> '{State.CLOSED}'"
TEXTS = ("about", "state", "asker", "channel", "thread", "holder", "office", "posted_in")
LINE = """desk_cases.*, (SELECT verdict FROM receipts WHERE receipts.workspace = desk_cases.workspace
    AND receipts.case_id = desk_cases.case_id ORDER BY number DESC LIMIT 1) AS verdict"""


class DeskTables(CaseTables):
    """A case at the desk is a row that moves, and rows of what happened that only grow.

    Who moves one holds its check first, as whoever answers that does, so that neither waits for the other.
    """

    def put_desk_case(self, case: DeskCase, due_at: datetime | None) -> None:
        """Write the row anew."""
        row = {**_row(case), "due_at": _count(due_at)}
        names = ", ".join(row)
        given, changed = ", ".join(f":{name}" for name in row), ", ".join(f"{n} = excluded.{n}" for n in row)
        self.run(
            f"""INSERT INTO desk_cases ({names}) VALUES ({given})
            ON CONFLICT (workspace, case_id) DO UPDATE SET {changed}""",  # noqa: S608 - our own names
            **row,
        )

    def desk_case(self, workspace: str, case_id: str) -> DeskCase | None:
        """Return the case; inside a transaction its row is held, also before there is one."""
        if self.in_transaction:
            self._hold_case(workspace, case_id)
            self.hold("desk", workspace, case_id)
        rows = self.run(
            "SELECT * FROM desk_cases WHERE workspace = :workspace AND case_id = :case_id",
            workspace=workspace,
            case_id=case_id,
        )
        return _case(rows[0]) if rows else None

    def add_desk_event(self, workspace: str, case_id: str, event: DeskEvent) -> int:
        """Append the event behind those that are there."""
        with self.transaction():
            self.hold("desk", workspace, case_id)
            rows = self.run(
                """INSERT INTO desk_events (workspace, case_id, number, at, "by", kind, codes, words) VALUES
                (:workspace, :case_id,
                1 + (SELECT count(*) FROM desk_events WHERE workspace = :workspace AND case_id = :case_id),
                :at, :by, :kind, :codes, :words) RETURNING number""",
                workspace=workspace,
                case_id=case_id,
                at=micros(event.at),
                by=event.by,
                kind=event.kind,
                codes=json.dumps(dict(event.codes)),
                words=event.words,
            )
        return int(rows[0]["number"])

    def desk_events(self, workspace: str, case_id: str) -> tuple[DeskEvent, ...]:
        """Return what happened."""
        rows = self.run(
            "SELECT * FROM desk_events WHERE workspace = :workspace AND case_id = :case_id ORDER BY number",
            workspace=workspace,
            case_id=case_id,
        )
        return tuple(
            DeskEvent(moment(row["at"]), row["by"], Did(row["kind"]), json.loads(row["codes"]), row["words"])
            for row in rows
        )

    def desk_queue(self, workspace: str, wanted: Wanted, after: Cursor | None, limit: int) -> tuple[Queued, ...]:
        """Read the page by its index, which has the order of the queue."""
        only, values = _filtered(wanted)
        if after:
            only += " AND (urgency, since, case_id) > (:urgency, :since, :id)"
            values |= dict(zip(("urgency", "since", "id"), after, strict=True))
        rows = self.run(
            f"""SELECT {LINE} FROM desk_cases WHERE workspace = :workspace AND {only}
            ORDER BY urgency, since, case_id LIMIT :limit""",  # noqa: S608 - our own words
            workspace=workspace,
            limit=limit,
            **values,
        )
        return tuple(Queued(_case(row), row["verdict"]) for row in rows)

    def desk_length(self, workspace: str, wanted: Wanted) -> int:
        """Count the queue."""
        only, values = _filtered(wanted)
        (row,) = self.run(
            f"SELECT count(*) AS number FROM desk_cases WHERE workspace = :workspace AND {only}",  # noqa: S608
            workspace=workspace,
            **values,
        )
        return int(row["number"])

    def desk_workspaces(self) -> tuple[str, ...]:
        """Return whose desks there are."""
        rows = self.run("SELECT DISTINCT workspace FROM desk_cases ORDER BY workspace")
        return tuple(row["workspace"] for row in rows)

    def desk_due(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return what is due, the oldest first."""
        rows = self.run(
            "SELECT workspace, case_id FROM desk_cases WHERE due_at <= :now ORDER BY due_at", now=micros(now)
        )
        return tuple((row["workspace"], row["case_id"]) for row in rows)

    def desk_unposted(self) -> tuple[tuple[str, str], ...]:
        """Return what is shown in no channel, the oldest first."""
        rows = self.run(
            f"SELECT workspace, case_id FROM desk_cases WHERE posted_in = '' AND {WAITING} ORDER BY since"  # noqa: S608
        )
        return tuple((row["workspace"], row["case_id"]) for row in rows)

    def desk_closed_at(self, place: Place) -> bool:
        """Look for it by the check of the thread, and by the thread itself."""
        rows = self.run(
            """SELECT 1 FROM desk_cases WHERE workspace = :workspace AND state = 'closed' AND case_id IN (
            SELECT id FROM cases WHERE workspace = :workspace AND channel = :channel AND thread = :thread
            UNION ALL SELECT CAST(:id AS TEXT))""",
            workspace=place.workspace,
            channel=place.channel,
            thread=place.thread,
            id=id_at(place),
        )
        return bool(rows)

    def desk_posted(self, workspace: str, name: str) -> Posted | None:
        """Return the message of a card."""
        rows = self.run(
            "SELECT message, state FROM desk_posts WHERE workspace = :workspace AND name = :name",
            workspace=workspace,
            name=name,
        )
        return Posted(rows[0]["message"], rows[0]["state"]) if rows else None


def cursor_of(case: DeskCase) -> Cursor:
    """Return where a page ends whose last line is the case."""
    return PRIORITIES.index(case.priority), micros(case.since), case.id


def _filtered(wanted: Wanted) -> tuple[str, dict[str, Value]]:
    given = {"state": wanted.state, "office": wanted.office, "holder": wanted.holder}
    only = [f"{name} = :{name}" for name, value in given.items() if value]
    return " AND ".join([*only, *([] if wanted.state else [WAITING])]), {n: v for n, v in given.items() if v}


def _row(case: DeskCase) -> dict[str, Value]:
    return {
        "workspace": case.workspace,
        "case_id": case.id,
        "urgency": PRIORITIES.index(case.priority),
        "opened_at": micros(case.opened_at),
        "since": micros(case.since),
        "answered_at": _count(case.answered_at),
        "ended_at": _count(case.ended_at),
        "alarmed": " ".join(sorted(case.alarmed)),
        **{name: str(getattr(case, name)) for name in TEXTS},
    }


def _case(row: Row) -> DeskCase:
    texts: Mapping[str, Any] = {name: row[name] for name in TEXTS}
    return DeskCase(
        row["workspace"],
        row["case_id"],
        priority=PRIORITIES[row["urgency"]],
        opened_at=moment(row["opened_at"]),
        since=moment(row["since"]),
        answered_at=_moment(row["answered_at"]),
        ended_at=_moment(row["ended_at"]),
        alarmed=frozenset(row["alarmed"].split()),
        **{**texts, "state": State(row["state"])},
    )


def _count(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _moment(count: int | None) -> datetime | None:
    return None if count is None else moment(count)
