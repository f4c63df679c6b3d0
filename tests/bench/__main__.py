"""`python -m tests.bench [decisions] [acks] [questions] [insights]`: prints measured tables; nothing here is a test."""

import sys

from tests.bench import acks, decisions, insights, questions

BENCHES = {"decisions": decisions.run, "acks": acks.run, "questions": questions.run, "insights": insights.run}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        BENCHES[name]()
