"""A case at the desk as a state machine, its alarms, rulings, and what an overlay may say of the desk."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conversations.alarms import FIRST, IN_TIME, LATE, WHOLE, met, next_due, past, pending, to_raise
from conversations.desk import HEARD_BY_THE_ASKER, DeskCase, DeskEvent, Did, State, moved
from conversations.errors import AlreadyClaimed, ConversationError, DeskClosed
from conversations.roles import capacity
from knowledge.desk import Desk
from knowledge.errors import DataError
from knowledge.institution import with_institution
from knowledge.loader import load_knowledge
from knowledge.models import Contact, Institution
from tests import overlays
from tests.conversations.desk_rows import at_desk

MONDAY = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
"""Nine in the morning in Tokyo."""
CODES: Mapping[Did, Mapping[str, str]] = {Did.ASSIGNED: {"to": "U2"}, Did.HANDED: {"office": "ethics"}}


def does(case: DeskCase, *kinds: Did, by: str = "U1", at: datetime = MONDAY, **codes: str) -> DeskCase:
    for kind in kinds:
        case = moved(case, DeskEvent(at, by, kind, {**CODES.get(kind, {}), **codes}))
    return case


def test_a_case_goes_from_open_to_closed_and_back() -> None:
    case = does(at_desk(), Did.CLAIMED)
    assert (case.state, case.holder) == (State.CLAIMED, "U1")
    case = does(case, Did.REPLIED, Did.RULED, at=MONDAY + timedelta(hours=1))
    assert (case.state, case.answered_at, case.ended_at) == (State.DECIDED, *[MONDAY + timedelta(hours=1)] * 2)
    case = does(case, Did.CLOSED, at=MONDAY + timedelta(hours=2))
    assert (case.state, case.ended_at) == (State.CLOSED, MONDAY + timedelta(hours=1))
    again = does(replace(case, alarmed=frozenset({"x"})), Did.REOPENED, by="", at=MONDAY + timedelta(days=1))
    assert (again.state, again.holder, again.alarmed) == (State.OPEN, "", frozenset())
    assert (again.answered_at, again.ended_at) == (None, None)
    assert (again.opened_at, again.since) == (case.opened_at, MONDAY + timedelta(days=1))
    assert does(case, Did.REOPENED).state == State.OPEN
    assert does(case, Did.REOPENED, by="U1").holder == ""


def test_who_claims_second_is_told_who_was_first() -> None:
    held = does(at_desk(), Did.CLAIMED)
    with pytest.raises(AlreadyClaimed) as refused:
        does(held, Did.CLAIMED, by="U2")
    assert refused.value.holder == "U1"
    assert does(held, Did.CLAIMED) == held
    assert does(held, Did.CLAIMED, by="U2", instead_of="U1").holder == "U2"
    assert does(held, Did.ASSIGNED).holder == "U2"
    assert does(held, Did.HANDED).office == "ethics"


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_done_keeps_its_laws(seed: int) -> None:
    """A closed case only opens again; who answered first, and the day it first came, never change within a turn."""
    chance, case = random.Random(seed), at_desk()
    for number in range(60):
        event = DeskEvent(MONDAY + timedelta(hours=number), f"U{chance.randrange(3)}", chance.choice([*Did]))
        event = replace(event, codes=CODES.get(event.kind, {}))
        before = case
        try:
            case = moved(case, event)
        except DeskClosed:
            assert before.state == State.CLOSED
        except AlreadyClaimed:
            assert before.holder not in ("", event.by)
        else:
            assert case.opened_at == before.opened_at
            assert (case.state == State.OPEN) <= (not case.holder)
            if before.answered_at and event.kind != Did.REOPENED:
                assert case.answered_at == before.answered_at
            if event.kind in HEARD_BY_THE_ASKER:
                assert case.answered_at is not None


DESK = Desk.model_validate(
    {
        "first_answer": {"high": 2, "normal": 4, "low": 8},
        "resolution": {"high": 8, "normal": 16, "low": 40},
    }
)


def names(case: DeskCase, hours: float) -> list[str]:
    return [alarm.name for alarm in to_raise(case, DESK, MONDAY + timedelta(hours=hours))]


def test_alarms_come_before_and_after_a_target_in_working_hours_alone() -> None:
    case = at_desk(since=MONDAY)
    assert [alarm.at - MONDAY for alarm in pending(case, DESK)] == [timedelta(hours=h) for h in (3, 4, 24 + 7, 24 + 8)]
    assert (names(case, 2.9), names(case, 3), names(case, 5)) == ([], ["first_answer.soon"], ["first_answer.late"])
    assert names(case, 9) == [], "the desk is closed"
    assert names(case, 24) == ["first_answer.late"]
    told = replace(case, alarmed=past(case, DESK, MONDAY + timedelta(hours=5)))
    assert names(told, 24) == []
    assert next_due(told, DESK) == MONDAY + timedelta(hours=31)
    answered = does(case, Did.REPLIED)
    assert [alarm.name for alarm in pending(answered, DESK)] == ["resolution.soon", "resolution.late"]
    assert next_due(does(answered, Did.RULED), DESK) is None


def test_a_target_is_met_once_in_time_or_late() -> None:
    case = at_desk(since=MONDAY)
    soon, late = MONDAY + timedelta(hours=1), MONDAY + timedelta(days=30)
    replied = does(case, Did.REPLIED, at=soon)
    assert met(case, replied, DESK) == {FIRST: IN_TIME}
    assert met(replied, does(replied, Did.REPLIED, at=late), DESK) == {}
    ruled = does(replied, Did.RULED, at=late)
    assert met(replied, ruled, DESK) == {WHOLE: LATE}
    assert met(ruled, does(ruled, Did.CLOSED, at=late), DESK) == {}
    assert met(case, does(case, Did.RULED, at=late), DESK) == {FIRST: LATE, WHOLE: LATE}


def test_a_target_no_longer_than_the_reminder_has_none() -> None:
    short = DESK.model_copy(update={"remind": 4.0})
    assert [alarm.name for alarm in pending(at_desk(since=MONDAY), short)][:1] == ["first_answer.late"]


def test_the_people_of_the_office_that_has_a_case_act_as_that_office() -> None:
    contact = Contact.model_validate({"office": "ethics", "name": {"ja": "倫", "en": "E"}, "users": ["U0E", "U0D"]})
    told = {"id": "x", "name": {"ja": "機", "en": "I"}, "contacts": [contact], "roles": {"desk": ["U0D", "S0D"]}}
    institution = Institution.model_validate(told)

    def acts(user: str, office: str) -> str:
        return capacity(institution, user, office, lambda _: frozenset({"U0G"}))

    assert [acts(user, "ethics") for user in ("U0E", "U0D", "U0G", "U0X")] == ["ethics", "ethics", "desk", ""]
    assert [acts(user, "") for user in ("U0E", "U0D", "U0G", "U0X")] == ["", "desk", "desk", ""]
    assert capacity(None, "U0D", "", lambda _: frozenset()) == ""


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ('zone = "Asia/Tokio"', "'Asia/Tokio' is no time zone; write one as 'Asia/Tokyo'"),
        ("from = 17:00:00\nto = 09:00:00", "`from` is not before `to`"),
        ('days = ["mon", "tuesday"]', "'tuesday' is not known"),
        ("first_answer = { high = 9, normal = 9, low = 9 }", "high: first_answer is later than resolution"),
        ('posts = ["do_not_uplaod"]', "did you mean 'do_not_upload'?"),
        ('priority = { incident = "urgent" }', "'urgent' is not known"),
        ("holiday = [2027-01-01]", "unknown key 'desk.holiday', did you mean 'holidays'?"),
        ('escalate = "complience"', "no contact for the office 'complience', did you mean 'compliance'?"),
        ("remind = 0", "desk.remind"),
    ],
)
def test_what_cannot_be_right_about_a_desk_is_refused(said: str, fault: str, tmp_path: Path) -> None:
    contact = '[[contact]]\noffice = "compliance"\nname = { ja = "推", en = "C" }\nemail = "c@example.ac.jp"\n'
    text = f"{overlays.INSTITUTION}[desk]\n{said}\n"
    folder = overlays.folder(tmp_path / "overlay", institution=text, contacts=contact)
    with pytest.raises(DataError) as refused:
        with_institution(load_knowledge(), folder)
    assert "institution.toml" in str(refused.value)
    assert fault in str(refused.value)


def test_a_desk_is_as_its_table_says(tmp_path: Path) -> None:
    text = f'{overlays.INSTITUTION}[desk]\nholidays = [2027-01-01]\npriority = {{ confirm_first = "high" }}\n'
    institution = with_institution(load_knowledge(), overlays.folder(tmp_path / "own", institution=text)).institution
    assert institution is not None
    assert institution.desk.holidays == (date(2027, 1, 1),)
    assert [institution.desk.urgency(each) for each in ("confirm_first", "incident")] == ["high", "normal"]
    assert Desk().urgency("allowed", "incident") == "high"
    assert issubclass(DeskClosed, ConversationError)
