"""One file at Slack, once: how far it is gets written down before each next step, so that what was begun is finished.

An upload that was never completed is seen by nobody, and Slack completes one only once. So once its bytes are there, a
file is looked for and completed again rather than sent again, until Slack has long had the time to show it.
"""

from email.message import Message
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.post import Overtaken, found
from conversations.store.protocol import File, Letter, Store

PATIENT = 8
"""From this attempt on, some eight minutes after the first, what Slack neither shows nor completes is sent anew."""
UNKNOWN = "file_not_found"


class Unfinished(Exception):
    """The file is not to be seen in its channel yet: why, and the headers of the answer that says so, if one does."""

    def __init__(self, code: str, headers: Message | None = None) -> None:
        """`code` is what is logged and kept."""
        super().__init__(code)
        self.code = code
        self.headers = headers


class Upload:
    """Uploads files and shares them where their letters go; the text of a letter comes with its file."""

    def __init__(self, store: Store) -> None:
        """Write down in the letters how far their files are."""
        self._store = store

    def once(self, client: WebClient, letter: Letter, file: File) -> str:
        """Return the time stamp of the message that shows it. Raises SlackApiError, OSError, Unfinished, Overtaken."""
        if not letter.uploaded:
            return self._anew(client, letter, file)
        message = _message(client, letter, letter.file_id)
        if message:
            return message
        if _completed(client, letter, file, letter.file_id) or letter.attempts < PATIENT:
            return _shown(client, letter, letter.file_id)
        return self._anew(client, letter, file)

    def _anew(self, client: WebClient, letter: Letter, file: File) -> str:
        answer = client.files_getUploadURLExternal(
            filename=file.name, length=len(file.content), alt_txt=file.alt_text or None
        )
        file_id = str(answer["file_id"])
        self._note(letter, file_id, uploaded=False)
        _send(client, str(answer["upload_url"]), file.content)
        self._note(letter, file_id, uploaded=True)
        _completed(client, letter, file, file_id)
        return _shown(client, letter, file_id)

    def _note(self, letter: Letter, file_id: str, *, uploaded: bool) -> None:
        """Go on only while nobody else has the letter: of two who carry it, one completes its file."""
        if not self._store.note_upload(letter, file_id, uploaded=uploaded):
            raise Overtaken


def _send(client: WebClient, url: str, content: bytes) -> None:
    request = Request(url, content, {"Content-Type": "application/octet-stream"})  # noqa: S310 - the URL Slack gave
    try:
        with urlopen(request, timeout=client.timeout, context=client.ssl):  # noqa: S310
            return
    except HTTPError as error:
        with error:
            raise Unfinished(f"upload_{error.code}", error.headers) from None


def _completed(client: WebClient, letter: Letter, file: File, file_id: str) -> bool:
    """Let Slack share the file; False if it knows of none to complete, as after it was completed or was thrown away."""
    try:
        client.files_completeUploadExternal(
            files=[{"id": file_id, "title": file.title}],
            channel_id=letter.channel,
            thread_ts=letter.thread or None,
            initial_comment=letter.body["text"] or None,
        )
    except SlackApiError as error:
        if error.response["error"] != UNKNOWN:
            raise
        return False
    return True


def _shown(client: WebClient, letter: Letter, file_id: str) -> str:
    """Return the message that shows the file; Slack may share it only some time after it was completed."""
    message = _message(client, letter, file_id)
    if not message:
        raise Unfinished("file_not_shared")
    return message


def _message(client: WebClient, letter: Letter, file_id: str) -> str:
    """Return the message that shows the file; none is the empty text. It is looked for by the id, never fetched."""
    return found(
        client,
        letter.channel,
        letter.thread,
        lambda message: any(each.get("id") == file_id for each in message.get("files") or ()),
    )
