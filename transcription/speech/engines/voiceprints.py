"""What voice is heard every 0.1 s of a call: CAM++ pooled over windows around each moment, cheap at any window length.

The costly half of the network runs once. Its frames are kept as sums over blocks, so a window is a few additions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from .camplusplus import CONTEXT, CamPlusPlus, filterbank

BLOCK = 5
"""Frames of the embedding network in a block: 0.1 s."""

_AT_ONCE = 4096  # embeddings; bounds memory


@dataclass(frozen=True, slots=True)
class Voiceprints:
    """Sums over each block's frames in which one voice is alone: how many, (blocks,), their values and their squares,
    both (blocks, 512) and around `centre` (512,), so that the squares lose no precision."""

    network: CamPlusPlus
    count: Tensor
    values: Tensor
    squares: Tensor
    centre: Tensor

    def around(self, radius: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Unit embeddings (blocks, 192) of the windows from `radius` blocks before to `radius` after each block, and
        the shares (blocks,) of these windows in which one voice is alone."""
        size = 2 * radius + 1

        def windowed(x: Tensor) -> Tensor:
            return size * functional.avg_pool1d(x.T.unsqueeze(0), size, 1, radius)[0].T

        count = windowed(self.count[:, None])[:, 0]
        share = (count / (size * BLOCK)).cpu().numpy()
        return self._embedded(count, windowed(self.values), windowed(self.squares)), share

    def pooled(self, labels: NDArray[np.intp], voices: int) -> NDArray[np.float32]:
        """Unit embeddings (voices, 192), each of all blocks with its label; zeros where there are none."""
        chosen = functional.one_hot(torch.from_numpy(labels).to(self.count.device), voices).T.float()
        return self._embedded(chosen @ self.count, chosen @ self.values, chosen @ self.squares)

    @torch.inference_mode()
    def _embedded(self, count: Tensor, values: Tensor, squares: Tensor) -> NDArray[np.float32]:
        """Embeddings (n, 192) of n sums; zeros where fewer than two frames count."""
        count = count.unsqueeze(1)
        mean = values / count.clamp(min=1)
        spread = (squares / count.clamp(min=1) - mean.square()).clamp(min=0)
        deviation = (spread * count / (count - 1).clamp(min=1)).sqrt()
        parts = zip(torch.split(mean + self.centre, _AT_ONCE), torch.split(deviation, _AT_ONCE), strict=True)
        embedded = [self.network.summed_up(*part) for part in parts]
        unit = functional.normalize(torch.cat(embedded)) * (count > 1)
        found: NDArray[np.float32] = unit.cpu().numpy()
        return found


@torch.inference_mode()
def voiceprints(network: CamPlusPlus, waveform: Tensor, alone: NDArray[np.bool_]) -> Voiceprints:
    """Of a sound (samples,) at 16 kHz. `alone` (frames,) at FRAME_RATE: whether exactly one voice speaks."""
    features = filterbank(waveform)
    features = features - features.mean(0)
    masks = torch.split(torch.from_numpy(alone).to(features), CONTEXT // 2)
    centre = network.frames(features[:CONTEXT].unsqueeze(0))[0].mean(0)
    sums = [
        _sums(network.frames(piece.unsqueeze(0))[0] - centre, mask)
        for piece, mask in zip(torch.split(features, CONTEXT), masks, strict=False)
    ]
    count, values, squares = (torch.cat(part) for part in zip(*sums, strict=True))
    return Voiceprints(network, count, values, squares, centre)


def _sums(frames: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Frames (n, 512) and their mask (n or more,) -> per block: count, values and squares of those in the mask."""
    missing = -len(frames) % BLOCK
    weights = functional.pad(mask[: len(frames)], (0, missing)).view(-1, BLOCK, 1)
    frames = functional.pad(frames, (0, 0, 0, missing)).view(-1, BLOCK, frames.shape[1])
    return weights.sum((1, 2)), (weights * frames).sum(1), (weights * frames.square()).sum(1)
