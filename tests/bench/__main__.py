"""`python -m tests.bench [decisions] [acks] [load] [growth] [questions] [insights]`: prints measured tables."""

from argparse import ArgumentParser

from tests.bench import acks, decisions, growth, insights, load, questions

BENCHES = {
    "decisions": decisions.run,
    "acks": acks.run,
    "load": load.run,
    "growth": growth.run,
    "questions": questions.run,
    "insights": insights.run,
}

if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m tests.bench", description="Print measured tables; all, or those named.")
    parser.add_argument("tables", nargs="*", choices=BENCHES)
    parser.add_argument("--long", action="store_true", help="let growth go up to a million cases")
    for name in parser.parse_args().tables or BENCHES:
        BENCHES[name]()
