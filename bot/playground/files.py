"""Files of the stand-in: a URL to upload to, the bytes, one completion, one message that shows it."""

from dataclasses import dataclass
from mimetypes import guess_type
from typing import Any

from bot.playground.refusals import Answer, Arguments, Refused, text_of
from bot.playground.workspace import APP, Channel, Message, Workspace

ALT_TEXT_LIMIT = 1000


@dataclass
class Upload:
    """A file that was announced; `told` is what Slack says of it, nothing before it is completed."""

    id: str
    name: str
    length: int
    alt_text: str
    content: bytes | None = None
    told: dict[str, Any] | None = None


class Files:
    """The files of one workspace; `base` is the address that bytes are sent to and fetched from."""

    def __init__(self, workspace: Workspace) -> None:
        """Share files as messages of the workspace."""
        self.base = ""
        self._workspace = workspace
        self._uploads: dict[str, Upload] = {}

    def begin(self, arguments: Arguments) -> Answer:
        """Return a URL for a file of this name and length."""
        name, length = text_of(arguments, "filename", "missing_argument"), str(arguments.get("length"))
        if not length.isdecimal() or not int(length):
            raise Refused("missing_argument")
        alt_text = str(arguments.get("alt_txt") or "")
        if len(alt_text) > ALT_TEXT_LIMIT:
            raise Refused("alt_txt_too_large")
        upload = Upload(f"F{self._workspace.number()}", name, int(length), alt_text)
        self._uploads[upload.id] = upload
        return {"upload_url": f"{self.base}/{upload.id}", "file_id": upload.id}

    def take(self, file_id: str, content: bytes) -> bool:
        """Take the bytes, once and all of them; False if they are not what was announced."""
        upload = self._uploads.get(file_id)
        if upload is None or upload.content is not None or len(content) != upload.length:
            self._workspace.refuse(f"upload: {len(content)} bytes for {file_id}")
            return False
        upload.content = content
        return True

    def complete(self, arguments: Arguments, channel: Channel, thread: Message) -> Answer:
        """Share files whose bytes are there, in one message; each can be completed once."""
        asked = arguments.get("files")
        if not isinstance(asked, list) or not asked:
            raise Refused("invalid_arguments")
        uploads = [self._uploads.get(each.get("id")) for each in asked]
        ready = [upload for upload in uploads if upload and upload.content is not None and upload.told is None]
        if len(ready) != len(asked):
            raise Refused("file_not_found")
        for upload, each in zip(ready, asked, strict=True):
            upload.told = self._told(upload, str(each.get("title") or upload.name))
        self.share(ready, channel, {"text": str(arguments.get("initial_comment") or ""), **thread})
        return {"files": [{"id": upload.id, "title": (upload.told or {})["title"]} for upload in ready]}

    def share(self, uploads: list[Upload], channel: Channel, content: Message) -> None:
        """Post the message with the files; Slack does it some time after it answered."""
        told = [upload.told for upload in uploads if upload.told]
        author = {
            "user": self._workspace.bot,
            "bot_id": self._workspace.bot_id,
            "app_id": APP,
            "team": self._workspace.team,
        }
        self._workspace.post(channel.id, {**author, **content, "files": told})

    def _told(self, upload: Upload, title: str) -> dict[str, Any]:
        kind = guess_type(upload.name)[0] or "application/octet-stream"
        about = {"id": upload.id, "name": upload.name, "title": title, "mimetype": kind, "size": upload.length}
        described = {"alt_txt": upload.alt_text} if upload.alt_text else {}
        return {**about, **described, "user": self._workspace.bot, "url_private": f"{self.base}/{upload.id}"}

    def fetch(self, file_id: str) -> tuple[bytes, str] | None:
        """Return bytes and kind of a completed file, or None."""
        upload = self._uploads.get(file_id)
        if upload is None or upload.content is None or upload.told is None:
            return None
        return upload.content, upload.told["mimetype"]
