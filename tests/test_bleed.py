"""Made calls: two parties who speak in turns, each on a channel, with and without the other's sound."""

import numpy as np
import pytest

from transcription.speech.bleed import without_bleed
from transcription.speech.types import SAMPLE_RATE, Audio

SECONDS = 12
LEFT_SPEAKS, RIGHT_SPEAKS = slice(0, 6 * SAMPLE_RATE), slice(6 * SAMPLE_RATE, 12 * SAMPLE_RATE)


def party(seed: int, speaks: slice) -> np.ndarray:
    """Noise that swells and fades like syllables while the party speaks."""
    clock = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    sound = 0.1 * np.random.default_rng(seed).standard_normal(len(clock)) * (1.2 + np.sin(2 * np.pi * 4 * clock))
    heard = np.zeros(len(clock))
    heard[speaks] = sound[speaks]
    return heard


def call(gain: float = 0.0, delay: float = 0.0, hiss: float = 0.0) -> Audio:
    """The right party is on the left channel, too, at `gain` and `delay` seconds late."""
    left, right = party(1, LEFT_SPEAKS), party(2, RIGHT_SPEAKS)
    left = left + gain * np.roll(right, round(delay * SAMPLE_RATE))
    noise = hiss * np.random.default_rng(3).standard_normal((2, len(left)))
    return Audio((np.stack([left, right]) + noise).astype(np.float32))


@pytest.mark.parametrize(("gain", "delay", "hiss"), [(0.3, 0.0, 0.0), (0.1, 0.01, 0.001), (-0.05, 0.002, 0.001)])
def test_the_other_party_is_taken_off_a_channel(gain: float, delay: float, hiss: float) -> None:
    bleeding = call(gain, delay, hiss)
    clean, notes = without_bleed(bleeding)
    assert notes == ("The left channel softly carries the party of the right one, too; that was removed",)
    assert not clean.samples[0, int(6.5 * SAMPLE_RATE) : int(11.5 * SAMPLE_RATE)].any()
    assert np.array_equal(clean.samples[0, LEFT_SPEAKS], bleeding.samples[0, LEFT_SPEAKS])
    assert np.array_equal(clean.samples[1], bleeding.samples[1])
    assert bleeding.samples[0, RIGHT_SPEAKS].any(), "the call itself is left as it was"


def test_parties_who_keep_to_their_channels_are_left_alone() -> None:
    audio = call(hiss=0.001)
    clean, notes = without_bleed(audio)
    assert notes == ()
    assert clean.samples is audio.samples


def test_a_quiet_party_who_speaks_at_the_same_time_is_no_bleed() -> None:
    left, right = 0.1 * party(1, slice(None)), party(2, slice(None))
    _, notes = without_bleed(Audio(np.stack([left, right]).astype(np.float32)))
    assert notes == ()


def test_a_call_shorter_than_a_frame_is_left_alone() -> None:
    short = Audio(np.ones((2, 100), np.float32))
    assert without_bleed(short) == (short, ())
