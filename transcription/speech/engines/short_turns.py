"""Turns that are too short to know by the voice alone, and which of their neighbours are another's.

A window of the voiceprints that lies in a turn of half a second reaches into the turns around it. The segmentation
hears them together and says who is not who. It is believed in this direction only: in made mixes of two voices over a
telephone, a short turn that it hears as another voice than its neighbour's is so in 96 %, as the same voice in 80 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

NOBODY = -1
SHORTEST, LONGEST = 0.4, 1.3
"""Seconds: shorter ones are more often a slip of the segmentation, longer ones the voiceprints know."""
HEARD = 0.5
"""Share of windows that must hear a change for it to end a stretch."""
AGREED = 0.75
"""Share of windows that must hear two neighbours as different voices."""
EDGE = 0.5
"""Seconds of either neighbour next to the change in which a window must tell them apart."""
PAUSE = 2.0
"""Seconds between stretches from which on they are no neighbours."""
MISTAKEN = 0.04
"""How often neighbours that the segmentation hears as different are one voice's."""
DOUBT = 3.0
"""Temperature of the softmax that says who a neighbour is, in sums of cosines over frames (20 ms)."""


@dataclass(frozen=True, slots=True)
class Windows:
    """What the segmentation's windows hear: `alone` (windows, n), the number of the voice that is alone, or NOBODY;
    `starts` (windows,), their first frames; `places` (frames,), the segmentation's frame nearest each of the floor's.
    """

    alone: NDArray[np.intp]
    starts: NDArray[np.intp]
    places: NDArray[np.intp]

    def apart(self, before: slice, after: slice) -> float:
        """Share of the windows that hear both, each alone in at least half of its frames, as different voices."""
        first, last = self.places[before.start], self.places[after.stop - 1]
        within = np.flatnonzero((self.starts <= first) & (last < self.starts + self.alone.shape[1]))
        pairs = [[self._voice(window, part) for part in (before, after)] for window in within.tolist()]
        heard = [one != other for one, other in pairs if NOBODY not in (one, other)]
        return float(np.mean(heard)) if heard else 0.0

    def _voice(self, window: int, part: slice) -> int:
        voices = self.alone[window, self.places[part] - self.starts[window]]
        voices = voices[voices != NOBODY]
        return int(np.bincount(voices).argmax()) if 2 * len(voices) >= part.stop - part.start else NOBODY


@dataclass(frozen=True, slots=True)
class ShortTurn:
    """`frames` of a stretch, and of the stretches beside it that are another's."""

    frames: slice
    unlike: tuple[slice, ...]


def short_turns(
    speakers: NDArray[np.intp], changes: NDArray[np.float32], rate: int, windows: Windows
) -> tuple[ShortTurn, ...]:
    """Those with a neighbour that is another's. `speakers` and `changes` as in a `Floor` of `rate` frames a second."""
    stretches = list(_stretches(speakers, changes))
    unlike: list[list[slice]] = [[] for _ in stretches]
    for number, (one, other) in enumerate(pairwise(stretches)):
        edge = round(EDGE * rate)
        before, after = (
            slice(max(one.start, one.stop - edge), one.stop),
            slice(other.start, min(other.stop, other.start + edge)),
        )
        if other.start - one.stop <= PAUSE * rate and windows.apart(before, after) >= AGREED:
            unlike[number].append(other)
            unlike[number + 1].append(one)
    return tuple(
        ShortTurn(frames, tuple(beside))
        for frames, beside in zip(stretches, unlike, strict=True)
        if beside and SHORTEST <= (frames.stop - frames.start) / rate < LONGEST
    )


def with_neighbours(scores: NDArray[np.float32], turns: Sequence[ShortTurn]) -> NDArray[np.float32]:
    """`scores` (frames, parties), cosines of the voices, and for short turns how likely it is that the party is not the
    neighbour's: the logarithm, spread over the turn. Who the neighbour is, its own scores say."""
    together = scores.copy()
    for turn in turns:
        for beside in turn.unlike:
            logits = scores[beside].sum(axis=0) / DOUBT
            odds = np.exp(logits - logits.max())
            other = np.log(1 - (1 - MISTAKEN) * odds / odds.sum())
            together[turn.frames] += other / (turn.frames.stop - turn.frames.start)
    return together


def _stretches(speakers: NDArray[np.intp], changes: NDArray[np.float32]) -> Iterator[slice]:
    """Runs of frames in which one voice is alone, ended also by changes."""
    alone = speakers == 1
    starts = alone & (np.diff(alone, prepend=False) | (changes >= HEARD))
    borders = np.append(np.flatnonzero(starts | ~alone), len(alone))
    firsts = np.flatnonzero(starts)
    ends = borders[np.searchsorted(borders, firsts, side="right")]
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        yield slice(first, end)
