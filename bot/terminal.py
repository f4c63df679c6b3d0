"""`kakunin ask`: the same interview in a terminal. Questions on standard error, the verdict on standard output."""

import io
import locale
import os
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import click

from bot.app import House, build_house
from bot.plain import bare, in_plain
from bot.spoken import language_of
from bot.views.blocks import plain_blocks
from conversations.choices import preselected, shown_options, shown_parts, shown_shortcuts
from conversations.errors import ChoiceError
from conversations.interview import Step
from conversations.models import NO_SERVICE, SERVICE_CARD, SHORTCUT, Choice, Part, Place
from conversations.service import Conversations, Standing
from conversations.store.sqlite import SqliteStore
from conversations.todo import Marks
from knowledge.errors import KakuninError

WHO = "terminal"
PLACE = Place("terminal", "terminal", "1")


class GaveUp(Exception):
    """The person ended the input before the verdict."""


@dataclass(frozen=True)
class Line:
    """A numbered line that can be chosen: a button of the card, or an option of an input."""

    text: str
    choice: Choice


def ask_in_terminal(
    language: str | None, overlay: Path | None = None, receipt: Path | None = None, *, whole_list: bool = False
) -> int:
    """Ask until the verdict is settled; returns 0, or 1 if the input ended before. Writes the receipt if told where."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    if receipt:
        _refuse_unwritable(receipt)
    spoken = language or language_of(os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0])
    house = build_house(overlay)
    store = SqliteStore(":memory:")
    conversations = Conversations(store, house.library)
    try:
        standing = _interview(house, conversations, spoken, whole_list=whole_list)
        click.echo(_verdict(house, conversations, standing, spoken))
        if receipt:
            receipt.write_text(store.receipts(PLACE.workspace, standing.case.id)[-1] + "\n", encoding="utf-8")
    except GaveUp:
        click.echo(house.phrases.label(spoken, "terminal.gave_up"), err=True)
        return 1
    finally:
        store.close()
    return 0


def _refuse_unwritable(file: Path) -> None:
    """Raise KakuninError before anybody has answered for nothing."""
    new = not file.exists()
    try:
        file.open("a", encoding="utf-8").close()
    except OSError as error:
        raise KakuninError(f"{file}: {error.strerror}; nothing was asked yet") from None
    if new:
        file.unlink()


def _interview(house: House, conversations: Conversations, language: str, *, whole_list: bool) -> Standing:
    click.echo(house.phrases.label(language, "terminal.intro"), err=True)
    standing = _go_on(house, conversations, conversations.start(PLACE, WHO), language)
    if not whole_list:
        return standing
    return _go_on(house, conversations, conversations.want_whole_list(PLACE.workspace, standing.case.id, WHO), language)


def _go_on(house: House, conversations: Conversations, standing: Standing, language: str) -> Standing:
    while step := standing.progress.current:
        number = house.phrases.label(
            language, "question.number", number=len(standing.progress.steps), at_most=standing.progress.at_most
        )
        try:
            choice = _ask(house, step, number, language)
            standing = conversations.answer(PLACE.workspace, standing.case.id, step.card.id, choice, WHO)
        except ChoiceError as error:
            part = next((p.label.say(language) for p in step.card.parts if p.id == error.part), error.part)
            click.echo(house.phrases.label(language, f"note.{error.code}", part=part), err=True)
    return standing


def _ask(house: House, step: Step, number: str, language: str) -> Choice:
    """Ask a card, the `number`-th in words: first its one-word answers, then input by input."""
    card = step.card
    click.echo(f"\n[{number}] {card.question.say(language)}\n    {card.help.say(language)}", err=True)
    known = house.views.services.known(step, language)
    if known:
        click.echo("    " + bare(known).replace("\n", "\n    "), err=True)
    shortcuts = shown_shortcuts(card, step.known)
    parts = shown_parts(card, step.known)
    if shortcuts:
        lines = [Line(s.label.say(language), {SHORTCUT: (s.id,)}) for s in shortcuts]
        lines.append(Line(house.phrases.label(language, "terminal.details"), {}))
        chosen = _pick_one(house, lines, language)
        if chosen.choice:
            return chosen.choice
    choice: dict[str, tuple[str, ...]] = {}
    for part in parts:
        choice[part.id] = _ask_part(house, step, part, language)
    return {part: names for part, names in choice.items() if names}


def _ask_part(house: House, step: Step, part: Part, language: str) -> tuple[str, ...]:
    click.echo(f"  {part.label.say(language)}", err=True)
    if part.kind == "service":
        names = [*house.knowledge.services, *_brands(house), *NO_SERVICE]
        lines = [Line(house.views.services.name(name, language), {part.id: (name,)}) for name in names]
        return _pick_one(house, lines, language).choice[SERVICE_CARD]
    lines = [
        Line(o.label.say(language) + (f"  — {o.hint.say(language)}" if o.hint else ""), {part.id: (o.id,)})
        for o in shown_options(part, step.known)
    ]
    if part.kind == "one":
        return _pick_one(house, lines, language).choice[part.id]
    before = preselected(part, step.known)
    names = [line.choice[part.id][0] for line in lines]
    picked = _pick(house, lines, "terminal.many", language, [names.index(name) for name in before])
    return tuple(names[position] for position in picked)


def _brands(house: House) -> list[str]:
    services = house.knowledge.services.values()
    return [b for b in house.knowledge.brands if sum(s.brand == b for s in services) > 1]


def _pick_one(house: House, lines: list[Line], language: str) -> Line:
    while True:
        picked = _pick(house, lines, "terminal.one", language, [])
        if len(picked) == 1:
            return lines[picked[0]]
        click.echo(house.phrases.label(language, "terminal.only_one"), err=True)


def _pick(house: House, lines: list[Line], prompt: str, language: str, before: list[int]) -> list[int]:
    """Return the positions chosen; an empty line keeps what was chosen beforehand, 0 is none of them."""
    for position, line in enumerate(lines):
        mark = "*" if position in before else " "
        click.echo(f"   {mark}{position + 1:>2}. {line.text}", err=True)
    while True:
        click.echo(f"  {house.phrases.label(language, prompt)} > ", err=True, nl=False)
        typed = sys.stdin.readline()
        if not typed:
            raise GaveUp
        words = unicodedata.normalize("NFKC", typed).replace(",", " ").replace("、", " ").split()
        numbers = {str(position + 1): position for position in range(len(lines))}
        if words == ["0"]:
            return []
        if all(word in numbers for word in words):
            return sorted({numbers[word] for word in words}) if words else before
        click.echo(house.phrases.label(language, "terminal.numbers", last=len(lines)), err=True)


def _verdict(house: House, conversations: Conversations, standing: Standing, language: str) -> str:
    """Return the verdict card and what lies behind its buttons as text: Slack's blocks without their marks."""
    if standing.evaluation is None:  # the interview ends only when the verdict is settled
        raise GaveUp
    evaluation, insight = standing.evaluation, conversations.insight(standing)
    views, compared = house.views.verdicts, conversations.other_services(standing)
    listed = plain_blocks(views.whole_list(evaluation, language)) if standing.case.whole_list else []
    blocks = [
        *views.card(standing, evaluation, insight, Marks(), language),
        *listed,
        *views.to_do.how(evaluation.measures, language),
        *views.grounds(standing, evaluation, insight, language),
        views.checklist.line(evaluation, language),
        *views.insights.in_full(insight, language),
        *views.insights.compared(compared, standing.progress.service, evaluation.verdict, language),
    ]
    return in_plain(blocks)
