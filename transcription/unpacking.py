"""What is in a zip, with no trust in what it says about itself. Plain Python.

A member is read as a stream and counted while it is read; nothing is written under a name that the archive chose.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

MAX_MEMBERS = 10_000
MAX_RATIO = 200
"""Silence as PCM shrinks to a hundredth; a bomb to a thousandth or less."""
MAX_DIRECTORY_BYTES = 16 * 2**20
BLOCK = 2**20

_END, _END_BYTES = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_BYTES = b"PK\x06\x07", 20
_END64, _END64_BYTES = b"PK\x06\x06", 56


class ArchiveError(Exception):
    """The archive, or the member that was being read, cannot be used; for a person to read."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive. With an `error` it cannot be unpacked."""

    name: str
    size: int
    error: str = ""


def members(path: Path) -> list[Member]:
    """The files in the archive, without folders and hidden files. Raises ArchiveError if it is none, or a bomb."""
    if _directory_bytes(path) > MAX_DIRECTORY_BYTES:
        raise ArchiveError(f"It lists more than {MAX_MEMBERS} files. Make smaller archives.")
    with _opened(path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MAX_MEMBERS:
            raise ArchiveError(f"It holds {len(infos)} files, and {MAX_MEMBERS} is the most. Make smaller archives.")
        total = sum(info.file_size for info in infos)
        if total > MAX_RATIO * max(path.stat().st_size, 1):
            raise ArchiveError("It would unpack to far more than sound ever does, so it is not unpacked.")
        seen: set[str] = set()
        return [_member(info, seen) for info in infos]


def unpack(path: Path, wanted: Mapping[str, Path]) -> Iterator[tuple[str, int, str]]:
    """Write each member of a name in `wanted` to the file given there.

    Yields name, bytes, and what went wrong with it, else an empty text.
    """
    left = dict(wanted)
    with _opened(path) as archive:
        for info in archive.infolist():
            if target := left.pop(info.filename, None):
                try:
                    yield info.filename, _copied(archive, info, target), ""
                except ArchiveError as error:
                    yield info.filename, 0, str(error)


def _copied(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> int:
    count = 0
    try:
        with archive.open(info) as content, target.open("wb") as out:
            while block := content.read(BLOCK):
                count += len(block)
                if count > info.file_size:
                    raise ArchiveError("It is longer than the archive says, so it was not unpacked.")
                out.write(block)
    except (zipfile.BadZipFile, EOFError, ValueError, zlib.error) as error:
        raise ArchiveError(f"It is damaged in the archive ({error}).") from error
    except NotImplementedError as error:
        raise ArchiveError(f"It is packed in a way that is not known here ({error}). Make a plain zip.") from error
    return count


def _member(info: zipfile.ZipInfo, seen: set[str]) -> Member:
    name = info.filename
    problem = _problem(info)
    if not problem and name in seen:
        problem = "It is in the archive twice."
    seen.add(name)
    return Member(name, info.file_size, problem)


def _problem(info: zipfile.ZipInfo) -> str:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or PureWindowsPath(info.filename).drive:
        return "Its path leads out of the archive."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a link, not a file."
    if info.flag_bits & 0x1:
        return "It is encrypted. Make an archive without a password."
    return "It is an archive in an archive. Unpack it first." if path.suffix.lower() == ".zip" else ""


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error) as error:
        raise ArchiveError(f"It is no zip archive that can be read ({error}).") from error


def _directory_bytes(path: Path) -> int:
    """How long the list of members is, read by hand, because zipfile would first hold all of it in memory."""
    with path.open("rb") as file:
        size = path.stat().st_size
        start = max(0, size - 2**16 - _END_BYTES - _LOCATOR_BYTES - _END64_BYTES)
        file.seek(start)
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or at + _END_BYTES > len(tail):
        raise ArchiveError("It is no zip archive that can be read: its end is missing. Was the copy cut off?")
    found: int = struct.unpack_from("<L", tail, at + 12)[0]
    at64 = at - _LOCATOR_BYTES - _END64_BYTES
    if at64 >= 0 and tail[at - _LOCATOR_BYTES :].startswith(_LOCATOR) and tail[at64:].startswith(_END64):
        return int(struct.unpack_from("<Q", tail, at64 + 40)[0])
    return found
