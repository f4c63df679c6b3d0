"""Clicks from a first message to its verdict: over the scenarios after a bare question, and of ten first messages.

A click settles a step: a button, a choice from a list, a submission, a yes to a reading. Ticks in a list are beside it.
"""

from collections.abc import Callable, Mapping, Sequence

from conversations.book import Book, open_working
from conversations.interview import Interview, Step
from conversations.models import OTHER_SERVICE, SERVICE_CARD, SHORTCUT, Choice
from conversations.reading import choice_of
from rules.models import UNKNOWN
from rules.scenarios import Scenario, load_scenarios
from tests.bench.table import show
from tests.conversations.builders import case, more
from tests.conversations.clicking import Cost, cost, cost_with_next
from tests.conversations.first_messages import FIRST_MESSAGES, clicks
from tests.conversations.situations import truthful_choice

GOAL, PUBLIC_GOAL = 6, 2
Counter = Callable[[Step, Choice], Cost]


def run() -> None:
    """Print both."""
    book = open_working()
    _scenarios(book)
    _first_messages(book)


def _scenarios(book: Book) -> None:
    """Over all, over data that are public and bound by nothing, and over the others; and the longest of them."""
    scenarios = load_scenarios(book.rulebook.rulebase, book.knowledge)
    spent = {each.id: _spent(book.interview, each, cost) for each in scenarios.values()}
    with_next = {each.id: _spent(book.interview, each, cost_with_next) for each in scenarios.values()}
    public = [name for name, each in scenarios.items() if each.expect.verdict == "allowed"]
    sets = {
        "all scenarios": list(scenarios),
        f"public data (goal: {PUBLIC_GOAL})": public,
        f"all others (goal: {GOAL})": [name for name in scenarios if name not in public],
    }
    rows: list[Sequence[object]] = []
    for what, names in sets.items():
        for how, found in (("as asked", spent), ("with Next on every card", with_next)):
            counts, ticks = ([found[name][kind] for name in names] for kind in (0, 1))
            rows.append([what, len(names), how, *_distribution(counts), *_distribution(ticks)])
    each = ("median", "p90", "max")
    head = ["set", "scenarios", "cards", *(f"clicks, {name}" for name in each), *(f"ticks, {name}" for name in each)]
    show("Clicks to the verdict, after a bare question", head, rows)
    longest = [[name, *spent[name]] for name in scenarios if spent[name].clicks > GOAL]
    show(f"More than {GOAL} clicks", ["scenario", "clicks", "ticks"], longest)


def _spent(interview: Interview, scenario: Scenario, count: Counter) -> Cost:
    done, spent = case(), Cost(0, 0)
    while step := interview.progress(done).current:
        choice = _knowing(step, scenario)
        interview.check(done, step.card.id, choice)
        spent = spent.plus(count(step, choice))
        done = more(done, (step.card.id, choice))
    return spent


def _knowing(step: Step, scenario: Scenario) -> Choice:
    """The answer of an asker who knows the facts; the service is one of which the catalogue knows nothing."""
    if step.card.id == SERVICE_CARD and scenario.facts.get("use", UNKNOWN) == UNKNOWN:
        return {SHORTCUT: ("unsure",)}
    return truthful_choice(step, scenario.facts, OTHER_SERVICE)


def _distribution(counts: Sequence[int]) -> tuple[int, int, int]:
    """Median, p90 and maximum: the smallest count that so many do not exceed."""
    ordered = sorted(counts)
    return ordered[(len(ordered) - 1) // 2], ordered[-(-9 * len(ordered) // 10) - 1], ordered[-1]


def _first_messages(book: Book) -> None:
    interview = book.interview
    rows: list[list[object]] = []
    sums: Mapping[int, list[Cost]] = {0: [], 1: [], 2: []}
    for message in FIRST_MESSAGES:
        read = interview.readings.passed(choice_of(book.reader.read(message.text)))
        without, done = clicks(interview, message, {})
        verdict = book.evaluator.evaluate(interview.progress(done).facts).verdict
        counts = [without, *(clicks(interview, message, told)[0] for told in (message.says, read))]
        for column, each in enumerate(counts):
            sums[column].append(each)
        rows.append([message.text, verdict, *(f"{each.clicks} + {each.ticks}" for each in counts)])
    means = [[sum(each[kind] for each in found) / len(found) for kind in (0, 1)] for found in sums.values()]
    mean = ["mean", "", *(f"{clicked:.1f} + {ticked:.1f}" for clicked, ticked in means)]
    head = ["first message", "verdict", "nothing read", "read in full", "read by the reader"]
    show("Clicks + ticks to the verdict, of ten first messages", head, [*rows, mean])
