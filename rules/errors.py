"""Errors of the rules floor.

KakuninError                 (knowledge)
├── DataError                (knowledge) a table, fact or edition file has a fault
├── FactError                facts from outside have faults, all of them named
└── EngineError              durable-rules failed or did not finish; never reaches a person
"""

from collections.abc import Sequence

from knowledge.errors import KakuninError


class FactError(KakuninError):
    """Facts from outside do not fit the vocabulary; `faults` names each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class EngineError(KakuninError):
    """durable-rules reported an error code or left a target undecided."""
