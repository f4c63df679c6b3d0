"""A digest → letters: the message and its files, for each recipient in their language."""

from collections.abc import Iterable, Iterator
from functools import cache

from bot.digest.files import files_of
from bot.digest.officers import Recipient
from bot.digest.report import Report, Reporter
from bot.tools import Tools
from bot.views.digest import message
from conversations.digest import Digest
from conversations.store.protocol import File, Letter

DIGEST = "digest"


def report_of(tools: Tools, workspace: str, digest: Digest, language: str, *remarks: str) -> Report:
    """Return the digest in a language, with the names of the workspace's own edition."""
    book = tools.conversations.library.heard_by(workspace).current()
    return Reporter(tools.phrases, tools.views(book), book).report(digest, language, *remarks)


def letters_to(
    tools: Tools, workspace: str, reports: dict[str, Report], recipients: Iterable[Recipient], key: str
) -> Iterator[Letter]:
    """Yield the letters, those of one recipient in their order; `reports` by language. `key` marks this sending."""
    files = cache(lambda language: files_of(tools.phrases, reports[language]))
    for each in recipients:
        report = reports[each.language]
        text, blocks = message(tools.phrases, report)
        yield _letter(tools, workspace, each, f"{key}:{each.user}:text", {"text": text, "blocks": blocks})
        for number, file in enumerate(files(each.language)):
            yield _letter(tools, workspace, each, f"{key}:{each.user}:{number}", {"text": ""}, file)


def note_to(tools: Tools, workspace: str, each: Recipient, key: str, text: str) -> Letter:
    """Return a letter of words alone."""
    return _letter(tools, workspace, each, f"{key}:{each.user}:note", {"text": text})


def _letter(  # noqa: PLR0913, PLR0917 - whose, which and what
    tools: Tools, workspace: str, to: Recipient, name: str, body: dict[str, object], file: File | None = None
) -> Letter:
    return Letter(
        workspace,
        case_id="",
        name=name,
        state=DIGEST,
        lane=f"{to.channel}:{DIGEST}",
        channel=to.channel,
        thread="",
        body=body,
        key=name,
        at=tools.clock(),
        file=file,
    )
