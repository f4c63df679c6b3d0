"""The only file that knows durable-rules, inside the fence that makes it sound.

Only its C module is imported. One ruleset per process, one lock, one wide fact per decision with values from
the closed vocabulary, a loop of our own instead of actions, and the session is deleted whatever happens.
"""

import json
import threading
from itertools import count

from rules.compiler import WIDE, compile_rules, fact_message
from rules.errors import EngineError
from rules.models import SEVERITY, VERDICTS, Outcome, RuleBase

try:
    import durable_rules_engine as dre
except ImportError:  # CPython 3.13 and later lack PyEval_CallObject, which release 2.0.28 needs
    dre = None

SESSION = "e"
POOL_SLOTS = 7
_names = count()


def available() -> bool:
    """Whether durable-rules can be imported here (not on Python 3.13 and later)."""
    return dre is not None


class DurableEngine:
    """The rule base in durable-rules. Safe to share between threads and to fork after loading."""

    def __init__(self, rulebase: RuleBase) -> None:
        """Load the tables; raises DataError past the engine's limits, EngineError if it refuses them."""
        self._rulebase = rulebase
        self._lock = threading.Lock()
        self._told = {
            (target, value): json.dumps(fact_message(target, value))
            for target, table in rulebase.decided.items()
            for value in table.values
        }
        definition = json.dumps(compile_rules(rulebase), ensure_ascii=False)
        self._handle = dre.create_ruleset(f"kakunin{next(_names)}", definition)
        self._warm_up()

    def _warm_up(self) -> None:
        """Fire once in every pool slot: deleting a session in which nothing fired frees wild memory."""
        slots = [f"w{slot}" for slot in range(POOL_SLOTS)]
        for slot in slots:
            _, state = dre.assert_fact(self._handle, json.dumps({"sid": slot, "id": "w", WIDE: 1}))
            if not dre.start_action_for_state(self._handle, state):
                raise EngineError("warm-up: no rule fired")
        for slot in slots:
            dre.delete_state(self._handle, slot)

    def decide(self, facts: dict[str, str]) -> Outcome:
        """Return the outcome for facts that are all given, in table values. Raises EngineError."""
        self._refuse_strangers(facts)
        wide = json.dumps({"sid": SESSION, "id": "answers", WIDE: 1, **facts})
        with self._lock:
            try:
                return self._run(wide)
            except dre.error as error:
                raise EngineError(str(error)) from None
            finally:
                dre.delete_state(self._handle, SESSION)

    def _refuse_strangers(self, facts: dict[str, str]) -> None:
        known = self._rulebase.facts
        if facts.keys() != known.keys() or any(v not in known[k].table_values for k, v in facts.items()):
            raise EngineError("a fact or value outside the vocabulary")

    def _run(self, wide: str) -> Outcome:
        decided: dict[str, str] = {}
        lines: dict[str, int] = {}
        fired: list[str] = []
        low = 0
        state = self._assert(wide)
        started = dre.start_action_for_state(self._handle, state)
        message = started and started[1]
        while message:
            rule = self._rulebase.rules[message[2 : message.index('"', 2)]]
            if rule.target not in self._rulebase.decided:
                fired.append(rule.id)
                low = max(low, SEVERITY[rule.then]) if rule.target == "verdict" else low
            elif lines.setdefault(rule.target, rule.line) == rule.line:
                fired.append(rule.id)
                if rule.target not in decided:
                    decided[rule.target] = rule.then
                    self._assert(self._told[rule.target, rule.then])
            message = dre.complete_and_start_action(self._handle, state)
        if decided.keys() != self._rulebase.decided.keys():
            raise EngineError(f"undecided: {sorted(self._rulebase.decided.keys() - decided.keys())}")
        return Outcome(decided, VERDICTS[low], tuple(fired))

    def _assert(self, message: str) -> int:
        code, state = dre.assert_fact(self._handle, message)
        if code:
            raise EngineError(f"error code {code}")
        return int(state)
