"""Which card comes when, what an edit does, and how many cards typical situations take."""

from statistics import mean

import pytest

from conversations.errors import ChoiceError, OldCard
from conversations.interview import Interview
from conversations.models import SERVICE_CARD, Choice, Value
from rules.evaluator import Evaluator
from rules.models import UNKNOWN
from tests.conversations.builders import answered, case, counted, more, names, pick, waiting
from tests.conversations.situations import SITUATIONS, Situation, truthful_choice

UNDECIDED = ("openness", pick(shortcut="undecided"))
PUBLIC = ("openness", pick(shortcut="public"))
FREE = ("duties", pick(shortcut="none"))
PERSONAL = ("duties", pick(bound="personal"))
CLEARED = ("clearance", pick(personal="permitted"))
NOVEL = ("content", pick(content="novelty", fields="none"))
SERVICE = ("service", pick(service="openai_api", use="prompt"))
SAFE = ("safeguards", pick(confirmed="access channel purpose person liability", place="japan"))
NOBODY = ("partners", pick(shortcut="nobody"))
RENEWED = ("clearance", "safeguards", "partners")


def verdict(interview: Interview, evaluator: Evaluator, *answers: tuple[str, Choice]) -> str:
    progress = interview.progress(case(*answers))
    assert progress.current is None
    return evaluator.evaluate(progress.facts).verdict


def test_it_begins_with_openness(interview: Interview) -> None:
    progress = interview.progress(case())
    assert (names(progress), waiting(progress), progress.service) == (["openness"], "openness", None)
    assert set(progress.facts.values()) == {UNKNOWN}
    assert "all_public" not in {card.id for card in progress.unasked}


def test_public_data_takes_two_cards(interview: Interview, evaluator: Evaluator) -> None:
    assert waiting(interview.progress(case(PUBLIC))) == "duties"
    assert verdict(interview, evaluator, PUBLIC, FREE) == "allowed"


def test_the_order_of_a_long_interview(interview: Interview, evaluator: Evaluator) -> None:
    answers = (UNDECIDED, PERSONAL, CLEARED, NOBODY, SERVICE, SAFE)
    for position, (card, _) in enumerate(answers):
        assert waiting(interview.progress(case(*answers[:position]))) == card
    assert names(interview.progress(case(*answers))) == [card for card, _ in answers]
    assert verdict(interview, evaluator, *answers) == "allowed_with_conditions"


@pytest.mark.parametrize(
    ("duties", "asked"),
    [
        (pick(shortcut="none"), "partners"),
        (pick(bound="secret"), "partners"),
        (pick(unsure="secret"), "partners"),
        (pick(bound="personal"), "clearance"),
        (pick(unsure="export"), "clearance"),
        (pick(bound="other"), "clearance"),
        (pick(unsure="security"), "clearance"),
        (pick(shortcut="unsure"), "clearance"),
    ],
)
def test_permission_is_asked_only_where_something_restricts(interview: Interview, duties: Choice, asked: str) -> None:
    assert waiting(interview.progress(case(UNDECIDED, ("duties", duties)))) == asked


def test_what_is_in_it_is_not_asked_where_the_class_is_decided(interview: Interview) -> None:
    closed = ("openness", pick(status="decided_closed"))
    assert waiting(interview.progress(case(UNDECIDED, FREE, NOBODY))) == "content"
    assert waiting(interview.progress(case(closed, FREE, NOBODY))) == "service"
    assert waiting(interview.progress(case(UNDECIDED, PERSONAL, CLEARED, NOBODY))) == "service"


def test_a_refusal_ends_it(interview: Interview, evaluator: Evaluator) -> None:
    refused = ("clearance", pick(personal="refused"))
    assert verdict(interview, evaluator, UNDECIDED, PERSONAL, refused) == "do_not_upload"


@pytest.mark.parametrize(("answer", "asked"), [("all", 3), ("part", 4), ("unsure", 4)])
def test_public_and_a_companys_secret_is_asked_again(interview: Interview, answer: str, asked: int) -> None:
    both = case(PUBLIC, ("duties", pick(bound="secret")))
    assert waiting(interview.progress(both)) == "all_public"
    progress = interview.progress(more(both, ("all_public", pick(all=answer))))
    assert len(progress.steps) == asked
    expected = {"all": "yes", "part": "no", "unsure": UNKNOWN}[answer]
    assert progress.facts["already_public"] == expected


def test_a_brand_that_was_named_answers_nothing(interview: Interview) -> None:
    answers = (UNDECIDED, FREE, NOBODY, NOVEL)
    assert interview.progress(case(*answers, brand="chatgpt")) == interview.progress(case(*answers))
    assert waiting(interview.progress(case(*answers, brand="chatgpt"))) == SERVICE_CARD


def test_the_programme_is_a_setting_and_no_answer(interview: Interview) -> None:
    assert interview.progress(case(PUBLIC, FREE, programme="yes")).facts["programme"] == "yes"


def test_an_edit_recomputes_and_leaves_nothing_stale(interview: Interview) -> None:
    done = case(UNDECIDED, FREE, NOBODY, NOVEL, SERVICE, SAFE)
    assert waiting(interview.progress(done)) is None
    public = interview.progress(more(done, PUBLIC))
    assert names(public) == ["openness", "duties"]
    for name in ("novelty", "use", "access_limited", "collaboration", "responsible_person"):
        assert public.facts[name] == UNKNOWN
    assert public.service is None
    again = interview.progress(more(done, PUBLIC, UNDECIDED))
    assert again == interview.progress(done)


