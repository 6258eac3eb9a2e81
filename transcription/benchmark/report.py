"""Measurements as a table to read and as JSON to keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from .rates import Rate
from .runs import Measurement, together

TOTAL = "total"
SIMILAR_VOICES = "similar voices"
SIMILAR = 0.2
"""Two people less apart than this (see `resegmentation.distance`) sound alike: pairs of one sex on a telephone line, as
a rule. Random pairs lie between 0.05 and 0.55."""

COLUMNS: Mapping[str, str] = {
    "wer": "WER",
    "cpwer": "cpWER",
    "der": "DER",
    "filler_precision": "fill P",
    "filler_recall": "fill R",
    "role_accuracy": "role",
    "sentiment_accuracy": "senti",
    "turn_start_error_s": "turn s",
    "turn_end_error_s": "turn e",
    "word_start_error_s": "word s",
    "word_end_error_s": "word e",
}
"""Figure -> heading of its column."""
ERRORS = tuple(name for name in COLUMNS if name in {"wer", "cpwer", "der"} or name.endswith("_error_s"))
"""Figures of which less is better."""
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Result:
    """What one system did. `load_s`: loading engines and one unmeasured call."""

    system: str
    load_s: float
    files: tuple[Measurement, ...]

    def folders(self) -> list[Measurement]:
        """The files of each folder together; files lie in the order of their folders."""
        groups = groupby(self.files, key=lambda one: one.name.rpartition("/")[0])
        return [together(folder, files) for folder, files in groups]

    def similar(self) -> list[Measurement]:
        """The hard case of diarization apart: mixed recordings of voices that are alike. None or one."""
        alike = [one for one in self.files if one.voices_apart is not None and one.voices_apart < SIMILAR]
        return [together(f"{SIMILAR_VOICES} ({len(alike)})", alike)] if alike else []

    def total(self) -> Measurement:
        return together(TOTAL, self.files)

    def sums(self) -> list[Measurement]:
        """Of each folder, of similar voices, and of everything."""
        return [*self.folders(), *self.similar(), self.total()]


def ratios(ours: Result, peer: Result) -> dict[str, dict[str, float | None]]:
    """How many times the peer's throughput ours is, and our errors over the peer's; by folder and so on, see `sums`.

    An error ratio below 1 is better; None where one of the two is unknown or the peer makes no error.
    """
    pairs = zip(ours.sums(), peer.sums(), strict=True)
    return {mine.name: _ratio(mine, theirs) for mine, theirs in pairs}


def document(results: Sequence[Result], about: Mapping[str, Any]) -> dict[str, Any]:
    """The whole benchmark for json.dump. `about`: what to know of the machine."""
    return {
        **about,
        "systems": [
            {
                "system": result.system,
                "load_s": round(result.load_s, 2),
                "files": [_row(one) for one in result.files],
                "folders": [_row(one) for one in result.folders()],
                "similar_voices": next((_row(one) for one in result.similar()), None),
                "total": _row(result.total()),
            }
            for result in results
        ],
        "ratios": ratios(results[0], results[1]) if len(results) == 2 else None,
    }


def tables(results: Sequence[Result]) -> str:
    """Speed and quality of each system, and their ratios."""
    parts = []
    for result in results:
        rows = [*result.files, *result.sums()]
        heading = f"{result.system}\nloaded and warm after {result.load_s:.1f} s"
        parts += [heading, _table(_speed(rows)), _table(_quality(rows))]
    if len(results) == 2:
        parts += ["ours over the peer's (throughput: more is better; errors: less is better)", _table(_ratios(results))]
    return "\n\n".join(parts)


def _ratio(ours: Measurement, peer: Measurement) -> dict[str, float | None]:
    errors = {name: _quotient(ours.rates.get(name), peer.rates.get(name)) for name in ERRORS}
    return {"throughput_ratio": round(peer.wall_s / ours.wall_s, 3), **errors}


def _quotient(ours: Rate | None, peer: Rate | None) -> float | None:
    if ours is None or peer is None or ours.value is None or not peer.value:
        return None
    return round(ours.value / peer.value, 3)


def _row(one: Measurement) -> dict[str, Any]:
    values = {name: rate.value for name, rate in one.rates.items()}
    return {
        "name": one.name,
        "audio_s": round(one.audio_s, 3),
        "wall_s": round(one.wall_s, 3),
        "rtf": round(one.rtf, 4),
        "stages_s": {stage: round(seconds, 3) for stage, seconds in one.stages_s.items()},
        "peak_memory_mb": round(one.peak_memory_mb),
        "voices_apart": None if one.voices_apart is None else round(one.voices_apart, 3),
        "figures": {name: None if value is None else round(value, 4) for name, value in values.items()},
    }


def _speed(rows: Sequence[Measurement]) -> list[list[str]]:
    stages = list(dict.fromkeys(stage for row in rows for stage in row.stages_s))
    head = ["", "audio s", "wall s", "RTF", *stages, "peak MB"]
    return [head] + [
        [
            row.name,
            f"{row.audio_s:.1f}",
            f"{row.wall_s:.2f}",
            f"{row.rtf:.3f}",
            *(f"{row.stages_s.get(stage, 0.0):.2f}" for stage in stages),
            f"{row.peak_memory_mb:.0f}",
        ]
        for row in rows
    ]


def _quality(rows: Sequence[Measurement]) -> list[list[str]]:
    names = [name for name in COLUMNS if any(name in row.rates for row in rows)]
    head = ["", *(COLUMNS[name] for name in names)]
    return [head] + [[row.name, *(_figure(row.rates.get(name)) for name in names)] for row in rows if row.rates]


def _figure(rate: Rate | None) -> str:
    return UNKNOWN if rate is None or rate.value is None else f"{rate.value:.3f}"


def _ratios(results: Sequence[Result]) -> list[list[str]]:
    by_name = ratios(*results)
    known = [name for name in ERRORS if any(row[name] is not None for row in by_name.values())]
    head = ["", "throughput", *(COLUMNS[name] for name in known)]
    return [head] + [
        [folder, *(UNKNOWN if row[name] is None else f"{row[name]:.2f}" for name in ("throughput_ratio", *known))]
        for folder, row in by_name.items()
    ]


def _table(rows: Iterable[Sequence[str]]) -> str:
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        )
        for row in rows
    )
