"""`kakunin replay`: `same`, or what differs, line by line; results alone go to standard output."""

import io
import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.replay import replay_file
from conversations.book import Book, Books, open_book
from conversations.receipts import Receipt, make_receipt
from knowledge.errors import KakuninError
from tests.conversations.builders import NOW, random_case

Shown = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def book() -> Book:
    return Books().current()


@pytest.fixture(scope="module")
def receipts(book: Book) -> list[Receipt]:
    """Return three receipts of one case, as if it had been judged thrice."""
    made: list[Receipt] = []
    case = random_case(book.interview, "replay")
    for _ in range(3):
        progress = book.interview.progress(case)
        evaluation = book.evaluator.evaluate(progress.facts)
        made.append(make_receipt(book.rulebook, case, progress, evaluation, NOW, made[-1] if made else None))
    return made


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    def write(*records: Receipt | dict[str, Any]) -> str:
        path = tmp_path / "receipts.json"
        lines = [each.to_json() if isinstance(each, Receipt) else json.dumps(each) for each in records]
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    return write


def forged(receipt: Receipt, **changes: object) -> dict[str, Any]:
    """Return the receipt with other content and the hash that belongs to it."""
    content = {**json.loads(receipt.to_json()), **changes}
    del content["hash"]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {**content, "hash": sha256(text.encode("utf-8")).hexdigest()}


def lines(shown: Shown, *, said: str = "") -> list[str]:
    """Return what was printed, after checking that nothing but `said` went to standard error."""
    captured = shown.readouterr()
    assert captured.err == said
    return captured.out.splitlines()


def test_what_comes_out_the_same_says_so(file: Callable[..., str], receipts: list[Receipt], capsys: Shown) -> None:
    for chosen in (receipts, receipts[:1]):
        assert replay_file(file(*chosen), None) == 0
        assert lines(capsys) == ["same"]


def test_receipts_that_were_taken_out_are_named(
    file: Callable[..., str], receipts: list[Receipt], capsys: Shown
) -> None:
    assert replay_file(file(*receipts[1:]), None) == 1
    assert lines(capsys) == ["receipt 1: number: 2; number 1 of the case is missing"]
    assert replay_file(file(receipts[2]), None) == 1
    assert lines(capsys) == ["number: 3; numbers 1 to 2 of the case are missing"]


def test_a_difference_is_a_line(file: Callable[..., str], receipts: list[Receipt], capsys: Shown) -> None:
    result = {**json.loads(receipts[0].to_json())["result"], "verdict": "public_data_only"}
    assert replay_file(file(forged(receipts[0], result=result)), None) == 1
    assert lines(capsys) == [f"verdict: public_data_only then, {receipts[0].result.verdict} now"]


def test_of_several_each_line_names_its_receipt(
    file: Callable[..., str], receipts: list[Receipt], capsys: Shown
) -> None:
    result = {**json.loads(receipts[1].to_json())["result"], "obligation": "maybe"}
    wrong = forged(receipts[1], result=result)
    assert replay_file(file(receipts[0], wrong, receipts[2]), None) == 1
    assert lines(capsys) == [
        f"receipt 2: obligation: maybe then, {receipts[1].result.obligation} now",
        f"receipt 3: previous: {receipts[1].hash}, the receipt before has {wrong['hash']}",
    ]


def test_an_edition_that_is_not_here_is_told_and_the_rest_is_still_checked(
    file: Callable[..., str], receipts: list[Receipt], tmp_path: Path, capsys: Shown
) -> None:
    near = f"{receipts[0].edition.id}x"
    record = forged(receipts[0], edition={"id": near, "effective_from": "2026-12-01"})
    told = f"edition: {near} is not known here, did you mean {receipts[0].edition.id!r}?"
    assert replay_file(file(record), None) == 1
    assert lines(capsys) == [told]
    wrong = {**record, "occasion": "re-evaluation"}
    assert replay_file(file(wrong, receipts[2]), None) == 1
    found = lines(capsys)
    assert [line.split(":")[:2] for line in found[:2]] == [["receipt 1", " hash"], ["receipt 1", " edition"]]
    assert [line.split(":")[:2] for line in found[2:]] == [["receipt 2", " number"], ["receipt 2", " previous"]]


def test_no_folder_passes_for_an_edition(
    file: Callable[..., str], receipts: list[Receipt], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    for room in ("knowledge", "rules", "conversations"):
        shutil.copytree(Path(__file__).parents[2] / room, tmp_path / "mine" / room)
    monkeypatch.chdir(tmp_path)
    assert replay_file(file(forged(receipts[0], edition={"id": "mine", "effective_from": "2026-11-22"})), None) == 1
    (told,) = lines(capsys)
    assert told.startswith("edition: mine is not known here; there are: ")
    assert receipts[0].edition.id in told


def test_an_overlay_that_took_part_has_to_be_given(
    file: Callable[..., str], receipts: list[Receipt], capsys: Shown
) -> None:
    assert replay_file(file(forged(receipts[0], overlay="our_university")), None) == 1
    said = "kakunin: an institution's rules took part; give their folder with --overlay\n"
    assert lines(capsys, said=said) == ["overlay: our_university then, none now"]


INSTITUTION = 'id = "our_university"\nname = { ja = "本学", en = "Our university" }\n'
CONTRACT = """[[contract]]
service = "self_hosted"
[contract.facts.secure_channel]
value = "yes"
as_of = 2026-12-01
source = "contract 12"
note = { ja = "契約", en = "contract" }
"""


def test_each_receipt_is_replayed_with_the_overlay_it_was_made_under(
    file: Callable[..., str], receipts: list[Receipt], tmp_path: Path, capsys: Shown
) -> None:
    folder = tmp_path / "overlay"
    folder.mkdir()
    (folder / "institution.toml").write_text(INSTITUTION, encoding="utf-8")
    (folder / "services.toml").write_text(CONTRACT, encoding="utf-8")
    under = open_book(None, folder)
    case = random_case(under.interview, "overlay")
    progress = under.interview.progress(case)
    made = make_receipt(under.rulebook, case, progress, under.evaluator.evaluate(progress.facts), NOW, None)
    stored = file(receipts[0], forged(made, case="c2"))
    assert made.overlay == "our_university"
    assert replay_file(stored, folder) == 0
    assert lines(capsys) == ["same"]
    (folder / "services.toml").unlink()
    now = open_book(None, folder).rulebook.digests["overlay"]
    assert replay_file(stored, folder) == 1
    assert lines(capsys)[0] == f"receipt 2: overlay: sha256 {made.sha256.overlay} then, {now} now"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_standard_input_is_read(
    receipts: list[Receipt], monkeypatch: pytest.MonkeyPatch, capsys: Shown, mark: bytes
) -> None:
    given = mark + receipts[0].to_json(indent=2).encode("utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="ascii"))
    assert replay_file("-", None) == 0
    assert lines(capsys) == ["same"]


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(KakuninError, match="standard input: it is closed"):
        replay_file("-", None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is no receipt in it"),
        (b"\xff", "not UTF-8"),
        (b"allowed", "not JSON: "),
        (b'{"format": "kakunin-receipt-2"}', "receipt 1: format: "),
    ],
)
def test_what_cannot_be_read_is_told_with_its_file(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(KakuninError) as refused:
        replay_file(str(path), None)
    assert str(refused.value).startswith(f"{path}: {said}")


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_path_that_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(KakuninError, match=r"No such file|Is a directory"):
        replay_file(str(tmp_path / name), None)
