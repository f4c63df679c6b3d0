"""“Fill the whole checklist”: after the verdict the cards go on to ①–⑦, and the filled list stands in the thread."""

from typing import Any

from rules.models import UNKNOWN
from tests.bot.driver import Office, Researcher, _block_ids

REFUSED: dict[str, Any] = {
    "openness": "undecided",
    "duties": {"bound": ["personal"]},
    "clearance": "refused",
}
REST: dict[str, Any] = {
    "content": {"content": ["novelty"], "fields": ["none"]},
    "service": {"service": ["chatgpt_free"], "use": ["prompt"]},
    "safeguards": {"confirmed": ["access", "channel", "purpose", "person", "liability"], "place": ["japan"]},
    "partners": "nobody",
}


def answers(person: Researcher, given: dict[str, Any]) -> list[str]:
    """Answer whatever is asked; returns the cards."""
    asked = []
    while person.asked:
        card = person.asked[-1]
        asked.append(card)
        how = given[card]
        if isinstance(how, str):
            person.answers(card, how)
        else:
            person.answers(card, **how)
    return asked


def listed(person: Researcher) -> list[str]:
    """Return item and status of the filled list."""
    codes = [name for message in person.from_bot() for name in _block_ids(message, "checklist:")]
    return [f"{item}:{status}" for found in codes for item, status in enumerate(found.split(":"), start=1)]


def wants_the_whole_list(person: Researcher) -> None:
    person.presses("verdict.whole_list", on=person.verdict_message())


def test_the_button_goes_on_to_the_whole_checklist(alex: Researcher) -> None:
    alex.asks()
    answers(alex, REFUSED)
    assert alex.verdicts() == ["do_not_upload"]
    assert listed(alex) == []
    wants_the_whole_list(alex)
    assert alex.verdicts() == ["do_not_upload"], "the verdict stays while the list is filled"
    assert set(answers(alex, REST)) == {"service", "safeguards", "partners"}
    assert listed(alex) == [
        "1:met",
        "2:met",
        "3:met",
        "4:met",
        "5:not_applicable",
        "6:not_applicable",
        "7:not_applicable",
    ]
    facts = alex.evaluation().facts
    assert UNKNOWN not in {facts[name] for name in ("responsible_person", "access_limited", "data_location")}
    assert alex.verdicts() == ["do_not_upload"]
    assert "verdict.whole_list" not in str(alex.verdict_message()["blocks"])


def test_public_data_have_nothing_more_to_ask(alex: Researcher) -> None:
    alex.asks().answers("openness", "public").answers("duties", "none")
    wants_the_whole_list(alex)
    assert alex.asked == []
    assert [name.split(":")[1] for name in listed(alex)] == ["not_applicable"] * 7


def test_pressing_twice_asks_once(alex: Researcher) -> None:
    alex.asks()
    answers(alex, REFUSED)
    message = alex.verdict_message()
    alex.presses("verdict.whole_list", on=message)
    before = [m["ts"] for m in alex.from_bot()]
    alex.office.send_interaction(alex.payload("verdict.reasons", alex.verdict_message()))
    assert [m["ts"] for m in alex.from_bot()] == before
    assert len(alex.asked) == 1


def test_only_the_asker_may_go_on(office: Office, alex: Researcher) -> None:
    alex.asks()
    answers(alex, REFUSED)
    other = office.newcomer("en-US").looks_at(alex)
    other.presses("verdict.whole_list", on=alex.verdict_message())
    assert other.notes() == ["not_your_case"]
    assert alex.asked == []


def test_a_change_of_an_answer_keeps_the_list_going(alex: Researcher) -> None:
    alex.asks()
    answers(alex, REFUSED)
    wants_the_whole_list(alex)
    answers(alex, REST)
    alex.changes("service")
    assert alex.submits(service=["chatgpt_business"], use=["prompt"]) == {}
    assert alex.verdicts() == []
    answers(alex, {**REFUSED, **REST})
    assert alex.verdicts() == ["do_not_upload"]
    assert len(listed(alex)) == 7
