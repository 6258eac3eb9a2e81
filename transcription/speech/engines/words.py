"""Word times from what an aligner measured on packed sound, to the segment's own words on the call's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from transcription.speech.types import Segment, TimeSource, Word

from .packing import Packed


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the packed sound."""

    start: float
    end: float
    probability: float | None


def with_words(segment: Segment, packed: Packed, measured: Sequence[Measured | None], source: TimeSource) -> Segment:
    """The segment with its words: `measured` holds one entry per whitespace-separated word, None where none was found.

    Words without a measurement share the time between their neighbours evenly and are marked `interpolated`.
    Times never run backwards and stay within the segment.
    """
    texts = segment.text.split()
    spans = _spans(measured, packed.duration)
    words: list[Word] = []
    earliest = segment.start
    for text, span, measurement in zip(texts, spans, measured, strict=True):
        start, end = packed.on_call(*span)
        earliest = min(max(start, earliest), segment.end)
        latest = min(max(end, earliest), segment.end)
        probability = measurement.probability if measurement else None
        words.append(Word(text, earliest, latest, probability, source if measurement else "interpolated"))
    return replace(segment, words=_without_overlap(words))


def _spans(measured: Sequence[Measured | None], duration: float) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    for index, item in enumerate(measured):
        if item is not None:
            spans.append((item.start, item.end))
            continue
        low = spans[-1][1] if spans else 0.0
        later = [(ahead, found) for ahead, found in enumerate(measured[index:]) if found is not None]
        ahead, high = (later[0][0], later[0][1].start) if later else (len(measured) - index, duration)
        spans.append((low, low + max(0.0, high - low) / ahead))
    return spans


def _without_overlap(words: Sequence[Word]) -> tuple[Word, ...]:
    if not words:
        return ()
    cut = [replace(word, end=min(word.end, following.start)) for word, following in pairwise(words)]
    return (*cut, words[-1])
