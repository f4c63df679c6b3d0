"""The contract of `kakunin evaluate`, line by line, through a real process in an empty folder."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rules.engine import available
from rules.models import VERDICTS
from tests.bot.test_cli import PATIENCE, environment, kakunin, records, told

KEYS = ["id", "data_class", "checklist", "verdict", "obligation", "rules", "passages", "measures", "engine", "edition"]
PUBLIC = {"already_public": "yes", "personal_information": "no", "export_controlled": "no", "other_restriction": "no"}
GOOD = b'{"id": "good", "facts": {}}'

ECHOED = ['"a"', '"確認 🔎"', '""', "0", "-7", "true", "false", "null", "1.5", "-2.5e-3", str(10**40), r'"\u0000\n"']
ECHOED += [r'"\ud800"', '"<!channel>"', r'"\u2028"']

# A line → words that its error has to name. The line's id is "x" unless it cannot be read.
FAULTY: dict[str, tuple[bytes, list[str]]] = {
    "no facts": (b'{"id": "x"}', ["facts", "missing"]),
    "facts null": (b'{"id": "x", "facts": null}', ["facts"]),
    "facts array": (b'{"id": "x", "facts": []}', ["facts"]),
    "facts text": (b'{"id": "x", "facts": "use"}', ["facts"]),
    "unknown key": (b'{"id": "x", "facts": {}, "servce": "a"}', ["'servce'", "did you mean 'service'"]),
    "strange key": (b'{"id": "x", "facts": {}, "\xe6\xa1\x88": 1}', ["'案'"]),
    "unknown fact": (b'{"id": "x", "facts": {"noveltey": "yes"}}', ["'noveltey'", "did you mean 'novelty'"]),
    "unknown value": (b'{"id": "x", "facts": {"use": "promt"}}', ["use", "'promt'", "did you mean 'prompt'"]),
    "upper case": (b'{"id": "x", "facts": {"novelty": "Yes"}}', ["novelty", "'Yes'", "did you mean 'yes'"]),
    "null value": (b'{"id": "x", "facts": {"novelty": null}}', ["novelty"]),
    "true value": (b'{"id": "x", "facts": {"novelty": true}}', ["novelty"]),
    "false value": (b'{"id": "x", "facts": {"novelty": false}}', ["novelty"]),
    "number value": (b'{"id": "x", "facts": {"novelty": 1}}', ["novelty"]),
    "list value": (b'{"id": "x", "facts": {"novelty": ["yes"]}}', ["novelty"]),
    "object value": (b'{"id": "x", "facts": {"novelty": {}}}', ["novelty"]),
    "domain alone": (b'{"id": "x", "facts": {"sensitive_domains": "health"}}', ["sensitive_domains", "'health'"]),
    "domain none": (b'{"id": "x", "facts": {"sensitive_domains": "none"}}', ["sensitive_domains", "'none'"]),
    "domain null": (b'{"id": "x", "facts": {"sensitive_domains": null}}', ["sensitive_domains"]),
    "domain twice": (b'{"id": "x", "facts": {"sensitive_domains": ["food", "food"]}}', ["'food'", "twice"]),
    "domain wrong": (b'{"id": "x", "facts": {"sensitive_domains": ["helth"]}}', ["'helth'", "did you mean 'health'"]),
    "domain unknown": (b'{"id": "x", "facts": {"sensitive_domains": ["unknown"]}}', ["'unknown'"]),
    "domain nested": (b'{"id": "x", "facts": {"sensitive_domains": [["food"]]}}', ["sensitive_domains"]),
    "domains two wrong": (b'{"id": "x", "facts": {"sensitive_domains": ["helth", "wter"]}}', ["'helth'", "'wter'"]),
    "service unknown": (b'{"id": "x", "facts": {}, "service": "chatgpt_edo"}', ["did you mean 'chatgpt_edu'"]),
    "service number": (b'{"id": "x", "facts": {}, "service": 7}', ["service"]),
    "service null": (b'{"id": "x", "facts": {}, "service": null}', ["service"]),
    "key twice": (b'{"id": "x", "facts": {}, "facts": {}}', ["'facts'", "twice"]),
    "fact twice": (b'{"id": "x", "facts": {"use": "prompt", "use": "prompt"}}', ["'use'", "twice"]),
    "Infinity": (b'{"id": "x", "facts": {"use": Infinity}}', ["use: Infinity is no JSON value"]),
    "a large number and others": (
        b'{"id": "x", "service": 1e999, "facts": {"novelty": 1e999, "use": "y", "sensitive_domains": [-1e999, "z"]}}',
        ["service: the number 1e999", "novelty: the number 1e999", "'y'", "sensitive_domains: the number -1e999"],
    ),
    "a long number": (b'{"id": "x", "facts": {"use": ' + b"9" * 5000 + b', "novelty": "q"}}', ["use", "digits", "'q'"]),
    "told as JSON": (
        b'{"id": "x", "facts": {"novelty": null, "use": true, "sensitive_domains": [null, false, {"a": 1}]}}',
        ["novelty: unknown value null", "use: unknown value true", "value null", "value false", 'value {"a": 1}'],
    ),
    "all faults": (
        b'{"id": "x", "fact": 1, "service": "nowhere", "facts": {"uze": "prompt", "novelty": 3, "use": "x"}}',
        ["'fact'", "did you mean 'facts'", "'nowhere'", "'uze'", "did you mean 'use'", "novelty", "'x'"],
    ),
}
UNREADABLE: dict[str, tuple[bytes, list[str]]] = {
    "id array": (b'{"id": ["x"], "facts": {}}', ["id"]),
    "id object": (b'{"id": {}, "facts": {"use": "z"}}', ["id", "'z'"]),
    "not UTF-8": (b'{"id": "\xff", "facts": {}}', ["UTF-8"]),
    "UTF-16": ('{"id": "x"}'.encode("utf-16-le"), ["JSON"]),
    "text": (b"hello", ["JSON"]),
    "cut short": (b'{"id": "x", "facts": {', ["JSON"]),
    "two values": (b'{"id": "x", "facts": {}} {}', ["JSON"]),
    "single quotes": (b"{'id': 1}", ["JSON"]),
    "array": (b'[{"id": "x", "facts": {}}]', ["object"]),
    "number": (b"12", ["object"]),
    "null": (b"null", ["object"]),
    "deep array": (b"[" * 200_000 + b"]" * 200_000, ["JSON"]),
    "deep object": (b'{"facts":' * 100_000 + b"1" + b"}" * 100_000, ["JSON"]),
    "NaN": (b'{"id": NaN, "facts": {}}', ["NaN"]),
    "minus Infinity": (b'{"id": -Infinity, "facts": {}}', ["Infinity"]),
    "too many digits": (b'{"id": ' + b"9" * 5000 + b', "facts": {}}', ["digits"]),
    "byte order mark inside": (b'\xef\xbb\xbf{"id": "x", "facts": {}}', ["JSON"]),
}
BAD = {**FAULTY, **UNREADABLE}


@pytest.fixture(scope="module")
def bad_answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every faulty line in one run, a good line after each."""
    folder = tmp_path_factory.mktemp("empty")
    done = kakunin(folder, "evaluate", given=b"\n".join(line + b"\n" + GOOD for line, _ in BAD.values()))
    told(done)
    answers = records(done)
    assert done.returncode == 1
    assert [answer["id"] for answer in answers[1::2]] == ["good"] * len(BAD)
    assert all("verdict" in answer for answer in answers[1::2])
    assert list(folder.iterdir()) == []
    return dict(zip(BAD, answers[::2], strict=True))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_told_with_all_its_faults_and_the_others_are_answered(
    bad_answers: dict[str, dict[str, Any]], name: str
) -> None:
    answer, (line, words) = bad_answers[name], BAD[name]
    assert list(answer) == ["id", "error"]
    assert answer["id"] == ("x" if name in FAULTY else None)
    assert [word for word in words if word not in answer["error"]] == [], line
    assert len(answer["error"]) < 2000


