"""The log: a line each, readable or JSON, our codes as fields, and never a library's quotation of a payload."""

import json
import logging
import sys
import threading
from typing import Any

import pytest

from bot.logs import counted_alerts, log_as
from bot.settings import load_settings
from tests.bot.conftest import Lines

MARKER = "sekretmarker4711"


def fails() -> None:
    raise ValueError(MARKER)


def one(lines: Lines) -> dict[str, Any]:
    (line,) = lines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_of_json_has_time_level_logger_message_and_the_given_fields(written: Lines) -> None:
    log_as(load_settings(log="json"))
    extra = {"reference": "1a2b", "code": "old_card", "kind": "click", "secret": MARKER}
    logging.getLogger("kakunin.slack").warning("refused: %s", "確認", extra=extra)
    line = one(written)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "WARNING",
        "logger": "kakunin.slack",
        "message": "refused: 確認",
        "reference": "1a2b",
        "kind": "click",
        "code": "old_card",
    }


def test_a_readable_line_is_one_line(written: Lines) -> None:
    log_as(load_settings())
    logging.getLogger("kakunin.slack").error("first\nsecond", extra={"code": "x"})
    (line,) = written()
    assert line.split(" ", 1)[1] == "ERROR kakunin.slack: first second code=x"


@pytest.mark.parametrize(("level", "seen"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_is_that_of_the_setting(written: Lines, level: str, seen: int) -> None:
    log_as(load_settings(log_level=level))
    log = logging.getLogger("kakunin.slack")
    for say in (log.debug, log.info, log.warning, log.error):
        say("hm")
    assert len(written()) == seen


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("name", ["slack_bolt.App", "slack_sdk.web.base_client", "kakunin", "kakunin:take", "cheroot"])
def test_what_a_library_says_keeps_place_and_kind_of_error_and_loses_its_words(
    written: Lines, style: str, name: str
) -> None:
    log_as(load_settings(log=style, log_level="debug"))
    library = logging.getLogger(name)
    library.setLevel(logging.DEBUG)
    library.debug("payload: %s", MARKER)
    library.info("payload: %s", MARKER)
    library.warning("payload: %s", MARKER)
    library.error(f"{MARKER} is not known")
    try:
        fails()
    except ValueError as error:
        library.exception(f"Failed to run listener function (error: {error})")
    library.setLevel(logging.NOTSET)
    lines = written()
    assert len(lines) == 3
    assert MARKER not in "".join(lines)
    assert all("withheld [test_logs.py:" in line for line in lines)
    assert "ValueError at " in lines[2]


def test_how_a_connection_failed_is_told_as_far_as_it_is_fixed_text(written: Lines) -> None:
    log_as(load_settings(log="json"))
    library = logging.getLogger("slack_bolt.App")
    library.error(f"Failed to establish a connection (session id: 1, error: {MARKER})")
    assert str(one(written)["message"]).startswith("Failed to establish a connection [test_logs.py:")


def test_our_own_message_never_brings_an_error_s_text(written: Lines) -> None:
    log_as(load_settings(log="json"))
    try:
        fails()
    except ValueError:
        logging.getLogger("kakunin.slack").exception("it failed")
    assert MARKER not in written()[0]
    assert str(one(written)["message"]).startswith("it failed: ValueError at ")


def test_a_thread_that_ends_and_a_process_that_ends_are_told_without_a_traceback(written: Lines) -> None:
    log_as(load_settings(log="json"))
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    assert str(one(written)["message"]).startswith("a thread ended: ValueError at ")
    try:
        fails()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    assert MARKER not in "".join(written())
    assert json.loads(written()[1])["level"] == "CRITICAL"


def test_alerts_are_counted_by_code_or_module() -> None:
    counted: list[str] = []
    alert = logging.getLogger("kakunin.alert")
    with counted_alerts(counted.append):
        alert.error("the clock was set", extra={"code": "clock_step"})
        alert.error("something else")
        alert.info("not an alert")
    alert.error("nobody counts any more")
    assert counted == ["clock_step", "test_logs"]
