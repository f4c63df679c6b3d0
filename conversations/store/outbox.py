"""The statements about letters: what is to be posted at Slack, lane by lane, no faster than its channels allow."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from conversations.store import files
from conversations.store.lanes import FAR, Lanes
from conversations.store.protocol import Letter
from conversations.store.tables import Row, Value, micros, moment

PART = {"workspace", "case_id", "name"}
AT_DESK = "desk:"
"""What the names of the desk's cards begin with."""
REQUEST = "confirm:"
"""What the names of requests to confirm begin with; their state begins with who got them."""


class Outbox(Lanes):
    """Letters. One is `waiting`, and `leased` while somebody takes it to Slack, until it is sent (gone) or `dead`.

    A letter is on its way once it is leased; a new message also after it failed, as it may have arrived all the same.
    Of one part there is at most one on its way and, behind it, one that is not; a dead one is the only one.
    Whoever writes to the letters of a lane holds it, so each sees what the one before has left.
    """

    def put_letter(self, letter: Letter) -> None:
        """Queue the letter in place of what waits for its part; what was to be a new message stays one."""
        row = row_of(letter)
        part = {name: row[name] for name in PART}
        with self.transaction():
            self.hold("letters", letter.workspace, letter.lane)
            self._shows(letter, "")
            dead = self.run(
                """DELETE FROM letters WHERE workspace = :workspace AND case_id = :case_id AND name = :name
                AND stage = 'dead' RETURNING is_update""",
                **part,
            )
            if any(not each["is_update"] for each in dead):
                row["is_update"] = 0
            replaced = self.run(
                """UPDATE letters SET state = :state, body = :body, key = :key, file = :file,
                file_id = :file_id, uploaded = :uploaded, is_update = is_update * :is_update
                WHERE workspace = :workspace AND leased = 0 AND (attempts = 0 OR is_update = 1) AND id = (
                    SELECT max(id) FROM letters WHERE workspace = :workspace AND case_id = :case_id AND name = :name)
                RETURNING id""",
                **part,
                **{name: row[name] for name in ("state", "body", "key", "file", "file_id", "uploaded", "is_update")},
            )
            if not replaced:
                self._insert(row)

    def _shows(self, letter: Letter, message: str) -> None:
        """Write down the state its part is in, or the message that shows it; a letter of no case shows none.

        Cards of the desk do: they hang on no check, as they stay where they are when that goes on elsewhere.
        """
        if not letter.case_id and not letter.name.startswith(AT_DESK):
            return
        table, key = ("posted", "workspace, case_id, name") if letter.case_id else ("desk_posts", "workspace, name")
        named = {name: getattr(letter, name) for name in key.split(", ")}
        self.run(
            f"""INSERT INTO {table} ({key}, message, state)
            VALUES ({", ".join(f":{name}" for name in named)}, :message, :state)
            ON CONFLICT ({key}) DO UPDATE SET
            state = CASE excluded.message WHEN '' THEN excluded.state ELSE {table}.state END,
            message = CASE excluded.message WHEN '' THEN {table}.message ELSE excluded.message END""",  # noqa: S608
            **named,
            message=message,
            state=letter.state,
        )

    def _insert(self, row: Row) -> None:
        self.run(
            """INSERT INTO letters
            (workspace, case_id, name, state, lane, channel, thread, body, key, at, is_update, attempts,
            file, file_id, uploaded) VALUES
            (:workspace, :case_id, :name, :state, :lane, :channel, :thread, :body, :key, :at, :is_update, :attempts,
            :file, :file_id, :uploaded)""",
            **row,
        )

    def on_its_way(self, workspace: str, case_id: str, name: str) -> bool:
        """Return whether a letter for the part waits or is being carried."""
        rows = self.run(
            """SELECT id FROM letters WHERE workspace = :workspace AND case_id = :case_id AND name = :name
            AND stage = 'waiting' LIMIT 1""",
            workspace=workspace,
            case_id=case_id,
            name=name,
        )
        return bool(rows)

    def claim_letter(self, now: datetime, lease: timedelta, interval: timedelta, burst: int) -> Letter | None:
        """Take the oldest head that is due and whose channel is free, if nobody else is just taking it."""
        latest = now + (burst - 1) * interval
        waiting = """SELECT id, letters.workspace, lane, letters.channel, due_at, is_update, free_at FROM letters
            LEFT JOIN channels ON channels.workspace = letters.workspace AND channels.channel = letters.channel
            WHERE stage = 'waiting' AND id > :after ORDER BY id LIMIT :page"""
        for row in self.heads(waiting, now):
            if row["is_update"] or not micros(latest) < (row["free_at"] or 0) <= micros(latest + FAR):
                with self.transaction():
                    if self._lock_letter(row, now) and (row["is_update"] or self._pass(row, now, latest, interval)):
                        return self._take_letter(row, now + lease)
        return None

    def _lock_letter(self, row: Row, now: datetime) -> bool:
        """Whether it still may be taken, as it was read; then nobody else can."""
        rows = self.run(
            """SELECT id FROM letters WHERE workspace = :workspace AND id = :id AND stage = 'waiting'
            AND (due_at <= :now OR due_at > :far) AND is_update = :is_update
            AND NOT EXISTS (SELECT 1 FROM letters earlier WHERE earlier.workspace = :workspace
                AND earlier.lane = :lane AND earlier.stage = 'waiting' AND earlier.id < :id)
            FOR UPDATE SKIP LOCKED""",
            **{name: row[name] for name in ("workspace", "lane", "id", "is_update")},
            now=micros(now),
            far=micros(now + FAR),
        )
        return bool(rows)

    def _pass(self, row: Row, now: datetime, latest: datetime, interval: timedelta) -> bool:
        """Take one token of the channel's bucket, if there is one (the generic cell rate algorithm)."""
        rows = self.run(
            """INSERT INTO channels (workspace, channel, free_at) VALUES (:workspace, :channel, :free_at)
            ON CONFLICT (workspace, channel) DO UPDATE SET free_at =
                CASE WHEN channels.free_at > :now AND channels.free_at <= :far THEN channels.free_at + :interval
                ELSE excluded.free_at END
            WHERE channels.free_at <= :latest OR channels.free_at > :far RETURNING free_at""",
            workspace=row["workspace"],
            channel=row["channel"],
            free_at=micros(now + interval),
            now=micros(now),
            interval=interval // timedelta(microseconds=1),
            latest=micros(latest),
            far=micros(latest + FAR),
        )
        return bool(rows)

    def _take_letter(self, row: Row, until: datetime) -> Letter:
        (taken,) = self.run(
            """UPDATE letters SET leased = 1, due_at = :until, attempts = attempts + 1
            WHERE workspace = :workspace AND id = :id RETURNING *""",
            workspace=row["workspace"],
            id=row["id"],
            until=micros(until),
        )
        return letter_of(taken)

    def take_letters(
        self, workspace: str, channel: str, thread: str, wanted: Callable[[Letter], bool]
    ) -> tuple[Letter, ...]:
        """Remove the letters of a thread that are wanted."""
        place = {"workspace": workspace, "channel": channel, "thread": thread}
        with self.transaction():
            self.hold("letters", workspace, f"{channel}:{thread}")
            rows = self.run(
                """SELECT * FROM letters WHERE workspace = :workspace AND channel = :channel AND thread = :thread
                ORDER BY id""",
                **place,
            )
            taken = tuple(letter for letter in map(letter_of, rows) if wanted(letter))
            for letter in taken:
                self.run(
                    "DELETE FROM letters WHERE workspace = :workspace AND id = :id", workspace=workspace, id=letter.id
                )
        return taken

    def keep_letter(self, letter: Letter, until: datetime) -> bool:
        """Renew the lease, unless the letter is gone or was claimed again since."""
        rows = self.run(
            """UPDATE letters SET due_at = :until WHERE workspace = :workspace AND id = :id AND stage = 'waiting'
            AND leased = 1 AND attempts = :attempts RETURNING id""",
            workspace=letter.workspace,
            id=letter.id,
            attempts=letter.attempts,
            until=micros(until),
        )
        return bool(rows)

    def letter_sent(self, letter: Letter, message: str) -> None:
        """Take the letter off, unless another has its place by now, and remember the message."""
        with self.transaction():
            self.hold("letters", letter.workspace, letter.lane)
            gone = self.run(
                "DELETE FROM letters WHERE workspace = :workspace AND id = :id AND key = :key RETURNING id",
                workspace=letter.workspace,
                id=letter.id,
                key=letter.key,
            )
            if gone and message:
                self._shows(letter, message)


def row_of(letter: Letter) -> dict[str, Value]:
    """Return what a letter's row begins with."""
    return {
        **{name: getattr(letter, name) for name in ("workspace", "case_id", "name", "state", "lane", "channel")},
        "thread": letter.thread,
        "key": letter.key,
        "body": json.dumps(dict(letter.body)),
        "at": micros(letter.at),
        "is_update": int(letter.update and letter.file is None),
        "file": files.written(letter.file),
        "file_id": letter.file_id,
        "uploaded": int(letter.uploaded),
        "attempts": 0,
    }


def letter_of(row: Row) -> Letter:
    """Return the letter of a row."""
    return Letter(
        workspace=row["workspace"],
        case_id=row["case_id"],
        name=row["name"],
        state=row["state"],
        lane=row["lane"],
        channel=row["channel"],
        thread=row["thread"],
        body=json.loads(row["body"]),
        key=row["key"],
        at=moment(row["at"]),
        update=bool(row["is_update"]),
        file=files.read(row["file"]),
        file_id=row["file_id"],
        uploaded=bool(row["uploaded"]),
        id=row["id"],
        attempts=row["attempts"],
        error=row["error"],
    )
