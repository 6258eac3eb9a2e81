"""Files that are no recordings, or were once: each says what is wrong, none ends a process or fills its memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.mutations import CONTAINERS, broken_files, good_file
from transcription.speech.audio import LONGEST_HOURS, decode, probe
from transcription.speech.ports import SpeechError

OF_EACH = 10
"""Ten formats broken in six ways: 600 files."""


def test_broken_files_are_read_or_refused(tmp_path: Path) -> None:
    for name, content in broken_files(OF_EACH):
        (tmp_path / name).write_bytes(content)
    reader = [sys.executable, "-m", "tests.hostile.reader", tmp_path]
    said = json.loads(subprocess.check_output(reader))  # noqa: S603
    assert len(said) >= 500
    refused = {name: error for name, error in said.items() if error}
    assert all(error.startswith(name) and error.endswith(".") for name, error in refused.items()), refused
    assert 0.1 < len(refused) / len(said) < 0.9, "some can still be heard, some cannot"


@pytest.mark.parametrize("extension", CONTAINERS)
def test_every_format_is_read_under_any_name(extension: str, tmp_path: Path) -> None:
    path = tmp_path / "call.pdf"
    path.write_bytes(good_file(extension))
    assert abs(probe(path).duration_s - 0.6) < 0.15
    assert abs(decode(path).duration - 0.6) < 0.15


def test_eight_channels_at_192_khz(tmp_path: Path) -> None:
    path = tmp_path / "studio.wav"
    path.write_bytes(good_file("wav", channels=8, rate=192_000))
    with pytest.raises(SpeechError, match="has 8 channels"):
        probe(path)
    path.write_bytes(good_file("wav", channels=2, rate=192_000))
    assert decode(path).samples.shape[0] == 2


def test_a_day_of_silence_is_refused_without_being_held(tmp_path: Path) -> None:
    """24 hours at 8 kHz, of which the disk holds the header only: the rest of the file is a hole."""
    path = tmp_path / "day.wav"
    seconds, header = 24 * 3600, bytearray(good_file("wav", rate=8000)[:78])
    at = header.index(b"data")
    header[at + 4 : at + 8] = (seconds * 16000).to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(header[: at + 8])
        file.truncate(at + 8 + seconds * 16000)
    for read in (probe, decode):
        with pytest.raises(SpeechError, match=f"24.0 hours long; {LONGEST_HOURS} hours are the most"):
            read(path)


@pytest.mark.parametrize("size", [0, 0x7FFFFFFF, 0xFFFFFFF0, 0xFFFFFFFF])
def test_a_header_that_lies_about_its_length(size: int, tmp_path: Path) -> None:
    """Telephone systems that stream do not know the length in advance, and write what comes to mind."""
    path = tmp_path / "streamed.wav"
    content = bytearray(good_file("wav"))
    at = content.index(b"data") + 4
    content[at : at + 4] = size.to_bytes(4, "little")
    path.write_bytes(content)
    assert (round(probe(path).duration_s, 1), round(decode(path).duration, 1)) == (0.6, 0.6)
