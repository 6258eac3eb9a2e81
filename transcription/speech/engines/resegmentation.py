"""Who speaks at every moment, from the voice that is heard: clusters of short windows, then a hidden Markov model.

The segmentation network hears one voice where two alike take turns, so whom it takes for one person binds nothing here:
it says where somebody speaks, where a change of speaker is free, and of short turns which neighbours are another's
(`short_turns`). Everything else is what CAM++ hears, in the way of
F. Landini et al., "Bayesian HMM clustering of x-vector sequences (VBx)", 2022, with cosines instead of a PLDA.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from transcription.speech.types import SpeakerRange

from .floor import Floor
from .short_turns import with_neighbours
from .voiceprints import BLOCK, Voiceprints

SHORT, MIDDLE, LONG = 2, 3, 7
"""Radii in blocks: windows of 0.5 s follow the speaker, 0.7 s make the first clusters, 1.5 s compare voices."""

SWITCH = 1.0
"""A change of speaker, unless the segmentation hears it, must gain this sum of cosines over frames (20 ms): 0.1 over
0.2 s. Twice or half of it costs 0.002 of DER on made mixes of read speech."""

ONE_VOICE = 0.06
"""Parties less apart than this are one voice cut in two. On made mixes of read speech, telephone band or not: single
voices 0.02-0.04 (95 % under 0.07), two voices 0.13-0.3 (1 of 50 random pairs, 1 of 30 of the most alike, below)."""

EXTRA_VOICE = 0.12
"""A voice more than the fewest expected must be this far apart from the others: true third voices 0.14-0.4."""

ROUNDS = 6
MOST_COMPARED = 1500
"""Windows that are compared with each other; of longer calls every second, third ... one."""
FULL = 0.6
"""Share of a window that must be one voice's for it to count in a comparison of voices."""


def told_apart(prints: Voiceprints, floor: Floor, speakers: SpeakerRange) -> NDArray[np.intp]:
    """The party who holds the floor at every frame (frames,), silence included, numbered from 0.

    As many as `speakers` allows whose voices are apart; below its minimum only when a voice was clearly cut in two.
    """
    for parties in range(speakers.most, 1, -1):
        path = _shared_floor(prints, floor, parties)
        needed = ONE_VOICE if parties <= speakers.fewest else EXTRA_VOICE
        if all(distance(prints, path, pair) >= needed for pair in combinations(range(parties), 2)):
            return path
    return np.zeros(len(floor.speakers), np.intp)


def cheapest_path(scores: NDArray[np.float32], cost: NDArray[np.float32]) -> NDArray[np.intp]:
    """Viterbi: the state of every frame with the greatest sum of `scores` (frames, states), less `cost` (frames,) for
    each change of state into a frame. Plain lists: on two states they are quicker than arrays."""
    rows, costs = scores.tolist(), cost.tolist()
    best, back = list(rows[0]), []
    for row, price in zip(rows[1:], costs[1:], strict=True):
        top = max(best)
        leader, entry = best.index(top), top - price
        back.append([state if value >= entry else leader for state, value in enumerate(best)])
        best = [max(value, entry) + gain for value, gain in zip(best, row, strict=True)]
    state = best.index(max(best))
    path = [state]
    for origins in reversed(back):
        state = origins[state]
        path.append(state)
    return np.array(path[::-1], np.intp)


def distance(prints: Voiceprints, path: NDArray[np.intp], pair: tuple[int, int]) -> float:
    """How far apart two parties sound: the mean cosine of windows of the same party, less that of windows across.

    Only windows that do not overlap are compared. About 0 for one voice cut in two, and 0 where there is too little
    speech of either to say.
    """
    heard, share = prints.around(LONG)
    labels = _by_block(path, len(heard))
    places = np.flatnonzero((share >= FULL) & np.isin(labels, pair))
    places = places[:: 1 + len(places) // MOST_COMPARED]
    cosines = heard[places] @ heard[places].T
    apart = np.abs(places[:, None] - places) > 2 * LONG
    same = labels[places][:, None] == labels[places]
    if not (apart & same).any() or not (apart & ~same).any():
        return 0.0
    return float(cosines[apart & same].mean() - cosines[apart & ~same].mean())


def _shared_floor(prints: Voiceprints, floor: Floor, parties: int) -> NDArray[np.intp]:
    """The floor (frames,) of at most so many parties: paths and voices in turn until they agree."""
    heard, share = prints.around(SHORT)
    voices = _first_voices(prints, parties)
    path = np.zeros(len(floor.speakers), np.intp)
    cost = SWITCH * (1 - floor.changes)
    for _ in range(ROUNDS):
        scores = _by_frame((heard @ voices.T) * share[:, None], len(path)) * (floor.speakers == 1)[:, None]
        before, path = path, cheapest_path(with_neighbours(scores, floor.short_turns), cost)
        if (path == before).all():
            break
        again = prints.pooled(_by_block(path, len(heard)), len(voices))
        voices = np.where(again.any(axis=1, keepdims=True), again, voices)
    return path


def _first_voices(prints: Voiceprints, parties: int) -> NDArray[np.float32]:
    """Centres (parties, 192) of k-means on every other window that is one voice's; one if there are too few windows."""
    heard, share = prints.around(MIDDLE)
    sample = heard[share >= FULL][::2]
    if len(sample) < 2 * parties:
        sample = heard[share > 0]
    if len(sample) < 2 * parties:
        return heard[:1]
    centres = KMeans(parties, n_init=8, random_state=0).fit(sample).cluster_centers_
    unit: NDArray[np.float32] = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    return unit


def _by_frame(values: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Block values (blocks, n) at every frame, straight lines between the middles of blocks."""
    middles = (np.arange(len(values)) + 0.5) * BLOCK
    places = np.arange(frames) + 0.5
    lines: NDArray[np.float32] = np.stack([np.interp(places, middles, column) for column in values.T], axis=1)
    return lines


def _by_block(path: NDArray[np.intp], blocks: int) -> NDArray[np.intp]:
    labels: NDArray[np.intp] = path[np.minimum(np.arange(blocks) * BLOCK + BLOCK // 2, len(path) - 1)]
    return labels
