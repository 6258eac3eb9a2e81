"""Who holds the floor, on written-out time lines."""

from __future__ import annotations

import numpy as np
import pytest

from transcription.speech.engines.floor import Floor, call_floor, speaker_turns
from transcription.speech.engines.resegmentation import cheapest_path
from transcription.speech.types import SpeakerRange, SpeakerTurn

pytestmark = pytest.mark.models


def floor(speakers: str) -> Floor:
    return Floor(10, np.array([int(digit) for digit in speakers], np.intp), np.zeros(len(speakers), np.float32))


def path(parties: str) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.array([int(digit) for digit in parties])


def test_turns_end_where_nobody_speaks_and_keep_overlaps() -> None:
    found = speaker_turns(path("0000001111"), floor("0111122110"))
    assert found.exclusive == (SpeakerTurn("voice 1", 0.1, 0.6), SpeakerTurn("voice 2", 0.6, 0.9))
    assert found.turns == (SpeakerTurn("voice 1", 0.1, 0.7), SpeakerTurn("voice 2", 0.5, 0.9))


def test_the_second_of_three_in_an_overlap_is_who_spoke_nearest() -> None:
    found = speaker_turns(path("00001111112222"), floor("11111221111111"))
    assert [turn for turn in found.turns if turn.speaker == "voice 1"] == [
        SpeakerTurn("voice 1", 0.0, 0.4),
        SpeakerTurn("voice 1", 0.5, 0.7),
    ]


def test_one_voice_alone_has_nobody_to_overlap_with() -> None:
    assert speaker_turns(path("0000"), floor("1221")).turns == (SpeakerTurn("voice 1", 0.0, 0.4),)
    assert speaker_turns(path("0000"), floor("0000")).turns == ()


def test_a_change_must_be_worth_its_cost() -> None:
    scores = np.array([[1, 0], [1, 0], [0, 0.8], [1, 0], [0, 1], [0, 1], [0, 1]], np.float32)
    assert cheapest_path(scores, np.full(7, 1.5, np.float32)).tolist() == [0, 0, 0, 0, 1, 1, 1]
    free = np.array([1.5, 1.5, 0, 0, 0, 1.5, 1.5], np.float32)
    assert cheapest_path(scores, free).tolist() == [0, 0, 1, 0, 1, 1, 1]


def test_windows_agree_on_how_many_speak_and_where_the_voice_changes() -> None:
    from pyannote.core import SlidingWindow, SlidingWindowFeature

    frames = SlidingWindow(duration=0.1, step=0.1)
    voices = np.zeros((2, 100, 3), np.float32)
    voices[0, 10:60, 0] = 1  # 1 to 6 s
    voices[0, 60:100, 1] = 1  # from 6 s on another voice
    voices[1, 0:10, 2] = 1  # the second window starts at 5 s and numbers its voices anew
    voices[1, 10:70, 0] = 1
    windows = SlidingWindow(duration=10.0, step=5.0)
    found = call_floor(SlidingWindowFeature(voices, windows), frames, 10, 150)
    assert found.speakers.tolist() == [0] * 10 + [1] * 110 + [0] * 30
    assert found.changes.nonzero()[0].tolist() == [60]
    assert found.changes[60] == 1.0


@pytest.mark.parametrize("bounds", [(0, 2), (3, 2)])
def test_a_range_of_speakers_starts_at_one_and_is_in_order(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="speakers"):
        SpeakerRange(*bounds)
