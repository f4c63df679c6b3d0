"""The statements about letters that carry a file, and how a file is written in their rows."""

import json
from base64 import b64decode, b64encode

from conversations.store.protocol import File, Letter
from conversations.store.tables import Tables


class Files(Tables):
    """How far the upload of a letter's file is. Only who holds the letter's lease may write it."""

    def note_upload(self, letter: Letter, file_id: str, *, uploaded: bool) -> bool:
        """Write down how far the letter's file is; False if the letter is gone or was claimed again since."""
        rows = self.run(
            """UPDATE letters SET file_id = :file_id, uploaded = :uploaded
            WHERE workspace = :workspace AND id = :id AND stage = 'waiting' AND leased = 1
            AND attempts = :attempts RETURNING id""",
            workspace=letter.workspace,
            id=letter.id,
            attempts=letter.attempts,
            file_id=file_id,
            uploaded=int(uploaded),
        )
        return bool(rows)


def written(file: File | None) -> str:
    """Return the file as JSON with its bytes in base64; none is the empty text."""
    if file is None:
        return ""
    named = {"name": file.name, "title": file.title, "alt_text": file.alt_text}
    return json.dumps({**named, "content": b64encode(file.content).decode()})


def read(text: str) -> File | None:
    """Return the file that was written."""
    if not text:
        return None
    told = json.loads(text)
    return File(told["name"], told["title"], told["alt_text"], b64decode(told["content"]))
