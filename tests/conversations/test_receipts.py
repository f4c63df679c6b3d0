"""Receipts: true to the case, silent on the person, and recomputed to the same or to exactly what differs."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from conversations.book import Book, Books
from conversations.interview import Interview, Progress
from conversations.models import SHORTCUT, Answer, Case, Choice, Place
from conversations.provenance import Given
from conversations.receipts import Receipt, make_receipt, read_receipts, result_of, same_result
from conversations.replay import chain_differences, differences, hash_differences
from knowledge.errors import KakuninError
from knowledge.models import Bilingual, Knowledge, ServiceFact
from rules.editions import Rulebook, load_rulebook
from rules.evaluator import Evaluator
from rules.models import UNKNOWN
from rules.vocabulary import parse_facts
from tests.conversations.builders import NOW, Chooser, answered, edited, pick, random_case
from tests.planting import copy_data, plant

NUMBER = 60
LATER = NOW + timedelta(days=3)
UNSURE = {SHORTCUT: ("unsure",)}
UNPUBLISHED: Mapping[str, Choice] = {
    "openness": pick(shortcut="undecided"),
    "duties": pick(shortcut="none"),
    "content": pick(content="novelty", fields="none"),
    "partners": pick(partner="international", approval="confirmed"),
}
REFUSED = {**UNPUBLISHED, "partners": pick(partner="international", approval="refused")}
TAMPERED = 'tampered "\u001b[2Ksame"'


@pytest.fixture(scope="module")
def book(books: Books) -> Book:
    return books.current()


def told(choices: Mapping[str, Choice]) -> Chooser:
    """Answer the cards named, and “I don't know” to every other."""
    return lambda step: choices.get(step.card.id, UNSURE)


def receipt_of(book: Book, case: Case, previous: Receipt | None = None) -> Receipt:
    progress = book.interview.progress(case)
    evaluation = book.evaluator.evaluate(progress.facts)
    return make_receipt(book.rulebook, case, progress, evaluation, LATER, previous)


def told_receipt(book: Book, choices: Mapping[str, Choice]) -> Receipt:
    return receipt_of(book, answered(book.interview, told(choices)))


def chain_of(book: Book, seed: int, length: int) -> list[Receipt]:
    """Return the receipts of a case whose answers are changed again and again."""
    rng = random.Random(f"chain {seed}")
    case, receipts = replace(random_case(book.interview, seed), id=f"case{seed}"), list[Receipt]()
    for _ in range(length):
        receipts.append(receipt_of(book, case, receipts[-1] if receipts else None))
        case = edited(book.interview, case, rng, 1)
    return receipts


def answers(receipt: Receipt) -> dict[str, Given]:
    return {given.fact: given for given in receipt.answers}


def written(receipt: Receipt) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(receipt.to_json())
    return record


