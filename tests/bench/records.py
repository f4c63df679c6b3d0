"""Making one record: what it says, its Word document and all three files, over random cases."""

import time
from contextlib import closing
from zoneinfo import ZoneInfo

from bot.app import build_house
from bot.record.making import make_files
from bot.record.word import fill, shipped
from bot.record.writing import Settled, write
from conversations.receipts import make_receipt
from conversations.service import Conversations
from conversations.store.sqlite import SqliteStore
from tests.bench.table import percentile, show
from tests.conversations.builders import NOW, random_case

CASES, ZONE = 40, ZoneInfo("Asia/Tokyo")


def run() -> None:
    """Measure in Japanese and print medians and worst times."""
    house, times = build_house(), dict[str, list[float]]()
    interview = house.interview
    with closing(SqliteStore(":memory:")) as store:
        conversations = Conversations(store, house.library)
        for seed in range(CASES):
            standing = conversations.standing(random_case(interview, seed))
            assert standing.evaluation
            rulebook = standing.book.rulebook
            receipt = make_receipt(rulebook, standing.case, standing.progress, standing.evaluation, NOW, None)
            case = Settled(standing, standing.evaluation, conversations.insight(standing), receipt)
            start = time.perf_counter()
            paper = write(house.phrases, case, ZONE, "ja")
            written = time.perf_counter()
            fill(shipped(), paper)
            filled = time.perf_counter()
            make_files(house.phrases, case, ZONE, "ja")
            made = time.perf_counter()
            for what, took in (("words", written - start), ("Word", filled - written), ("all three", made - filled)):
                times.setdefault(what, []).append(took)
    rows = [[name, percentile(took, 0.5), percentile(took, 0.99), 1000 * max(took)] for name, took in times.items()]
    show(f"Making one record, {CASES} random cases", ["what", "p50 ms", "p99 ms", "worst ms"], rows)
