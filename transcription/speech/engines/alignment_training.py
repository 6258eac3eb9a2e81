"""Trains the head of AlignmentHeadAligner on speech that flite makes, and measures it on voices it never heard.

Labels get exact in rounds: first a word's letters share its known span evenly, then the head itself places them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from transcription.speech.types import SAMPLE_RATE

from .alignment_head import FRAMES_PER_ENCODED, Head, HeadNetwork
from .alignment_speech import Window, telephone
from .trellis import FRAMES_PER_SECOND, SILENCE, WILDCARD, States, best_path, classes_of, emissions, states_of
from .weights import Whisper

ROUNDS = (2, 2, 3)
"""Epochs until the labels are made anew."""
BATCH = 8
LEARNING_RATE = 2e-3
SLACK = 0.01
"""Seconds by which the head may move an exactly known word edge when it places the letters."""
UNKNOWN = -100
"""The label of frames that teach nothing, by PyTorch's convention."""
MIN_SCORE = -1.2
"""Words of a machine transcript are learned from when their path has this mean log-probability: others are misheard."""

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Example:
    """A window as the encoder hears it, `encoded` of shape (n, size); `spans` as in Window."""

    encoded: NDArray[np.float16]
    words: tuple[str, ...]
    spans: NDArray[np.float64] | None
    states: States = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", states_of(self.words))

    @property
    def frames(self) -> int:
        return FRAMES_PER_ENCODED * len(self.encoded)


def encode(model: Whisper, windows: Iterable[Window]) -> Iterator[Example]:
    """Every window twice: as it is and over the telephone."""
    for window in windows:
        for heard in (window.samples, telephone(window.samples)):
            length = math.ceil(len(heard) / SAMPLE_RATE * FRAMES_PER_SECOND / FRAMES_PER_ENCODED)
            yield Example(model.encoder_output(heard)[:length], window.words, window.spans)


def train(examples: Sequence[Example]) -> Head:
    """The head after all rounds; the same for the same examples. Those without spans join in the second round."""
    torch.manual_seed(0)
    network = _standardised(examples)
    exact = sum(example.spans is not None for example in examples)
    steps = [epochs * math.ceil((len(examples) if n else exact) / BATCH) for n, epochs in enumerate(ROUNDS)]
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, sum(steps))
    for number, epochs in enumerate(ROUNDS):
        label = placed_labels if number else _spread
        labelled = [(example, label(example, network)) for example in examples]
        known = [(example, labels) for example, labels in labelled if labels is not None]
        for _ in range(epochs):
            for batch in _batches(known):
                optimizer.zero_grad()
                _loss(network.train(), batch).backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                schedule.step()
    seconds = sum(example.frames for example in examples) / FRAMES_PER_SECOND
    return Head(network.eval(), {"rounds": ROUNDS, "examples": len(examples), "minutes": round(seconds / 60, 1)})


def _standardised(examples: Sequence[Example]) -> HeadNetwork:
    sample = np.concatenate([example.encoded[::5] for example in examples]).astype(np.float32)
    network = HeadNetwork(sample.shape[1])
    network.mean = torch.from_numpy(sample.mean(axis=0))
    network.deviation = torch.from_numpy(sample.std(axis=0) + 1e-6)
    return network


def _batches(known: Sequence[tuple[Example, Labels]]) -> Iterator[list[tuple[Example, Labels]]]:
    order = torch.randperm(len(known)).tolist()
    for first in range(0, len(order), BATCH):
        yield [known[index] for index in order[first : first + BATCH]]


def _loss(network: HeadNetwork, batch: Sequence[tuple[Example, Labels]]) -> torch.Tensor:
    """Mean cross-entropy of the known frames of windows padded to the longest."""
    longest = max(len(example.encoded) for example, _ in batch)
    encoded = np.zeros((len(batch), longest, batch[0][0].encoded.shape[1]), np.float32)
    labels = np.full((len(batch), FRAMES_PER_ENCODED * longest), UNKNOWN, np.int64)
    for row, (example, known) in enumerate(batch):
        encoded[row, : len(example.encoded)] = example.encoded
        labels[row, : len(known)] = known
    logits = network(torch.from_numpy(encoded))
    return nn.functional.cross_entropy(logits.flatten(0, 1), torch.from_numpy(labels).flatten(), ignore_index=UNKNOWN)


def _spread(example: Example, _network: HeadNetwork) -> Labels | None:
    return None if example.spans is None else spread_labels(example.words, example.spans, example.frames)


def spread_labels(words: Sequence[str], spans: NDArray[np.float64], frames: int) -> Labels:
    """Silence, and in every word's span (seconds) its letters for equally long."""
    labels = np.full(frames, SILENCE, np.int64)
    for word, (start, end) in zip(words, spans * FRAMES_PER_SECOND, strict=True):
        edges = np.linspace(start, end, len(classes_of(word)) + 1).round().astype(int)
        for letter, first, last in zip(classes_of(word), edges[:-1], edges[1:], strict=True):
            labels[first:last] = UNKNOWN if letter == WILDCARD else letter
    return labels


def placed_labels(example: Example, network: HeadNetwork) -> Labels | None:
    """The letters where the head finds them, near the known spans. None when it does not find the words."""
    emitted = emissions(network.scores(example.encoded), example.states)
    if example.spans is not None:
        emitted = np.where(allowed(example.states, example.spans, example.frames), emitted, np.float32(-np.inf))
    path = best_path(emitted, example.states)
    if path is None:
        return None
    if example.spans is None and emitted[np.arange(len(path)), path].mean() < MIN_SCORE:
        return None
    labels = example.states.classes[path].astype(np.int64)
    return np.where(labels == WILDCARD, UNKNOWN, labels)


def allowed(states: States, spans: NDArray[np.float64], frames: int) -> NDArray[np.bool_]:
    """Which states each frame may be in, (frames, states), when words keep to their spans within SLACK."""
    time = (np.arange(frames) + 0.5)[:, None] / FRAMES_PER_SECOND
    spoken = states.words >= 0
    start, end = spans[np.where(spoken, states.words, 0)].T
    inside = (time > start - SLACK) & (time < end + SLACK)
    between = ~((time > spans[:, 0] + SLACK) & (time < spans[:, 1] - SLACK)).any(axis=1, keepdims=True)
    return np.where(spoken, inside, between)
