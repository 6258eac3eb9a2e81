"""The score of one review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["yes_no", "scale", "text"]
BEST: Final = 5
"""Of the scale 1 to 5."""
FAILING: Final = 0.25
"""A critical question with this share of its points or less is failed: no, or 1 or 2 of 5."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer. `value`: 1 or 0 for yes or no, 1 to 5, or None: does not apply, or is a text."""

    question: int
    section: str
    kind: Kind
    weight: float
    critical: bool
    value: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """Scores are 0 to 100, or None where no question that counts applies."""

    score: float | None
    """Of the review; 0 when it failed."""
    points: float | None
    """The same had no question been critical."""
    failed: tuple[int, ...]
    """The critical questions that were failed."""
    sections: dict[str, float | None]
    """By section, in the form's order; sections of texts alone are left out."""


def result(answers: Iterable[Answered]) -> Result:
    """Means weighted by the questions' weights, over the questions that apply."""
    counted = [one for one in answers if one.kind != "text"]
    sections = {section: _mean([one for one in counted if one.section == section]) for section in _sections(counted)}
    failed = tuple(
        one.question for one in counted if one.critical and (share := _share(one)) is not None and share <= FAILING
    )
    points = _mean(counted)
    return Result(0.0 if failed else points, points, failed, sections)


def section_shares(weights: Iterable[tuple[str, float]]) -> dict[str, float]:
    """`weights` by section and question -> how much of the whole each section weighs, in percent, if all apply."""
    sums: dict[str, float] = {}
    for section, weight in weights:
        sums[section] = sums.get(section, 0.0) + weight
    total = sum(sums.values())
    return {section: 100 * weight / total for section, weight in sums.items()} if total else {}


def _sections(answers: list[Answered]) -> list[str]:
    return list(dict.fromkeys(one.section for one in answers))


def _share(one: Answered) -> float | None:
    """Of the question's points, 0 to 1."""
    if one.value is None:
        return None
    return float(one.value) if one.kind == "yes_no" else (one.value - 1) / (BEST - 1)


def _mean(answers: list[Answered]) -> float | None:
    known = [(share, one.weight) for one in answers if (share := _share(one)) is not None]
    total = sum(weight for _, weight in known)
    return 100 * sum(share * weight for share, weight in known) / total if total else None
