"""What many tests need once a session: the data as loaded, and evaluators on it."""

import pytest
from hypothesis import settings

from knowledge.loader import load_knowledge
from knowledge.models import Knowledge
from rules.evaluator import Evaluator, make_evaluator
from rules.loader import load_rules
from rules.models import RuleBase

settings.register_profile("kakunin", deadline=None, derandomize=True)
settings.load_profile("kakunin")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the knowledge as shipped."""
    return load_knowledge()


@pytest.fixture(scope="session")
def rulebase(knowledge: Knowledge) -> RuleBase:
    """Return the rule base as shipped."""
    return load_rules(knowledge)


@pytest.fixture(scope="session")
def evaluator(rulebase: RuleBase) -> Evaluator:
    """Return the evaluator that production builds: durable-rules where it can be imported."""
    return make_evaluator(rulebase)


@pytest.fixture(scope="session")
def interpreter_only(rulebase: RuleBase) -> Evaluator:
    """Return an evaluator on the table interpreter alone."""
    return Evaluator(rulebase, None)
