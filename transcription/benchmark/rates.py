"""A figure that keeps what it was counted from, so that the figure of many files is not a mean of means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`amount` out of `of`: errors of words, seconds of seconds, summed seconds of measurements."""

    amount: float
    of: float

    @property
    def value(self) -> float | None:
        """None when there was nothing to count."""
        return self.amount / self.of if self.of else None

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.amount + other.amount, self.of + other.of)


Rates = Mapping[str, Rate]
"""Name of a figure -> its rate; figures without a truth to compare with are left out."""


def pooled(many: Iterable[Rates]) -> dict[str, Rate]:
    """Amounts and counts of all, by name."""
    total: dict[str, Rate] = {}
    for rates in many:
        for name, rate in rates.items():
            total[name] = total.get(name, Rate(0, 0)) + rate
    return total
