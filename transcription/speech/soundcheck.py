"""What can be heard of a file before it is transcribed: silent channels, the same sound twice, clipping.

Reads ten seconds at a time, so that a file of hours needs no more memory than one of minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from .audio import DEAD_FRAME_SECONDS, DEAD_LEVEL_DBFS, LIVE_FRAMES, SAME_SOUND_CORRELATION, frames, opened

BLOCK_SECONDS = 10
FULL_SCALE = 0.999
CLIPPED_SHARE = 0.001
"""From one sample in a thousand at full scale on, distortion can be heard and words get lost."""

Samples = NDArray[np.float32]


@dataclass(slots=True)
class _Heard:
    """Sums over the samples so far; shapes (channels,), `products` of the two channels."""

    channels: int
    rate: int
    count: int = 0
    products: float = 0.0
    sums: NDArray[np.float64] = field(init=False)
    squares: NDArray[np.float64] = field(init=False)
    clipped: NDArray[np.int64] = field(init=False)
    loud: NDArray[np.int64] = field(init=False)
    frames: int = 0

    def __post_init__(self) -> None:
        self.sums, self.squares = np.zeros(self.channels), np.zeros(self.channels)
        self.clipped, self.loud = np.zeros(self.channels, np.int64), np.zeros(self.channels, np.int64)

    def add(self, block: Samples) -> None:
        self.count += block.shape[1]
        self.sums += block.sum(axis=1, dtype=np.float64)
        self.squares += np.einsum("ij,ij->i", block, block, dtype=np.float64)
        self.clipped += np.count_nonzero(np.abs(block) >= FULL_SCALE, axis=1)
        if self.channels == 2:
            self.products += float(np.dot(block[0], block[1]))
        size = min(int(DEAD_FRAME_SECONDS * self.rate), block.shape[1])
        cut = block[:, : block.shape[1] // size * size].reshape(self.channels, -1, size)
        power = np.einsum("cij,cij->ci", cut, cut) / size - cut.mean(axis=2) ** 2
        self.loud += np.count_nonzero(power > 10 ** (DEAD_LEVEL_DBFS / 10), axis=1)
        self.frames += cut.shape[1]

    @property
    def dead(self) -> list[int]:
        return [at for at in range(self.channels) if self.loud[at] < min(LIVE_FRAMES, self.frames)]

    @property
    def correlation(self) -> float:
        """Pearson's r of the two channels; 0 where one of them does not change."""
        means = self.sums / self.count
        variances = self.squares / self.count - means**2
        if variances.min() <= 0:
            return 0.0
        return float((self.products / self.count - means.prod()) / np.sqrt(variances.prod()))


def remarks(path: Path) -> tuple[str, ...]:
    """What a person should know about the sound of a mono or stereo file; nothing if all is well.

    Raises a permanent SpeechError like `audio.decode`.
    """
    heard: _Heard | None = None
    with opened(path) as (container, stream):
        for block, rate in _blocks(container, stream):
            heard = heard or _Heard(block.shape[0], rate)
            if block.shape[0] == heard.channels:
                heard.add(block)
    return tuple(_words(heard)) if heard and heard.count else ()


def _words(heard: _Heard) -> Iterator[str]:
    dead = heard.dead
    if len(dead) == heard.channels:
        yield "nothing can be heard" if heard.channels == 1 else "nothing can be heard on either channel"
    elif dead:
        yield f"the {('left', 'right')[dead[0]]} channel is silent"
    elif heard.channels == 2 and abs(heard.correlation) >= SAME_SOUND_CORRELATION:
        yield "both channels carry the same sound"
    share = heard.clipped.max() / heard.count
    if share >= CLIPPED_SHARE:
        yield f"clipped: {100 * share:.1f} % of samples are at full scale"


def _blocks(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[tuple[Samples, int]]:
    """Samples of shape (channels, n) in [-1, 1] at the file's own rate, in Hz."""
    resampler = av.AudioResampler(format="fltp")
    held: list[Samples] = []
    rate = count = 0
    for frame in frames(container, stream):
        rate = frame.sample_rate
        count += frame.samples
        held += [np.nan_to_num(part.to_ndarray()) for part in resampler.resample(frame)]
        if count >= BLOCK_SECONDS * rate:
            yield np.concatenate(held, axis=1), rate
            held, count = [], 0
    if held:
        yield np.concatenate(held, axis=1), rate
