"""A choice on a card → the facts it settles, and what of a card is shown. Pure; knows no case."""

from collections.abc import Mapping

from conversations.errors import ChoiceError
from conversations.models import SHORTCUT, Card, Choice, Holds, Option, Part, Shortcut, Value
from rules.models import UNKNOWN


def holds(condition: Holds, facts: Mapping[str, Value]) -> bool:
    """Whether every fact of the condition has one of its accepted values; a fact not given is unknown."""
    return all(facts.get(name, UNKNOWN) in accepted for name, accepted in condition.items())


def shown_parts(card: Card, facts: Mapping[str, Value]) -> list[Part]:
    """Return the inputs of the card that the facts so far call for."""
    return [part for part in card.parts if holds(part.when, facts)]


def shown_options(part: Part, facts: Mapping[str, Value]) -> list[Option]:
    """Return the options of the part that the facts so far call for."""
    return [option for option in part.options if holds(option.when, facts)]


def shown_shortcuts(card: Card, facts: Mapping[str, Value]) -> list[Shortcut]:
    """Return the buttons of the card that the facts so far call for."""
    return [shortcut for shortcut in card.shortcuts if holds(shortcut.when, facts)]


def preselected(part: Part, facts: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the options chosen beforehand: what the facts so far already say, else what is `initial`."""
    options = shown_options(part, facts)
    told = tuple(o.id for o in options if o.sets and all(_agrees(facts.get(n), value) for n, value in o.sets.items()))
    return told or tuple(o.id for o in options if o.initial is not None and holds(o.initial, facts))


def _agrees(known: Value | None, says: Value) -> bool:
    """Whether what is known says so; of a list, whether it holds what the option adds to it."""
    if isinstance(known, tuple) and isinstance(says, tuple):
        return set(says) <= set(known) and bool(says) == bool(known)
    return known == says


def refuse_strangers(card: Card, choice: Choice, facts: Mapping[str, Value]) -> None:
    """Raise ChoiceError for an input that the card does not show: only codes of the card are taken."""
    for part in choice.keys() - {SHORTCUT} - {part.id for part in shown_parts(card, facts)}:
        raise ChoiceError("unknown_option", part)


def leaves_unknown(card: Card, choice: Choice) -> bool:
    """Whether the choice says of anything that it is not known, or not asked or looked into yet."""
    if SHORTCUT in choice:
        said = [shortcut.sets for shortcut in card.shortcuts if choice[SHORTCUT] == (shortcut.id,)]
        return any(not sets or UNKNOWN in sets.values() for sets in said)
    options = [o for part in card.parts for o in part.options if o.id in choice.get(part.id, ())]
    unnamed = any(choice.get(part.id) == (UNKNOWN,) for part in card.parts if part.kind == "service")
    return unnamed or any(o.rest == UNKNOWN or UNKNOWN in o.sets.values() for o in options)


def settle(card: Card, choice: Choice, facts: Mapping[str, Value]) -> dict[str, Value]:
    """Return every fact of the card as the choice settles it, `unknown` where it says nothing (a partial card: none).

    Raises ChoiceError where the choice cannot be taken: nothing chosen, an input left out, a contradiction.
    """
    settled: dict[str, Value] = {} if card.partial else dict.fromkeys(card.facts, UNKNOWN)
    if SHORTCUT in choice:
        return {**settled, **_shortcut(card, choice, facts)}
    chosen = _chosen(card, choice, facts)
    _check_complete(card, chosen, choice)
    rest = next((o.rest for options in chosen.values() for o in options if o.rest), None)
    spoken = {name for options in chosen.values() for option in options for name in option.sets}
    for part in (part for part in shown_parts(card, facts) if part.kind == "many"):
        for option in shown_options(part, facts):
            if option not in chosen[part.id]:
                settled |= dict.fromkeys(option.sets, rest) if rest else _unticked(part, option, card, spoken)
    return settled | (_strictest(chosen) if card.combine else _agreeing(chosen))


def _unticked(part: Part, option: Option, card: Card, spoken: set[str]) -> Mapping[str, Value]:
    """What is not ticked counts as said only where something was chosen in the lists on the same facts."""
    own = _facts_of(part)
    lists = [_facts_of(other) for other in card.parts if _facts_of(other) & own]
    return option.unticked if spoken & frozenset().union(*lists) else {}


def _facts_of(part: Part) -> frozenset[str]:
    return frozenset(name for option in part.options for name in option.sets)


def _shortcut(card: Card, choice: Choice, facts: Mapping[str, Value]) -> Mapping[str, Value]:
    if any(options for part, options in choice.items() if part != SHORTCUT):
        raise ChoiceError("contradiction", SHORTCUT)
    for shortcut in shown_shortcuts(card, facts):
        if choice[SHORTCUT] == (shortcut.id,):
            return shortcut.sets
    raise ChoiceError("unknown_option", SHORTCUT)


def _chosen(card: Card, choice: Choice, facts: Mapping[str, Value]) -> dict[str, list[Option]]:
    """Return the chosen options of every shown part that has options."""
    chosen: dict[str, list[Option]] = {}
    for part in shown_parts(card, facts):
        picked = choice.get(part.id, ())
        options = {option.id: option for option in shown_options(part, facts)}
        if part.kind == "service":
            continue
        if any(name not in options for name in picked):
            raise ChoiceError("unknown_option", part.id)
        chosen[part.id] = [options[name] for name in picked]
        if len(picked) > 1 and any(option.alone for option in chosen[part.id]):
            raise ChoiceError("alone", part.id)
    return chosen


def _check_complete(card: Card, chosen: Mapping[str, list[Option]], choice: Choice) -> None:
    """Every single choice needs one answer; where there is none of them, something has to be ticked.

    A partial card may be left as open as one likes.
    """
    for part in card.parts:
        if part.kind == "service" or (part.kind == "one" and part.id in chosen):
            if not choice.get(part.id) and not card.partial:
                raise ChoiceError("missing", part.id)
            if len(choice.get(part.id, ())) > 1:
                raise ChoiceError("unknown_option", part.id)
    if not any(chosen.values()) and not card.partial:
        raise ChoiceError("empty", next(iter(chosen), ""))


def _agreeing(chosen: Mapping[str, list[Option]]) -> dict[str, Value]:
    """Lists are joined; two different single values for one fact are a contradiction."""
    settled: dict[str, Value] = {}
    for part, options in chosen.items():
        for option in options:
            for name, value in option.sets.items():
                before = settled.get(name, value)
                if isinstance(before, tuple) and isinstance(value, tuple):
                    settled[name] = tuple(dict.fromkeys((*before, *value)))
                elif before != value:
                    raise ChoiceError("contradiction", part, (option.id,))
                else:
                    settled[name] = value
    return settled


def _strictest(chosen: Mapping[str, list[Option]]) -> dict[str, Value]:
    """Any no = no, all yes = yes, else unknown."""
    values: dict[str, set[Value]] = {}
    for options in chosen.values():
        for option in options:
            for name, value in option.sets.items():
                values.setdefault(name, set()).add(value)
    return {name: "no" if "no" in v else "yes" if v == {"yes"} else UNKNOWN for name, v in values.items()}
