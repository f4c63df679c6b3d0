import pytest
from tests.bot.driver import Researcher
S = [
 [("openness",dict(shortcut="public")),("duties",dict(shortcut="none"))],
 [("openness",dict(status=["decided_open"])),("duties",dict(shortcut="none")),("content",dict(shortcut="none"))],
 [("openness",dict(shortcut="undecided")),("duties",dict(shortcut="none")),("content",dict(content=["novelty"], fields=["none"]))],
 [("openness",dict(shortcut="undecided")),("duties",dict(bound=["export"])),("clearance",dict(shortcut="unsure"))],
 [("openness",dict(shortcut="undecided")),("duties",dict(bound=["personal"])),("clearance",dict(personal=["refused"]))],
 [("openness",dict(shortcut="public")),("duties",dict(bound=["secret"])),("all_public", None)],
 [("openness",dict(shortcut="undecided")),("duties",dict(bound=["personal"])),("clearance",dict(personal=["permitted"]))],
 [("openness",dict(shortcut="undecided")),("duties",dict(shortcut="none")),("content",dict(shortcut="none"))],
]
D = dict(service=dict(service=["chatgpt_edu"], use=["prompt"]), safeguards=dict(confirmed=["access","channel","purpose"],rest=["not_so"],place=["japan"]),
  partners=dict(shortcut="nobody"), responsibility=dict(shortcut="both"))
@pytest.mark.parametrize("s", S)
def test_x(hanako: Researcher, s) -> None:
    alex=hanako
    alex.asks("ChatGPTに入れていい？")
    for c, a in s:
        if a is None: alex.picks(c, "part")
        else: alex.answers(c, **a)
    for _ in range(9):
        print(alex.asked, alex.verdicts())
        if not alex.asked: break
        c = alex.asked[0]
        alex.answers(c, **D.get(c, dict(shortcut="unsure")))
    print(alex.verdicts(), alex.quoted(), alex.evaluation().rules, alex.notes())
    assert 0
