"""Items that come at the same time are written together, and one that cannot be written spoils no other."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from bot.listeners.together import Together

SOON = 30


class Book:
    """What is written, batch by batch; the first write waits until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def write(self, items: Sequence[int]) -> None:
        self.begun.set()
        assert self.go_on.wait(SOON)
        if any(item < 0 for item in items):
            raise ValueError(str(items))
        self.batches.append(list(items))


def all_at_once(book: Book, items: Sequence[int]) -> list[BaseException | None]:
    """Put the first item, the others while that is being written; returns what each raised."""
    together = Together(book.write)
    with ThreadPoolExecutor(len(items)) as pool:
        first = pool.submit(together.put, items[0])
        assert book.begun.wait(SOON)
        others = [pool.submit(together.put, item) for item in items[1:]]
        while len(together._waiting) < len(others):
            assert not first.done()
        book.go_on.set()
        return [future.exception(SOON) for future in (first, *others)]


def test_what_comes_meanwhile_is_written_in_one() -> None:
    book = Book()
    assert all_at_once(book, [1, 2, 3, 4]) == [None] * 4
    assert [len(batch) for batch in book.batches] == [1, 3]
    assert sorted(chain.from_iterable(book.batches)) == [1, 2, 3, 4]


def test_one_that_cannot_be_written_spoils_no_other() -> None:
    book = Book()
    raised = all_at_once(book, [1, 2, -3, 4])
    assert [type(error) for error in raised] == [type(None), type(None), ValueError, type(None)]
    assert sorted(chain.from_iterable(book.batches)) == [1, 2, 4]


def test_one_alone_that_cannot_be_written_is_tried_once() -> None:
    tried: list[Sequence[int]] = []

    def refuse(items: Sequence[int]) -> None:
        tried.append(items)
        raise ValueError(str(items))

    with pytest.raises(ValueError, match="7"):
        Together(refuse).put(7)
    assert tried == [[7]]
