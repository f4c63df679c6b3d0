"""What a typed answer comes to on the card that is asked: a choice, several to pick from, or nothing. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conversations.choices import settle, shown_options, shown_parts, shown_shortcuts
from conversations.errors import ChoiceError
from conversations.hearing import Heard, Ref, Word, bare, load_words, words
from conversations.interview import Step
from conversations.listing import listed_options, listed_parts, one_click
from conversations.models import SERVICE_CARD, SHORTCUT, Choice, Option
from knowledge.models import Bilingual
from rules.models import UNKNOWN

MOST_CHOICES = 5
"""Of more than these nothing is asked back: the card itself shows them better."""

Found = tuple[Sequence[Choice], bool]
"""Choices that may be meant, and whether nothing about it is a guess."""


@dataclass(frozen=True)
class Meant:
    """The choices that it may come to; `sure`: there is one, and it can be taken as the answer."""

    choices: tuple[Choice, ...]
    sure: bool


def meant(step: Step, heard: Heard) -> Meant | None:
    """Return what it comes to on the card, or None where it is no answer to it."""
    found, certain = _found(step, heard)
    whole = [(choice, _completed(step, choice)) for choice in found]
    choices = tuple(_distinct(each for _, completed in whole for each in completed))
    if not 0 < len(choices) <= MOST_CHOICES:
        return None
    return Meant(choices, certain and len(choices) == 1 and choices[0] == found[0])


def _found(step: Step, heard: Heard) -> Found:
    if heard.word and (by_word := _by_word(step, heard.word)):
        return by_word
    if heard.numbers:
        return _by_numbers(step, heard.numbers)
    for refs, certain in ((heard.exact, True), (heard.near, False)):
        if named := [_with(step, part, option) for part, option in _shown(step, refs)]:
            return named, certain and len(named) == 1
    return [], False


def _by_word(step: Step, word: Word) -> Found | None:
    if word == "answers":
        return None
    if word == "unsure":
        return _unsure(step)
    if step.card.partial:
        return _on_the_reading(step, word)
    found = _in_words(step, word) or [_with(step, part, option) for part, option in _starting(step, word)]
    return (found, len(found) == 1 and _one_question(step, found[0])) if found else None


def _one_question(step: Step, choice: Choice) -> bool:
    """Whether the word answers the whole card: one input, or a shortcut."""
    return SHORTCUT in choice or len(shown_parts(step.card, step.known)) == 1


def _unsure(step: Step) -> Found | None:
    for shortcut in shown_shortcuts(step.card, step.known):
        if not shortcut.sets:
            return [{SHORTCUT: (shortcut.id,)}], True
    parts = shown_parts(step.card, step.known)
    told = [o for part in parts[:1] for o in shown_options(part, step.known) if set(o.sets.values()) == {UNKNOWN}]
    return ([{parts[0].id: (told[0].id,)}], True) if len(parts) == 1 and told else None


def _on_the_reading(step: Step, word: Word) -> Found:
    """Yes takes what was read, with one of the services where there are several; no may mean to be asked instead."""
    if word == "no":
        return [{SHORTCUT: (shortcut.id,)} for shortcut in step.card.shortcuts], False
    named = step.read.candidates
    taken = _untouched(step)
    return ([{**taken, SERVICE_CARD: (code,)} for code in named], False) if named else ([taken], True)


def _starting(step: Step, word: Word) -> Iterator[tuple[str, str]]:
    """What on the card begins with a yes or no of either language."""
    known = [name for name, meaning in words().items() if meaning == word]
    for part, option, label in _choosable(step):
        names = [bare(text) for text in (label.ja, label.en)]
        if any(re.match(rf"{re.escape(said)}(?![a-z0-9ぁ-ゖ])", name) for said in known for name in names):
            yield part, option


def _in_words(step: Step, word: Word) -> Sequence[Choice]:
    """What the words of the card say; of several inputs, the same in each."""
    names = {card.id: getattr(card, word) for card in load_words().card}
    named = names.get(step.card.id)
    there = [(part, option) for part, option, _ in _choosable(step) if option == named]
    shortcut = [{SHORTCUT: (option,)} for part, option in there if part == SHORTCUT]
    return shortcut or ([{part: (option,) for part, option in there}] if there else [])


def _by_numbers(step: Step, numbers: tuple[int, ...]) -> Found:
    """The options of that number; where several lists stand on the card, that of each of them.

    Behind a list the buttons count on, but who says so may have miscounted.
    """
    parts = listed_parts(step)
    lists = [[(part.id, option.id) for option in listed_options(step, part)] for part in parts]
    if len(lists) <= 1:
        shortcuts = [(SHORTCUT, shortcut.id) for shortcut in shown_shortcuts(step.card, step.known)]
        lists = [[*(lists[0] if lists else []), *shortcuts]]
    found = [chosen for listed in lists if (chosen := _numbered(step, listed, numbers))]
    certain = len(lists) == 1 and (one_click(step) or all(SHORTCUT not in choice for choice in found))
    return found, certain


def _numbered(step: Step, listed: Sequence[tuple[str, str]], numbers: tuple[int, ...]) -> Choice | None:
    if step.card.partial or not all(1 <= number <= len(listed) for number in numbers):
        return None
    choice: Choice = {}
    for number in numbers:
        one = _with(step, *listed[number - 1])
        choice = {**choice, **{part: tuple(dict.fromkeys((*choice.get(part, ()), *one[part]))) for part in one}}
    return choice


def _shown(step: Step, refs: Iterable[Ref]) -> list[tuple[str, str]]:
    there = {(part, option) for part, option, _ in _choosable(step)}
    services = {part.id for part in shown_parts(step.card, step.known) if part.kind == "service"}
    mine = [(part, option) for card, part, option in refs if card == step.card.id]
    return [(part, option) for part, option in mine if (part, option) in there or part in services]


def _choosable(step: Step) -> Iterator[tuple[str, str, Bilingual]]:
    for part in shown_parts(step.card, step.known):
        yield from ((part.id, option.id, option.label) for option in shown_options(part, step.known))
    yield from ((SHORTCUT, shortcut.id, shortcut.label) for shortcut in shown_shortcuts(step.card, step.known))


def _untouched(step: Step) -> Choice:
    """What is chosen on the card before anybody touches it."""
    chosen = {part.id: step.untouched(part) for part in shown_parts(step.card, step.known)}
    return {part: names for part, names in chosen.items() if names}


def _with(step: Step, part: str, name: str) -> Choice:
    """The card as it stands with this chosen as well."""
    if part == SHORTCUT:
        return {SHORTCUT: (name,)}
    before = _untouched(step)
    kept = before.get(part, ()) if _joins(step, part, name) else ()
    return {**before, part: (*(each for each in kept if each != name), name)}


def _joins(step: Step, name: str, chosen: str) -> bool:
    """Whether the option stands beside others of its input."""
    parts = [part for part in step.card.parts if part.id == name and part.kind == "many"]
    return bool(parts) and all(not option.alone for part in parts for option in part.options if option.id == chosen)


def _completed(step: Step, choice: Choice) -> Iterator[Choice]:
    """The choice as it can be taken: where one more input has to be chosen, with each of its options."""
    try:
        settle(step.card, choice, step.known)
    except ChoiceError as error:
        for option in _missing(step, error):
            yield from _completed(step, {**choice, error.part: (option.id,)})
    else:
        yield choice


def _missing(step: Step, error: ChoiceError) -> Sequence[Option]:
    parts = [part for part in shown_parts(step.card, step.known) if part.id == error.part and part.kind == "one"]
    return shown_options(parts[0], step.known) if error.code == "missing" and parts else ()


def _distinct(choices: Iterable[Choice]) -> Iterator[Choice]:
    seen: list[Choice] = []
    for choice in choices:
        if choice not in seen:
            seen.append(choice)
            yield choice
