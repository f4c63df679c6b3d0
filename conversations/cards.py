"""cards.toml → cards, checked against the facts; and a choice → the facts it settles. Pure."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from conversations.errors import ChoiceError
from conversations.models import SERVICE_CARD, SHORTCUT, Card, Choice, Holds, Option, Part, Shortcut, Value
from knowledge.errors import DataError, nearest
from knowledge.records import by_id, parse, read_records
from rules.models import UNKNOWN, RuleBase

FILE = "cards.toml"
NOT_ASKED = frozenset({"programme"})


def load_cards(rulebase: RuleBase, folder: Traversable | None = None) -> tuple[Card, ...]:
    """Load the cards in asking order. Raises DataError naming card and fault."""
    folder = folder or files("conversations")
    records = read_records(folder / FILE, "card")["card"]
    cards = tuple(by_id((parse(Card, _listed(record), FILE) for record in records), FILE).values())
    for card in cards:
        _check_card(card, rulebase, {other.id for other in cards})
    unasked = rulebase.facts.keys() - NOT_ASKED - {fact for card in cards for fact in card.facts}
    if unasked:
        raise DataError(FILE, "card", f"no card asks for {', '.join(sorted(unasked))}")
    return cards


def _listed(value: Any) -> Any:  # noqa: ANN401 - TOML is any shape until pydantic has read it
    """TOML arrays as tuples, so that the records hold nothing that can change."""
    if isinstance(value, dict):
        return {key: _listed(inner) for key, inner in value.items()}
    return tuple(_listed(inner) for inner in value) if isinstance(value, list) else value


def _check_card(card: Card, rulebase: RuleBase, ids: set[str]) -> None:
    if card.renewed_by and card.renewed_by not in ids:
        raise DataError(FILE, card.id, f"renewed_by: unknown card {card.renewed_by!r}{nearest(card.renewed_by, ids)}")
    for part in card.parts:
        if len({option.id for option in part.options}) < len(part.options):
            raise DataError(FILE, card.id, f"part {part.id!r} has two options of the same id")
    for what, facts in _mentions(card):
        for name, values in facts.items():
            if name not in rulebase.facts:
                raise DataError(FILE, card.id, f"{what}: unknown fact {name!r}{nearest(name, rulebase.facts)}")
            allowed = (*rulebase.facts[name].values, UNKNOWN)
            wrong = [v for v in ((values,) if isinstance(values, str) else values) if v not in allowed]
            if wrong:
                fault = f"{what}: {name} has no value {wrong[0]!r}{nearest(wrong[0], allowed)}"
                raise DataError(FILE, card.id, fault)


def _mentions(card: Card) -> Iterable[tuple[str, Mapping[str, Value]]]:
    yield "when", card.when
    for shortcut in card.shortcuts:
        yield from ((shortcut.id, shortcut.sets), (shortcut.id, shortcut.when))
    for part in card.parts:
        yield part.id, part.when
        for option in part.options:
            for facts in (option.sets, option.unticked, option.when, option.initial or {}):
                yield f"{part.id}.{option.id}", facts


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
    told = tuple(o.id for o in options if o.sets and all(facts.get(name) == value for name, value in o.sets.items()))
    return told or tuple(o.id for o in options if o.initial is not None and holds(o.initial, facts))


def settle(card: Card, choice: Choice, facts: Mapping[str, Value]) -> dict[str, Value]:
    """Return every fact of the card as the choice settles it, `unknown` where it says nothing.

    Raises ChoiceError where the choice cannot be taken: nothing chosen, an input left out, a contradiction.
    """
    settled: dict[str, Value] = dict.fromkeys(card.facts, UNKNOWN)
    if SHORTCUT in choice:
        return {**settled, **_shortcut(card, choice, facts)}
    chosen = _chosen(card, choice, facts)
    _check_complete(card, chosen, choice)
    rest = next((o.rest for options in chosen.values() for o in options if o.rest), None)
    for part in shown_parts(card, facts):
        for option in shown_options(part, facts):
            if option not in chosen[part.id]:
                settled |= dict.fromkeys(option.sets, rest) if rest and part.kind == "many" else option.unticked
    return settled | (_strictest(chosen) if card.combine else _agreeing(chosen))


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
        if any(name not in options for name in picked) or (part.kind == "one" and len(picked) > 1):
            raise ChoiceError("unknown_option", part.id)
        chosen[part.id] = [options[name] for name in picked]
        if len(picked) > 1 and any(option.alone for option in chosen[part.id]):
            raise ChoiceError("alone", part.id)
    return chosen


def _check_complete(card: Card, chosen: Mapping[str, list[Option]], choice: Choice) -> None:
    """Every single choice needs an answer; where there is none of them, something has to be ticked."""
    for part in card.parts:
        single = part.kind == "service" or (part.kind == "one" and part.id in chosen)
        if single and not choice.get(part.id):
            raise ChoiceError("missing", part.id)
    if not any(chosen.values()) and card.id != SERVICE_CARD:
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
