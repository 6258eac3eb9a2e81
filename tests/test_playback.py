from pathlib import Path
from typing import Any

import av
import pytest
from django.core.files import File
from django.http import HttpResponse
from django.test import RequestFactory

from tests.conftest import make_recording
from tests.sounds import write_mu_law, write_wav
from transcription.models import Recording
from transcription.playback import playable
from transcription.ranges import file_response


def recording_of(path: Path, codec: str) -> Recording:
    with path.open("rb") as content:
        return make_recording(audio=File(content, name=path.name), codec=codec)


def get(path: Path, header: str | None = None) -> Any:
    headers = {"Range": header} if header else {}
    return file_response(RequestFactory().get("/", headers=headers), path, "audio/wav")


def body(response: Any) -> bytes:
    return response.content if isinstance(response, HttpResponse) else response.getvalue()


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    path = tmp_path / "ten"
    path.write_bytes(b"0123456789")
    return path


def test_the_whole_file(ten: Path) -> None:
    response = get(ten)
    assert (response.status_code, body(response)) == (200, b"0123456789")
    assert (response["Content-Length"], response["Accept-Ranges"], response["Content-Type"]) == (
        "10",
        "bytes",
        "audio/wav",
    )


@pytest.mark.parametrize(
    ("asked", "content", "part"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=4-4", b"4", "bytes 4-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=7-99", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
    ],
)
def test_a_part(ten: Path, asked: str, content: bytes, part: str) -> None:
    response = get(ten, asked)
    assert (response.status_code, body(response), response["Content-Range"]) == (206, content, part)
    assert response["Content-Length"] == str(len(content))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_part_behind_the_end(ten: Path, asked: str) -> None:
    response = get(ten, asked)
    assert (response.status_code, response["Content-Range"], body(response)) == (416, "bytes */10", b"")


@pytest.mark.parametrize("asked", ["bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "seconds=0-1", "bytes=a-b"])
def test_other_ranges_are_ignored(ten: Path, asked: str) -> None:
    response = get(ten, asked)
    assert (response.status_code, body(response)) == (200, b"0123456789")


def test_parts_larger_than_a_chunk(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    (path := tmp_path / "large").write_bytes(content)
    assert body(get(path, "bytes=100-200000")) == content[100:200001]


@pytest.mark.django_db
def test_what_a_browser_plays_is_sent_as_it_is(tmp_path: Path) -> None:
    recording = recording_of(write_wav(tmp_path / "a.wav"), "pcm_s16le")
    sound = playable(recording)
    assert (sound.path, sound.content_type) == (Path(recording.audio.path), "audio/wav")


@pytest.mark.django_db
@pytest.mark.parametrize("channels", [1, 2])
def test_mu_law_becomes_opus_once_with_its_channels(tmp_path: Path, channels: int) -> None:
    recording = recording_of(write_mu_law(tmp_path / "a.wav", seconds=1.0, channels=channels), "pcm_mulaw")
    sound = playable(recording)
    assert sound.content_type == "audio/ogg"
    with av.open(sound.path) as copy:
        assert (copy.streams.audio[0].codec_context.name, copy.streams.audio[0].codec_context.channels) == (
            "opus",
            channels,
        )
        frames = list(copy.decode(audio=0))
    assert sum(frame.samples for frame in frames) / frames[0].sample_rate == pytest.approx(1.0, abs=0.03)
    made = sound.path.stat().st_mtime_ns
    assert playable(recording).path.stat().st_mtime_ns == made


@pytest.mark.django_db
def test_a_codec_that_does_not_fit_the_name_is_converted(tmp_path: Path) -> None:
    assert playable(recording_of(write_wav(tmp_path / "a.mp3"), "pcm_s16le")).content_type == "audio/ogg"


@pytest.mark.django_db
def test_nothing_is_kept_of_a_copy_that_failed(tmp_path: Path) -> None:
    (path := tmp_path / "a.amr").write_bytes(b"#!AMR\n" + b"\xff" * 9)
    recording = recording_of(path, "amrnb")
    Path(recording.audio.path).write_text("no longer audio")
    with pytest.raises(OSError, match="cannot be decoded"):
        playable(recording)
    folder = Path(recording.audio.storage.path("playback"))
    assert list(folder.iterdir()) == []
