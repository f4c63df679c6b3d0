"""Lanes: whose turn it is. Jobs and letters of one lane are taken one after the other, several lanes side by side."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from conversations.store.tables import Row, Tables, Value, micros

PAGE = 50
FAR = timedelta(minutes=10)
"""Nothing is put off, leased or kept from its channel for so long: if it seems so, the clock was set back since."""


class Lanes(Tables):
    """The first waiting row of a lane is its head. Who that is changes only once it is finished.

    Rows of one lane get their numbers one after the other, whoever writes them (`hold`). What waits is read in pages
    rather than asked of one statement: no plan for that is good both when nothing and when much waits.
    """

    def heads(self, page: str, now: datetime, **values: Value) -> Iterator[Row]:
        """Yield the heads that are due, oldest first. Who takes one looks again whether it still is the head."""
        after, lanes = 0, set[tuple[str, str]]()
        full = True
        while full:
            rows = self.run(page, after=after, page=PAGE, **values)
            for row in rows:
                lane = (row["workspace"], row["lane"])
                if lane not in lanes and not micros(now) < row["due_at"] <= micros(now + FAR):
                    yield row
                lanes.add(lane)
                after = row["id"]
            full = len(rows) == PAGE