def test_a_changed_service_voids_what_was_confirmed_for_the_old_one(interview: Interview) -> None:
    done = case(UNDECIDED, PERSONAL, CLEARED, NOBODY, SERVICE, SAFE)
    for changed in (pick(service="chatgpt_free", use="prompt"), pick(service="openai_api", use="training")):
        progress = interview.progress(more(done, ("service", changed)))
        assert waiting(progress) == "clearance"
        assert [card for card, _ in counted(progress)] == ["openness", "duties"]
        assert progress.facts["legal_clearance"] == UNKNOWN
        renewed = interview.progress(more(done, ("service", changed), CLEARED))
        assert waiting(renewed) == "partners"
        assert {card for card, _ in counted(renewed)} & set(RENEWED) == {"clearance"}


def test_the_same_service_again_voids_nothing(interview: Interview) -> None:
    done = case(UNDECIDED, PERSONAL, CLEARED, NOBODY, SERVICE, SAFE)
    assert interview.progress(more(done, SERVICE)) == interview.progress(done)


def test_there_and_back_again_is_still_another_service(interview: Interview) -> None:
    done = case(UNDECIDED, PERSONAL, CLEARED, NOBODY, SERVICE, SAFE)
    back = more(done, ("service", pick(service="deepl_pro", use="prompt")), SERVICE)
    assert waiting(interview.progress(back)) == "clearance"


def test_a_row_added_by_an_edit_asks_for_permission_again(interview: Interview) -> None:
    done = case(UNDECIDED, PERSONAL, CLEARED, NOBODY, SERVICE, SAFE)
    more_rows = more(done, ("duties", pick(bound="personal export")))
    progress = interview.progress(more_rows)
    assert (waiting(progress), progress.facts["legal_clearance"]) == ("clearance", UNKNOWN)
    cleared = interview.progress(more(more_rows, ("clearance", pick(personal="permitted", export="permitted"))))
    assert (waiting(cleared), cleared.facts["legal_clearance"]) == (None, "yes")


def test_a_row_taken_away_needs_no_new_permission(interview: Interview) -> None:
    two = case(
        UNDECIDED, ("duties", pick(bound="personal other")), ("clearance", pick(personal="permitted", other="waiting"))
    )
    assert interview.progress(two).facts["legal_clearance"] == UNKNOWN
    one = interview.progress(more(two, PERSONAL))
    assert (waiting(one), one.facts["legal_clearance"]) == ("partners", "yes")


def test_nobody_outside_is_asked_again_once_a_company_comes_in(interview: Interview) -> None:
    done = case(UNDECIDED, FREE, NOBODY, NOVEL, SERVICE, SAFE)
    assert waiting(interview.progress(more(done, ("duties", pick(bound="secret"))))) == "partners"


def test_check_takes_only_cards_that_are_asked_and_services_that_are_known(interview: Interview) -> None:
    now = case(UNDECIDED, FREE, NOBODY, NOVEL)
    interview.check(now, "service", pick(service="chatgpt", use="prompt"))
    interview.check(now, "service", pick(service="other", use="prompt"))
    interview.check(now, "duties", pick(bound="secret"))
    for card in ("all_public", "clearance", "no_such_card"):
        with pytest.raises(OldCard):
            interview.check(now, card, pick(shortcut="unsure"))
    with pytest.raises(ChoiceError) as refused:
        interview.check(now, "service", pick(service="chatgtp_free", use="prompt"))
    assert (refused.value.code, refused.value.part) == ("unknown_option", "service")


def test_two_services_at_once_are_refused(interview: Interview) -> None:
    with pytest.raises(ChoiceError):
        interview.check(
            case(UNDECIDED, FREE, NOBODY, NOVEL), "service", pick(service="chatgpt_free self_hosted", use="prompt")
        )


def told(interview: Interview, situation: Situation) -> tuple[list[str], dict[str, Value]]:
    """Return the cards a truthful asker is asked, and the facts they end with."""
    done = answered(interview, lambda step: truthful_choice(step, situation.facts, situation.service))
    progress = interview.progress(done)
    return names(progress), dict(progress.facts)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_a_typical_situation(interview: Interview, evaluator: Evaluator, situation: Situation) -> None:
    asked, facts = told(interview, situation)
    assert evaluator.evaluate(facts).verdict == situation.verdict
    assert len(asked) <= 7
    assert len([card for card in asked if card != SERVICE_CARD]) <= 6


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_a_truthful_asker_is_not_misread(interview: Interview, situation: Situation) -> None:
    """What was asked and is not unknown is what they would say; the catalogue adds, and never contradicts."""
    _, facts = told(interview, situation)
    wrong = {name: value for name, value in facts.items() if value not in (UNKNOWN, situation.facts.get(name, value))}
    assert wrong == {}


def test_typical_situations_take_few_cards(interview: Interview) -> None:
    counts = [sum(card != SERVICE_CARD for card in told(interview, situation)[0]) for situation in SITUATIONS]
    assert len(counts) >= 12
    assert mean(counts) <= 4.3
