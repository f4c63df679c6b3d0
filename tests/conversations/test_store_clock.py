"""The clock is put back under what waits: it goes on within minutes, whatever was leased, put off or paced before."""

from datetime import timedelta

import pytest

from conversations.store.lanes import FAR
from conversations.store.protocol import Store
from tests.conversations.builders import NOW
from tests.conversations.test_store_queue import BURST, SECOND, claimed, fetched, job, keys, letter, names

BACK = NOW - timedelta(hours=1)
"""The time after the clock was put back."""


def test_what_a_killed_process_held_is_taken_up(store: Store) -> None:
    store.put_jobs([job("a")])
    store.put_letter(letter("p", case_id=""))
    claimed(store)
    fetched(store)
    assert (keys(store, BACK), names(store, BACK)) == (["a"], ["p"])


def test_what_was_put_off_comes_again(store: Store) -> None:
    store.put_jobs([job("a")])
    store.put_letter(letter("p", case_id=""))
    store.job_failed(claimed(store), "URLError", NOW + SECOND)
    store.letter_failed(fetched(store), "ratelimited", NOW + SECOND)
    assert (keys(store, BACK), names(store, BACK)) == (["a"], ["p"])


def test_a_channel_goes_on_at_its_pace(store: Store) -> None:
    for number in range(3 * BURST):
        store.put_letter(letter(f"p{number}", case_id=""))
    assert len(names(store)) == BURST
    assert len(names(store, BACK)) == BURST
    assert names(store, BACK) == []
    assert len(names(store, BACK + SECOND)) == 1


@pytest.mark.parametrize("step", [timedelta(0), FAR / 2])
def test_what_is_held_now_is_left_alone(store: Store, step: timedelta) -> None:
    store.put_jobs([job("a")])
    store.put_letter(letter("p", case_id=""))
    claimed(store)
    fetched(store)
    assert (keys(store, NOW - step), names(store, NOW - step)) == ([], [])
