import numpy as np

from transcription.speech.types import Audio
from transcription.speech.waveform import peaks


def test_peaks_are_relative_to_the_loudest_channel() -> None:
    samples = np.zeros((2, 400), dtype=np.float32)
    samples[0, 0:100] = 0.5
    samples[1, 300:400] = -0.25
    assert peaks(Audio(samples), buckets=4) == [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5]]


def test_peaks_of_nothing_and_of_silence() -> None:
    assert peaks(Audio(np.zeros((2, 0), dtype=np.float32))) == [[], []]
    assert peaks(Audio(np.zeros((1, 10), dtype=np.float32)), buckets=2) == [[0.0, 0.0]]
