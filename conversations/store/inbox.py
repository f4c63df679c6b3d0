"""The statements about jobs: what came from Slack and is to be handled, lane by lane."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from conversations.store.lanes import FAR, Lanes
from conversations.store.protocol import Job
from conversations.store.tables import Row, Statement, micros, moment


class Inbox(Lanes):
    """Jobs. One is `waiting` until it is `done` or `dead`."""

    def put_jobs(self, jobs: Sequence[Job]) -> tuple[bool, ...]:
        """Write the jobs down. Everybody holds the lanes in one order, so nobody waits in a ring."""
        holds = [self.holding("jobs", *lane) for lane in sorted({(job.workspace, job.lane) for job in jobs})]
        found = self.run_all(*holds, *map(_putting, jobs))
        return tuple(map(bool, found[len(holds) :]))

    def claim_job(self, now: datetime, lease: timedelta) -> Job | None:
        """Take the oldest head that is due, if nobody else is just taking it."""
        waiting = """SELECT id, workspace, lane, due_at FROM jobs WHERE stage = 'waiting' AND id > :after
            ORDER BY id LIMIT :page"""
        for row in self.heads(waiting, now):
            if taken := self._take_job(row, now, now + lease):
                return _job(taken[0])
        return None

    def _take_job(self, row: Row, now: datetime, until: datetime) -> list[Row]:
        return self.run(
            """UPDATE jobs SET due_at = :until, attempts = attempts + 1 WHERE workspace = :workspace AND id = (
                SELECT id FROM jobs WHERE workspace = :workspace AND id = :id AND stage = 'waiting'
                AND (due_at <= :now OR due_at > :far)
                AND NOT EXISTS (SELECT 1 FROM jobs earlier WHERE earlier.workspace = :workspace
                    AND earlier.lane = :lane AND earlier.stage = 'waiting' AND earlier.id < :id)
                FOR UPDATE SKIP LOCKED)
            RETURNING *""",
            workspace=row["workspace"],
            lane=row["lane"],
            id=row["id"],
            now=micros(now),
            far=micros(now + FAR),
            until=micros(until),
        )

    def job_done(self, job: Job) -> bool:
        """Take the job off and forget its details."""
        rows = self.run(
            """UPDATE jobs SET stage = 'done', details = '{}', error = '', done_at = :now
            WHERE workspace = :workspace AND id = :id AND stage <> 'done' RETURNING id""",
            workspace=job.workspace,
            id=job.id,
            now=micros(datetime.now(UTC)),
        )
        return bool(rows)

    def job_failed(self, job: Job, error: str, again_at: datetime | None) -> None:
        """Put the job off or give it up, unless somebody else has claimed it since."""
        self.run(
            """UPDATE jobs SET stage = :stage, due_at = :due_at, error = :error, done_at = :done_at
            WHERE workspace = :workspace AND id = :id AND stage = 'waiting' AND attempts = :attempts""",
            workspace=job.workspace,
            id=job.id,
            attempts=job.attempts,
            error=error,
            stage="waiting" if again_at else "dead",
            due_at=micros(again_at) if again_at else 0,
            done_at=None if again_at else micros(datetime.now(UTC)),
        )

    def purge_done(self, before: datetime) -> None:
        """Forget the jobs that were done or given up before this time."""
        self.run("DELETE FROM jobs WHERE stage <> 'waiting' AND done_at < :before", before=micros(before))


def _putting(job: Job) -> Statement:
    return (
        """INSERT INTO jobs (workspace, key, lane, kind, details, at)
        VALUES (:workspace, :key, :lane, :kind, :details, :at)
        ON CONFLICT (workspace, key) DO NOTHING RETURNING id""",
        {
            "workspace": job.workspace,
            "key": job.key,
            "lane": job.lane,
            "kind": job.kind,
            "details": json.dumps(dict(job.details)),
            "at": micros(job.at),
        },
    )


def _job(row: Row) -> Job:
    return Job(
        workspace=row["workspace"],
        key=row["key"],
        lane=row["lane"],
        kind=row["kind"],
        details=json.loads(row["details"]),
        at=moment(row["at"]),
        id=row["id"],
        attempts=row["attempts"],
    )
