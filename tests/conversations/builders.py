"""Cases, choices and whole interviews for the tests of this floor."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from conversations.choices import settle, shown_options, shown_parts, shown_shortcuts
from conversations.errors import ChoiceError
from conversations.interview import Interview, Progress, Step
from conversations.models import READ, SERVICE_CARD, SHORTCUT, Answer, Card, Case, Choice, Place
from rules.models import UNKNOWN

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PLACE = Place("T1", "C1", "1700000000.000100")
ASKER = "U1"
SERVICES = ("chatgpt_free", "chatgpt_business", "openai_api", "self_hosted", "deepseek_web", "chatgpt", "other")
"""A consumer plan, two that the catalogue answers for, two it answers nothing for, a brand, and none of it."""

Chooser = Callable[[Step], Choice]


def pick(**parts: str) -> Choice:
    """Return a choice; several options of a part are parted by spaces."""
    return {part: tuple(options.split()) for part, options in parts.items()}


def case(*answers: tuple[str, Choice], programme: str = UNKNOWN, brand: str | None = None) -> Case:
    """Return a case with these answers, oldest first."""
    return Case("c1", PLACE, ASKER, NOW, programme, brand, tuple(map(answer, answers)))


def answer(given: tuple[str, Choice]) -> Answer:
    card, choice = given
    return Answer(card, choice, ASKER, NOW)


def more(before: Case, *answers: tuple[str, Choice]) -> Case:
    """Return the case with further answers."""
    return replace(before, answers=(*before.answers, *map(answer, answers)))


def heard(read: Choice, *answers: tuple[str, Choice], brand: str | None = None) -> Case:
    """Return a case that was started with a reading, and these answers."""
    return case((READ, read), *answers, brand=brand)


def names(progress: Progress) -> list[str]:
    """Return the cards asked so far, the waiting one last."""
    return [step.card.id for step in progress.steps]


def waiting(progress: Progress) -> str | None:
    """Return the card to answer now."""
    return progress.current.card.id if progress.current else None


def counted(progress: Progress) -> list[tuple[str, Choice]]:
    """Return the answers that count, in asking order."""
    return [(step.card.id, step.choice) for step in progress.steps if step.choice is not None]


def card_of(cards: Iterable[Card], name: str) -> Card:
    return next(card for card in cards if card.id == name)


def answered(interview: Interview, choose: Chooser, start: Case | None = None) -> Case:
    """Answer every card that is asked until the verdict is settled; no more rounds than there are cards."""
    done = start or case()
    for _ in range(2 * len(interview.cards)):
        step = interview.progress(done).current
        if step is None:
            return done
        choice = choose(step)
        interview.check(done, step.card.id, choice)
        done = more(done, (step.card.id, choice))
    raise AssertionError(f"the interview does not end: {names(interview.progress(done))}")


def random_choice(step: Step, rng: random.Random) -> Choice:
    """Return some choice that the card takes; shortcuts, single ticks and many ticks all occur."""
    while True:
        choice = _any_choice(step, rng)
        try:
            settle(step.card, choice, step.known)
        except ChoiceError:
            continue
        return choice


def _any_choice(step: Step, rng: random.Random) -> Choice:
    shortcuts = shown_shortcuts(step.card, step.known)
    if shortcuts and rng.random() < 0.3:
        return {SHORTCUT: (rng.choice(shortcuts).id,)}
    choice: dict[str, tuple[str, ...]] = {}
    share = rng.choice((0.1, 0.3, 0.7))
    for part in shown_parts(step.card, step.known):
        options = [option.id for option in shown_options(part, step.known)]
        if part.kind == "service":
            choice[SERVICE_CARD] = (rng.choice(SERVICES),)
        elif part.kind == "one":
            choice[part.id] = (rng.choice(options),)
        else:
            choice[part.id] = tuple(option for option in options if rng.random() < share)
    return choice


def chooser(rng: random.Random) -> Chooser:
    return lambda step: random_choice(step, rng)


def random_case(interview: Interview, seed: object) -> Case:
    """Return a finished random interview."""
    rng = random.Random(f"interview {seed}")
    return answered(interview, chooser(rng))


def random_read(interview: Interview, rng: random.Random) -> Choice:
    """Return a reading of some facts, perhaps with services, mistyped ones, and a warning."""
    asked = {name for card in interview.cards for name in card.facts}
    share = rng.choice((0.05, 0.2, 0.5))
    told: dict[str, tuple[str, ...]] = {}
    for fact in (interview.rulebase.facts[name] for name in sorted(asked) if rng.random() < share):
        some = tuple(value for value in fact.values if rng.random() < share) or ("none",)
        told[fact.id] = rng.choice((some, (UNKNOWN,))) if fact.many else (rng.choice((*fact.values, UNKNOWN)),)
    if rng.random() < 0.5:
        told[SERVICE_CARD] = tuple(rng.sample(SERVICES, rng.choice((1, 1, 2))))
    if rng.random() < 0.1:
        told["slip"] = (rng.choice(SERVICES[:-1]),)
    return told


def random_heard_case(interview: Interview, seed: object) -> Case:
    """Return a finished random interview that began with a reading."""
    rng = random.Random(f"heard {seed}")
    return answered(interview, chooser(rng), heard(random_read(interview, rng)))


def edited(interview: Interview, before: Case, rng: random.Random, edits: int) -> Case:
    """Return the case after some random edits, each finished before the next."""
    for _ in range(edits):
        step = rng.choice(interview.progress(before).steps)
        before = answered(interview, chooser(rng), more(before, (step.card.id, random_choice(step, rng))))
    return before
