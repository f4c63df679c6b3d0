"""An institution's own questions and words: asked only where they can matter, and no way to take an answer back."""

import random
from pathlib import Path

import pytest

from bot.example import EXAMPLE
from conversations.book import Book, open_book
from conversations.interview import Interview, Progress
from conversations.models import NO_SERVICE, Choice
from knowledge.errors import DataError
from rules.diagram import Diagram
from rules.interpreter import decide
from rules.models import UNKNOWN, VERDICTS
from rules.vocabulary import for_tables, parse_facts
from tests.conversations.builders import Chooser, answered, card_of, case, chooser, more, names, pick, waiting
from tests.conversations.situations import SITUATIONS, Situation, truthful_choice
from tests.overlays import card, example, fact, floor, folder
from tests.planting import plant
from tests.rules.cases import CHOICES, samples

OWN = "ethics_approval_covers_ai"
ETHICS = "kakuu_ethics"
UNDECIDED = ("openness", pick(shortcut="undecided"))
PUBLIC = ("openness", pick(shortcut="public"))
FREE = ("duties", pick(shortcut="none"))
PERSONAL = ("duties", pick(bound="personal"))
UNSURE = ("duties", pick(shortcut="unsure"))
SAFE = pick(confirmed="access channel purpose person liability", place="japan")
READ = floor(
    "own.x", 'own = ["no", "unknown"], data_class = "closed", already_public = ["no", "unknown"]', "confirm_first"
)


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book(None, EXAMPLE)


@pytest.fixture(scope="module")
def own(book: Book) -> Interview:
    return book.interview


def verdict(book: Book, progress: Progress) -> str:
    return book.evaluator.evaluate(progress.facts).verdict


def careful(rng: random.Random) -> Chooser:
    """Answer by facts that are mostly safe, on personal information as often as not."""
    facts = next(samples("mostly safe, not public", 1, seed=rng.randrange(10**6)))
    facts |= {
        "personal_information": rng.choice(("yes", "yes", "no", UNKNOWN)),
        OWN: rng.choice(("yes", "no", UNKNOWN)),
    }
    service = rng.choice(("kakuu_ai", "kakuu_ai", "m365_copilot_chat", "chatgpt_free", "deepl", "other"))
    return lambda step: truthful_choice(step, facts, service)


@pytest.fixture(scope="module")
def finished(own: Interview) -> list[Progress]:
    """Finished interviews of careful people and of random ones."""
    choosers = [careful(random.Random(seed)) for seed in range(28)]
    choosers += [chooser(random.Random(f"overlay {seed}")) for seed in range(6)]
    return [own.progress(answered(own, choose)) for choose in choosers]


# --- when the question comes


def test_it_is_asked_for_personal_information_only(finished: list[Progress]) -> None:
    asked = [progress for progress in finished if ETHICS in names(progress)]
    assert 3 < len(asked) < len(finished) - 3
    for progress in asked:
        assert progress.facts["personal_information"] != "no"
        assert progress.facts["already_public"] != "yes"


def test_it_is_not_asked_before_the_duties_are_known(own: Interview) -> None:
    assert waiting(own.progress(case())) == "openness"
    assert waiting(own.progress(case(UNDECIDED))) == "duties"


@pytest.mark.parametrize(
    ("answer", "told"),
    [("covered", "allowed_with_conditions"), ("not_covered", "confirm_first"), ("unsure", "confirm_first")],
)
def test_its_answer_moves_the_verdict(book: Book, own: Interview, answer: str, told: str) -> None:
    answers: dict[str, Choice] = {
        **dict((UNDECIDED, PERSONAL)),
        "clearance": pick(personal="permitted"),
        "partners": pick(shortcut="nobody"),
        "service": pick(service="kakuu_ai", use="prompt"),
        "safeguards": SAFE,
        ETHICS: pick(approval=answer),
    }
    progress = own.progress(answered(own, lambda step: answers[step.card.id]))
    assert names(progress).count(ETHICS) == 1
    assert verdict(book, progress) == told
    assert progress.facts[OWN] == {"covered": "yes", "not_covered": "no", "unsure": UNKNOWN}[answer]


def test_what_is_known_of_what_the_institution_runs_itself_is_chosen_beforehand(own: Interview) -> None:
    told = case(
        UNDECIDED,
        PERSONAL,
        ("clearance", pick(personal="permitted")),
        ("partners", pick(shortcut="nobody")),
        ("service", pick(service="kakuu_ai", use="prompt")),
    )
    step = own.progress(told).step("safeguards")
    chosen = {part.id: step.untouched(part) for part in step.card.parts}
    assert chosen == {"confirmed": ("access", "channel", "purpose", "liability"), "not_so": (), "place": ("japan",)}


