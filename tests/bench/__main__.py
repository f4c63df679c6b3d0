"""`python -m tests.bench [decisions] [acks] [load] [growth] [figures] [questions] [insights]`: prints measured tables.

`--long` lets `growth` and `figures` go up to a million cases.
"""

import sys

from tests.bench import acks, decisions, figures, growth, insights, load, questions

BENCHES = {
    "decisions": decisions.run,
    "acks": acks.run,
    "load": load.run,
    "growth": growth.run,
    "figures": figures.run,
    "questions": questions.run,
    "insights": insights.run,
}

if __name__ == "__main__":
    for name in [each for each in sys.argv[1:] if each != "--long"] or BENCHES:
        BENCHES[name]()
