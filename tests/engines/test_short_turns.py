"""Short turns and their neighbours, on written-out time lines of ten frames a second."""

from __future__ import annotations

import numpy as np
import pytest

from transcription.speech.engines.short_turns import ShortTurn, Windows, short_turns, with_neighbours

pytestmark = pytest.mark.models

RATE = 10


def windows(*heard: str, starts: tuple[int, ...], frames: int) -> Windows:
    """Of one row of digits each, which voice is alone in a frame; "-" where none is."""
    alone = np.array([[-1 if digit == "-" else int(digit) for digit in row] for row in heard], np.intp)
    return Windows(alone, np.array(starts), np.arange(frames))


def turns_of(speakers: str, heard: Windows, change: int | None = None) -> tuple[ShortTurn, ...]:
    changes = np.zeros(len(speakers), np.float32)
    if change is not None:
        changes[change] = 0.5
    return short_turns(np.array([int(digit) for digit in speakers], np.intp), changes, RATE, heard)


def test_a_short_turn_is_not_its_neighbours_where_most_windows_hear_another_voice() -> None:
    line = "1111111111111111" + "0" + "111111" + "0" + "1111111111111111"
    one_hears = windows("0" * 16 + "-" + "1" * 6 + "-" + "0" * 16, starts=(0,), frames=40)
    assert turns_of(line, one_hears) == (ShortTurn(slice(17, 23), (slice(0, 16), slice(24, 40))),)
    same = "0" * 40
    other = "2" * 16 + "-" + "1" * 6 + "-" + "1" * 16
    three_of_four = windows(same, other, other, other, starts=(0, 0, 0, 0), frames=40)
    assert turns_of(line, three_of_four) == (ShortTurn(slice(17, 23), (slice(0, 16),)),)
    assert turns_of(line, windows(same, same, other, other, starts=(0, 0, 0, 0), frames=40)) == ()


def test_a_change_that_windows_hear_divides_speech_without_a_pause() -> None:
    heard = windows("0" * 20 + "1" * 5, starts=(0,), frames=25)
    assert turns_of("1" * 25, heard, change=20) == (ShortTurn(slice(20, 25), (slice(0, 20),)),)
    assert turns_of("1" * 25, heard) == ()


@pytest.mark.parametrize(
    ("length", "pause", "found"), [(3, 1, 0), (4, 1, 1), (12, 1, 1), (13, 1, 0), (5, 20, 1), (5, 21, 0)]
)
def test_only_turns_of_about_a_second_beside_a_neighbour_count(length: int, pause: int, found: int) -> None:
    heard = windows("0" * 20 + "-" * pause + "1" * length, starts=(0,), frames=20 + pause + length)
    assert len(turns_of("1" * 20 + "0" * pause + "1" * length, heard)) == found


def test_a_window_that_ends_before_the_other_turn_says_nothing() -> None:
    cut = windows("0" * 20 + "-" + "1" * 3, starts=(0,), frames=26)
    assert turns_of("1" * 20 + "0" + "1" * 5, cut) == ()


def test_a_sure_neighbour_takes_its_own_party_from_the_turn() -> None:
    scores = np.zeros((40, 2), np.float32)
    scores[:30, 0] = 1.0  # the neighbour is surely the first party; of the turn the voice says nothing
    told = with_neighbours(scores, [ShortTurn(slice(30, 40), (slice(0, 30),))])
    assert told[:30].tolist() == scores[:30].tolist()
    # softmax(30 / 3, 0) = 0.99995: the logarithm of 0.04 over ten frames, and of hardly less than 1.
    assert told[30:, 0].sum() == pytest.approx(-3.218, abs=0.01)
    assert told[30:, 1].sum() == pytest.approx(0.0, abs=0.01)
    assert scores[30:].sum() == 0.0, "what was given is not changed"


def test_a_neighbour_that_may_be_either_says_nothing() -> None:
    told = with_neighbours(np.zeros((10, 2), np.float32), [ShortTurn(slice(6, 10), (slice(0, 6),))])
    assert told[:, 0] == pytest.approx(told[:, 1])