def test_it_is_not_asked_where_the_verdict_cannot_rise_any_more(book: Book, own: Interview) -> None:
    refused: dict[str, Choice] = {
        **dict((UNDECIDED, PERSONAL)),
        "clearance": pick(personal="refused"),
        "service": pick(service="self_hosted", use="prompt"),
    }
    progress = own.progress(answered(own, lambda step: refused[step.card.id]))
    assert ETHICS not in names(progress)
    assert verdict(book, progress) == "do_not_upload"


# --- the service


def test_the_service_is_asked_for_public_data_where_one_is_banned(
    book: Book, own: Interview, interview: Interview
) -> None:
    public = case(PUBLIC, FREE)
    assert waiting(interview.progress(public)) is None
    assert waiting(own.progress(public)) == "service"
    for service, told in {"deepl_free": "do_not_upload", "deepl_pro": "allowed", "other": "allowed"}.items():
        progress = own.progress(more(public, ("service", pick(service=service, use="prompt"))))
        assert progress.current is None
        assert verdict(book, progress) == told
    assert verdict(book, own.progress(more(public, ("service", pick(shortcut="unsure"))))) == "allowed"


def test_the_service_is_not_asked_for_public_data_where_none_is_banned(tmp_path: Path) -> None:
    kind = 'service_kind = "consumer", data_class = "closed", already_public = ["no", "unknown"]'
    book = open_book(None, folder(tmp_path, rules=floor("own.x", kind, "do_not_upload")))
    assert waiting(book.interview.progress(case(PUBLIC, FREE))) is None


def test_a_suspended_service_ends_the_interview_at_once(tmp_path: Path) -> None:
    overlay = example(tmp_path / "overlay")
    plant(overlay / "institution.toml", "suspended = []", 'suspended = ["chatgpt"]')
    book = open_book(None, overlay)
    chosen = case(UNDECIDED, UNSURE)
    while waiting(book.interview.progress(chosen)) not in ("service", None):
        step = book.interview.progress(chosen).current
        assert step
        shortcuts = [shortcut.id for shortcut in step.card.shortcuts]
        choice = pick(shortcut="unsure") if "unsure" in shortcuts else pick(approval="unsure")
        chosen = more(chosen, (step.card.id, choice))
    for service in ("chatgpt_free", "chatgpt_edu", "chatgpt"):
        progress = book.interview.progress(more(chosen, ("service", pick(service=service, use="prompt"))))
        assert progress.current is None
        told = book.evaluator.evaluate(progress.facts)
        assert told.verdict == "do_not_upload"
        assert "suspended.chatgpt" in told.rules
    assert waiting(book.interview.progress(more(chosen, ("service", pick(service="gemini_api", use="prompt")))))


# --- the interview as a whole


def random_service(book: Book, rng: random.Random) -> str:
    return rng.choice((*book.knowledge.services, *book.knowledge.brands, *NO_SERVICE))


def test_an_interview_that_stops_early_has_the_verdict_of_the_full_one(book: Book, finished: list[Progress]) -> None:
    rulebase = book.rulebook.rulebase
    rng = random.Random(4)
    for progress in finished:
        told = verdict(book, progress)
        given = {name: value for name, value in progress.facts.items() if rulebase.facts[name].given}
        assert decide(rulebase, for_tables(parse_facts(rulebase, given, progress.service))).verdict == told
        for _ in range(15):
            rest = {name: rng.choice(CHOICES.get(name, ("yes", "no", UNKNOWN))) for name in given}
            full = {name: value if name in progress.asked else rest[name] for name, value in given.items()}
            service = progress.service or (random_service(book, rng) if "service" not in names(progress) else UNKNOWN)
            assert decide(rulebase, for_tables(parse_facts(rulebase, full, service))).verdict == told, full


