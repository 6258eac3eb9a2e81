"""The picture of a call: who is active when, in two lanes, with the waveform and the marks. Pure functions on stored facts."""

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

Stretch = tuple[float, float]
"""(start, end) in seconds."""

FINGERPRINT_COLUMNS = 70


class Lane(TypedDict):
    """One party. `levels`: waveform in 0..1, equal steps over the whole call; for mono calls both lanes have the same."""

    label: str
    role: str
    levels: list[float]
    talk: list[Stretch]


def lanes(recording: Any) -> list[Lane]:
    """Agent first, then customer; without roles as the speakers are numbered. Two for a call with speakers, else none."""
    speakers = sorted(recording.speakers, key=lambda s: (s["role"] != "agent", s["role"] == "customer", s["label"]))[:2]
    talk = [[(start, end) for label, start, end in recording.activity if label == s["label"]] for s in speakers]
    levels = _levels_of(recording.peaks, talk, recording.duration)
    return [
        Lane(label=s["label"], role=s["role"] or "", levels=levels[i], talk=talk[i]) for i, s in enumerate(speakers)
    ]


def overlaps(first: Iterable[Stretch], second: Iterable[Stretch]) -> list[Stretch]:
    """Where both are active, in order of the first."""
    other = list(second)
    return [
        (max(a, c), min(b, d)) for a, b in first for c, d in other if min(b, d) > max(a, c)
    ]


def columns(lane: Lane, duration: float, count: int = FINGERPRINT_COLUMNS) -> list[float]:
    """The lane as `count` bars: the loudest level of each column's share of the call, 0 where the party is not active."""
    if duration <= 0:
        return [0.0] * count
    step = duration / count
    heard = [_any_within(lane["talk"], i * step, (i + 1) * step) for i in range(count)]
    return [_loudest(lane["levels"], i, count) if heard[i] else 0.0 for i in range(count)]


def _levels_of(peaks: Sequence[list[float]], talk: Sequence[list[Stretch]], duration: float) -> list[list[float]]:
    """The waveform of each party. Speakers are numbered as they come in, so a stereo channel goes to whom it fits."""
    if len(peaks) < 2 or len(talk) < 2:
        return [peaks[0] if peaks else []] * len(talk)
    straight = _fit(peaks[0], talk[0], duration) + _fit(peaks[1], talk[1], duration)
    crossed = _fit(peaks[1], talk[0], duration) + _fit(peaks[0], talk[1], duration)
    return [peaks[0], peaks[1]] if straight >= crossed else [peaks[1], peaks[0]]


def _fit(levels: list[float], talk: list[Stretch], duration: float) -> float:
    """The sum of the levels while the party is active."""
    per_second = len(levels) / duration if duration > 0 else 0.0
    return sum(sum(levels[int(start * per_second) : int(end * per_second) + 1]) for start, end in talk)


def _loudest(levels: list[float], column: int, count: int) -> float:
    first, last = column * len(levels) // count, (column + 1) * len(levels) // count
    return max(levels[first : max(last, first + 1)], default=0.5)


def _any_within(stretches: Iterable[Stretch], start: float, end: float) -> bool:
    return any(a < end and b > start for a, b in stretches)