def lines(*given: Any) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in given).encode()


def judged(folder: Path, given: bytes) -> list[dict[str, Any]]:
    """Return the answers to lines that are all good."""
    done = kakunin(folder, "evaluate", given=given)
    said = told(done)
    answers = records(done)
    assert (done.returncode, [a for a in answers if "error" in a]) == (0, []), said
    return answers


def test_an_answer_has_the_keys_of_the_contract_in_their_order(tmp_path: Path) -> None:
    closed = {"personal_information": "yes", "legal_clearance": "no"}
    answers = judged(tmp_path, lines(*({"id": n, "facts": f} for n, f in enumerate(({}, PUBLIC, closed)))))
    assert [answer["verdict"] for answer in answers] == ["confirm_first", "allowed", "do_not_upload"]
    for answer in answers:
        assert list(answer) == KEYS
        assert answer["data_class"] in {"closed", "open", "careful", "unlisted"}
        assert list(answer["checklist"]) == list("1234567")
        assert answer["obligation"] in {"required", "recommended", "required_if_in_programme", "not_applicable"}
        assert answer["verdict"] in VERDICTS
        for name in ("rules", "passages", "measures"):
            assert len(set(answer[name])) == len(answer[name])
        assert answer["rules"]
        assert answer["passages"]
        assert bool(answer["measures"]) == (answer["verdict"] != "allowed")
        assert answer["engine"] == ("durable_rules" if available() else "interpreter")
        assert answer["edition"]


