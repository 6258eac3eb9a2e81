"""CAM++ speaker embeddings: one vector per stretch of speech, near in angle when the voice is the same.

The network is that of 3D-Speaker (Alibaba, Apache-2.0 licence), with the same parameter names, so that its published
weights load as they are. H. Wang et al., "CAM++: A Fast and Efficient Network for Speaker Verification Using
Context-Aware Masking", Interspeech 2023.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchaudio.compliance import kaldi

MEL_BINS = 80
DIMENSION = 192
FRAME_RATE = 50
"""Frames per second of the network's output; features have twice as many."""
CONTEXT = 10 * 2 * FRAME_RATE
"""Feature frames that share one context in the network: 10 s."""

_WINDOW, _HOP = 400, 160
"""Samples of a feature frame, and from one to the next: 25 and 10 ms."""
_AT_ONCE = 6000  # feature frames, a minute; bounds memory

_GROWTH, _BOTTLENECK = 32, 128
_SEGMENT = 100  # frames that share one local context


class _Residual(nn.Module):
    """Two 3 x 3 convolutions; the stride halves the frequency axis only."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, (stride, 1), 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, channels, 1, (stride, 1), bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class _Head(nn.Module):
    """(batch, bins, frames) -> (batch, 32 * bins / 8, frames): 2-D convolutions over frequency and time."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(_Residual(channels, 2), _Residual(channels, 1))
        self.layer2 = nn.Sequential(_Residual(channels, 2), _Residual(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, (2, 1), 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.out_channels = channels * MEL_BINS // 8

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x.unsqueeze(1))))
        y = functional.relu(self.bn2(self.conv2(self.layer2(self.layer1(y)))))
        return y.flatten(1, 2)


def _norm_relu(channels: int) -> nn.Sequential:
    return nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(channels), relu=nn.ReLU()))


class _Tdnn(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inputs, outputs, 5, stride=2, padding=2, bias=False)
        self.nonlinear = _norm_relu(outputs)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.nonlinear(self.linear(x))
        return y


class _ContextMask(nn.Module):
    """A convolution whose output is gated by the mean of the whole input and of the frame's 100-frame segment."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(_BOTTLENECK, _GROWTH, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(_BOTTLENECK, _BOTTLENECK // 2, 1)
        self.linear2 = nn.Conv1d(_BOTTLENECK // 2, _GROWTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        segments = functional.avg_pool1d(x, _SEGMENT, _SEGMENT, ceil_mode=True)
        # The gate is constant within a segment, so it is computed once per segment and repeated.
        gate = torch.sigmoid(self.linear2(functional.relu(self.linear1(x.mean(-1, keepdim=True) + segments))))
        y: Tensor = self.linear_local(x)
        return y * gate.repeat_interleave(_SEGMENT, dim=-1)[..., : y.shape[-1]]


class _DenseLayer(nn.Module):
    def __init__(self, inputs: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _norm_relu(inputs)
        self.linear1 = nn.Conv1d(inputs, _BOTTLENECK, 1, bias=False)
        self.nonlinear2 = _norm_relu(_BOTTLENECK)
        self.cam_layer = _ContextMask(dilation)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))
        return torch.cat([x, y], dim=1)


class _Transit(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.nonlinear = _norm_relu(inputs)
        self.linear = nn.Conv1d(inputs, inputs // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.linear(self.nonlinear(x))
        return y


class _Dense(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inputs, DIMENSION, 1, bias=False)
        self.nonlinear = nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(DIMENSION, affine=False)))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.nonlinear(self.linear(x.unsqueeze(-1)).squeeze(-1))
        return y


def _xvector(channels: int) -> nn.Sequential:
    layers: OrderedDict[str, nn.Module] = OrderedDict(tdnn=_Tdnn(channels, 128))
    channels = 128
    for block, (depth, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
        dense = {f"tdnnd{i + 1}": _DenseLayer(channels + i * _GROWTH, dilation) for i in range(depth)}
        layers[f"block{block}"] = nn.Sequential(OrderedDict(dense))
        channels += depth * _GROWTH
        layers[f"transit{block}"] = _Transit(channels)
        channels //= 2
    layers |= {"out_nonlinear": _norm_relu(channels), "dense": _Dense(2 * channels)}
    return nn.Sequential(layers)


class CamPlusPlus(nn.Module):
    """The network in two halves: `frames` reads the sound once, `embed` sums up any choice of its frames."""

    def __init__(self) -> None:
        super().__init__()
        self.head = _Head()
        self.xvector = _xvector(self.head.out_channels)

    @classmethod
    def load(cls, weights: Path) -> CamPlusPlus:
        """The network with published weights, ready for inference. The file is read as data only, never as code."""
        network = cls()
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        return network.eval().requires_grad_(requires_grad=False)

    def frames(self, features: Tensor) -> Tensor:
        """Mean-normalised features (batch, n, 80) -> (batch, ceil(n / 2), 512), at FRAME_RATE."""
        y: Tensor = self.xvector[:-1](self.head(features.transpose(1, 2)))
        return y.transpose(1, 2)

    def embed(self, frames: Tensor, weights: Tensor) -> Tensor:
        """Frames (n, 512) pooled with each of k rows of weights (k, n), 0 or 1 -> embeddings (k, 192).

        Mean and standard deviation over the chosen frames; a row with fewer than two frames gives NaN.
        """
        count = weights.sum(1, keepdim=True)
        mean = weights @ frames / count
        # Around a common centre, so that the squares lose no precision.
        centre = frames.mean(0)
        spread = weights @ (frames - centre).square() / count - (mean - centre).square()
        deviation = (spread.clamp(min=0) * count / (count - 1)).sqrt()
        return self.summed_up(mean, deviation)

    def summed_up(self, mean: Tensor, deviation: Tensor) -> Tensor:
        """Embeddings (k, 192) from the means and standard deviations, both (k, 512), of frames."""
        y: Tensor = self.xvector[-1](torch.cat([mean, deviation], dim=1))
        return y

    def forward(self, features: Tensor) -> Tensor:
        """(batch, n, 80) -> (batch, 192): one voice in each item, all its frames pooled."""
        frames = self.frames(features)
        everything = frames.new_ones(1, frames.shape[1])
        return torch.cat([self.embed(item, everything) for item in frames])


@lru_cache(maxsize=2)
def load_network(weights: Path, device: str) -> CamPlusPlus:
    """One copy a process, for the diarizer and for the comparison of voices."""
    return CamPlusPlus.load(weights).to(device)


def filterbank(waveform: Tensor) -> Tensor:
    """80 log-mel energies per 10 ms (25 ms windows), as Kaldi computes them: (samples,) -> (frames, 80).

    `waveform` is at 16 kHz, in [-1, 1]; shorter than 25 ms gives no frames. Not yet mean-normalised. No frame knows
    of another, so they are made a minute at a time: of two hours at once, the spectra took 5 GB.
    """
    starts = range(0, len(waveform) - _WINDOW + 1, _AT_ONCE * _HOP)
    pieces = [waveform[start : start + (_AT_ONCE - 1) * _HOP + _WINDOW].unsqueeze(0) for start in starts]
    features = [kaldi.fbank(piece, num_mel_bins=MEL_BINS, sample_frequency=16_000, dither=0.0) for piece in pieces]
    return torch.cat([waveform.new_zeros(0, MEL_BINS), *features])
