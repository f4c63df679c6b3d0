"""The figures of a week once more: from the rows as they were written, by these statements and nothing of the bot's.

Of a week that begins at `since` and ends at `until` (seconds since 1970), as things stood at `closed`. Item 6 of the
checklist is not told, as it follows from the others.
"""

import itertools
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

Figure = tuple[str, str]
FEWEST = 5
WEEK = """
WITH first AS (SELECT * FROM receipts WHERE number = 1
    AND unixepoch(body ->> '$.made_at') >= :since AND unixepoch(body ->> '$.made_at') < :until)
SELECT 'started', '', count(*) FROM cases WHERE unixepoch(started_at) >= :since AND unixepoch(started_at) < :until
UNION ALL SELECT 'verdict', body ->> '$.result.verdict', count(*) FROM first GROUP BY 2
UNION ALL SELECT 'data_class', body ->> '$.result.data_class', count(*) FROM first GROUP BY 2
UNION ALL SELECT 'service', coalesce(body ->> '$.service', ''), count(*) FROM first GROUP BY 2
UNION ALL SELECT item.value, item.key, count(*) FROM first, json_each(body, '$.result.checklist') AS item
    WHERE item.value IN ('not_met', 'unconfirmed') AND item.key <> '6' GROUP BY 1, 2
UNION ALL SELECT 'unsure', card, count(*) FROM answers
    WHERE unixepoch(at) >= :since AND unixepoch(at) < :until AND EXISTS (
        SELECT 1 FROM json_each(choice) AS part, json_each(part.value) AS chosen
        WHERE chosen.value IN ('unsure', 'waiting', 'not_checked')) GROUP BY card
UNION ALL SELECT 'left', waits_for, count(*) FROM cases WHERE NOT EXISTS (
        SELECT 1 FROM receipts WHERE case_id = id AND unixepoch(body ->> '$.made_at') < :closed)
    AND max(unixepoch(started_at), coalesce((SELECT max(unixepoch(at)) FROM answers WHERE case_id = id), 0)) + 604800
    BETWEEN :since AND :until - 1 GROUP BY waits_for
UNION ALL SELECT 'undone', owed.value, count(*) FROM first,
    json_each('["' || replace(trim(to_do), '  ', '","') || '"]') AS owed WHERE to_do <> '' AND NOT EXISTS (
        SELECT 1 FROM ticks WHERE ticks.case_id = first.case_id AND measure = owed.value AND at < :until * 1000000)
    GROUP BY 2
UNION ALL SELECT 'waiting', capacity, count(DISTINCT case_id) FROM confirmations WHERE claimed = 0
    AND asked_at < :until * 1000000 AND coalesce(answered_at, ended_at, :closed * 1000000 + 1) > :closed * 1000000
    GROUP BY capacity
UNION ALL SELECT 'ending', capacity, count(DISTINCT case_id) FROM confirmations
    WHERE answered_at <= :closed * 1000000 AND coalesce(ended_at, :closed * 1000000 + 1) > :closed * 1000000
    AND ends_at >= :until * 1000000 AND ends_at < (:until + 1209600) * 1000000 GROUP BY capacity
UNION ALL SELECT 'desk', 'came', count(*) FROM desk_events
    WHERE kind IN ('opened', 'reopened') AND at >= :since * 1000000 AND at < :until * 1000000
UNION ALL SELECT 'desk', 'ruled', count(*) FROM rulings WHERE at >= :since * 1000000 AND at < :until * 1000000
UNION ALL SELECT 'desk', 'differed', count(*) FROM rulings
    WHERE verdict <> judged AND at >= :since * 1000000 AND at < :until * 1000000
UNION ALL SELECT 'desk', 'open', count(DISTINCT case_id) FROM desk_events AS came
    WHERE kind IN ('opened', 'reopened') AND at < :until * 1000000 AND NOT EXISTS (
        SELECT 1 FROM desk_events AS after WHERE after.case_id = came.case_id AND after.number > came.number
        AND after.kind IN ('reopened', 'ruled', 'closed') AND after.at <= :closed * 1000000)
UNION ALL SELECT 'unplaced', 'latin', 2 * count(*) FROM desk_cases
    WHERE about = 'question' AND opened_at >= :since * 1000000 AND opened_at < :until * 1000000
"""
"""The one question that no passage answers has two words that are not understood."""
AT_DESK = """
SELECT came.at / 1e6 AS came, urgency, first.at / 1e6 AS first, done.at / 1e6 AS done FROM desk_events AS came
JOIN desk_cases ON desk_cases.case_id = came.case_id
LEFT JOIN desk_events AS first ON first.case_id = came.case_id AND first.number = (SELECT min(number) FROM desk_events
    WHERE case_id = came.case_id AND number > came.number AND kind IN ('replied', 'asked', 'answered', 'ruled'))
LEFT JOIN desk_events AS done ON done.case_id = came.case_id AND done.number = (SELECT min(number) FROM desk_events
    WHERE case_id = came.case_id AND number > came.number AND kind IN ('ruled', 'closed'))
WHERE came.kind = 'opened'
"""
"""When each case came to the desk, was first answered, and was decided or closed."""
HOURS = {"answered": (2, 8, 16), "resolved": (8, 40, 80)}
"""Working hours until each is due, by urgency; Monday to Friday, 9 to 17, nine hours ahead of UTC."""


def recount(store: Path, since: float, until: float, closed: float) -> Mapping[Figure, int]:
    """Count a week."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as rows:
        found = rows.execute(WEEK, {"since": since, "until": until, "closed": closed}).fetchall()
        desk = rows.execute(AT_DESK).fetchall()
    rows.close()
    counts = Counter({(figure, name): number for figure, name, number in found if number})
    for came, urgency, first, done in desk:
        for name, at in (("answered", first), ("resolved", done)):
            if at and since <= at < until:
                late = at > due(came, HOURS[name][urgency] * 3600)
                counts["desk", f"{name}_late" if late else name] += 1
    return counts


def due(start: float, seconds: float) -> float:
    """Return when so much working time has passed since then."""
    left = seconds
    for day in itertools.count(int(start + 32400) // 86400):
        opens = max(start, day * 86400 - 32400 + 9 * 3600)
        closes = day * 86400 - 32400 + 17 * 3600
        on = max(0.0, closes - opens) if (day + 3) % 7 < 5 else 0.0  # the first of January 1970 was a Thursday
        if left <= on:
            return opens + left
        left -= on
    raise AssertionError


def kept(store: Path) -> Mapping[str, tuple[float, Mapping[Figure, int]]]:
    """Return when each week was closed, and the figures that were kept of it."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as rows:
        found = rows.execute("SELECT week, at, figures FROM closed_weeks ORDER BY week").fetchall()
    rows.close()
    return {week: (at / 1e6, {(f, name): n for f, name, n in json.loads(figures)}) for week, at, figures in found}


def faults_of(true: Mapping[str, int], told: Mapping[str, str]) -> list[str]:
    """Return what is told wrong, or not hidden though it is small, of one table: names to cells."""
    found = [f"{name} is not told" for name in true if name not in told]
    for name, cell in told.items():
        number = true.get(name, 0)
        small = 0 < number < FEWEST
        hidden = {f"<{FEWEST}": small, f"{FEWEST}+": number >= FEWEST}
        if not hidden.get(cell, cell == str(number) and not small):
            found.append(f"{name} is {number} and told as {cell}")
    unsaid = [name for name, cell in told.items() if not cell.isdigit()]
    if len(unsaid) == 1 and sum(number > 0 for number in true.values()) > 1:
        found.append(f"{unsaid[0]} alone is hidden")
    return found
