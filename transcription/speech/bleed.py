"""Cross-talk: a party who is heard softly on the other party's channel, too, would be written down twice.

What is softer than the other channel and follows its wave at one delay is bleed. A party's own quiet speech does not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .types import SAMPLE_RATE, Audio

FRAME_SECONDS = 0.25
SOFTER_DB = 6.0
FAINTEST_DBFS = -70.0
"""Softer bleed is no louder than the noise of a line."""
LONGEST_DELAY = 0.04
"""Seconds. Longer delays are echoes of the network, which a recorder at its edge does not hear."""
ALIKE = 0.5
"""Correlation of a frame with the other channel. At a given delay, frames of independent speech stay under 0.3."""
FEWEST_SECONDS = 1.0
_BATCH = 512
SIDES = ("left", "right")


def without_bleed(audio: Audio) -> tuple[Audio, tuple[str, ...]]:
    """A call with one party per channel, bleed replaced by silence, and notes for the reader that say so."""
    masks = [_bleed(audio.samples[channel], audio.samples[1 - channel]) for channel in (0, 1)]
    size = _frame_size()
    notes, samples = [], audio.samples
    for channel, frames in enumerate(masks):
        if len(frames) * FRAME_SECONDS < FEWEST_SECONDS:
            continue
        samples = samples.copy() if samples is audio.samples else samples
        for frame in frames:
            samples[channel, frame * size : (frame + 1) * size] = 0
        side, other = SIDES[channel], SIDES[1 - channel]
        notes.append(f"The {side} channel softly carries the party of the {other} one, too; that was removed")
    return Audio(samples), tuple(notes)


def _frame_size() -> int:
    return round(FRAME_SECONDS * SAMPLE_RATE)


def _bleed(soft: NDArray[np.float32], loud: NDArray[np.float32]) -> NDArray[np.intp]:
    """Numbers of the frames of `soft`, shape (n,), that are bleed of `loud`."""
    candidates = _softer(soft, loud)
    if not len(candidates):
        return candidates
    likeness = sum(np.abs(found).sum(axis=0) for found in _correlations(soft, loud, candidates))
    delay = int(np.argmax(likeness))
    slack = slice(max(0, delay - 8), delay + 9)  # half a millisecond: a clock drifts, and phones filter
    alike = [np.abs(found[:, slack]).max(axis=1) >= ALIKE for found in _correlations(soft, loud, candidates)]
    bleeding: NDArray[np.intp] = candidates[np.concatenate(alike)]
    return bleeding


def _softer(soft: NDArray[np.float32], loud: NDArray[np.float32]) -> NDArray[np.intp]:
    """Frames in which one channel is audible but clearly softer than the other."""
    size = _frame_size()
    frames = (samples[: len(samples) // size * size].reshape(-1, size) for samples in (soft, loud))
    power, other = (np.einsum("ij,ij->i", each, each) / size for each in frames)  # without copies of a two-hour call
    return np.flatnonzero((power > 10 ** (FAINTEST_DBFS / 10)) & (power * 10 ** (SOFTER_DB / 10) < other))


def _correlations(
    soft: NDArray[np.float32], loud: NDArray[np.float32], frames: NDArray[np.intp]
) -> Iterator[NDArray[np.float32]]:
    """Batches (frames, delays from -LONGEST_DELAY to LONGEST_DELAY) of normalised cross-correlation, in [-1, 1]."""
    size, most = _frame_size(), round(LONGEST_DELAY * SAMPLE_RATE)
    for batch in np.array_split(frames, -(-len(frames) // _BATCH)):
        one, other = (np.stack([samples[f * size : (f + 1) * size] for f in batch]) for samples in (soft, loud))
        spectra = np.fft.rfft(one, 2 * size) * np.conj(np.fft.rfft(other, 2 * size))
        products = np.fft.irfft(spectra).astype(np.float32)
        scale = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
        yield np.concatenate([products[:, -most:], products[:, : most + 1]], axis=1) / scale[:, np.newaxis]
