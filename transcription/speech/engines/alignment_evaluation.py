"""How exact an aligner's word times are where the truth is known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transcription.speech.ports import Aligner
from transcription.speech.types import SAMPLE_RATE, Audio, Recognition, Segment

from .alignment_speech import Window, telephone
from .weights import Whisper

CLOSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Exactness:
    """Mean absolute errors in seconds, and the shares within 50 ms, of the words' starts and ends."""

    words: int
    start: float
    start_close: float
    end: float
    end_close: float
    cost: float
    """Seconds of work per second of sound, after recognition has encoded it."""


def evaluate(aligner: Aligner, model: Whisper, windows: Sequence[Window]) -> Exactness:
    """The errors on `windows` (which have spans) over the telephone, given their words."""
    errors, seconds, worked = [], 0.0, 0.0
    for window in windows:
        heard = telephone(window.samples)
        duration = len(heard) / SAMPLE_RATE
        segment = Segment(0.0, duration, " ".join(window.words))
        recognition = Recognition("en", (segment,), ((0.0, duration),), prompted=False)
        model.encode(model.mel(heard))
        began = time.perf_counter()
        (found,) = aligner.align(Audio(heard[np.newaxis]), recognition).segments
        worked += time.perf_counter() - began
        seconds += duration
        errors.append(np.abs(np.array([(word.start, word.end) for word in found.words]) - window.spans))
    start, end = np.concatenate(errors).T
    return Exactness(
        words=len(start),
        start=float(start.mean()),
        start_close=float((start <= CLOSE_SECONDS).mean()),
        end=float(end.mean()),
        end_close=float((end <= CLOSE_SECONDS).mean()),
        cost=worked / seconds,
    )
