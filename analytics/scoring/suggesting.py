"""What a number of the call says about a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["at_most", "at_least"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`value`: 1 for yes, 0 for no, None where the number is not known; `why` in words either way."""

    value: int | None
    why: str


def suggest(value: float | None, side: Side, threshold: float, *, name: str, unit: str, reason: str = "") -> Suggestion:
    """Yes if the number is `side` (at most, at least) the threshold; `reason`: why it is not known."""
    rule = f"{side.replace('_', ' ')} {threshold:g}"
    if value is None:
        return Suggestion(None, f"no suggestion: {name} is not known ({reason or 'not measured'})")
    holds = value <= threshold if side == "at_most" else value >= threshold
    shown = f"{round(value, 1):g} {unit}".strip()
    return Suggestion(int(holds), f"suggested: {'yes' if holds else 'no'}, {name} {shown} ({rule})")
