"""What a digest looks like in both languages: message, the same in older blocks, modal, text, alt texts and CSV."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.app import House, build_house
from bot.digest.charts import Charts
from bot.digest.files import as_text
from bot.digest.report import Report, Reporter
from bot.digest.tables import as_csv
from bot.playground.block_kit import block_faults, view_faults
from bot.spoken import LANGUAGES
from bot.views.blocks import plain_blocks
from bot.views.digest import OnHome, message, on_home, preview
from conversations.digest import HEADLINE, TABLES, Digest, Due
from conversations.hiding import shown, single, table

COUNTS: Mapping[str, Mapping[str, int]] = {
    "verdict": {"allowed": 12, "confirm_first": 7, "do_not_upload": 3, "public_data_only": 0},
    "data_class": {"open": 12, "closed": 10},
    "service": {"chatgpt_free": 14, "other": 5, "": 3, **{f"gone_{n:02}": 0 for n in range(9)}},
    "left": {"duties": 6, "reading": 0},
    "not_met": {"4": 1, "7": 0},
    "unconfirmed": {"2": 4, "4": 9, "1": 6},
    "unsure": {"duties": 11, "gone": 6},
    "undone": {"keep_record": 8, "gone": 5},
    "waiting": {"leader": 3, "export_control": 6},
    "ending": {"company": 5},
    "desk": {"came": 12, "open": 4, "answered": 8, "answered_late": 1, "resolved": 7, "ruled": 5, "differed": 3},
    "unplaced": {"katakana": 8, "latin": 2},
}


@pytest.fixture(scope="module")
def house() -> House:
    return build_house()


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def digest(*, small: bool = False) -> Digest:
    numbers = {"started": 30, "finished": 3 if small else 22, "left": 6}
    totals = {"verdict": 22, "data_class": 22, "service": 22, "left": 6}
    headline = {kind: single(numbers[kind], 5) for kind in HEADLINE}
    trend = {f"2026-W{week}": {kind: shown(week) for kind in HEADLINE} for week in range(36, 47)}
    return Digest(
        week="2026-W47",
        monday=date(2026, 11, 16),
        threshold=5,
        headline=headline,
        changes={"started": 4, "finished": None if small else -2, "left": 0},
        tables={
            kind: None if small and kind == "verdict" else table(COUNTS[kind], 5, totals.get(kind)) for kind in TABLES
        },
        trend={**trend, "2026-W47": headline},
        due=(Due("service", "deepl_free", date(2026, 1, 1)), Due("source", "guideline", date(2026, 2, 1))),
    )


def report(house: House, told: Digest, language: str, *remarks: str) -> Report:
    return Reporter(house.phrases, house.views, house.books.current()).report(told, language, *remarks)


def test_a_digest(house: House, shot: SnapshotAssertion, language: str) -> None:
    found = report(house, digest(), language, house.phrases.label(language, "digest.late", due="2026-11-23 09:00"))
    text, blocks = message(house.phrases, found)
    modal = preview(house.phrases, found)
    assert (block_faults(blocks, "message"), view_faults(modal)) == ([], [])
    assert block_faults(plain_blocks(blocks), "message") == []
    assert {"text": text, "blocks": blocks, "modal": modal} == shot


def test_a_digest_with_little_in_it(house: House, shot: SnapshotAssertion, language: str) -> None:
    found = report(house, digest(small=True), language)
    _, blocks = message(house.phrases, found)
    assert block_faults(blocks, "message") == []
    assert not [block for block in blocks if block["type"] == "data_visualization"]
    assert blocks == shot


def test_the_same_as_text_and_in_files(house: House, shot: SnapshotAssertion, language: str) -> None:
    found, charts = report(house, digest(), language), Charts(house.phrases)
    alt = [charts.trend(found).alt_text, charts.week(found).alt_text]
    csv = as_csv(house.phrases, found).decode("utf-8-sig")
    assert {"text": as_text(found).splitlines(), "alt": alt, "csv": csv.splitlines()} == shot


def test_a_week_of_nothing(house: House, language: str) -> None:
    zero = {kind: shown(0) for kind in HEADLINE}
    told = replace(
        digest(),
        headline=zero,
        changes=dict.fromkeys(HEADLINE, 0),
        trend={"2026-W47": zero},
        tables={kind: table(dict.fromkeys(rows, 0), 5) for kind, rows in COUNTS.items()},
    )
    found = report(house, told, language)
    assert found.opening[-1] == house.phrases.label(language, "digest.nothing")
    _, blocks = message(house.phrases, found)
    assert block_faults(blocks, "message") == []


def test_on_home(house: House, shot: SnapshotAssertion, language: str) -> None:
    found = {
        str(wanted): on_home(house.phrases, OnHome("2026-W47", ("2026-W48", "2026-W47"), wanted), language)
        for wanted in (True, False)
    }
    assert found == shot
