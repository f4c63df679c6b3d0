"""Metrics: what is told is counted, how things stand is read when somebody asks, and nothing is shared."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Counted, Metrics, Standing
from conversations.store.protocol import Backlog
from rules.models import VERDICTS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOTHING = Backlog(0, None, 0, None, 0)
BUILD = {"version": "1", "edition": "2026-11", "engine": "durable_rules"}


def samples(metrics: Counted) -> dict[str, float]:
    """Return what a scrape reads, `name{label=value}` → value."""
    families = text_string_to_metric_families(metrics.page().decode())
    return {named(s.name, s.labels): s.value for family in families for s in family.samples}


def named(name: str, labels: Mapping[str, str]) -> str:
    return name + (f"{{{','.join(f'{key}={value}' for key, value in labels.items())}}}" if labels else "")


def test_what_is_told_is_counted() -> None:
    metrics = Counted()
    metrics.acked("message", 0.004)
    metrics.acked("block_actions", 4.0)
    metrics.job("click", "done", 0.02)
    metrics.letter("sent")
    metrics.letter("dead")
    metrics.case_started()
    metrics.verdict("allowed")
    metrics.refused("old_card")
    metrics.alerted("relay")
    read = samples(metrics)
    assert read["kakunin_acks_total{kind=message}"] == 1
    assert read["kakunin_ack_seconds_bucket{le=0.005}"] == 1
    assert read["kakunin_ack_seconds_bucket{le=3.0}"] == 1
    assert read["kakunin_ack_seconds_count"] == 2
    assert read["kakunin_jobs_total{kind=click,outcome=done}"] == 1
    assert read["kakunin_job_seconds_sum"] == 0.02
    assert (read["kakunin_letters_total{outcome=sent}"], read["kakunin_letters_total{outcome=dead}"]) == (1, 1)
    assert read["kakunin_cases_started_total"] == 1
    assert read["kakunin_verdicts_total{verdict=allowed}"] == 1
    assert read["kakunin_refusals_total{code=old_card}"] == 1
    assert read["kakunin_alerts_total{alert=relay}"] == 1


def test_verdicts_and_alerts_are_there_at_zero_so_that_the_first_one_is_an_increase() -> None:
    read = samples(Counted())
    assert {read[f"kakunin_verdicts_total{{verdict={verdict}}}"] for verdict in VERDICTS} == {0}
    assert read["kakunin_alerts_total{alert=evaluator}"] == 0


def test_each_registry_is_its_own() -> None:
    one, other = Counted(), Counted()
    one.case_started()
    assert samples(other)["kakunin_cases_started_total"] == 0
    assert not [family.name for family in REGISTRY.collect() if family.name.startswith("kakunin")]


def test_the_process_tells_its_memory_and_files() -> None:
    assert {"process_resident_memory_bytes", "process_open_fds"} <= samples(Counted()).keys()


def test_how_things_stand_is_read_at_each_scrape() -> None:
    metrics, backlogs = Counted(), [Backlog(3, NOW - timedelta(seconds=90), 2, NOW - timedelta(hours=1), 1, 4), NOTHING]
    metrics.also(Standing(lambda: BUILD, lambda: True, lambda: backlogs.pop(0), lambda: True, lambda: 5, lambda: NOW))
    first, second = samples(metrics), samples(metrics)
    assert first["kakunin_build_info{edition=2026-11,engine=durable_rules,version=1}"] == 1
    assert (first["kakunin_ready"], first["kakunin_socket_connected"], first["kakunin_store_free_bytes"]) == (1, 1, 5)
    assert (first["kakunin_inbox_jobs"], first["kakunin_inbox_oldest_seconds"]) == (3, 90)
    assert (first["kakunin_outbox_letters"], first["kakunin_outbox_oldest_seconds"]) == (2, 3600)
    assert (first["kakunin_outbox_dead_letters"], first["kakunin_confirmations_waiting"]) == (1, 4)
    waiting = {name: value for name, value in second.items() if name.startswith(("kakunin_inbox", "kakunin_outbox"))}
    assert set(waiting.values()) == {0}


def test_a_clock_that_was_set_back_makes_no_negative_age() -> None:
    metrics = Counted()
    backlog = Backlog(1, NOW + timedelta(hours=1), 0, None, 0)
    metrics.also(Standing(lambda: BUILD, lambda: True, lambda: backlog, now=lambda: NOW))
    assert samples(metrics)["kakunin_inbox_oldest_seconds"] == 0


def test_what_is_not_known_is_left_out_and_the_rest_is_read() -> None:
    metrics = Counted()
    metrics.also(Standing(lambda: None, lambda: False))
    read = samples(metrics)
    assert read["kakunin_ready"] == 0
    absent = ("kakunin_build", "kakunin_socket", "kakunin_inbox", "kakunin_outbox", "kakunin_store")
    assert not [name for name in read if name.startswith(absent)]


def test_without_prometheus_telling_does_nothing() -> None:
    silent = Metrics()
    silent.acked("message", 1)
    silent.job("click", "done", 1)
    for tell in (silent.letter, silent.verdict, silent.refused, silent.alerted):
        tell("x")
    silent.case_started()
    assert vars(silent) == {}
