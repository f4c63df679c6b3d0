"""The contract of every store about letters that carry a file."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta

import pytest

from conversations.store.protocol import File, Store
from conversations.store.sql import SqlStore
from tests.conversations.builders import NOW, case
from tests.conversations.test_store_queue import BURST, LATER, LEASE, fetch, fetched, letter, names

PICTURE = File("週.png", "今週の件数", "a rising line", bytes(range(256)))


@pytest.fixture
def talking(store: Store) -> Store:
    store.add_case(case())
    store.put_letter(letter("week", file=PICTURE))
    return store


def test_a_letter_with_a_file_comes_back_as_it_was(talking: Store) -> None:
    taken = fetched(talking)
    assert taken == replace(letter("week", file=PICTURE), id=taken.id, attempts=1)


def test_bytes_are_kept_as_text_and_go_with_the_letter(store: SqlStore) -> None:
    store.put_letter(letter("week", case_id="", file=PICTURE))
    (row,) = store.run("SELECT file FROM letters")
    assert b64decode(json.loads(row["file"])["content"]) == PICTURE.content
    store.letter_sent(fetched(store), "1.5")
    assert store.run("SELECT file FROM letters") == []


def test_how_far_an_upload_is_comes_back_with_the_next_claim(talking: Store) -> None:
    taken = fetched(talking)
    assert (taken.file_id, taken.uploaded) == ("", False)
    assert talking.note_upload(taken, "F1", uploaded=False)
    again = fetched(talking, NOW + LEASE)
    assert (again.file_id, again.uploaded, again.file) == ("F1", False, PICTURE)
    assert talking.note_upload(again, "F1", uploaded=True)
    talking.letter_failed(again, "URLError", LATER)
    once_more = fetched(talking, LATER)
    assert (once_more.file_id, once_more.uploaded) == ("F1", True)


def test_who_has_lost_the_lease_writes_nothing(talking: Store) -> None:
    lost, taken = fetched(talking), fetched(talking, NOW + LEASE)
    assert not talking.note_upload(lost, "F1", uploaded=True)
    assert talking.note_upload(taken, "F2", uploaded=False)
    talking.letter_failed(taken, "URLError", LATER)
    assert not talking.note_upload(taken, "F3", uploaded=True)
    kept = fetched(talking, LATER)
    assert (kept.file_id, kept.uploaded) == ("F2", False)
    talking.letter_sent(kept, "1.5")
    assert not talking.note_upload(kept, "F2", uploaded=True)


def test_a_dead_letter_that_is_queued_again_knows_its_upload(talking: Store) -> None:
    taken = fetched(talking)
    talking.note_upload(taken, "F1", uploaded=True)
    talking.letter_failed(taken, "file_type_not_allowed", None)
    (dead,) = talking.dead_letters()
    assert talking.retry_letter(dead.id)
    again = fetched(talking)
    assert (again.file, again.file_id, again.uploaded) == (PICTURE, "F1", True)


def test_what_takes_the_place_of_a_waiting_file_takes_all_of_it(talking: Store) -> None:
    newer = File("w.csv", "counts", "", b"a,b\n")
    talking.put_letter(letter("week", "s2", file=newer))
    talking.put_letter(letter("other", file=PICTURE))
    talking.put_letter(letter("other", "s2"))
    taken, other = fetched(talking), fetched(talking)
    assert (taken.state, taken.file) == ("s2", newer)
    assert (other.state, other.file, other.update) == ("s2", None, False)
    assert fetch(talking) is None


def test_a_file_is_a_new_message_and_keeps_to_the_pace_of_its_channel(store: Store) -> None:
    for number in range(BURST + 2):
        store.put_letter(letter(f"n{number}", case_id="", file=PICTURE, update=True))
    assert len(names(store)) == BURST
    assert len(names(store, NOW + timedelta(seconds=1))) == 1
