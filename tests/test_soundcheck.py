"""What is heard of made sounds."""

import wave
from pathlib import Path

import numpy as np
import pytest

from transcription.speech.ports import SpeechError
from transcription.speech.soundcheck import remarks

RATE = 8000


def write(path: Path, *channels: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.stack(channels, axis=1).clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path


def noise(seed: int, seconds: float = 25, level: float = 0.1) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.random.default_rng(seed).normal(0, level, int(seconds * RATE))


def test_nothing_to_say_about_two_parties(tmp_path: Path) -> None:
    assert remarks(write(tmp_path / "a.wav", noise(1), noise(2))) == ()
    assert remarks(write(tmp_path / "b.wav", noise(1))) == ()


def test_silent_channels(tmp_path: Path) -> None:
    silence = np.zeros(25 * RATE)
    assert remarks(write(tmp_path / "a.wav", noise(1), silence)) == ("the right channel is silent",)
    assert remarks(write(tmp_path / "b.wav", silence, noise(1))) == ("the left channel is silent",)
    assert remarks(write(tmp_path / "c.wav", silence, silence)) == ("nothing can be heard on either channel",)
    assert remarks(write(tmp_path / "d.wav", silence + 0.2)) == ("nothing can be heard",), "an offset is no sound"


def test_the_same_sound_twice_in_either_polarity(tmp_path: Path) -> None:
    same = ("both channels carry the same sound",)
    assert remarks(write(tmp_path / "a.wav", noise(1), 0.5 * noise(1))) == same
    assert remarks(write(tmp_path / "b.wav", noise(1), -noise(1))) == same


def test_one_clipped_channel_of_two(tmp_path: Path) -> None:
    (remark,) = remarks(write(tmp_path / "a.wav", noise(1), noise(2, level=1.0)))
    assert remark.startswith("clipped: 3")
    assert remarks(write(tmp_path / "b.wav", noise(1, level=0.25))) == ()


def test_one_loud_moment_in_the_last_block_is_enough(tmp_path: Path) -> None:
    late = np.concatenate([np.zeros(24 * RATE), noise(3, seconds=1)])
    assert remarks(write(tmp_path / "a.wav", late)) == ()


def test_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("This is no sound.")
    with pytest.raises(SpeechError, match="not audio"):
        remarks(path)
