"""The statements about cases: answers, receipts and the messages that show them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from conversations.models import Answer, Case, Choice, Confirmation, Place
from conversations.store.confirmations import ConfirmationTables
from conversations.store.details import OPEN, in_one
from conversations.store.protocol import Posted
from conversations.store.tables import Row, Value, micros


class CaseTables(ConfirmationTables):
    """Cases and what hangs on them. Inside a transaction, nobody else writes to a case that was read there."""

    def add_case(self, case: Case) -> None:
        """Write a new case."""
        self.run(
            """INSERT INTO cases
            (workspace, id, channel, thread, asker, started_at, programme, brand, edition, whole_list) VALUES
            (:workspace, :id, :channel, :thread, :asker, :started_at, :programme, :brand, :edition, :whole_list)""",
            **_row(case),
        )

    def case(self, workspace: str, case_id: str) -> Case | None:
        """Return the case with its answers, or None."""
        self._hold_case(workspace, case_id)
        rows = self.run(
            "SELECT * FROM cases WHERE workspace = :workspace AND id = :id", workspace=workspace, id=case_id
        )
        if not rows:
            return None
        return _case(rows[0], self._answers(workspace, case_id), self._confirmations(workspace, case_id))

    def case_at(self, place: Place) -> Case | None:
        """Return the case at the place, or None: then nobody else starts one there until the transaction ends."""
        if self.in_transaction:
            self.hold("place", place.workspace, place.channel, place.thread)
        rows = self.run(
            "SELECT id FROM cases WHERE workspace = :workspace AND channel = :channel AND thread = :thread",
            workspace=place.workspace,
            channel=place.channel,
            thread=place.thread,
        )
        return self.case(place.workspace, rows[0]["id"]) if rows else None

    def move_case(self, workspace: str, case_id: str, place: Place, gone: Iterable[str]) -> None:
        """Let the case be talked about elsewhere."""
        with self.transaction():
            self.run(
                "UPDATE cases SET channel = :channel, thread = :thread WHERE workspace = :workspace AND id = :id",
                workspace=workspace,
                id=case_id,
                channel=place.channel,
                thread=place.thread,
            )
            for name in gone:
                self.run(
                    "DELETE FROM posted WHERE workspace = :workspace AND case_id = :id AND name = :name",
                    workspace=workspace,
                    id=case_id,
                    name=name,
                )

    def cases(self, wanted: Callable[[str], bool] = lambda _: True) -> Iterator[Case]:
        """Yield every case of the workspaces wanted: the ids are read at once, each case when its turn comes."""
        for key in self.run("SELECT workspace, id FROM cases ORDER BY workspace, started_at, id"):
            if wanted(key["workspace"]) and (case := self.case(key["workspace"], key["id"])) is not None:
                yield case

    def _hold_case(self, workspace: str, case_id: str) -> None:
        if self.in_transaction:
            self.run(
                "SELECT id FROM cases WHERE workspace = :workspace AND id = :id FOR NO KEY UPDATE",
                workspace=workspace,
                id=case_id,
            )

    def _answers(self, workspace: str, case_id: str) -> tuple[Answer, ...]:
        rows = self.run(
            "SELECT * FROM answers WHERE workspace = :workspace AND case_id = :case_id ORDER BY seq",
            workspace=workspace,
            case_id=case_id,
        )
        return tuple(
            Answer(row["card"], _choice(row["choice"]), row["by"], datetime.fromisoformat(row["at"])) for row in rows
        )

    def add_answer(self, workspace: str, case_id: str, answer: Answer, *, unsure: bool = False) -> None:
        """Append an answer."""
        with self.transaction():
            self._hold_case(workspace, case_id)
            self.run(
                """INSERT INTO answers (workspace, case_id, seq, card, choice, "by", at, unsure) VALUES
                (:workspace, :case_id,
                (SELECT count(*) FROM answers WHERE workspace = :workspace AND case_id = :case_id),
                :card, :choice, :by, :at, :unsure)""",
                workspace=workspace,
                case_id=case_id,
                card=answer.card,
                choice=json.dumps(answer.choice),
                by=answer.by,
                at=answer.at.isoformat(),
                unsure=int(unsure),
            )

    def want_whole_list(self, workspace: str, case_id: str, *, wanted: bool = True) -> None:
        """Remember whether the whole checklist is wanted."""
        self.run(
            "UPDATE cases SET whole_list = :wanted WHERE workspace = :workspace AND id = :id",
            workspace=workspace,
            id=case_id,
            wanted=int(wanted),
        )

    def add_receipt(self, workspace: str, case_id: str, body: str, to_do: Iterable[str] = ()) -> None:
        """Append a receipt."""
        with self.transaction():
            self._hold_case(workspace, case_id)
            self.run(
                """INSERT INTO receipts
                (workspace, case_id, number, body, made_at, verdict, data_class, service, items, to_do) VALUES
                (:workspace, :case_id,
                1 + (SELECT count(*) FROM receipts WHERE workspace = :workspace AND case_id = :case_id),
                :body, :made_at, :verdict, :data_class, :service, :items, :to_do)""",
                workspace=workspace,
                case_id=case_id,
                body=body,
                to_do=in_one(to_do),
                **_told(body),
            )

    def receipts(self, workspace: str, case_id: str) -> tuple[str, ...]:
        """Return the receipts of the case."""
        self._hold_case(workspace, case_id)
        rows = self.run(
            "SELECT body FROM receipts WHERE workspace = :workspace AND case_id = :case_id ORDER BY number",
            workspace=workspace,
            case_id=case_id,
        )
        return tuple(row["body"] for row in rows)

    def posted(self, workspace: str, case_id: str) -> Mapping[str, Posted]:
        """Return what was posted for the case."""
        self._hold_case(workspace, case_id)
        rows = self.run(
            "SELECT * FROM posted WHERE workspace = :workspace AND case_id = :case_id",
            workspace=workspace,
            case_id=case_id,
        )
        return {row["name"]: Posted(row["message"], row["state"]) for row in rows}

    def set_posted(self, workspace: str, case_id: str, name: str, posted: Posted) -> None:
        """Remember what was posted."""
        self.run(
            """INSERT INTO posted (workspace, case_id, name, message, state)
            VALUES (:workspace, :case_id, :name, :message, :state)
            ON CONFLICT (workspace, case_id, name) DO UPDATE SET message = excluded.message, state = excluded.state""",
            workspace=workspace,
            case_id=case_id,
            name=name,
            message=posted.message,
            state=posted.state,
        )


def _told(body: str) -> dict[str, Value]:
    """Return what of a receipt is counted and listed; None for what it does not say."""
    told = json.loads(body)
    result, made_at = told.get("result", {}), told.get("made_at")
    return {
        "made_at": micros(datetime.fromisoformat(made_at)) if made_at else None,
        "verdict": result.get("verdict"),
        "data_class": result.get("data_class"),
        "service": told.get("service"),
        "items": in_one(f"{item}:{status}" for item, status in result.get("checklist", {}).items() if status in OPEN),
    }


def _choice(text: str) -> Choice:
    return {part: tuple(options) for part, options in json.loads(text).items()}


def _row(case: Case) -> dict[str, Value]:
    return {
        "workspace": case.place.workspace,
        "id": case.id,
        "channel": case.place.channel,
        "thread": case.place.thread,
        "asker": case.asker,
        "started_at": case.started_at.isoformat(),
        "programme": case.programme,
        "brand": case.brand,
        "edition": case.edition,
        "whole_list": int(case.whole_list),
    }


def _case(row: Row, answers: tuple[Answer, ...], confirmations: tuple[Confirmation, ...]) -> Case:
    return Case(
        id=row["id"],
        place=Place(row["workspace"], row["channel"], row["thread"]),
        asker=row["asker"],
        started_at=datetime.fromisoformat(row["started_at"]),
        programme=row["programme"],
        brand=row["brand"],
        answers=answers,
        edition=row["edition"],
        whole_list=bool(row["whole_list"]),
        confirmations=confirmations,
    )
