"""The disk that holds recordings is full: what cannot be kept is refused in words, and goes on once there is room."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.browser import PIECE, Visitor, piece_headers
from tests.faults.site import Site, wait_for


@pytest.fixture
def small_disk(site: Site) -> Iterator[Path]:
    """Recordings and uploads on a disk of 8 MB, which only root can make."""
    folder = site.folder / "media"
    folder.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder]
    made = subprocess.run(mount, check=False, capture_output=True, text=True)  # noqa: S603
    if made.returncode:
        pytest.skip(f"no disk of its own can be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["/bin/umount", "-l", folder], check=True)  # noqa: S603


def fill(folder: Path, *, but: int) -> Path:
    """A file that leaves so many bytes of the disk free."""
    ballast = folder / "ballast"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    ballast.write_bytes(bytes(free - but))
    return ballast


def test_an_upload_waits_for_room(site: Site, small_disk: Path, visitor: Visitor, wav: Callable[..., Path]) -> None:
    site.web(visitor.port)
    wait_for(visitor.is_served)
    content = wav(seconds=30.0).read_bytes()
    draft = visitor.json("POST", "/upload/")
    (file,) = visitor.json("POST", draft["files"], [{"name": "call.wav", "size": len(content), "modified": 1}])["files"]
    ballast = fill(small_disk, but=3 * PIECE // 2)
    assert visitor.ask("PATCH", file["url"], content[:PIECE], **piece_headers(0)).status == 204
    refused = visitor.ask("PATCH", file["url"], content[PIECE : 2 * PIECE], **piece_headers(PIECE))
    assert refused.status == 507
    assert "The disk of this server is full" in refused.text
    assert visitor.offset(file["url"]) == PIECE

    ballast.unlink()
    visitor.send(file["url"], content)
    visitor.start(draft["page"])
    site.worker()
    wait_for(lambda: site.states() == {"done": 1})


def test_what_cannot_be_stored_is_not_taken_in(site: Site, small_disk: Path, wav: Callable[..., Path]) -> None:
    call = wav(seconds=30.0)
    ballast = fill(small_disk, but=3 * PIECE // 2)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        site.manage("ingest", call)
    assert f"could not be stored: {os.strerror(errno.ENOSPC)}" in refused.value.stdout
    assert site.states() == {}
    assert [path for path in small_disk.rglob("*") if path.is_file()] == [ballast]

    ballast.unlink()
    site.manage("ingest", call)
    site.worker()
    wait_for(lambda: site.states() == {"done": 1})
