"""Archives, well meant and not."""

import stat
import zipfile
from pathlib import Path

import pytest

from transcription import unpacking
from transcription.unpacking import ArchiveError, members, unpack


def make_zip(path: Path, **contents: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def problems(path: Path) -> dict[str, str]:
    return {member.name: member.error for member in members(path)}


def test_files_come_out_as_they_went_in(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", **{"march/a.wav": b"one", "b.wav": b"two" * 1000, "folder/": b""})
    assert [(member.name, member.size, member.error) for member in members(path)] == [
        ("march/a.wav", 3, ""),
        ("b.wav", 3000, ""),
    ]
    wanted = {"march/a.wav": tmp_path / "1", "b.wav": tmp_path / "2"}
    assert list(unpack(path, wanted)) == [("march/a.wav", 3, ""), ("b.wav", 3000, "")]
    assert (wanted["march/a.wav"].read_bytes(), wanted["b.wav"].read_bytes()) == (b"one", b"two" * 1000)


def test_members_that_are_refused(tmp_path: Path) -> None:
    path = make_zip(
        tmp_path / "a.zip",
        **{"../up.wav": b"1", "/root.wav": b"2", "C:\\a.wav": b"3", "deep/in/b.ZIP": b"4", "good.wav": b"5"},
    )
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.wav")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert problems(path) == {
        "../up.wav": "Its path leads out of the archive.",
        "/root.wav": "Its path leads out of the archive.",
        "C:\\a.wav": "Its path leads out of the archive.",
        "deep/in/b.ZIP": "It is an archive in an archive. Unpack it first.",
        "good.wav": "",
        "link.wav": "It is a link, not a file.",
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_first_of_two_of_one_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.wav", b"first")
        archive.writestr("a.wav", b"second")
    assert [member.error for member in members(tmp_path / "a.zip")] == ["", "It is in the archive twice."]
    list(unpack(tmp_path / "a.zip", {"a.wav": tmp_path / "out"}))
    assert (tmp_path / "out").read_bytes() == b"first"


def test_a_bomb(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", **{f"{number}.wav": b"\0" * 2_000_000 for number in range(3)})
    assert path.stat().st_size < 10_000
    with pytest.raises(ArchiveError, match="far more than sound"):
        members(path)


def test_silence_is_no_bomb(tmp_path: Path) -> None:
    noise = bytes(range(256)) * 40
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("noise.wav"), noise)
        archive.writestr("silence.wav", b"\0" * 1_000_000)
    assert len(members(tmp_path / "a.zip")) == 2


def test_a_member_longer_than_it_says(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", **{"a.wav": b"0123456789" * 10})
    lie(path, 100, 7)
    assert members(path)[0].size == 7
    ((name, _, error),) = unpack(path, {"a.wav": tmp_path / "out"})
    assert name == "a.wav"
    assert error
    assert not (tmp_path / "out").exists() or (tmp_path / "out").stat().st_size <= 7


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_zip(tmp_path / "a.zip", **{f"{number}.wav": b"x" for number in range(5)})
    monkeypatch.setattr(unpacking, "MAX_MEMBERS", 4)
    with pytest.raises(ArchiveError, match="5 files, and 4 is the most"):
        members(path)
    monkeypatch.setattr(unpacking, "MAX_DIRECTORY_BYTES", 100)
    with pytest.raises(ArchiveError, match="more than 4 files"):
        members(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"This is no archive." * 10])
def test_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="no zip archive"):
        members(path)


def test_a_damaged_member_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.wav", b"AAAAAAAAAA")
        archive.writestr("b.wav", b"BBBBBBBBBB")
    path.write_bytes(path.read_bytes().replace(b"AAAAAAAAAA", b"AAAAAXAAAA"))
    results = {name: error for name, _, error in unpack(path, {"a.wav": tmp_path / "1", "b.wav": tmp_path / "2"})}
    assert results["a.wav"].startswith("It is damaged in the archive")
    assert results["b.wav"] == ""


def lie(path: Path, true: int, said: int) -> None:
    """Writes another uncompressed size into both headers of the only member."""
    content = path.read_bytes()
    path.write_bytes(content.replace(true.to_bytes(4, "little"), said.to_bytes(4, "little")))
