"""The speech an alignment head learns from and is measured on: sentences by flite, with exact times, or a folder."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcription.speech.audio import decode
from transcription.speech.types import SAMPLE_RATE

from .flite import Spoken, speak
from .packing import MAX_REGION_SECONDS

SENTENCES = Path(__file__).with_name("heads") / "sentences.txt"
TRAINING_VOICES, UNSEEN_VOICES = ("rms", "awb"), ("slt", "kal16")
STRETCHES = (0.9, 1.0, 1.08, 1.15)
HELD_OUT = 6
"""Every sixth sentence is for evaluation alone."""
MARGIN = 0.05
GAP_SECONDS = (0.0, 0.7)
SHORTEST_WINDOW = 5.0
SPEECH_RMS = (0.02, 0.12)
NOISE_RMS_LOG10 = (-4.5, -2.7)
BAND_HZ, EDGE_HZ = (300.0, 3_400.0), 100.0
MU = 255.0

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """At most 30 s of sound at SAMPLE_RATE, shape (n,); `spans` (words, 2) in seconds, None when unknown."""

    samples: Samples
    words: tuple[str, ...]
    spans: NDArray[np.float64] | None


def sentences(*, held_out: bool) -> list[str]:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [line for number, line in enumerate(lines) if (number % HELD_OUT == 0) == held_out]


def synthesise(voices: Sequence[str], texts: Sequence[str]) -> Iterator[Window]:
    """All texts by all voices, shuffled, at several speeds and levels, with pauses and some noise.

    Windows are of all lengths up to 30 s, as calls have them. The same for the same arguments.
    """
    dice = np.random.default_rng(0)
    for voice in voices:
        spoken = [speak(texts[index], voice, float(dice.choice(STRETCHES))) for index in dice.permutation(len(texts))]
        while spoken:
            limit, length = dice.uniform(SHORTEST_WINDOW, MAX_REGION_SECONDS), 0.0
            chosen: list[Spoken] = []
            while spoken and (not chosen or length < limit):
                length += _duration(spoken[-1])
                if chosen and length > MAX_REGION_SECONDS:
                    break
                chosen.append(spoken.pop())
            yield _joined(chosen, dice)


def _duration(spoken: Spoken) -> float:
    return spoken.words[-1][2] - spoken.words[0][1] + 2 * MARGIN + GAP_SECONDS[1]


def _joined(spoken: Sequence[Spoken], dice: np.random.Generator) -> Window:
    parts: list[Samples] = []
    words: list[tuple[str, float, float]] = []
    rms, offset = dice.uniform(*SPEECH_RMS), 0
    for sentence in spoken:
        gap = np.zeros(int(dice.uniform(*GAP_SECONDS) * SAMPLE_RATE), np.float32)
        first = max(0, int((sentence.words[0][1] - MARGIN) * SAMPLE_RATE))
        sound = sentence.samples[first : int((sentence.words[-1][2] + MARGIN) * SAMPLE_RATE)]
        shift = (offset + len(gap) - first) / SAMPLE_RATE
        words += [(word, start + shift, end + shift) for word, start, end in sentence.words]
        parts += [gap, sound * np.float32(rms / max(float(np.sqrt(np.mean(sound**2))), 1e-6))]
        offset += len(gap) + len(sound)
    joined = np.concatenate(parts)
    noise = dice.normal(0, 10 ** dice.uniform(*NOISE_RMS_LOG10), len(joined))
    texts, starts, ends = zip(*words, strict=True)
    return Window(np.clip(joined + noise, -1, 1).astype(np.float32), texts, np.array([starts, ends]).T)


def telephone(samples: Samples) -> Samples:
    """The sound, at SAMPLE_RATE, after a telephone line: 300-3400 Hz, 8 kHz, 8-bit mu-law (ITU-T G.711)."""
    even = samples[: len(samples) // 2 * 2]
    frequencies = np.fft.rfftfreq(len(even), 1 / SAMPLE_RATE)
    low, high = BAND_HZ
    gain = np.clip((frequencies - low) / EDGE_HZ + 1, 0, 1) * np.clip((high - frequencies) / EDGE_HZ + 1, 0, 1)
    narrow = np.fft.irfft(np.fft.rfft(even) * gain)[::2]
    companded = np.sign(narrow) * np.log1p(MU * np.minimum(np.abs(narrow), 1)) / np.log1p(MU)
    stepped = np.round(companded * 127) / 127
    expanded = np.sign(stepped) * np.expm1(np.abs(stepped) * np.log1p(MU)) / MU
    doubled = np.fft.irfft(np.fft.rfft(expanded), 2 * len(expanded)) * 2
    return doubled.astype(np.float32)


def read_folder(folder: Path) -> Iterator[Window]:
    """Read speech with machine transcripts: `labels.tsv` has the columns file and text.

    Files longer than a window are left out. Raises OSError and, for other columns, ValueError.
    """
    with (folder / "labels.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if rows and not {"file", "text"} <= rows[0].keys():
        raise ValueError(f"{folder / 'labels.tsv'} must have the columns file and text")
    for row in rows:
        audio = decode(folder / row["file"]).mono()
        if audio.duration <= MAX_REGION_SECONDS:
            yield Window(audio.samples[0], tuple(row["text"].split()), None)
