"""Files that arrive in pieces: announced first, then appended at the offset that both sides agree on.

The rules are those of the tus protocol's core: the offset is what the server has; a piece for another offset is refused
and changes nothing; so whatever breaks, the sender asks for the offset and goes on from there.
"""

import errno
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from .models import Draft, DraftFile

KINDS = {
    ".zip": DraftFile.Kind.ARCHIVE,
    ".csv": DraftFile.Kind.MANIFEST,
    ".json": DraftFile.Kind.SIDECAR,
}
MAX_FILES = 20_000
SPARE_BYTES = 2**30
"""What is left free on the disk for the database and for everybody else."""
ABANDONED_AFTER = timedelta(days=7)
LARGEST_INTEGER = 2**63 - 1


class RefusedError(Exception):
    """The file cannot be taken, and why, for a person to read."""

    status = 400


class NoRoomError(RefusedError):
    """The disk is full: the same may be taken later."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            "The disk of this server is full. Tell whoever looks after it; "
            "the upload goes on by itself once there is room."
        )


class OffsetError(Exception):
    """The piece does not begin where the file on this side ends: at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"this side has {offset} bytes")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Announced:
    """What a sender says about a file. `modified`: milliseconds."""

    name: str
    size: int
    modified: int


def read_announcement(said: object) -> Announced:
    """Raises RefusedError if something is missing or cannot be."""
    values = said if isinstance(said, dict) else {}
    name, size, modified = values.get("name"), _count(values.get("size")), _count(values.get("modified", 0))
    if not isinstance(name, str) or size is None or modified is None:
        raise RefusedError("A file is announced by its name, size and time of change.")
    return Announced(tidy_name(name), size, modified)


def tidy_name(name: str) -> str:
    """The name with its folders, as text that can be stored and shown. Never used as a path on disk."""
    printable = name.replace("\0", "").encode(errors="replace").decode().replace("\\", "/")
    parts = [part for part in printable.split("/") if part not in {"", ".", ".."}]
    return "/".join(parts)[-500:].lstrip("/") or "unnamed"


def kind_of(name: str) -> DraftFile.Kind:
    return KINDS.get(PurePosixPath(name).suffix.lower(), DraftFile.Kind.RECORDING)


def is_hidden(name: str) -> bool:
    """Left behind by systems, never meant: .DS_Store, __MACOSX/, Thumbs.db."""
    parts = [part for part in PurePosixPath(name).parts if part not in {".", ".."}]
    return any(part.startswith(".") or part in {"__MACOSX", "Thumbs.db", "desktop.ini"} for part in parts)


def announce(draft: Draft, files: Iterable[Announced]) -> list[DraftFile | RefusedError]:
    """A row for each file, the one that is there already if it was announced before, or why it cannot be taken."""
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=draft.pk)
        held = {(file.name, file.size, file.modified): file for file in draft.files.all()}
        room = Room(draft)
        answers = [held.get((one.name, one.size, one.modified)) or _new(draft, one, room) for one in files]
        DraftFile.objects.bulk_create(
            [file for file in answers if isinstance(file, DraftFile) and not file.pk], batch_size=500
        )
        draft.save(update_fields=["touched_at"])
    return answers


class Room:
    """How much more a draft may hold: files, and bytes by its limit and by the disk."""

    def __init__(self, draft: Draft) -> None:
        totals = draft.files.aggregate(size=Sum("size"), received=Sum("received"))
        size, received = totals["size"] or 0, totals["received"] or 0
        draft.folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(draft.folder).free - SPARE_BYTES - (size - received)
        self.bytes = min(settings.UPLOAD_DRAFT_BYTES - size, free)
        self.files = MAX_FILES - draft.files.count()
        self._disk_decides = free < settings.UPLOAD_DRAFT_BYTES - size

    def take(self, size: int) -> None:
        """Raises RefusedError."""
        if size > settings.UPLOAD_FILE_BYTES:
            raise RefusedError(
                f"It is larger than {in_words(settings.UPLOAD_FILE_BYTES)}, which is the most for one file."
            )
        if self.files < 1:
            raise RefusedError(f"One upload holds {MAX_FILES} files at most. Start this one, then upload the rest.")
        if size > self.bytes and self._disk_decides:
            raise RefusedError("The disk of this server has no room for it. Tell whoever looks after the server.")
        if size > self.bytes:
            most = in_words(settings.UPLOAD_DRAFT_BYTES)
            raise RefusedError(f"One upload holds {most} at most. Start this one, then upload the rest.")
        self.bytes -= size
        self.files -= 1


def append(file: DraftFile, offset: int, piece: bytes) -> int:
    """Add `piece` to the file; returns the new offset.

    Raises OffsetError, RefusedError if it would be too long, and NoRoomError.
    """
    with transaction.atomic():
        held = DraftFile.objects.select_for_update().get(pk=file.pk)
        if held.received != offset:
            raise OffsetError(held.received)
        if offset + len(piece) > held.size:
            raise RefusedError("More arrives than was announced: the file has changed. Choose it again.")
        held.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(held.path, offset, piece)
        except OSError as error:
            raise NoRoomError if error.errno == errno.ENOSPC else error from error
        held.received = offset + len(piece)
        held.save(update_fields=["received"])
        held.draft.save(update_fields=["touched_at"])
        return held.received


class FormUploadHandler(TemporaryFileUploadHandler):
    """Files of a plain form go to the disk, never to memory, and not at all if they are too many bytes at once.

    It counts for every form, also of nobody who is logged in: Django reads a form before any view may refuse it.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > settings.UPLOAD_FILE_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes in one form")


def sweep() -> None:
    """Delete the drafts that nobody touched for a week."""
    for draft in Draft.objects.filter(touched_at__lt=timezone.now() - ABANDONED_AFTER):
        draft.discard()


def in_words(size: int) -> str:
    return f"{size / 2**30:.3g} GB" if size >= 2**30 else f"{size / 2**20:.3g} MB"


def _new(draft: Draft, one: Announced, room: Room) -> DraftFile | RefusedError:
    try:
        room.take(one.size)
    except RefusedError as refused:
        return refused
    return DraftFile(draft=draft, name=one.name, size=one.size, modified=one.modified, kind=kind_of(one.name))


def _write(path: Path, offset: int, piece: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as content:
        content.seek(offset)  # whatever a broken attempt left behind is written over
        content.write(piece)


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= LARGEST_INTEGER else None
