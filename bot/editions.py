"""`kakunin edition`: list, publish and compare editions, and what a new one changes for the stored cases."""

from collections import Counter
from datetime import date
from importlib.resources import files

import click

from bot.checkup import check_working
from bot.revision import tell_revision
from conversations.impact import Impact, examine_all, record_edition
from conversations.library import Library
from conversations.service import utc_now
from conversations.store.opening import open_existing
from knowledge.errors import KakuninError, nearest
from rules.editions import in_force, load_rulebook, publish, published
from rules.loader import load_editions
from rules.revision import compare


def list_editions(language: str) -> None:
    """Print each edition: the one in force, published ones, drafts."""
    current, sealed = in_force(date.today()).id, {edition.id for edition in published()}  # noqa: DTZ011 - local day
    for edition in load_editions(files("rules")):
        state = "in force" if edition.id == current else "published" if edition.id in sealed else "draft"
        click.echo(f"{edition.id}  from {edition.effective_from}  {state:9}  {edition.note.say(language)}")


def publish_edition() -> None:
    """Check the working files as `kakunin check` does, seal them as the last edition, and say where.

    Raises DataError if they have a fault, if a scenario comes out differently, or if it is sealed already.
    """
    if load_editions(files("rules"))[-1] not in published():
        check_working()
    click.echo(f"sealed: {publish()}")


def diff_editions(old: str, new: str, language: str) -> int:
    """Print what changes; returns 0 if nothing does, else 1. Raises KakuninError for a name that is no edition."""
    before, after = load_rulebook(old), load_rulebook(new)
    revision = compare(before.knowledge, before.rulebase, after.knowledge, after.rulebase)
    tell_revision(revision, language)
    return 0 if revision.same else 1


def tell_impact(old: str, new: str, store_path: str, library: Library, *, notify: bool) -> None:
    """Print what becomes of each stored case of edition `old` under `new`; with `notify` also record and queue it.

    Raises KakuninError for an edition that there is not.
    """
    store = open_existing(store_path)
    try:
        if notify and new not in {edition.id for edition in published()}:
            fault = f"{new} is not published; nobody is told of a draft. Publish it, or leave --notify out"
            raise KakuninError(fault)
        cases = [case for case in store.cases() if case.edition == old]
        if not cases:
            _refuse_unknown(old)
        found = list(examine_all(library, cases, new))
        queued = record_edition(store, library, found, new, utc_now()) if notify else 0
    finally:
        store.close()
    counts: Counter[str] = Counter(impact.outcome for impact in found)
    outcomes = [outcome for outcome in OUTCOMES if outcome != FAULTY or counts[FAULTY]]
    click.echo(f"{len(found)} cases of {old} under {new}: " + ", ".join(f"{counts[o]} {o}" for o in outcomes))
    for impact in found:
        if impact.outcome != "unchanged":
            click.echo(f"  {impact.case.id}: {_told(impact)}")
    if notify:
        click.echo(f"{queued} messages queued; the running bot delivers them")


def _refuse_unknown(edition: str) -> None:
    """An edition without cases may be one that nobody ever worked with, but not a misspelt one."""
    known = [known.id for known in load_editions(files("rules"))]
    if edition not in known:
        hint = nearest(edition, known) or f"; there are: {', '.join(known)}"
        raise KakuninError(f"no edition {edition!r}{hint}")


FAULTY = "cannot be judged"
OUTCOMES = ("unchanged", "changed", "needs a new answer", FAULTY)


def _told(impact: Impact) -> str:
    if impact.outcome == FAULTY:
        return FAULTY
    if impact.outcome == "changed":
        return (
            f"{impact.before} → {impact.after}" if impact.before != impact.after else f"{impact.after}, other grounds"
        )
    return f"{impact.before or 'still open'}; to be answered: {impact.card}"
