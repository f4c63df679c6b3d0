"""`kakunin check`: whether all data is sound and, with --slack, whether everything is there to connect."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.app import build_house, keys_of
from bot.manifest import scopes
from bot.record.word import check_template
from bot.settings import Settings, SettingsError, load_settings, missing
from conversations.book import Book, Books, open_working
from conversations.library import overlays
from knowledge.coverage import load_reasons
from knowledge.errors import DataError, Faults, nearest
from knowledge.loader import load_knowledge
from knowledge.models import Knowledge
from knowledge.offices import OFFICES, load_matters
from knowledge.redirects import REDIRECTS, load_redirects
from rules.editions import Rulebook, changed_since_sealed
from rules.errors import EngineError, FactError
from rules.evaluator import make_evaluator
from rules.lawful import clears_early
from rules.loader import load_editions
from rules.models import RuleBase
from rules.overlay import with_policies
from rules.policies import load_policies
from rules.scenarios import load_scenarios, run_all
from rules.vocabulary import parse_facts

BASIC = "Basic Information"
ANSWER_SECONDS = 10


def check_data(overlay: Path | None = None) -> None:
    """Check the working files and what is in force, and print what there is. Raises DataError: file, id and remedy."""
    _check_seal()
    working, current = check_working(overlay), build_house(overlay).books.current()
    knowledge, rulebase = working.knowledge, working.rulebook.rulebase
    _refuse_idle(working.rulebook)
    check_template(working.rulebook.overlay)
    counts = {
        "passages": knowledge.passages,
        "measures": knowledge.measures,
        "services": knowledge.services,
        "facts": rulebase.facts,
        "rules": rulebase.rules,
        "scenarios": load_scenarios(working.rulebook.national, load_knowledge()),
        "cards": working.interview.cards,
    }
    click.echo(", ".join(f"{len(things)} {name}" for name, things in counts.items()) + ": sound")
    if current.edition != working.edition:
        click.echo(f"working files: edition {working.edition}, which is not in force")
    click.echo(f"edition in force: {current.edition}")
    for line in _about_overlay(working.rulebook):
        click.echo(line)
    engine = working.evaluator.engine_name
    alone = "" if engine == "durable_rules" else " (durable-rules cannot be imported on this Python)"
    click.echo(f"engine: {engine}{alone}")


def check_overlays(folder: Path | None) -> None:
    """Check the overlay of each workspace, and print what it adds. Raises DataError naming the first fault."""
    for workspace, overlay in overlays(folder).items():
        try:
            book = open_working(overlay)
            Books(overlay)
            check_template(overlay)
        except DataError as error:
            raise DataError(f"{workspace}/{error.where}", error.what, error.fault) from None
        for line in _about_overlay(book.rulebook):
            click.echo(f"{workspace}: {line}")


def check_working(overlay: Path | None = None) -> Book:
    """Load the working files, published or not, and run every scenario. Raises DataError naming file, id and remedy."""
    book = open_working(overlay)
    if book.evaluator.evaluate(parse_facts(book.rulebook.rulebase, {})).disputed:
        raise EngineError("durable-rules and the table interpreter disagree; do not use this installation")
    national, knowledge = book.rulebook.national, load_knowledge()
    run_all(make_evaluator(national), load_scenarios(national, knowledge))
    load_reasons(knowledge)
    _check_redirects(knowledge, national)
    _check_matters(national)
    return book


def _check_matters(rulebase: RuleBase) -> None:
    """What an office answers for has to be a fact, and the answers with which it matters its values."""
    for matter in load_matters():
        fact = rulebase.facts.get(matter.fact)
        if fact is None:
            raise DataError(OFFICES, matter.id, f"unknown fact {matter.fact!r}{nearest(matter.fact, rulebase.facts)}")
        for value in matter.values:
            if value not in fact.table_values:
                raise DataError(OFFICES, matter.id, f"unknown value {value!r}{nearest(value, fact.table_values)}")


def _check_redirects(knowledge: Knowledge, rulebase: RuleBase) -> None:
    """What is quoted beside an answer, and what a check begins with from it, has to be there."""
    for redirect in load_redirects().values():
        if redirect.passage and redirect.passage not in knowledge.passages:
            fault = f"unknown passage {redirect.passage!r}{nearest(redirect.passage, knowledge.passages)}"
            raise DataError(REDIRECTS, redirect.id, fault)
        try:
            parse_facts(rulebase, redirect.known)
        except FactError as error:
            raise DataError(REDIRECTS, redirect.id, str(error)) from None


def _check_seal() -> None:
    changed = changed_since_sealed()
    if changed:
        fault = f"{', '.join(changed)} changed since it was published; add an [[edition]] for them, then publish that"
        raise DataError("editions.toml", load_editions(files("rules"))[-1].id, fault)


def _refuse_idle(book: Rulebook) -> None:
    """A fact of the institution that no rule reads is never asked for: most likely a rule was forgotten."""
    faults, read = Faults(), {name for rule in book.rulebase.rules.values() for name in rule.when}
    for fact in book.rulebase.facts.values():
        with faults.gathered():
            if fact.given and fact.id not in book.national.facts and fact.id not in read:
                fault = "no rule reads it, so it would never be asked for; add a rule to rules.toml, or take it out"
                raise DataError("facts.toml", fact.id, fault)
    faults.tell()


def _about_overlay(book: Rulebook) -> Iterator[str]:
    """Say what the overlay adds, and warn of floors that can still rise after an open question was let pass."""
    institution = book.knowledge.institution
    if institution is None or book.overlay is None:
        return
    added = book.rulebase.rules.keys() - book.national.rules.keys()
    offices = ", ".join(contact.office for contact in institution.contacts) or "none"
    yield f"overlay {institution.id}: {len(added)} rules on top; offices: {offices}"
    if institution.suspended:
        yield f"suspended: {', '.join(institution.suspended)}"
    meant = [policy for policy in load_policies(book.knowledge, book.overlay) if not policy.institution_policy]
    early = clears_early(book.national, with_policies(book.national, book.knowledge, book.overlay, meant))
    if early:
        yield f"note: a verdict can pass on an open answer that could still raise it (with {early.told});"
        yield "      a rule that names the value `unknown`, too, would hold it"


def check_slack() -> int:
    """Print what is missing to connect to Slack, in plain words; returns 1 if anything is."""
    return 0 if look_at_slack(load_settings()).ready else 1


@dataclass(frozen=True)
class Look:
    """Whether everything is there to connect, and who the bot is (None with many workspaces)."""

    ready: bool
    identity: SlackResponse | None = None


def look_at_slack(settings: Settings) -> Look:
    """Ask Slack, and print what is missing to connect. Raises MissingExtra."""
    faults, identity = missing(settings), None
    if not faults and settings.many:
        faults = _key_faults(settings) or _answered(
            lambda: _client_faults(settings), settings, "SLACK_CLIENT_ID", BASIC
        )
    elif not faults:
        identity, faults = _bot(settings)
    if not faults and settings.mode == "socket":
        faults = _answered(lambda: _app_faults(settings), settings, "SLACK_APP_TOKEN", f"{BASIC} → App-Level Tokens")
    for fault in faults:
        click.echo(f"• {fault}", err=True)
    many = ", many workspaces" if settings.many else ""
    click.echo("Slack: not ready" if faults else f"Slack: ready ({settings.mode} mode{many})")
    return Look(not faults, identity)


def _key_faults(settings: Settings) -> list[str]:
    try:
        keys_of(settings)
    except SettingsError as error:
        return [str(error)]
    return []


def _client_faults(settings: Settings) -> list[str]:
    """Try a code that was never given out: Slack looks at who asks before it looks at the code."""
    client = WebClient(base_url=settings.slack_api, timeout=ANSWER_SECONDS)
    try:
        client.oauth_v2_access(client_id=settings.client_id, client_secret=settings.client_secret, code="0")
    except SlackApiError as error:
        if error.response["error"] != "invalid_code":
            raise
    return []


def _bot(settings: Settings) -> tuple[SlackResponse | None, list[str]]:
    """Return who the bot is, and what is wrong with its token."""
    found: list[SlackResponse] = []

    def ask() -> list[str]:
        client = WebClient(token=settings.bot_token, base_url=settings.slack_api, timeout=ANSWER_SECONDS)
        found.append(client.auth_test())
        return _missing_scopes(found[0])

    faults = _answered(ask, settings, "SLACK_BOT_TOKEN", "OAuth & Permissions")
    return (found[0] if found else None), faults


def _answered(ask: Callable[[], list[str]], settings: Settings, token: str, where: str) -> list[str]:
    """Return what `ask` finds, or in plain words why Slack did not answer it."""
    try:
        return ask()
    except SlackApiError as error:
        code = str(error.response["error"])
        return [EXPLAINED.get(code, "Slack refuses {token}: {code}.").format(token=token, where=where, code=code)]
    except (SlackClientError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return [
            f"{settings.slack_api} cannot be reached ({reason}). Check the network, a proxy, and KAKUNIN_SLACK_API."
        ]


def _missing_scopes(identity: SlackResponse) -> list[str]:
    have = {scope.strip() for scope in identity.headers.get("x-oauth-scopes", "").split(",")}
    return [
        f"The scope {scope} is not granted. Add it under OAuth & Permissions (or import manifest.json) and reinstall."
        for scope in sorted(scopes() - have)
    ]


def _app_faults(settings: Settings) -> list[str]:
    WebClient(base_url=settings.slack_api, timeout=ANSWER_SECONDS).apps_connections_open(app_token=settings.app_token)
    return []


EXPLAINED = {
    "invalid_client_id": "{token} is not accepted. Copy it again from {where}.",
    "bad_client_secret": "SLACK_CLIENT_SECRET is not accepted. Copy it again from {where}.",
    "invalid_auth": "{token} is not accepted. Copy it again from {where}.",
    "not_authed": "{token} is empty. Copy it from {where}.",
    "account_inactive": "The bot's account is switched off: reinstall the app to the workspace.",
    "token_revoked": "{token} was revoked: reinstall the app to the workspace.",
    "missing_scope": "{token} lacks a scope: make a new one under {where}.",
}
