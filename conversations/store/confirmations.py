"""The statements about what others than the asker were asked, said, and took back."""

from datetime import date, datetime

from conversations.models import Confirmation, Delegation
from conversations.store.protocol import Asked
from conversations.store.tables import Row, Tables, Value, micros, moment


class ConfirmationTables(Tables):
    """A confirmation is asked for once, answered once and ended once; what stands in it is never changed otherwise."""

    def add_confirmation(self, workspace: str, case_id: str, asked: Confirmation) -> bool:
        """Write it down, answered already or not; False if its id was there."""
        row = {"workspace": workspace, "case_id": case_id, **_row(asked)}
        columns, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
        rows = self.run(
            f"""INSERT INTO confirmations ({columns}) VALUES ({values})
            ON CONFLICT (workspace, case_id, id) DO NOTHING RETURNING id""",  # noqa: S608 - our own names
            **row,
        )
        return bool(rows)

    def answer_confirmation(self, workspace: str, case_id: str, answered: Confirmation) -> bool:
        """Write down what was said, by whom, when and until when; False if it is not waiting for that any more."""
        said = _row(answered)
        names = ("id", "value", "by", "answered_at", "until", "ends_at", "words")
        rows = self.run(
            """UPDATE confirmations SET value = :value, "by" = :by, answered_at = :answered_at, until = :until,
            ends_at = :ends_at, words = :words WHERE workspace = :workspace AND case_id = :case_id AND id = :id
            AND value = '' AND ended = '' AND claimed = 0 RETURNING id""",
            workspace=workspace,
            case_id=case_id,
            **{name: said[name] for name in names},
        )
        return bool(rows)

    def end_confirmation(self, workspace: str, case_id: str, confirmation: str, ended: str, at: datetime) -> bool:
        """Let it count no more; False if it was ended before."""
        rows = self.run(
            """UPDATE confirmations SET ended = :ended, ended_at = :at
            WHERE workspace = :workspace AND case_id = :case_id AND id = :id AND ended = '' RETURNING id""",
            workspace=workspace,
            case_id=case_id,
            id=confirmation,
            ended=ended,
            at=micros(at),
        )
        return bool(rows)

    def confirmations_of(self, workspace: str, person: str, limit: int) -> tuple[Asked, ...]:
        """Read by the person: those that wait first, then the newest."""
        rows = self.run(
            """SELECT * FROM confirmations WHERE workspace = :workspace AND person = :person AND ended = ''
            ORDER BY CASE WHEN value = '' THEN 0 ELSE 1 END, asked_at DESC, case_id, id LIMIT :limit""",
            workspace=workspace,
            person=person,
            limit=limit,
        )
        return tuple(map(_asked, rows))

    def confirmations_in_cases_of(self, workspace: str, asker: str) -> tuple[Asked, ...]:
        """Read by whose case they are about, case by case."""
        rows = self.run(
            """SELECT confirmations.* FROM confirmations JOIN cases ON cases.workspace = confirmations.workspace
            AND cases.id = confirmations.case_id WHERE cases.workspace = :workspace AND cases.asker = :asker
            ORDER BY confirmations.case_id, confirmations.id""",
            workspace=workspace,
            asker=asker,
        )
        return tuple(map(_asked, rows))

    def over_confirmations(self, now: datetime) -> tuple[Asked, ...]:
        """Read those whose day is over and that were not ended."""
        rows = self.run(
            """SELECT * FROM confirmations WHERE ended = '' AND ends_at IS NOT NULL AND ends_at <= :now
            ORDER BY ends_at, workspace, case_id, id""",
            now=micros(now),
        )
        return tuple(map(_asked, rows))

    def waiting_confirmations(self) -> tuple[Asked, ...]:
        """Read what is neither answered nor ended."""
        rows = self.run(
            """SELECT * FROM confirmations WHERE value = '' AND ended = '' AND claimed = 0
            ORDER BY workspace, case_id, id"""
        )
        return tuple(map(_asked, rows))

    def delegate(self, workspace: str, delegation: Delegation) -> None:
        """Write it down in place of another."""
        self.run(
            """INSERT INTO delegations (workspace, person, delegate, until, ends_at)
            VALUES (:workspace, :person, :delegate, :until, :ends_at)
            ON CONFLICT (workspace, person) DO UPDATE SET delegate = excluded.delegate, until = excluded.until,
            ends_at = excluded.ends_at""",
            workspace=workspace,
            person=delegation.person,
            delegate=delegation.delegate,
            until=delegation.until.isoformat(),
            ends_at=micros(delegation.ends_at),
        )

    def end_delegation(self, workspace: str, person: str) -> None:
        """Forget who stands in."""
        self.run(
            "DELETE FROM delegations WHERE workspace = :workspace AND person = :person",
            workspace=workspace,
            person=person,
        )

    def delegation(self, workspace: str, person: str) -> Delegation | None:
        """Read who stands in for the person."""
        rows = self.run(
            "SELECT * FROM delegations WHERE workspace = :workspace AND person = :person",
            workspace=workspace,
            person=person,
        )
        return _delegation(rows[0]) if rows else None

    def delegations_to(self, workspace: str, delegate: str) -> tuple[Delegation, ...]:
        """Read for whom the person stands in."""
        rows = self.run(
            "SELECT * FROM delegations WHERE workspace = :workspace AND delegate = :delegate ORDER BY person",
            workspace=workspace,
            delegate=delegate,
        )
        return tuple(map(_delegation, rows))

    def _confirmations(self, workspace: str, case_id: str) -> tuple[Confirmation, ...]:
        rows = self.run(
            """SELECT * FROM confirmations WHERE workspace = :workspace AND case_id = :case_id
            ORDER BY asked_at, id""",
            workspace=workspace,
            case_id=case_id,
        )
        return tuple(map(_confirmation, rows))


def _row(asked: Confirmation) -> dict[str, Value]:
    return {
        **{name: getattr(asked, name) for name in ("id", "fact", "part", "capacity", "person", "asked_by", "value")},
        **{name: getattr(asked, name) for name in ("by", "ended", "words")},
        "asked_at": micros(asked.asked_at),
        "until": asked.until.isoformat() if asked.until else None,
        "claimed": int(asked.claimed),
        **{name: _micros(getattr(asked, name)) for name in ("answered_at", "ends_at", "ended_at")},
    }


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _moment(count: int | None) -> datetime | None:
    return None if count is None else moment(count)


def _asked(row: Row) -> Asked:
    return Asked(row["workspace"], row["case_id"], _confirmation(row))


def _delegation(row: Row) -> Delegation:
    return Delegation(row["person"], row["delegate"], date.fromisoformat(row["until"]), moment(row["ends_at"]))


def _confirmation(row: Row) -> Confirmation:
    return Confirmation(
        id=row["id"],
        fact=row["fact"],
        capacity=row["capacity"],
        person=row["person"],
        asked_by=row["asked_by"],
        asked_at=moment(row["asked_at"]),
        part=row["part"],
        value=row["value"],
        by=row["by"],
        answered_at=_moment(row["answered_at"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        ends_at=_moment(row["ends_at"]),
        claimed=bool(row["claimed"]),
        ended=row["ended"],
        ended_at=_moment(row["ended_at"]),
        words=row["words"],
    )