def sealed(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with the hash of its content, computed as the format says and not by the code."""
    content = {name: value for name, value in record.items() if name != "hash"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {**content, "hash": sha256(text.encode("utf-8")).hexdigest()}


def read(record: object) -> Receipt:
    (receipt,) = read_receipts(json.dumps(record))
    return receipt


@pytest.fixture(scope="module")
def cases(book: Book) -> list[Case]:
    return [random_case(book.interview, f"receipt {seed}") for seed in range(NUMBER)]


def test_every_interview_has_a_receipt_that_comes_out_the_same(book: Book, cases: list[Case]) -> None:
    for case in cases:
        made = receipt_of(book, case)
        for text in (made.to_json(), made.to_json(indent=2)):
            assert read_receipts(text) == (made,)
        assert differences(made, book.rulebook, book.evaluator) == []
    assert differences(made, book.rulebook) == []


def test_the_answers_are_what_was_judged(book: Book, cases: list[Case]) -> None:
    rulebase = book.rulebook.rulebase
    given = [name for name, fact in rulebase.facts.items() if fact.given]
    for case in cases:
        progress = book.interview.progress(case)
        receipt = receipt_of(book, case)
        assert [answer.fact for answer in receipt.answers] == given
        assert {answer.fact: answer.value for answer in receipt.answers} == {n: progress.facts[n] for n in given}
        again = parse_facts(rulebase, {answer.fact: answer.value for answer in receipt.answers}, receipt.service)
        assert again == progress.facts
        assert receipt.result == result_of(book.evaluator.evaluate(progress.facts))


def test_what_belongs_to_a_source_is_given_and_nothing_else(book: Book, cases: list[Case]) -> None:
    for case in cases:
        asked = {step.card.id: step.card.facts for step in book.interview.progress(case).steps}
        for given in receipt_of(book, case).answers:
            assert (given.by is None) == (given.source == "nobody") == (given.by is None and given.value == UNKNOWN)
            assert (given.at is None) == (given.source not in {"asker", "setting"})
            assert (given.card is None) == (given.source != "asker")
            assert given.card is None or given.fact in asked[given.card]
            catalogued = given.source in {"catalogue", "presumed", "institution"}
            assert (given.as_of is not None) == (given.reference is not None) == catalogued
            assert (given.source == "setting") == (given.fact == "programme")


def test_the_format_is_pinned(book: Book) -> None:
    record = written(told_receipt(book, REFUSED))
    assert list(record) == [
        *("format", "case", "number", "made_at", "occasion", "edition", "overlay", "sha256", "service"),
        *("answers", "result", "made_with", "previous", "hash"),
    ]
    assert (record["format"], record["case"], record["number"]) == ("kakunin-receipt-1", "c1", 1)
    assert (record["made_at"], record["occasion"]) == ("2026-11-25T09:30:00+00:00", "verdict")
    edition = book.rulebook.edition
    assert record["edition"] == {"id": edition.id, "effective_from": edition.effective_from.isoformat()}
    assert (record["overlay"], record["previous"]) == (None, None)
    assert list(record["sha256"]) == ["tables", "passages", "measures", "services", "overlay"]
    assert record["made_with"].keys() == {"version", "engine"}
    assert record["result"]["verdict"] == "do_not_upload"
    assert record == sealed(record)


def test_a_card_tells_who_when_and_where(book: Book) -> None:
    case = answered(book.interview, told(REFUSED))
    at = {answer.card: NOW + timedelta(minutes=n) for n, answer in enumerate(case.answers)}
    timed = replace(case, answers=tuple(replace(answer, at=at[answer.card]) for answer in case.answers))
    given = answers(receipt_of(book, timed))["leader_approval"]
    assert (given.value, given.source, given.by, given.card) == ("no", "asker", "asker", "partners")
    assert given.at == at["partners"].isoformat()


def test_the_newest_answer_to_a_card_counts(book: Book) -> None:
    before = answered(book.interview, told(UNPUBLISHED))
    change = Answer("partners", REFUSED["partners"], "U1", LATER)
    given = answers(receipt_of(book, replace(before, answers=(*before.answers, change))))["leader_approval"]
    assert (given.value, given.at) == ("no", LATER.isoformat())


def test_time_is_told_in_utc(book: Book) -> None:
    case = answered(book.interview, told(REFUSED))
    progress = book.interview.progress(case)
    local = NOW.astimezone(tz=None) + timedelta(microseconds=7)
    receipt = make_receipt(book.rulebook, case, progress, book.evaluator.evaluate(progress.facts), local, None)
    assert receipt.made_at == "2026-11-22T09:30:00.000007+00:00"


def test_the_setting_gives_the_programme(book: Book) -> None:
    case = replace(answered(book.interview, told(REFUSED)), programme="yes")
    given = answers(receipt_of(book, case))["programme"]
    assert (given.value, given.source, given.by, given.at) == ("yes", "setting", "setting", NOW.isoformat())


def on_service(book: Book, service: str, knowledge: Knowledge | None = None) -> tuple[Book, Receipt]:
    """Return the receipt of unpublished results for a service on which the asker knows nothing more."""
    rulebook = replace(book.rulebook, knowledge=knowledge or book.knowledge)
    interview = Interview(book.interview.cards, rulebook.rulebase, rulebook.knowledge)
    planted = replace(book, rulebook=rulebook, interview=interview)
    return planted, told_receipt(planted, {**UNPUBLISHED, "service": pick(service=service, use="prompt")})


def test_the_catalogue_answers_with_day_and_page(book: Book) -> None:
    _, receipt = on_service(book, "chatgpt_business")
    given, fact = answers(receipt)["purpose_limited"], book.knowledge.services["chatgpt_business"].facts
    assert (receipt.service, given.value, given.source, given.by) == (
        "chatgpt_business",
        *("yes", "catalogue", "catalogue"),
    )
    assert (given.as_of, given.reference) == (
        fact["purpose_limited"].as_of.isoformat(),
        fact["purpose_limited"].source,
    )


def test_what_is_only_presumed_says_so(book: Book) -> None:
    given = answers(on_service(book, "chatgpt_free")[1])["purpose_limited"]
    assert (given.value, given.source, given.by) == ("no", "presumed", "catalogue")


def test_what_nobody_gave_is_unknown(book: Book) -> None:
    receipt = told_receipt(book, {"openness": pick(shortcut="public"), "duties": pick(shortcut="none")})
    given = answers(receipt)["data_location"]
    assert (given.value, given.source, given.by) == (UNKNOWN, "nobody", None)
    assert receipt.service is None


def test_an_asker_who_does_not_know_has_said_so(book: Book) -> None:
    given = answers(on_service(book, "self_hosted")[1])["access_limited"]
    assert (given.value, given.source, given.card) == (UNKNOWN, "asker", "safeguards")


@pytest.fixture
def contract(book: Book) -> Knowledge:
    """Return the catalogue with a contract of the institution for one service."""
    text = Bilingual(ja="契約", en="contract")
    signed = {"value": "yes", "as_of": date(2026, 12, 1), "source": "contract 12", "verified": True, "note": text}
    facts = {"secure_channel": ServiceFact(**signed, institution=True)}
    service = book.knowledge.services["self_hosted"].model_copy(update={"facts": facts})
    return book.knowledge.model_copy(update={"services": {**book.knowledge.services, "self_hosted": service}})


def test_a_contract_is_the_institutions_word(book: Book, contract: Knowledge) -> None:
    planted, receipt = on_service(book, "self_hosted", contract)
    given = answers(receipt)["secure_channel"]
    assert (given.value, given.source, given.by) == ("yes", "institution", "institution")
    assert (given.as_of, given.reference) == ("2026-12-01", "contract 12")
    assert differences(receipt, planted.rulebook) == []
    assert differences(receipt, book.rulebook) == [
        "answer secure_channel, source: institution then, nobody now",
        "answer secure_channel, value: yes then, unknown now",
        "answer secure_channel, as_of: 2026-12-01 then, none now",
        'answer secure_channel, reference: "contract 12" then, none now',
    ]


def test_no_person_and_no_place_is_in_it(book: Book) -> None:
    for seed in range(10):
        case = random_case(book.interview, seed)
        place = Place("TWORKSPACE", "CCHANNEL", "1700000000.987654")
        by = tuple(replace(answer, by="UPERSON") for answer in case.answers)
        body = receipt_of(book, replace(case, place=place, asker="UASKER", answers=by)).to_json()
        for name in ("TWORKSPACE", "CCHANNEL", "987654", "UPERSON", "UASKER"):
            assert name not in body


def test_answers_hold_codes_only(book: Book, cases: list[Case]) -> None:
    facts = book.rulebook.rulebase.facts
    for case in cases:
        for given in receipt_of(book, case).answers:
            values = [given.value] if isinstance(given.value, str) else given.value
            assert {*values} <= {*facts[given.fact].values, UNKNOWN}


# What needs no new receipt, and what does.


def test_a_second_look_records_the_same(book: Book) -> None:
    first = told_receipt(book, REFUSED)
    assert same_result(first, receipt_of(book, answered(book.interview, told(REFUSED)), first))


@pytest.mark.parametrize(
    "changes",
    [
        {"edition": {"id": "2027-04", "effective_from": "2027-04-01"}},
        {"overlay": "somewhere"},
        {"service": "self_hosted"},
    ],
)
def test_what_a_verdict_rests_on_is_part_of_it(book: Book, changes: dict[str, Any]) -> None:
    first = told_receipt(book, REFUSED)
    assert not same_result(first, read(sealed({**written(first), **changes})))


def test_another_answer_source_file_or_result_is_another_record(book: Book) -> None:
    first = told_receipt(book, REFUSED)
    assert not same_result(first, told_receipt(book, UNPUBLISHED))
    for path, value in (
        (("sha256", "services"), "0" * 64),
        (("result", "disputed"), True),
        (("answers", 1, "source"), "nobody"),
        (("answers", 3, "value"), "yes"),
    ):
        assert not same_result(first, read(changed(written(first), path, put(value)))), path


# Tampering.


def leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every leaf; an empty list or object is one."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in inside:
        yield from leaves(value, (*path, name))
    if not isinstance(node, dict | list) or not node:
        yield path


def others(value: Any) -> list[Any]:
    """Return other values a leaf could be given: of its own kind, of others, and such as read the same."""
    if isinstance(value, bool):
        return [not value, int(value), str(value), None]
    if isinstance(value, int):
        return [value + 1, -value, str(value), float(value), True, None]
    if isinstance(value, str):
        return [
            f"{value}x",
            value[:-1],
            value.upper() if value.islower() else value.lower(),
            TAMPERED,
            "",
            [value],
            None,
        ]
    return ["x", 0, "2026-11-22", [[]], False] if value is None or value == [] else [None]


def changed(record: Mapping[str, Any], path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> dict[str, Any]:
    """Return a copy in which `change` was done to the holder of the leaf."""
    copy: dict[str, Any] = deepcopy(dict(record))
    node: Any = copy
    for part in path[:-1]:
        node = node[part]
    change(node, path[-1])
    return copy


def put(value: Any) -> Callable[[Any, Any], None]:
    """Return a change to this value."""

    def change(holder: Any, name: Any) -> None:
        holder[name] = value

    return change


def tampered(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the record with one leaf changed, left out or doubled, or with one key added, each in turn."""
    for path in leaves(record):
        node: Any = record
        for part in path:
            node = node[part]
        for value in others(node):
            if value != node or type(value) is not type(node):
                yield changed(record, path, put(value))
        yield changed(record, path, lambda holder, name: holder.pop(name))
        if isinstance(path[-1], int):
            yield changed(record, path, lambda holder, name: holder.append(holder[name]))
        else:
            yield changed(record, path, lambda holder, name: holder.__setitem__(f"{name}_", holder[name]))


def told_of(record: object, rulebook: Rulebook, evaluator: Evaluator) -> list[str]:
    """Return how replaying tells what is wrong with the record: refused, or different."""
    try:
        receipt = read(record)
    except KakuninError as error:
        return [str(error)]
    return [*differences(receipt, rulebook, evaluator), *chain_differences([receipt])[0]]


def test_any_single_change_is_caught(book: Book) -> None:
    record = written(on_service(book, "chatgpt_business")[1])
    assert told_of(record, book.rulebook, book.evaluator) == []
    seen = 0
    for wrong in tampered(record):
        found = told_of(wrong, book.rulebook, book.evaluator)
        assert found, wrong
        assert all(line.isprintable() for line in found)
        seen += 1
    assert seen > 1000


FREE = ("case", "made_at", "occasion", "made_with", "answers")
"""What no rule can contradict once somebody computed the hash anew."""


def test_a_new_hash_hides_no_change_of_what_is_recomputed(book: Book) -> None:
    record = written(on_service(book, "chatgpt_business")[1])
    checked = [path for path in leaves(record) if path[0] not in {*FREE, "service", "hash", "format"}]
    for path in checked:
        for value in ("x" * 64, "0" * 64, "met", "allowed", "2026-11-23", 2, True, None):
            wrong = sealed(changed(record, path, put(value)))
            assert wrong == record or told_of(wrong, book.rulebook, book.evaluator), (path, value)


def test_a_new_hash_hides_no_answer_that_moves_the_result(book: Book, cases: list[Case]) -> None:
    rulebase, moved = book.rulebook.rulebase, 0
    for case in cases[:20]:
        receipt = receipt_of(book, case)
        for place, given in enumerate(receipt.answers):
            value = next(v for v in rulebase.facts[given.fact].values if v not in (given.value, *given.value))
            lie: Any = [value] if rulebase.facts[given.fact].many else value
            record = written(receipt)
            record["answers"][place]["value"] = lie
            facts = parse_facts(rulebase, {a["fact"]: a["value"] for a in record["answers"]}, receipt.service)
            if result_of(book.evaluator.evaluate(facts)) != receipt.result:
                moved += 1
                assert differences(read(sealed(record)), book.rulebook, book.evaluator), given.fact
    assert moved > NUMBER


def test_an_answer_that_nobody_gave_is_told(book: Book) -> None:
    record = written(on_service(book, "chatgpt_business")[1])
    place = next(n for n, given in enumerate(record["answers"]) if given["source"] == "nobody")
    fact = record["answers"][place]["fact"]
    record["answers"][place]["value"] = "yes"
    assert f"answers: {fact} is yes, but nobody gave it" in differences(read(sealed(record)), book.rulebook)


@pytest.mark.parametrize(
    "wrong", ["2026-13-25T09:30:00+00:00", "2026-02-30T09:30:00+00:00", "2026-11-25T24:30:00+00:00"]
)
def test_a_time_that_never_was_is_refused(book: Book, wrong: str) -> None:
    record = written(on_service(book, "chatgpt_business")[1])
    place = next(n for n, given in enumerate(record["answers"]) if given["at"])
    for path in (("made_at",), ("answers", place, "at")):
        with pytest.raises(KakuninError, match="no time that there is"):
            read(sealed(changed(record, path, put(wrong))))


def test_a_lie_about_the_catalogue_is_told(book: Book) -> None:
    record = written(on_service(book, "chatgpt_business")[1])
    place = next(n for n, given in enumerate(record["answers"]) if given["fact"] == "purpose_limited")
    record["answers"][place] |= {"as_of": "2020-01-01", "reference": "https://example.org/\u202eevil"}
    fact = book.knowledge.services["chatgpt_business"].facts["purpose_limited"]
    assert differences(read(sealed(record)), book.rulebook) == [
        f"answer purpose_limited, as_of: 2020-01-01 then, {fact.as_of.isoformat()} now",
        f'answer purpose_limited, reference: "https://example.org/\\u202eevil" then, "{fact.source}" now',
    ]


def test_the_content_alone_tells_a_changed_hash(book: Book) -> None:
    receipt = told_receipt(book, REFUSED)
    wrong = read({**written(receipt), "hash": "0" * 64})
    expected = [f"hash: written {'0' * 64}, the content gives {receipt.hash}"]
    assert hash_differences(receipt) == []
    assert hash_differences(wrong) == differences(wrong, book.rulebook) == expected


def test_a_changed_result_is_named(book: Book) -> None:
    record = written(told_receipt(book, REFUSED))
    was = deepcopy(record["result"])
    record["result"] |= {"verdict": "allowed", "disputed": True, "rules": ["verdict.open", *was["rules"][1:]]}
    record["result"]["checklist"] = {**was["checklist"], "7": "met", "8": "met"}
    record["result"]["measures"] = [*was["measures"][1::-1], *was["measures"][2:], "anonymise"]
    record["result"]["passages"] = [*was["passages"][1::-1], *was["passages"][2:]]
    assert differences(read(sealed(record)), book.rulebook) == [
        "verdict: allowed then, do_not_upload now",
        "disputed: true then, false now",
        f"item 7: met then, {was['checklist']['7']} now",
        "item 8: met then, none now",
        f"rules: + {was['rules'][0]}, − verdict.open",
        f"passages: in another order from place 1 on: {was['passages'][1]} then, {was['passages'][0]} now",
        "measures: − anonymise",
    ]


def test_facts_that_the_vocabulary_does_not_know_are_all_named(book: Book) -> None:
    record = written(told_receipt(book, REFUSED))
    record["answers"][0]["fact"] = "usee"
    record["answers"][4]["value"] = "perhaps"
    record["answers"].append(record["answers"][5])
    record["service"] = "chatgpt_fre"
    twice = record["answers"][5]["fact"]
    assert differences(read(sealed(record)), book.rulebook) == [
        "service: unknown service chatgpt_fre, did you mean 'chatgpt_free'?",
        f"answers: {twice} is given 2 times",
        "answers: use is not among them",
        "answers: unknown fact 'usee', did you mean 'use'?",
        f"answers: {record['answers'][4]['fact']}: unknown value 'perhaps' (expected yes, no, unknown)",
        "result: cannot be recomputed from these answers",
    ]


# Another edition.


def copied(folder: Path) -> Path:
    for room in ("knowledge", "rules", "conversations"):
        copy_data(room, folder / room)
    return folder


def test_a_changed_rule_is_told_with_all_that_it_changed(book: Book, tmp_path: Path) -> None:
    receipt = told_receipt(book, REFUSED)
    folder = copied(tmp_path / "edition")
    assert differences(receipt, load_rulebook(str(folder))) == []
    refused = 'item_7 = "not_met", already_public = ["no", "unknown"] }\nthen = "'
    plant(folder / "rules/tables/verdict.toml", f"{refused}do_not_upload", f"{refused}confirm_first")
    changed_book = load_rulebook(str(folder))
    found = differences(receipt, changed_book)
    assert found[:2] == [
        f"tables: sha256 {receipt.sha256.tables} then, {changed_book.digests['tables']} now",
        "verdict: do_not_upload then, confirm_first now",
    ]
    assert [line.split(":")[0] for line in found[2:]] == ["rules", "passages"]


def test_a_removed_rule_and_other_files_are_told(book: Book, tmp_path: Path) -> None:
    receipt = told_receipt(book, REFUSED)
    folder = copied(tmp_path / "edition")
    plant(folder / "rules/tables/advice.toml", 'id = "advice.record"', 'id = "advice.recorded"')
    plant(folder / "rules/editions.toml", "effective_from = 2026-11-22", "effective_from = 2026-11-23")
    for name in ("measures", "services"):
        (folder / f"knowledge/{name}.toml").write_bytes((folder / f"knowledge/{name}.toml").read_bytes() + b"\n# x\n")
    now = load_rulebook(str(folder))
    assert differences(receipt, now) == [
        "edition in force from: 2026-11-22 then, 2026-11-23 now",
        *(
            f"{part}: sha256 {getattr(receipt.sha256, part)} then, {now.digests[part]} now"
            for part in ("tables", "measures", "services")
        ),
        "rules: + advice.recorded, − advice.record",
    ]


def test_an_overlay_that_is_missing_is_told(book: Book) -> None:
    record = written(told_receipt(book, REFUSED))
    record["overlay"], record["sha256"]["overlay"] = "our_university", "a" * 64
    assert differences(read(sealed(record)), book.rulebook) == [
        "overlay: our_university then, none now",
        f"overlay: sha256 {'a' * 64} then, none now",
    ]


def test_engine_and_version_may_differ(book: Book) -> None:
    made = {"version": "99.0", "engine": "interpreter"}
    record = sealed({**written(told_receipt(book, REFUSED)), "made_with": made})
    assert differences(read(record), book.rulebook) == []


# Chains.


@pytest.fixture(scope="module")
def chain(book: Book) -> list[Receipt]:
    return chain_of(book, 1, 4)


def test_receipts_of_a_case_hold_together(book: Book, chain: list[Receipt]) -> None:
    assert [receipt.number for receipt in chain] == [1, 2, 3, 4]
    assert [receipt.previous for receipt in chain] == [None, *(receipt.hash for receipt in chain[:-1])]
    other = chain_of(book, 2, 2)
    for row in (chain, chain[:2], [*chain, *other], [*other[:1], *chain]):
        assert chain_differences(row) == [[] for _ in row]


def test_the_numbers_of_receipts_that_were_taken_out_are_told(book: Book, chain: list[Receipt]) -> None:
    other = chain_of(book, 2, 2)
    assert chain_differences(chain[1:]) == [["number: 2; number 1 of the case is missing"], [], []]
    assert chain_differences(chain[3:]) == [["number: 4; numbers 1 to 3 of the case are missing"]]
    assert chain_differences([*other, *chain[2:]])[2] == ["number: 3; numbers 1 to 2 of the case are missing"]
    gap = chain_differences([chain[0], chain[3]])[1]
    assert gap[0] == "number: 4, after 1; numbers 2 to 3 of the case are missing"


@pytest.mark.parametrize("order", [(0, 2, 3), (0, 2, 1, 3), (0, 0, 1), (1, 0), (0, 1, 1), (3, 2, 1, 0), (0, 1, 0)])
def test_a_receipt_that_is_missing_moved_or_doubled_is_told(chain: list[Receipt], order: tuple[int, ...]) -> None:
    assert any(chain_differences([chain[place] for place in order]))


def test_how_a_chain_breaks_is_told(book: Book, chain: list[Receipt]) -> None:
    first, second, third, _ = chain
    assert chain_differences([first, third]) == [
        [],
        [
            "number: 3, after 1; number 2 of the case is missing",
            f"previous: {second.hash}, the receipt before has {first.hash}",
        ],
    ]
    stranger = chain_of(book, 2, 2)[1]
    assert chain_differences([first, stranger])[1] == ["number: 2; number 1 of the case is missing"]
    assert chain_differences([*chain_of(book, 2, 1), first, stranger])[2] == [
        "case: case2, the receipt before is of case1",
        f"previous: {stranger.previous}, the receipt before has {first.hash}",
    ]


def test_a_rewritten_receipt_breaks_the_chain_behind_it(chain: list[Receipt]) -> None:
    record = written(chain[1])
    record["result"]["verdict"] = "allowed"
    wrong = read(sealed(record))
    assert hash_differences(wrong) == []
    assert chain_differences([chain[0], wrong, *chain[2:]]) == [
        *([], []),
        [f"previous: {chain[1].hash}, the receipt before has {wrong.hash}"],
        [],
    ]


@pytest.mark.parametrize("change", [{"previous": "0" * 64}, {"number": 2}])
def test_only_the_first_follows_none(book: Book, change: dict[str, Any]) -> None:
    record = sealed({**written(told_receipt(book, REFUSED)), **change})
    ((found,),) = chain_differences([read(record)])
    assert found.startswith("previous: ")


# Reading.


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\n\n  ", " "])
def test_one_an_array_and_lines_can_be_read(chain: list[Receipt], gap: str) -> None:
    bodies = [receipt.to_json() for receipt in chain]
    for text in (f"[{','.join(bodies)}]", gap.join(bodies), f"{gap}{gap.join(bodies)}{gap}"):
        assert read_receipts(text) == tuple(chain)
    assert read_receipts(gap.join(receipt.to_json(indent=2) for receipt in chain)) == tuple(chain)


def test_a_line_separator_inside_a_text_ends_no_line(book: Book) -> None:
    record = written(on_service(book, "chatgpt_business")[1])
    given = next(given for given in record["answers"] if given["reference"])
    given["reference"] = "page\u2028one\x85two"
    text = read(sealed(record)).to_json()
    assert "\u2028" in text
    assert [receipt.to_json() for receipt in read_receipts(f"{text}\n{text}")] == [text, text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no receipt in it"),
        (" \n[]\n", "there is no receipt in it"),
        ("verdict: allowed", "not JSON: Expecting value: line 1 column 1"),
        ('{"format": "kakunin-receipt-1",}', "not JSON: "),
        ("[1, null]", "receipt 1: not an object: .*; receipt 2: not an object: "),
        ('{"number": NaN}', "NaN is no JSON value"),
        ('{"case": "a", "case": "b"}', "'case' is given twice in one object"),
        ('{"case": "\\ud800"}', "half a character"),
        ('{"number": ' + "1" * 5000 + "}", "too many digits"),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_what_is_no_receipt_is_told(text: str, said: str) -> None:
    with pytest.raises(KakuninError, match=said):
        read_receipts(text)


def test_every_fault_of_a_receipt_is_told_with_the_nearest_spelling(book: Book) -> None:
    record = written(told_receipt(book, REFUSED))
    record["result"]["verdct"] = record["result"].pop("verdict")
    record["answers"][0]["surce"] = record["answers"][0].pop("source")
    record["numbr"] = record.pop("number")
    with pytest.raises(KakuninError) as refused:
        read_receipts(f"{told_receipt(book, REFUSED).to_json()}\n{json.dumps(record)}")
    for said in (
        *("receipt 2: ", "number: is missing", "result.verdict: is missing", "did you mean 'source'?"),
        *("'result.verdct', did you mean 'verdict'?", "'numbr', did you mean 'number'?"),
    ):
        assert said in str(refused.value)


def test_a_progress_without_steps_has_a_receipt(book: Book) -> None:
    case = answered(book.interview, told(REFUSED))
    facts = parse_facts(book.rulebook.rulebase, {})
    bare = Progress((), facts, None, frozenset(), (), (), ())
    receipt = make_receipt(book.rulebook, case, bare, book.evaluator.evaluate(facts), LATER, None, "re-evaluation")
    assert {given.source for given in receipt.answers} == {"nobody", "setting"}
    assert receipt.occasion == "re-evaluation"
