"""`kakunin outbox`: what waits to go to Slack, and what was given up and may be tried again."""

import click

from conversations.store.opening import open_existing
from conversations.store.protocol import Letter


def tell_outbox(store_path: str, retry: tuple[str, ...]) -> int:
    """Print what waits and the dead letters; `retry` (ids, or `all`) queues those again. Returns 1 for an unknown id.

    Letters are told by ids and codes, never by what they say. A notice (of a new edition, a suspended service) waits to
    become letters, in the words and the language of whoever it is for.
    """
    store = open_existing(store_path)
    try:
        dead = store.dead_letters()
        chosen = [str(letter.id) for letter in dead] if "all" in retry else list(retry)
        unknown = [name for name in chosen if not name.isdigit() or not store.retry_letter(int(name))]
        backlog, notices = store.backlog(), len(store.waiting_notices())
        left = store.dead_letters()
    finally:
        store.close()
    for name in unknown:
        click.echo(f"kakunin: no dead letter {name}", err=True)
    if chosen:
        click.echo(f"{len(chosen) - len(unknown)} queued again; the running bot delivers them")
    oldest = f", the oldest since {backlog.oldest_letter.isoformat()}" if backlog.oldest_letter else ""
    waiting = f"{backlog.jobs} to be handled, {notices} to be put in words, {backlog.letters} to be delivered{oldest}"
    click.echo(f"{waiting}, {len(left)} given up")
    for letter in left:
        click.echo(_line(letter))
    return 1 if unknown else 0


def _line(letter: Letter) -> str:
    what = f"{letter.name} ({letter.state.partition(':')[0]})"
    where = f"{letter.workspace} {letter.channel} {letter.thread}"
    return f"  {letter.id}  {letter.at.isoformat()}  {letter.error}  {what}  case {letter.case_id or '-'}  {where}"
