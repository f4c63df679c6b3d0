"""The statements about rulings of the desk, and about drafts of scenarios that it reviews."""

import json
from typing import Any

from conversations.drafts import Draft, DraftState
from conversations.rulings import Ruling
from conversations.store.tables import Row, Tables, Value, micros, moment


class RulingTables(Tables):
    """Rulings only grow; of a case there is one draft at most."""

    def add_ruling(self, workspace: str, case_id: str, ruling: Ruling) -> None:
        """Append the ruling behind those that are there."""
        with self.transaction():
            self.hold("desk", workspace, case_id)
            self.run(
                """INSERT INTO rulings
                (workspace, case_id, number, at, "by", verdict, judged, rules_key, passages, office, reason) VALUES
                (:workspace, :case_id,
                1 + (SELECT count(*) FROM rulings WHERE workspace = :workspace AND case_id = :case_id),
                :at, :by, :verdict, :judged, :key, :passages, :office, :reason)""",
                workspace=workspace,
                case_id=case_id,
                at=micros(ruling.at),
                passages=json.dumps(ruling.passages),
                **{name: getattr(ruling, name) for name in ("by", "verdict", "judged", "key", "office", "reason")},
            )

    def rulings(self, workspace: str, case_id: str) -> tuple[Ruling, ...]:
        """Return the rulings of the case."""
        rows = self.run(
            "SELECT * FROM rulings WHERE workspace = :workspace AND case_id = :case_id ORDER BY number",
            workspace=workspace,
            case_id=case_id,
        )
        return tuple(map(_ruling, rows))

    def rulings_like(self, workspace: str, key: str, besides: str, limit: int) -> tuple[Ruling, ...]:
        """Return the last ruling of each other case with the same rules, by their index."""
        rows = self.run(
            """SELECT * FROM rulings WHERE workspace = :workspace AND rules_key = :key AND case_id <> :besides
            AND number = (SELECT max(number) FROM rulings later WHERE later.workspace = rulings.workspace
                AND later.case_id = rulings.case_id)
            ORDER BY at DESC, case_id LIMIT :limit""",
            workspace=workspace,
            key=key,
            besides=besides,
            limit=limit,
        )
        return tuple(map(_ruling, rows))

    def put_draft(self, draft: Draft) -> None:
        """Write the draft anew."""
        row = _row(draft)
        names, given = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
        changed = ", ".join(f'"{name}" = excluded."{name}"' for name in row)
        self.run(
            f"""INSERT INTO drafts ({names}) VALUES ({given})
            ON CONFLICT (workspace, case_id) DO UPDATE SET {changed}""",  # noqa: S608 - our own names
            **row,
        )

    def draft(self, workspace: str, case_id: str) -> Draft | None:
        """Return the draft, held inside a transaction."""
        if self.in_transaction:
            self.hold("draft", workspace, case_id)
        rows = self.run(
            "SELECT * FROM drafts WHERE workspace = :workspace AND case_id = :case_id",
            workspace=workspace,
            case_id=case_id,
        )
        return _draft(rows[0]) if rows else None

    def drafts(self, state: DraftState) -> tuple[Draft, ...]:
        """Return the drafts in a state."""
        rows = self.run("SELECT * FROM drafts WHERE state = :state ORDER BY at, workspace, case_id", state=state)
        return tuple(map(_draft, rows))


def _ruling(row: Row) -> Ruling:
    return Ruling(
        at=moment(row["at"]),
        by=row["by"],
        verdict=row["verdict"],
        judged=row["judged"],
        key=row["rules_key"],
        passages=tuple(json.loads(row["passages"])),
        office=row["office"],
        reason=row["reason"],
    )


TEXTS = ("workspace", "case_id", "data_class", "judged", "expected", "reason", "state", "by", "comment")


def _row(draft: Draft) -> dict[str, Value]:
    held: dict[str, Value] = {
        "at": micros(draft.at),
        "facts": json.dumps(dict(draft.facts)),
        "rules": json.dumps(draft.rules),
    }
    return {**{name: str(getattr(draft, name)) for name in TEXTS}, **held}


def _draft(row: Row) -> Draft:
    facts: dict[str, Any] = json.loads(row["facts"])
    told = {name: row[name] for name in TEXTS}
    return Draft(
        **{**told, "state": DraftState(row["state"])},
        at=moment(row["at"]),
        facts={name: value if isinstance(value, str) else tuple(value) for name, value in facts.items()},
        rules=tuple(json.loads(row["rules"])),
    )
