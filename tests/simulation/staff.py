"""What members of the desk do with a card in their channel."""

import json
from collections.abc import Callable, Mapping, Sequence

from bot.ids import INPUT
from bot.playground import payloads
from bot.playground.workspace import Message
from tests.bot.driver import Researcher
from tests.simulation.institution import ROOM, Institution
from tests.simulation.plan import DESK, LEAVES


def has(message: Message, action: str) -> bool:
    """Whether the message has the button."""
    return any(name == action for _, name in payloads.elements(message.get("blocks", [])))


def at_desk(message: Message) -> str:
    """Return which case a card in the desk's channel is about; empty for any other message."""
    for (_, name), element in payloads.elements(message.get("blocks", [])).items():
        if name == "desk.reopen":
            return str(element["value"])
        if name == "desk_menu":
            return str(element["options"][0]["value"]).partition("|")[2]
    return ""


def values(message: Message, action: str) -> str:
    found = payloads.elements(message.get("blocks", []))
    return " ".join(str(element["value"]) for (_, name), element in found.items() if name == action)


def _fills_in(who: Researcher, move: str, on: Message, **given: Sequence[str]) -> None:
    """Open a form by a button or by an entry of the menu, and submit it."""
    for (block, name), element in payloads.elements(on["blocks"]).items():
        chosen = [o["value"] for o in element.get("options", []) if o["value"].startswith(f"{move}|")]
        if name == move or chosen:
            who.office.slack.click(who.id, who.channel, on["ts"], block, name, chosen, {})
            who.office.settle()
            break
    if who.has_view and given:
        errors = who.office.slack.submit(who.id, who.view["id"], {part: {INPUT: list(v)} for part, v in given.items()})
        who.office.settle()
        assert errors == {}, errors


def _claim(world: Institution, member: Researcher, card: Message, _: str) -> None:
    _fills_in(member, "desk.claim", card)


def _both_claim(world: Institution, member: Researcher, card: Message, _: str) -> None:
    """Two members press at once."""
    both = (member, world.person(DESK[1] if member.id != DESK[1] else DESK[2]))
    world.office.send_at_once([payloads.encode_interaction(each.payload("desk.claim", card)) for each in both])


def _reply(world: Institution, member: Researcher, card: Message, _: str) -> None:
    _fills_in(member, "desk.reply", card, words=["Please ask the ethics office."])


def _hand(world: Institution, member: Researcher, card: Message, _: str) -> None:
    _fills_in(member, "desk.hand", card, office=["export_control"])


def _rule(world: Institution, member: Researcher, card: Message, judged: str) -> None:
    """A refusal becomes a first confirmation; anything else stays as the rules say."""
    verdict = "confirm_first" if judged == "do_not_upload" else judged
    given = {"verdict": [verdict], "words": ["Looked at."], "passages": ["check.2"], "office": ["ethics"]}
    _fills_in(member, "desk.rule", card, **given)


def take_over(world: Institution) -> None:
    """The desk gives the cases of who left to somebody who is there."""
    member = world.person(DESK[0])
    for card in [m for m in world.office.workspace.messages[ROOM] if at_desk(m) and LEAVES["desk"] in shown(m)]:
        if not has(card, "desk.reopen"):
            _fills_in(member, "desk.assign", card, person=[DESK[1]])


def _close(world: Institution, member: Researcher, card: Message, _: str) -> None:
    _fills_in(member, "desk.close", card)


Move = Callable[[Institution, Researcher, Message, str], None]
MOVES: Mapping[str, Move] = {
    "claim": _claim,
    "both_claim": _both_claim,
    "reply": _reply,
    "hand": _hand,
    "rule": _rule,
    "close": _close,
}


def shown(message: Message) -> str:
    """Return all that a message shows."""
    return json.dumps(message, ensure_ascii=False)
