"""Decoding, probing and the checks of channels, on small files made here."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from transcription.speech.audio import AudioInfo, as_mono, channel_layout, dead_channels, decode, probe
from transcription.speech.ports import SpeechError
from transcription.speech.types import Audio

SAMPLES = Path(__file__).parent / "samples"
HEADER_ONLY = bytes.fromhex("524946462400000057415645666d74201000000001000100401f0000803e0000020010006461746100000000")


def write_wav(path: Path, channels: int, seconds: float, rate: int = 8000) -> Path:
    tones = [np.sin(2 * np.pi * 200 * (n + 1) * np.arange(int(seconds * rate)) / rate) * 0.5 for n in range(channels)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.stack(tones, axis=1) * 32767).astype("<i2").tobytes())
    return path


def noise(seconds: float = 2.0, seed: int = 0, level: float = 0.1) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(int(seconds * 16_000)) * level).astype(np.float32)


def stereo(left: np.ndarray, right: np.ndarray) -> Audio:
    return Audio(np.stack([left, right]))


def test_decode_keeps_channels_and_resamples(tmp_path: Path) -> None:
    audio = decode(write_wav(tmp_path / "a.wav", channels=2, seconds=1.5))
    assert audio.samples.shape == (2, 24_000)
    assert audio.samples.dtype == np.float32
    peaks = np.abs(np.fft.rfft(audio.samples[:, :16_000], axis=1)).argmax(axis=1)
    assert peaks.tolist() == [200, 400]
    assert abs(float(audio.samples.max()) - 0.5) < 0.05


def test_a_fifth_of_a_second_decodes(tmp_path: Path) -> None:
    audio = decode(write_wav(tmp_path / "short.wav", channels=1, seconds=0.2))
    assert audio.samples.shape == (1, 3200)


def test_probe_reads_what_the_file_is() -> None:
    assert probe(SAMPLES / "mono_um.wav") == AudioInfo("pcm_mulaw", 1, 8000, 5.2)
    opus = probe(SAMPLES / "stereo_call.ogg")
    assert (opus.codec, opus.channels) == ("opus", 2)
    assert abs(opus.duration_s - 8.2) < 0.05


def test_length_is_counted_when_the_header_has_none(tmp_path: Path) -> None:
    raw = (SAMPLES / "mono_um.wav").read_bytes()
    piped = tmp_path / "piped.webm"
    remux_without_length(SAMPLES / "stereo_call.ogg", piped)
    assert abs(probe(piped).duration_s - 8.2) < 0.1
    assert abs(decode(piped).duration - 8.2) < 0.1
    cut = tmp_path / "cut.wav"
    cut.write_bytes(raw[: len(raw) // 2])
    assert 2.4 < decode(cut).duration < 2.7


def remux_without_length(source: Path, target: Path) -> None:
    import av

    with av.open(source) as read, av.open(target, "w", format="webm", options={"live": "1"}) as write:
        stream = write.add_stream_from_template(read.streams.audio[0])
        for packet in read.demux(read.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                write.mux(packet)


@pytest.mark.parametrize("read", [probe, decode])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"Dear customer, this is a letter.\n" * 40, "not audio"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "not audio"),
        (HEADER_ONLY, "no sound"),
    ],
    ids=["empty", "text", "truncated header", "header only"],
)
def test_bad_files_say_what_is_wrong(read, content: bytes, said: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    with pytest.raises(SpeechError, match=f"call.wav .*{said}") as caught:
        read(path)
    assert caught.value.permanent


def test_missing_file_and_file_without_audio(tmp_path: Path) -> None:
    import av

    with pytest.raises(SpeechError, match="not there"):
        decode(tmp_path / "gone.wav")
    video = tmp_path / "video.mkv"
    with av.open(video, "w") as out:
        stream = out.add_stream("ffv1", rate=1, width=16, height=16, pix_fmt="yuv420p")
        out.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        out.mux(stream.encode(None))
    with pytest.raises(SpeechError, match="no audio track"):
        probe(video)


def test_more_than_two_channels_are_refused_not_mixed(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="4 channels") as caught:
        decode(write_wav(tmp_path / "four.wav", channels=4, seconds=0.3))
    assert caught.value.permanent


def test_not_a_number_becomes_silence(tmp_path: Path) -> None:
    samples = np.array([0.5, np.nan, np.inf, -np.inf] * 400, "<f4")
    header = b"RIFF\0\0\0\0WAVEfmt " + np.array([16], "<u4").tobytes() + np.array([3, 1], "<u2").tobytes()
    header += np.array([16_000, 64_000], "<u4").tobytes() + np.array([4, 32], "<u2").tobytes()
    path = tmp_path / "nan.wav"
    path.write_bytes(header + b"data" + np.array([samples.nbytes], "<u4").tobytes() + samples.tobytes())
    assert decode(path).samples[0, :4].tolist() == [0.5, 0.0, 1.0, -1.0]


def test_two_parties_are_stereo() -> None:
    assert channel_layout(stereo(noise(seed=1), noise(seed=2))) == ("stereo", ())
    bleeding = noise(seed=1) + 0.3 * noise(seed=2)
    assert channel_layout(stereo(bleeding, noise(seed=2)))[0] == "stereo"


@pytest.mark.parametrize("gain", [1.0, 0.3, -1.0])
def test_same_sound_twice_is_dual_mono(gain: float) -> None:
    audio = stereo(noise(), noise() * np.float32(gain))
    layout, notes = channel_layout(audio)
    assert layout == "dual_mono"
    assert notes == ("Both channels carry the same sound; the call was treated as mono",)
    assert np.array_equal(as_mono(audio).samples[0], noise())


def test_an_offset_shared_by_both_channels_is_not_the_same_sound() -> None:
    assert channel_layout(stereo(noise(seed=1) + 0.5, noise(seed=2) + 0.5))[0] == "stereo"


def test_a_dead_channel_leaves_a_mono_call() -> None:
    line = noise(level=0.0003)
    line[100:120] = 1.0  # a click
    audio = stereo(line, noise(seed=3))
    assert dead_channels(audio) == (0,)
    assert channel_layout(audio) == ("mono", ("The left channel is silent; the call was treated as mono",))
    assert np.array_equal(as_mono(audio).samples[0], noise(seed=3))


def test_a_party_who_speaks_once_is_not_dead() -> None:
    quiet = np.zeros(16_000 * 60, np.float32)
    quiet[16_000:24_000] = noise(0.5, seed=4, level=0.02)
    assert channel_layout(stereo(noise(60, seed=5), quiet)) == ("stereo", ())


def test_silence_on_both_sides() -> None:
    silent = np.zeros(16_000, np.float32)
    assert channel_layout(stereo(silent, silent)) == ("mono", ("Both channels are silent",))
    assert channel_layout(Audio(silent[np.newaxis])) == ("mono", ())