def test_ids_are_echoed_in_order_whatever_scalar_they_are(tmp_path: Path) -> None:
    given = "".join(f'{{"id": {name}, "facts": {{}}}}\n' for name in (*ECHOED, *ECHOED[:2]))
    answers = judged(tmp_path, given.encode())
    wanted = [json.loads(name) for name in (*ECHOED, *ECHOED[:2])]
    assert [(type(a["id"]), a["id"]) for a in answers] == [(type(name), name) for name in wanted]


def test_a_number_too_large_for_a_float_is_not_written_as_infinity(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "evaluate", given=b'{"id": 1e400, "facts": {}}\n{"id": -1e400, "facts": {"use": 1e400}}\n')
    told(done)
    assert len(done.stdout.splitlines()) == 2
    assert b"Infinity," not in done.stdout


def test_a_missing_id_is_null(tmp_path: Path) -> None:
    assert [a["id"] for a in judged(tmp_path, b'{"facts": {}}')] == [None]


@pytest.mark.parametrize("given", [b"", b"\n\r\n  \t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_nothing_in_nothing_out(tmp_path: Path, given: bytes) -> None:
    assert judged(tmp_path, given) == []
    assert list(tmp_path.iterdir()) == []


def test_marks_line_ends_and_blank_lines_are_taken_as_they_come(tmp_path: Path) -> None:
    given = b'\xef\xbb\xbf{"id": 1, "facts": {}}\r\n\r\n   \n\t{"id": 2, "facts": {}} \r\n\n{"id": 3, "facts": {}}'
    assert [a["id"] for a in judged(tmp_path, given)] == [1, 2, 3]


def test_an_omitted_fact_equals_unknown(tmp_path: Path, rulebase: Any) -> None:
    unknown = dict.fromkeys(rulebase.facts, "unknown")
    empty, full = judged(tmp_path, lines({"id": 1, "facts": {}}, {"id": 1, "facts": unknown}))
    assert empty == full


def test_sensitive_domains_in_every_form(tmp_path: Path) -> None:
    quiet = {**dict.fromkeys(("company_secret", "novelty", "national_security", "strategic_value"), "no"), **PUBLIC}
    quiet["already_public"] = "no"
    forms: list[object] = [[], ["food"], ["water", "health"], "unknown"]
    answers = judged(tmp_path, lines(*({"facts": {**quiet, "sensitive_domains": form}} for form in forms)))
    assert [a["data_class"] for a in answers] == ["unlisted", "careful", "careful", "careful"]


def test_a_service_fills_no_fact(tmp_path: Path, knowledge: Any) -> None:
    given = [{"id": 0, "facts": {}}, *({"id": 0, "facts": {}, "service": name} for name in knowledge.services)]
    bare, *others = judged(tmp_path, lines(*given))
    assert all(other == bare for other in others)


def start(folder: Path) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "bot", "evaluate"]
    pipe = subprocess.PIPE
    return subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder, env=environment())


def test_every_line_is_answered_before_the_next_is_sent(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(lines({"id": number, "facts": PUBLIC}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        rest, said = process.communicate(timeout=PATIENCE)
    assert (rest, process.returncode) == (b"", 0)
    assert b"Traceback" not in said


def test_a_reader_that_goes_away_gets_no_traceback(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(GOOD + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write((GOOD + b"\n") * 5)
        process.stdin.close()
        assert process.stderr
        said = process.stderr.read()
        process.wait(timeout=PATIENCE)
    assert process.returncode == 1
    assert b"Traceback" not in said
    assert b"Exception ignored" not in said
