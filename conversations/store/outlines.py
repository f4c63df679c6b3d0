"""The statements that list cases, each in a line: a person's own, and all for an export."""

from collections.abc import Iterator
from datetime import datetime

from conversations.models import Opinion, Place
from conversations.store.protocol import Outline, OwnCases
from conversations.store.tables import Row, Tables, moment

PAGE = 500
OUTLINE = """cases.*, opening.made_at AS finished_at, latest.verdict, latest.data_class, latest.service,
    CASE WHEN latest.number IS NULL THEN 0 ELSE 1 END AS finished, opinions.kind AS opinion, opinions.reason,
    (SELECT count(*) FROM answers WHERE answers.workspace = cases.workspace AND answers.case_id = cases.id) AS answers
    FROM cases
    LEFT JOIN opinions ON opinions.workspace = cases.workspace AND opinions.case_id = cases.id
    LEFT JOIN receipts opening ON opening.workspace = cases.workspace AND opening.case_id = cases.id
        AND opening.number = 1
    LEFT JOIN receipts latest ON latest.workspace = cases.workspace AND latest.case_id = cases.id
        AND latest.number = (SELECT max(number) FROM receipts WHERE receipts.workspace = cases.workspace
            AND receipts.case_id = cases.id)"""


class OutlineTables(Tables):
    """Cases with what their first and last receipt say."""

    def cases_of(self, workspace: str, user: str, limit: int) -> OwnCases:
        """Read a person's cases by their index, and count those that are left out in the same statement."""
        rows = self.run(
            f"""SELECT *, count(*) OVER () AS of_all, sum(finished) OVER () AS of_finished FROM (
                SELECT {OUTLINE} WHERE cases.workspace = :workspace AND cases.asker = :user) AS own
            ORDER BY finished, started_at DESC, id LIMIT :limit""",  # noqa: S608 - our own words
            workspace=workspace,
            user=user,
            limit=limit,
        )
        if not rows:
            return OwnCases((), 0, 0)
        finished, shown = int(rows[0]["of_finished"]), sum(row["finished"] for row in rows)
        more = rows[0]["of_all"] - finished - (len(rows) - shown)
        return OwnCases(tuple(map(_outline, rows)), more, finished - shown)

    def left_open(self, since: datetime, until: datetime, mark: str) -> tuple[tuple[str, str], ...]:
        """Read the cases of a time that nobody finished, reminded of, or touched since."""
        rows = self.run(
            """SELECT workspace, id FROM cases WHERE asker <> '' AND started_at >= :since AND started_at <= :until
            AND NOT EXISTS (SELECT 1 FROM receipts WHERE receipts.workspace = cases.workspace
                AND receipts.case_id = cases.id)
            AND NOT EXISTS (SELECT 1 FROM answers WHERE answers.workspace = cases.workspace
                AND answers.case_id = cases.id AND answers.at > :until)
            AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.workspace = cases.workspace
                AND seen.key = :mark || cases.id)
            ORDER BY workspace, started_at, id""",
            since=since.isoformat(),
            until=until.isoformat(),
            mark=mark,
        )
        return tuple((row["workspace"], row["id"]) for row in rows)

    def outlines(self, since: datetime, until: datetime) -> Iterator[Outline]:
        """Yield the cases of a time, in pages, so that an export of any length takes little memory."""
        span = {"since": since.isoformat(), "until": until.isoformat()}
        after = {"workspace": "", "at": "", "id": ""}
        rows: list[Row] = [{}]
        while rows:
            rows = self.run(
                f"""SELECT {OUTLINE} WHERE (cases.workspace, cases.started_at, cases.id) > (:workspace, :at, :id)
                AND cases.started_at >= :since AND cases.started_at < :until
                ORDER BY cases.workspace, cases.started_at, cases.id LIMIT {PAGE}""",
                **span,
                **after,
            )
            yield from map(_outline, rows)
            if rows:
                after = {"workspace": rows[-1]["workspace"], "at": rows[-1]["started_at"], "id": rows[-1]["id"]}


def _outline(row: Row) -> Outline:
    return Outline(
        id=row["id"],
        place=Place(row["workspace"], row["channel"], row["thread"]),
        asker=row["asker"],
        started_at=datetime.fromisoformat(row["started_at"]),
        brand=row["brand"],
        edition=row["edition"],
        finished_at=None if row["finished_at"] is None else moment(row["finished_at"]),
        verdict=row["verdict"],
        data_class=row["data_class"],
        service=row["service"],
        answers=row["answers"],
        opinion=Opinion(row["opinion"], row["reason"]) if row["opinion"] else None,
    )
