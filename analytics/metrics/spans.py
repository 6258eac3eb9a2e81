"""Arithmetic on spans of time: (start, end) in seconds. Results are merged, in order and without overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

Span = tuple[float, float]

TOLERANCE = 1e-6
"""Differences of decimal times carry float noise: 3.3 - 2.3 is not quite 1.0."""


def length(span: Span) -> float:
    """Seconds, rounded to a microsecond so that it can be compared with a threshold."""
    return round(span[1] - span[0], 6)


def total(spans: Iterable[Span]) -> float:
    """The seconds of spans that do not overlap."""
    return round(sum((end - start for start, end in spans), 0.0), 6)


def merge(spans: Iterable[Span], bridge: float = 0.0) -> list[Span]:
    """The union of `spans`, with gaps of up to `bridge` seconds closed. A span that ends before it starts is empty."""
    ordered = sorted([(start, max(start, end)) for start, end in spans])
    if not ordered:
        return []
    merged: list[Span] = []
    first, last = ordered[0]
    for start, end in ordered:
        if start - last > bridge + TOLERANCE:
            merged.append((first, last))
            first, last = start, end
        elif end > last:
            last = end
    return [*merged, (first, last)]


def gaps(merged: Sequence[Span]) -> list[Span]:
    """What lies between merged spans; before the first and after the last there is no gap."""
    return [(before[1], after[0]) for before, after in pairwise(merged)]


def intersect(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """The time that lies in both of two merged lists."""
    common: list[Span] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start, end = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if end - start > TOLERANCE:
            common.append((start, end))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return common


def subtract(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """The time of the merged list `spans` that is not in the merged list `holes`. Edges keep their exact values."""
    rest: list[Span] = []
    j = 0
    for start, end in spans:
        while j < len(holes) and holes[j][1] < start:
            j += 1
        position, k = start, j
        while k < len(holes) and holes[k][0] < end:
            if holes[k][0] > position:
                rest.append((position, holes[k][0]))
            position = max(position, holes[k][1])
            k += 1
        if end > position:
            rest.append((position, end))
    return rest
