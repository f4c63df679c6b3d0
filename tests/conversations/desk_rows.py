"""Something of a desk in every table that it has, for the tests of stores."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from conversations.desk import DeskCase, DeskEvent, Did
from conversations.drafts import Draft
from conversations.rulings import Ruling
from conversations.store.protocol import Letter, Store
from rules.models import Facts
from tests.conversations.builders import NOW

CARD = Letter("T1", "", "desk:c1", "s", "C9:desk:c1", "C9", "", {"text": "x"}, "desk:c1", NOW)
RULING = Ruling(NOW, "U9", "confirm_first", "do_not_upload", "k1", ("check.2",), "privacy", "書いた理由")
FACTS: Facts = {"use": "prompt", "sensitive_domains": ()}
DRAFT = Draft("T1", "c1", NOW, FACTS, "closed", "do_not_upload", ("r",), "allowed", "other")


def at_desk(case_id: str = "c1", workspace: str = "T1", **more: Any) -> DeskCase:
    """Return an open case."""
    made = DeskCase(workspace, case_id, "case", "normal", NOW, NOW)
    return replace(made, **more)


def fill_desk(store: Store, workspace: str, case_id: str) -> None:
    """Write into every table of the desk; the check is there."""
    store.put_desk_case(at_desk(case_id, workspace), NOW)
    store.add_desk_event(workspace, case_id, DeskEvent(NOW, "U9", Did.REPLIED, {"as": "desk"}, "言葉"))
    store.add_ruling(workspace, case_id, RULING)
    store.put_draft(replace(DRAFT, workspace=workspace, case_id=case_id))
    posted = replace(CARD, workspace=workspace, name=f"desk:{case_id}")
    store.put_letter(posted)
    taken = store.claim_letter(NOW, timedelta(minutes=1), timedelta(0), 50)
    assert taken is not None
    assert taken.name == posted.name
    store.letter_sent(taken, "9.1")
