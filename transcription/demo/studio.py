"""Mixing: clean voices in, a telephone call with known turn times out. Plain numpy, no synthesiser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .script import Line, Script

Samples = NDArray[np.float32]

TELEPHONE_RATE = 8_000
BAND_HZ = (300.0, 3_400.0)
EDGE_HZ = 150.0
SPEECH_LEVEL = 0.05
"""RMS of the agent's speech at full scale 1: -26 dBov, the nominal level of ITU-T P.56."""
CUSTOMER_DB = (-5.0, -1.0)
GAP_S = (0.15, 0.9)
LEAD_S = (0.5, 1.2)
TAIL_S = 0.7
NOISE_RMS = 0.001
MU = 255.0


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with the times, in seconds, at which it is heard."""

    line: Line
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Take:
    """A recorded call: float32 samples of shape (channels, samples) at TELEPHONE_RATE, and who speaks when."""

    samples: Samples
    turns: tuple[PlacedLine, ...]

    @property
    def duration(self) -> float:
        return float(self.samples.shape[1] / TELEPHONE_RATE)


def telephone(voice: Samples, rate: int) -> Samples:
    """`voice` (mono, at `rate` Hz) as a telephone carries it: 300-3400 Hz at 8 kHz, silent ends cut off.

    Band-pass and resampling are one step: the spectrum is shaped with 150 Hz cosine edges and cut at 4 kHz.
    """
    length = round(len(voice) * TELEPHONE_RATE / rate)
    spectrum = np.fft.rfft(voice)[: length // 2 + 1]
    frequencies = np.arange(len(spectrum)) * rate / len(voice)
    low, high = BAND_HZ
    rise = np.clip((frequencies - low) / EDGE_HZ + 1, 0, 1)
    fall = np.clip((high - frequencies) / EDGE_HZ + 1, 0, 1)
    shaped = spectrum * np.sin(rise * np.pi / 2) ** 2 * np.sin(fall * np.pi / 2) ** 2
    heard = np.fft.irfft(shaped, length) * length / len(voice)
    return _trimmed(heard.astype(np.float32))


def place(script: Script, lengths: Sequence[float], dice: np.random.Generator) -> tuple[PlacedLine, ...]:
    """Turn times from each line's length in seconds and its `after`. Lines stay ordered by their start."""
    placed: list[PlacedLine] = []
    end = 0.0
    for line, length in zip(script.lines, lengths, strict=True):
        gap = line.after if line.after is not None else dice.uniform(*(GAP_S if placed else LEAD_S))
        earliest = placed[-1].start if placed else 0.0
        start = max(end + gap, earliest)
        end = start + length
        placed.append(PlacedLine(line, start, end))
    return tuple(placed)


def record(script: Script, voices: Sequence[Samples], seed: int) -> Take:
    """The call of `script`, whose lines sound as `voices` (one per line, from `telephone`).

    The parties are a few dB apart, on one channel or on one each as `script.channel_map` says.
    """
    dice = np.random.default_rng(seed)
    turns = place(script, [len(voice) / TELEPHONE_RATE for voice in voices], dice)
    total = round((max(turn.end for turn in turns) + TAIL_S) * TELEPHONE_RATE)
    level = {"agent": SPEECH_LEVEL, "customer": SPEECH_LEVEL * 10 ** (dice.uniform(*CUSTOMER_DB) / 20)}
    parties = {role: np.zeros(total, np.float32) for role in level}
    for turn, voice in zip(turns, voices, strict=True):
        at = round(turn.start * TELEPHONE_RATE)
        parties[turn.line.role][at : at + len(voice)] += levelled(voice, level[turn.line.role])
    order = ("customer", "agent") if script.channel_map == "agent_right" else ("agent", "customer")
    channels = np.stack([parties[role] for role in order])
    if script.layout == "mono":
        channels = channels.sum(axis=0, keepdims=True)
    noise = dice.normal(0, NOISE_RMS, channels.shape).astype(np.float32)
    return Take(mu_law(channels + noise), turns)


def levelled(voice: Samples, rms: float) -> Samples:
    """`voice` at the given RMS."""
    gain = rms / max(float(np.sqrt(np.mean(voice**2))), 1e-9)
    return (voice * gain).astype(np.float32)


def mu_law(samples: Samples) -> Samples:
    """`samples` after 8-bit mu-law companding (ITU-T G.711): the roughness of a telephone line."""
    clipped = np.clip(samples, -1, 1)
    compressed = np.sign(clipped) * np.log1p(MU * np.abs(clipped)) / np.log1p(MU)
    stepped = np.round(compressed * 127) / 127
    expanded: Samples = np.sign(stepped) * np.expm1(np.abs(stepped) * np.log1p(MU)) / MU
    return expanded.astype(np.float32)


def _trimmed(voice: Samples) -> Samples:
    """Without the quiet before the first and after the last 10 ms that reach 2 % of the loudest."""
    frame = TELEPHONE_RATE // 100
    loudness = np.abs(voice[: len(voice) // frame * frame]).reshape(-1, frame).max(axis=1)
    heard = np.flatnonzero(loudness > 0.02 * loudness.max())
    return voice[heard[0] * frame : (heard[-1] + 1) * frame]
