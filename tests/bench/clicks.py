"""Clicks from a first message to its verdict: nothing read, read as it may be, and as the reader reads it."""

from conversations.book import open_working
from conversations.reading import choice_of
from tests.bench.table import show
from tests.conversations.first_messages import FIRST_MESSAGES, clicks


def run() -> None:
    """Print the clicks of ten first messages of different kinds."""
    book = open_working()
    interview = book.interview
    rows: list[list[object]] = []
    for message in FIRST_MESSAGES:
        read = interview.readings.passed(choice_of(book.reader.read(message.text)))
        without, done = clicks(interview, message, {})
        verdict = book.evaluator.evaluate(interview.progress(done).facts).verdict
        counts = [without, *(clicks(interview, message, told)[0] for told in (message.says, read))]
        rows.append([message.text, verdict, *counts])
    sums = [sum(int(str(row[column])) / len(rows) for row in rows) for column in (2, 3, 4)]
    head = ["first message", "verdict", "nothing read", "read in full", "read by the reader"]
    show("Clicks to the verdict", head, [*rows, ["mean", "", *sums]])