def test_every_verdict_can_be_explained_and_what_decided_it_forces_it(book: Book, finished: list[Progress]) -> None:
    ask, diagram = book.interview.counterfactuals, Diagram(book.rulebook.rulebase)
    for progress in finished:
        told, flat = verdict(book, progress), for_tables(progress.facts)
        for among in (progress.asked, frozenset(progress.facts)):
            deciding = ask.deciding(progress.facts, told, among)
            decided = diagram.settled({name: flat[name] for name in deciding})
            assert decided == told or (deciding == () and "service" not in among), deciding
        for way in ask.ways_out(progress.facts, told):
            assert VERDICTS.index(way.verdict) < VERDICTS.index(told)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_the_example_never_makes_a_situation_milder(book: Book, own: Interview, situation: Situation) -> None:
    progress = own.progress(answered(own, lambda step: truthful_choice(step, situation.facts, situation.service)))
    assert VERDICTS.index(verdict(book, progress)) >= VERDICTS.index(situation.verdict)


# --- words


def test_a_card_is_worded_otherwise_and_asks_the_same(own: Interview, interview: Interview) -> None:
    before = {card.id: card for card in interview.cards}
    changed = [card for card in own.cards if card.id in before and card != before[card.id]]
    assert [card.id for card in changed] == ["service"]
    assert changed[0].model_copy(update={"help": before["service"].help}) == before["service"]
    assert "架空AI" in changed[0].help.ja
    assert [card.id for card in own.cards] == [*before, ETHICS]


def test_its_words_are_short_and_it_has_a_way_out(own: Interview) -> None:
    asked = card_of(own.cards, ETHICS)
    assert len(asked.question.ja) <= 40
    assert len(asked.question.en) <= 80
    assert [option.id for option in asked.parts[0].options][-1] == "unsure"
    assert all(len(option.label.en) <= 40 for part in asked.parts for option in part.options)


# --- what is refused


CARDS = "cards.toml"
REFUSED: dict[str, tuple[str, list[str]]] = {
    "a fact that is asked already": (card("own", "novelty"), [CARDS, "own", "'novelty'", "asks already"]),
    "a national card's id": (card("service", "own"), [CARDS, "service", "choose another id"]),
    "the id of what was read": (card("reading", "own"), [CARDS, "reading", "choose another id"]),
    "a card twice": (card("own", "own") * 2, [CARDS, "own", "twice"]),
    "an unknown fact": (card("own", "onw"), [CARDS, "own", "'onw'", "did you mean 'own'"]),
    "an unknown condition": (
        card("own", "own", more='when = { noveltey = ["yes"] }'),
        [CARDS, "own", "'noveltey'", "did you mean 'novelty'"],
    ),
    "an unknown value": (
        card("own", "own", more='when = { novelty = ["yess"] }'),
        [CARDS, "own", "'yess'", "did you mean 'yes'"],
    ),
    "an unknown card that renews it": (
        card("own", "own", more='renewed_by = "servce"'),
        [CARDS, "own", "'servce'", "did you mean 'service'"],
    ),
    "nothing that asks for the fact": ("", [CARDS, "no card asks for own"]),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_card_that_cannot_be_right_is_refused(tmp_path: Path, fault: str) -> None:
    cards, words = REFUSED[fault]
    overlay = folder(tmp_path, facts=fact("own"), rules=READ, cards=cards)
    with pytest.raises(DataError) as caught:
        open_book(None, overlay)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


def test_words_of_a_card_there_is_not_are_refused(tmp_path: Path) -> None:
    words = '[[card]]\nid = "servce"\nhelp = { ja = "仮", en = "x" }\n'
    with pytest.raises(
        DataError, match=r"wording\.toml: servce: there is no card with this id, did you mean 'service'"
    ):
        open_book(None, folder(tmp_path, wording=words))


def test_words_may_not_change_what_a_card_sets(tmp_path: Path) -> None:
    words = '[[card]]\nid = "service"\nshortcut = []\n'
    with pytest.raises(DataError, match=r"wording\.toml: service: unknown key 'shortcut'"):
        open_book(None, folder(tmp_path, wording=words))


def test_a_small_overlay_of_ones_own_asks_its_question(tmp_path: Path) -> None:
    book = open_book(None, folder(tmp_path, facts=fact("own"), rules=READ, cards=card("own", "own")))
    own = book.interview
    answers: dict[str, Choice] = {
        "openness": pick(status="decided_closed"),
        "duties": pick(shortcut="none"),
        "partners": pick(shortcut="nobody"),
        "service": pick(service="self_hosted", use="prompt"),
        "safeguards": pick(confirmed="access channel purpose person liability", place="japan"),
    }
    for said, told in {"yes": "allowed_with_conditions", "no": "confirm_first"}.items():
        answers["own"] = pick(it=said)
        progress = own.progress(answered(own, lambda step: answers[step.card.id]))
        assert "own" in names(progress)
        assert verdict(book, progress) == told
