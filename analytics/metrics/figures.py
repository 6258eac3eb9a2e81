"""A figure is a number that is known, or Unknown with the reason. Never 0 for "we cannot tell"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why there is no number, in plain words, e.g. "under 30 words"."""

    reason: str


Figure = int | float | str | Unknown
Figures = dict[str, Figure]
"""Name of the number -> the number."""


def known(figures: Figures) -> dict[str, Any]:
    """The numbers, None for those that are unknown."""
    return {name: None if isinstance(figure, Unknown) else figure for name, figure in figures.items()}


def reasons(figures: Figures) -> dict[str, str]:
    """Why, for those that are unknown."""
    return {name: figure.reason for name, figure in figures.items() if isinstance(figure, Unknown)}


def per(amount: float, base: float, unit: float, reason: str) -> Figure:
    """`amount` per `unit` of `base` (per(7, 350, 100, …) is 2.0), or Unknown(reason) when there is no base."""
    return amount / base * unit if base > 0 else Unknown(reason)
