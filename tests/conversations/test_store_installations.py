"""Installations in a store, and what goes when a workspace uninstalls: of that one, and of no other. Both stores."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from conversations.models import Confirmation, Delegation, Opinion
from conversations.store.copying import TABLES
from conversations.store.installations import ERASED, LEAVING
from conversations.store.protocol import Installed, Job, Letter, Notice, Posted, Store
from conversations.store.sql import SqlStore
from tests.conversations.builders import NOW, answer, case, pick
from tests.conversations.desk_rows import fill_desk

MINUTE = timedelta(minutes=1)


def filled(store: Store, team: str) -> None:
    """Write something of a workspace into every table, with the ids that every other workspace has, too."""
    there = case()
    store.add_case(replace(there, place=replace(there.place, workspace=team)))
    store.add_answer(team, "c1", answer(("openness", pick(shortcut="public"))))
    store.add_receipt(team, "c1", "{}")
    store.set_posted(team, "c1", "intro", Posted("1.1", "intro"))
    store.queue_notice(Notice(team, "n1", "c1", "suspended", {}, NOW))
    store.set_ticks(team, "c1", ["keep_record"], ["keep_record"], NOW)
    store.set_opinion(team, "c1", Opinion("helpful"), NOW)
    fill_desk(store, team, "c1")
    store.add_confirmation(team, "c1", Confirmation("a1", "leader_approval", "leader", "U2", "U1", NOW))
    store.delegate(team, Delegation("U2", "U3", NOW.date(), NOW))
    store.first_time(team, "k")
    store.put_jobs([Job(team, "j1", "C1:1", "talk", {}, NOW)])
    store.put_letter(Letter(team, "c1", "intro", "newer", "C1:1", "C1", "1", {}, "k1", NOW, update=True))
    store.put_letter(Letter(team, "c1", "card", "asked", "C1:2", "C1", "1", {}, "k2", NOW))
    while store.claim_letter(NOW, MINUTE, MINUTE, 5):
        pass
    store.put_installation(team, f"sealed {team}")
    store.prefer(team, "U1", "ja")
    store.subscribe(team, "U1", wanted=True)


def held(store: SqlStore, team: str) -> dict[str, int]:
    counted = {
        table: store.run(f"SELECT count(*) AS rows FROM {table} WHERE workspace = :team", team=team)[0]["rows"]
        for table in TABLES
    }
    return {table: rows for table, rows in counted.items() if rows}


def test_what_is_erased_is_every_table_but_anonymous_figures() -> None:
    assert set(ERASED) == TABLES.keys() - {"figures", "closed_weeks"}


def test_an_installation_is_kept_replaced_and_listed(store: Store) -> None:
    assert store.installation("T1") is None
    store.put_installation("T1", "a")
    store.put_installation("E1", "b")
    store.put_installation("T1", "c")
    assert store.installation("T1") == Installed("T1", "c")
    assert store.installations() == (Installed("E1", "b"), Installed("T1", "c"))
    store.reseal(Installed("T1", "a"), "late")
    store.reseal(Installed("E1", "b"), "d")
    assert store.installations() == (Installed("E1", "d"), Installed("T1", "c"))


def test_a_workspace_of_an_organisation_shares_its_installation(store: Store) -> None:
    store.put_installation("E1", "a")
    store.put_installation("T2", "b")
    for team in ("T1", "T1", "T2"):
        store.join_installation(team, "E1")
    assert (store.installation("T1"), store.installation("T2")) == (Installed("E1", "a"), Installed("T2", "b"))
    assert store.installations() == (Installed("E1", "a"), Installed("T2", "b"))


def test_uninstalling_drops_what_waits_and_keeps_the_rest(store: SqlStore) -> None:
    filled(store, "T1")
    filled(store, "T2")
    other = held(store, "T2")
    store.put_jobs([Job("T1", "j2", ":leaving", LEAVING, {}, NOW)])
    store.uninstall("T1", erase=False)
    left = [row["key"] for row in store.run("SELECT key FROM jobs WHERE workspace = 'T1'")]
    assert left == ["j2"], "what says more of its leaving is still to be handled"
    assert store.installation("T1") is None
    kept = held(store, "T1")
    assert kept.keys() == other.keys() - {"letters", "installations"}
    assert store.posted("T1", "c1") == {"intro": Posted("1.1", "")}, "nobody knows which state was shown last"
    assert (held(store, "T2"), store.installation("T2")) == (other, Installed("T2", "sealed T2"))
    assert [each.workspace for each in store.waiting_notices()] == ["T1", "T2"]
    store.uninstall("T1", erase=False)
    assert held(store, "T1") == kept


def test_erasing_leaves_no_row_of_that_workspace_and_every_row_of_another(store: SqlStore) -> None:
    filled(store, "T1")
    filled(store, "T2")
    other = held(store, "T2")
    assert other.keys() == set(ERASED)
    store.uninstall("T1", erase=True)
    assert (held(store, "T1"), held(store, "T2")) == ({}, other)
    filled(store, "T1")
    assert held(store, "T1") == other


@pytest.mark.parametrize("named", ["E1", "T1"])
@pytest.mark.parametrize("erase", [False, True])
def test_an_organisation_goes_with_all_of_its_workspaces(store: SqlStore, named: str, *, erase: bool) -> None:
    for team in ("T1", "T2", "T3"):
        filled(store, team)
    store.put_installation("E1", "a")
    for team in ("T1", "T2"):
        store.run("DELETE FROM installations WHERE workspace = :team", team=team)
        store.join_installation(team, "E1")
    before = held(store, "T3")
    store.uninstall(named, erase=erase)
    assert [store.installation(team) for team in ("E1", "T1", "T2")] == [None] * 3
    assert ("cases" in held(store, "T1"), "cases" in held(store, "T2")) == (not erase, not erase)
    assert not {"jobs", "letters"} & (held(store, "T1").keys() | held(store, "T2").keys())
    assert held(store, "T3") == before


def test_cases_are_read_of_the_workspaces_wanted(store: Store) -> None:
    for team in ("T1", "T2"):
        filled(store, team)
    wanted: Callable[[str], bool] = "T2".__eq__
    assert [found.place.workspace for found in store.cases(wanted)] == ["T2"]
    assert [found.place.workspace for found in store.cases()] == ["T1", "T2"]
