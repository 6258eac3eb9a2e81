"""Comparing agents fairly: how sure a mean, a median or a share is, and whether a difference is real."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MIN_CALLS = 5
"""Fewer calls than this say nothing about an agent."""

Statistic = Literal["mean", "median"]
Verdict = Literal["higher", "lower", "no real difference", "too few calls"]

_RESAMPLES = 4000
_CHUNK = 2_000_000
_SEED = 20_250_101
_Z = NormalDist().inv_cdf(0.975)

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A statistic of `n` values with its 95 % interval. `low` and `high` are None under MIN_CALLS values."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def interval(values: Iterable[float | None], statistic: Statistic = "mean") -> Interval:
    """The mean or median with an expanded bootstrap percentile interval; None values do not count.

    The same values in the same order always give the same interval.
    """
    sample = _known(values)
    if not sample.size:
        return Interval(None, None, None, 0)
    value = float(np.mean(sample) if statistic == "mean" else np.median(sample))
    if sample.size < MIN_CALLS:
        return Interval(value, None, None, sample.size)
    low, high = _bounds(_resampled(sample, statistic, np.random.default_rng(_SEED)), sample.size)
    return Interval(value, low, high, sample.size)


def wilson(successes: int, n: int) -> Interval:
    """The share `successes` / `n` with Wilson's score interval (1927). Raises ValueError on an impossible count."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    if n == 0:
        return Interval(None, None, None, 0)
    share, z2 = successes / n, _Z**2
    if n < MIN_CALLS:
        return Interval(share, None, None, n)
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    margin = _Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(share, max(0.0, centre - margin), min(1.0, centre + margin), n)


def verdict(agent: Iterable[float | None], team: Iterable[float | None]) -> Verdict:
    """Whether the agent's mean differs from the team's. `team` must not contain the agent's own calls.

    Real is a difference whose bootstrap 95 % interval excludes 0.
    """
    own, others = _known(agent), _known(team)
    if min(own.size, others.size) < MIN_CALLS:
        return "too few calls"
    random = np.random.default_rng(_SEED)
    differences = _resampled(own, "mean", random) - _resampled(others, "mean", random)
    low, high = _bounds(differences, min(own.size, others.size))
    if low > 0:
        return "higher"
    return "lower" if high < 0 else "no real difference"


def _known(values: Iterable[float | None]) -> _Floats:
    return np.array([value for value in values if value is not None], dtype=np.float64)


def _resampled(sample: _Floats, statistic: Statistic, random: np.random.Generator) -> _Floats:
    rows = max(1, _CHUNK // sample.size)
    parts = [
        sample[random.integers(sample.size, size=(min(rows, _RESAMPLES - done), sample.size))]
        for done in range(0, _RESAMPLES, rows)
    ]
    return np.concatenate([part.mean(axis=1) if statistic == "mean" else np.median(part, axis=1) for part in parts])


def _bounds(resampled: _Floats, n: int) -> tuple[float, float]:
    """Percentiles of the bootstrap distribution, moved outwards for small n.

    The plain 2.5 % and 97.5 % are too narrow for few values: resampling divides by n, not n - 1, and knows no t.
    Hesterberg (2015, "What teachers should know about the bootstrap", section 4.3) takes the percentiles of
    sqrt(n / (n - 1)) * t instead, t being the quantile with n - 1 degrees of freedom.
    """
    tail = NormalDist().cdf(-sqrt(n / (n - 1)) * _student_t(n - 1))
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return float(low), float(high)


def _student_t(freedom: int) -> float:
    """The 97.5 % quantile of Student's t, by Cornish and Fisher's expansion; within 0.02 from 4 degrees of freedom."""
    z = _Z
    terms: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum(term / float(freedom) ** power for power, term in enumerate(terms, 1))
