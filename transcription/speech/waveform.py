"""What a player draws: the level of each channel over time."""

import numpy as np

from .types import Audio

BUCKETS = 1200
"""Enough for one bar per pixel of a wide window; drawing scales it."""


def peaks(audio: Audio, buckets: int = BUCKETS) -> list[list[float]]:
    """Per channel, the loudest absolute sample of each of `buckets` equal stretches, relative to the call's loudest."""
    length = audio.samples.shape[1]
    if length == 0:
        return [[] for _ in range(audio.channels)]
    edges = np.linspace(0, length, min(buckets, length), endpoint=False).astype(int)
    highest = np.maximum.reduceat(audio.samples, edges, axis=1)
    lowest = np.minimum.reduceat(audio.samples, edges, axis=1)
    levels = np.maximum(highest, -lowest)
    scaled = levels / max(float(levels.max()), 1e-6)
    return [[round(float(level), 3) for level in channel] for channel in scaled]
