"""Which moments: the most extreme ones, as different from each other as they can be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

APART_S: Final = 30.0
"""Moments of one call that are nearer than this are one moment."""
ALIKE: Final = 0.5
"""What is left of a candidate's level for each moment picked already of the same kind, of the same day, and of the same
topic. Half: a second moment of a kind must be twice as extreme as the first of another."""
SAME_CALL: Final = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A moment that could be picked. `level`: how many times the size from which its kind counts, at most 5."""

    recording: int
    day: date
    topic: str
    """What the customer asked last before it; empty: nothing that has a topic."""
    kind: str
    strong: bool
    level: float
    at_s: float
    until_s: float
    why: str


def pick(candidates: Iterable[Candidate], count: int, taken: Sequence[Candidate] = ()) -> list[Candidate]:
    """Up to `count` of them, beside those already `taken`. The order of `candidates` does not matter."""
    pool = sorted(candidates, key=lambda one: (-one.level, one.day, one.recording, one.at_s, one.kind))
    picked: list[Candidate] = []
    for _ in range(count):
        beside = [*taken, *picked]
        free = [one for one in pool if not any(_meet(one, other) for other in beside)]
        if not free:
            break
        picked.append(max(free, key=lambda one: _worth(one, beside)))
    return picked


def _worth(one: Candidate, beside: Sequence[Candidate]) -> float:
    alike = sum(
        (one.kind == other.kind) + (one.day == other.day) + (bool(one.topic) and one.topic == other.topic)
        for other in beside
    )
    same_call = sum(one.recording == other.recording for other in beside)
    return one.level * ALIKE**alike * SAME_CALL**same_call


def _meet(one: Candidate, other: Candidate) -> bool:
    near = one.at_s < other.until_s + APART_S and other.at_s < one.until_s + APART_S
    return one.recording == other.recording and near
