"""The picture of a call: who is active when, in two lanes, with waveform and marks.

Pure functions on stored facts.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from analytics.metrics.spans import intersect

Stretch = tuple[float, float]
"""(start, end) in seconds."""

LAYERS = ("sentiment", "interruption", "filler", "silence", "overlap", "hit", "comment")
"""What can be switched on and off; `hit` is what was searched for."""
FINGERPRINT_COLUMNS = 70
MARKED = ("interruption", "filler", "silence")
"""The events with a rail of their own; overlap is hatched in the lanes, backchannels are not marked."""


class Lane(TypedDict):
    """One party. `levels`: waveform in 0..1, equal steps over the whole call; the same in both lanes of a mono call."""

    label: str
    role: str
    levels: list[float]
    talk: list[Stretch]


def scene(
    recording: Any,
    turns: Sequence[Any],
    events: Mapping[str, Sequence[Any]],
    hits: Mapping[int, Iterable[int]],
    *,
    agent_sentiment: bool = False,
) -> dict[str, Any]:
    """Everything the player draws, ready for JSON; times in seconds with two decimals.

    `hits`: turn index -> positions of the words that were searched for.
    """
    pair = lanes(recording)
    both = overlaps(pair[0]["talk"], pair[1]["talk"]) if len(pair) == 2 else []
    marks = [_mark(kind, e.by, e.start_s, e.end_s, e.detail) for kind in MARKED for e in events.get(kind, ())]
    marks += [
        _mark("sentiment", turn.role, turn.start, turn.end, turn.sentiment_label)
        for turn in turns
        if turn.sentiment_label in ("positive", "negative") and (agent_sentiment or turn.role != "agent")
    ]
    for turn in turns if hits else ():
        said = [turn.words[place] for place in hits.get(turn.index, ())]
        marks += [_mark("hit", turn.role, start, end, text) for text, start, end, *_ in said]
    return {
        "duration": recording.duration,
        "lanes": [{**lane, "talk": _rounded(lane["talk"])} for lane in pair],
        "overlaps": _rounded(both),
        "marks": sorted(marks, key=lambda mark: (mark["start"], mark["type"])),
    }


def lanes(recording: Any) -> list[Lane]:
    """One for each party: agent first, then customer; without roles as the speakers are numbered."""
    speakers = sorted(recording.speakers, key=lambda s: (s["role"] != "agent", s["role"] == "customer", s["label"]))[:2]
    talk = [[(start, end) for label, start, end in recording.activity if label == s["label"]] for s in speakers]
    levels = _levels_of(recording.peaks, talk, recording.duration)
    return [
        Lane(label=s["label"], role=s["role"] or "", levels=levels[i], talk=talk[i]) for i, s in enumerate(speakers)
    ]


def overlaps(first: Iterable[Stretch], second: Iterable[Stretch]) -> list[Stretch]:
    """Where both are active, in order. The stretches of one party do not overlap each other."""
    return intersect(sorted(first), sorted(second))


def columns(lane: Lane, duration: float, count: int = FINGERPRINT_COLUMNS) -> list[float]:
    """The lane as `count` bars: the loudest level of each column, 0 where the party is not active."""
    heard = [False] * count
    for start, end in lane["talk"] if duration > 0 else ():
        first, last = int(start / duration * count), min(int(end / duration * count), count - 1)
        heard[first : last + 1] = [True] * (last + 1 - first)
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


def _mark(kind: str, by: str, start: float, end: float, label: str) -> dict[str, Any]:
    return {"type": kind, "by": by, "start": round(start, 2), "end": round(end, 2), "label": label}


def _rounded(stretches: Iterable[Stretch]) -> list[Stretch]:
    return [(round(start, 2), round(end, 2)) for start, end in stretches]
