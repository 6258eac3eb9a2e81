"""The floor of a call: how many speak at every moment and where the voice changes, and in the end whose turns they are.

Which voice is which holds within one window of the segmentation only, so `call_floor` does not say who speaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pyannote.core import SlidingWindow, SlidingWindowFeature

from transcription.speech.types import SpeakerTurn, SpeakerTurns

from .short_turns import NOBODY, ShortTurn, Windows, short_turns

NEAR = 9
"""Segmentation frames, 0.15 s: changes this near in different windows are one change."""
FEWEST = 0.2
"""Share of the windows over a place that must hear a change there."""
MOST_AT_ONCE = 2
"""The segmentation tells two voices at once; a third is beyond it and beyond a telephone line."""


@dataclass(frozen=True, slots=True)
class Floor:
    """By frame, `rate` of them a second: `speakers` (frames,) who speak at once, 0 to 2, and `changes` (frames,), the
    share of windows that hear the voice change as this frame begins, given once per change.
    `short_turns` are those that are heard as another's than a neighbour's."""

    rate: int
    speakers: NDArray[np.intp]
    changes: NDArray[np.float32]
    short_turns: tuple[ShortTurn, ...] = ()


def call_floor(voices: SlidingWindowFeature, field: SlidingWindow, rate: int, frames: int) -> Floor:
    """`voices`: (windows, n, 3), 1 where a voice is active, in frames of the receptive `field`. The floor of `frames`
    frames, `rate` of them a second: how many speak is the windows' mean, rounded."""
    starts = [round(number * voices.sliding_window.step / field.step) for number in range(len(voices.data))]
    length = starts[-1] + voices.data.shape[1]
    active, events, cover = np.zeros(length), np.zeros(length), np.zeros(length)
    alone = np.where(voices.data.sum(axis=2) == 1, voices.data.argmax(axis=2), NOBODY)
    for start, window, who in zip(starts, voices.data, alone, strict=True):
        active[start : start + len(window)] += window.sum(axis=1)
        events[start + _changes_within(who)] += 1
        cover[start : start + len(window)] += 1
    cover = np.maximum(cover, 1)
    middles = (np.arange(frames) + 0.5) / rate
    nearest = np.rint((middles - field.duration / 2) / field.step).clip(0, length - 1).astype(np.intp)
    speakers = np.minimum(np.rint(active / cover), MOST_AT_ONCE).astype(np.intp)[nearest]
    changes = np.zeros(frames, np.float32)
    for place, share in _agreed(events, cover):
        index = int((place * field.step + field.duration / 2) * rate)
        if index < frames:
            changes[index] = max(changes[index], share)
    turns = short_turns(speakers, changes, rate, Windows(alone, np.array(starts), nearest))
    return Floor(rate, speakers, changes, turns)


def speaker_turns(path: NDArray[np.intp], floor: Floor) -> SpeakerTurns:
    """Turns from who holds the floor at every frame (frames,): where two speak, the other is who held it nearest."""
    spoken = floor.speakers > 0
    other = np.where(floor.speakers > 1, _nearest_other(path, spoken), NOBODY)
    held = [(party, spoken & (path == party)) for party in np.unique(path[spoken])]
    active = [(party, mask | (other == party)) for party, mask in held]
    return SpeakerTurns(_turns(active, floor.rate), _turns(held, floor.rate))


def _nearest_other(path: NDArray[np.intp], spoken: NDArray[np.bool_]) -> NDArray[np.intp]:
    """By frame, the party whose speech is nearest in time of all but the frame's own; NOBODY if there is no other."""
    frames = np.flatnonzero(spoken)
    nearest = np.full(len(path), NOBODY, np.intp)
    changes = np.flatnonzero(np.diff(path[frames])) + 1
    for start, end in pairwise([0, *changes, len(frames)]):
        here = frames[start:end]
        sides = [frames[place] for place in (start - 1, end) if 0 <= place < len(frames)]
        if sides:
            distances = np.abs(here - np.array(sides)[:, None])
            nearest[here] = path[sides][distances.argmin(axis=0)]
    return nearest


def _turns(active: Iterable[tuple[int, NDArray[np.bool_]]], rate: int) -> tuple[SpeakerTurn, ...]:
    turns = []
    for party, mask in active:
        edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0)).reshape(-1, 2) / rate
        turns += [SpeakerTurn(f"voice {party + 1}", start, end) for start, end in edges.tolist()]
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end)))


def _agreed(events: NDArray[np.float64], cover: NDArray[np.float64]) -> Iterator[tuple[int, float]]:
    """(frame, share of windows) of each change, the surest first, 2 * NEAR apart. `events`: changes by frame."""
    share = np.convolve(events, np.ones(2 * NEAR + 1), "same")[: len(events)] / cover
    taken = np.zeros(len(events), np.bool_)
    for place in np.argsort(-share, kind="stable"):
        if share[place] <= FEWEST:
            return
        first, last = max(0, place - NEAR), place + NEAR + 1
        if not taken[max(0, first - NEAR) : last + NEAR - 1].any():
            near = np.arange(len(events))[first:last]
            middle = int(np.median(np.repeat(near, events[near].astype(np.intp))))
            taken[middle] = True
            yield middle, min(1.0, float(share[place]))


def _changes_within(alone: NDArray[np.intp]) -> NDArray[np.intp]:
    """Frames of a window at which one voice is alone and the last that was alone is another. `alone` (n,): who."""
    frames = np.flatnonzero(alone != NOBODY)
    who = alone[frames]
    changed: NDArray[np.intp] = frames[1:][who[1:] != who[:-1]]
    return changed
