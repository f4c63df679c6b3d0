"""A marker in every field of every payload, one by one and all at once: it reaches neither the log nor the store."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.app import House
from bot.logs import log_as
from bot.playground.payloads import Payload
from bot.settings import load_settings
from tests.bot.conftest import Lines, opened
from tests.bot.driver import Office
from tests.bot.effects import dump
from tests.bot.spoiling import Sample, encoded, fresh, places, samples

MARKER = "sekretmarker4711"
CODES = frozenset(
    {"type", "subtype", "channel_type", "command", "action_id", "block_id", "callback_id", "value", "private_metadata"}
)
NAMES = frozenset({"user", "channel", "team", "user_team", "bot_user_id", "response_url", "url_verification", "locale"})
STAMPS = ("id", "_id", "ts")
"""Keys of what Slack or the bot wrote, not a person: with a marker there, the payload means nothing any more."""
TYPED = {
    "text": MARKER,
    "files": [{"id": "F1", "name": f"{MARKER}.csv", "title": MARKER, "url_private": f"https://files/{MARKER}"}],
    "blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": MARKER}]}],
    "attachments": [{"text": MARKER, "fallback": MARKER}],
    "edited": {"user": MARKER},
}
HANDED_BACK = {"trigger_id": "", "team_id": ""}
"""What a call returns to Slack as it came."""
FIELD = {"type": "plain_text_input", "value": MARKER}


def by_people(key: object) -> bool:
    """Whether a person may have written what stands under the key."""
    return isinstance(key, str) and key not in CODES | NAMES and not key.endswith(STAMPS)


def everywhere(payload: Payload) -> Payload:
    """Return the payload with the marker in everything that a person may have written."""
    marked = copy.deepcopy(payload)
    for *path, last in list(places(marked)):
        inside: Any = marked
        for key in path:
            inside = inside[key]
        if isinstance(inside[last], str) and by_people(last):
            inside[last] = MARKER
    if "event" in marked:
        marked["event"] |= {**TYPED, "text": f"{marked['event']['text']} {MARKER}"}
    if "state" in marked.get("view", marked):
        marked.get("view", marked)["state"]["values"] |= {"words": {MARKER: FIELD}, MARKER: {"choice": FIELD}}
    return marked


def one_by_one(office: Office, sample: Sample) -> Iterator[Payload]:
    """Yield the payload with the marker in a single place outside what the bot drew; as a key, too, where codes are."""
    for *path, last in [place for place in places(sample.payload) if "blocks" not in place]:
        for renamed in (False, True) if "values" in path else (False,):
            marked = fresh(office, sample)
            inside: Any = marked
            for key in path:
                inside = inside[key]
            if not renamed:
                inside[last] = MARKER
            elif isinstance(inside, dict):
                inside[MARKER] = inside.pop(last)
            yield marked


def marked_all_over(office: Office) -> Iterator[Sample]:
    """Yield samples of people and in channels whose very names are the marker."""
    for sample in samples(office):
        with office.workspace.changed:
            people, channels = office.workspace.people, office.workspace.channels
            person = replace(people[sample.person.id], name=MARKER)
            room = replace(channels[sample.person.room], name=MARKER)
            office.workspace.people = {**people, person.id: person}
            office.workspace.channels = {**channels, room.id: room}
        yield sample


def test_no_field_of_any_payload_reaches_the_log_or_the_store(house: House, tmp_path: Path, written: Lines) -> None:
    log_as(load_settings(log_level="debug"))
    file = tmp_path / "store" / "kakunin.db"
    file.parent.mkdir()
    with opened(house, str(file)) as office:
        for sample in marked_all_over(office):
            for marked in (everywhere(fresh(office, sample)), *one_by_one(office, sample)):
                office.slack.send(*encoded(sample.form, marked))
            office.settle()
        office.take_refusals()
        told = [{**given, **HANDED_BACK} for _, given in office.slack.api.calls]
        tables = dump(file)
    lines = written()
    assert len([line for line in lines if "reference " in line]) > 50
    assert not [line for line in lines if MARKER in line]
    assert all(tables[name] for name in ("cases", "answers", "receipts", "posted", "jobs"))
    assert not [name for name, rows in tables.items() if MARKER in repr(rows)]
    assert not [beside for beside in file.parent.iterdir() if MARKER.encode() in beside.read_bytes()]
    assert MARKER not in json.dumps(told)
