"""How sure a mean of calls is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MIN_CALLS = 5
"""Fewer calls than this say nothing about an agent."""

MANY_CALLS = 100
"""From here on a mean's own distribution is as good as normal, and resampling would only take longer."""

_ROUNDING = 1e-11
_RESAMPLES = 4000
_SEED = 20_250_101
_Z = NormalDist().inv_cdf(0.975)

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean of `n` values with its 95 % interval. `low` and `high` are None under MIN_CALLS values."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def interval(values: Iterable[float | None]) -> Interval:
    """The mean with its interval; None values do not count.

    Under MANY_CALLS values it is an expanded bootstrap percentile interval (the same values in the same order always
    give the same one), from there on the normal interval.
    """
    sample = _known(values)
    sums = Sums.of(sample)
    if not sums.resampled:
        return interval_of_sums(sums)
    low, high = _bootstrapped(sample)
    return Interval(float(np.mean(sample)), low, high, sums.n)


@dataclass(frozen=True, slots=True)
class Sums:
    """What is kept of `n` values: their total and the total of their squares. Two of them add up."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Iterable[float | None]) -> Sums:
        """None values do not count."""
        sample = _known(values)
        return cls(sample.size, float(np.sum(sample)), float(sample @ sample))

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    def times(self, factor: float) -> Sums:
        """Of the values in another unit."""
        return Sums(self.n, factor * self.total, factor**2 * self.squares)

    @property
    def mean(self) -> float | None:
        return self.total / self.n if self.n else None

    @property
    def variance(self) -> float:
        """Of single values, with n - 1; 0 for less scatter than what rounding leaves of equal values."""
        if self.n < 2:
            return 0.0
        rest = self.squares - self.total**2 / self.n
        return rest / (self.n - 1) if rest > _ROUNDING * self.squares else 0.0

    @property
    def resampled(self) -> bool:
        """Whether the interval of the mean needs the values themselves."""
        return MIN_CALLS <= self.n < MANY_CALLS


def interval_of_sums(sums: Sums) -> Interval:
    """As `interval`, of sums that are not `resampled`."""
    if sums.mean is None or sums.n < MIN_CALLS:
        return Interval(sums.mean, None, None, sums.n)
    margin = _Z * sqrt(sums.variance / sums.n)
    return Interval(sums.mean, sums.mean - margin, sums.mean + margin, sums.n)


Side = Literal["above", "below", "same"]


def side(interval: tuple[float, float] | None, value: float | None) -> Side | None:
    """Where a mean with this 95 % interval is, seen from `value`; "same" where the interval includes it.

    None where it cannot be told. That includes an interval without width: values that are all the same say nothing
    about the next call.
    """
    if interval is None or value is None or interval[0] == interval[1]:
        return None
    low, high = interval
    return "above" if low > value else "below" if high < value else "same"


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a mean changed, or by how many percentage points a share of calls, with its 95 % interval; all None
    under MIN_CALLS calls in either period."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out "no change"; one without width does not tell (see `side`)."""
        if self.low is None or self.high is None:
            return False
        return side((self.low, self.high), 0) in ("above", "below")


def mean_change(now: Sums, before: Sums) -> Change:
    """From the mean of the calls `before` to the mean of those `now`.

    Welch's interval (1947, "The generalization of Student's problem when several different population variances are
    involved"): it takes neither as many calls nor as much scatter in both.
    """
    if now.mean is None or before.mean is None or min(now.n, before.n) < MIN_CALLS:
        return Change(None, None, None)
    value = now.mean - before.mean
    errors = [sums.variance / sums.n for sums in (now, before)]
    if not sum(errors):
        return Change(value, value, value)
    freedom = sum(errors) ** 2 / sum(e**2 / (s.n - 1) for e, s in zip(errors, (now, before), strict=True))
    margin = _student_t(freedom) * sqrt(sum(errors))
    return Change(value, value - margin, value + margin)


def share_change(count: int, of: int, count_before: int, of_before: int) -> Change:
    """From `count_before` of `of_before` calls to `count` of `of`.

    Newcombe's hybrid score interval (1998, "Interval estimation for the difference between independent proportions",
    method 10), which also holds for shares near 0.
    """
    if min(of, of_before) < MIN_CALLS:
        return Change(None, None, None)
    now, before = count / of, count_before / of_before
    low, high = _wilson(now, of)
    low_before, high_before = _wilson(before, of_before)
    down = sqrt((now - low) ** 2 + (high_before - before) ** 2)
    up = sqrt((high - now) ** 2 + (before - low_before) ** 2)
    return Change(*(100 * points for points in (now - before, now - before - down, now - before + up)))


def _wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    middle = share + _Z**2 / (2 * n)
    margin = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return (middle - margin) / (1 + _Z**2 / n), (middle + margin) / (1 + _Z**2 / n)


def _known(values: Iterable[float | None]) -> _Floats:
    return np.array([value for value in values if value is not None], dtype=np.float64)


def _bootstrapped(sample: _Floats) -> tuple[float, float]:
    """Percentiles of the bootstrap distribution, moved outwards for small n.

    The plain 2.5 % and 97.5 % are too narrow for few values: resampling divides by n, not n - 1, and knows no t.
    Hesterberg (2015, "What teachers should know about the bootstrap", section 4.3) takes the percentiles of
    sqrt(n / (n - 1)) * t instead, t being the quantile with n - 1 degrees of freedom.
    """
    n = sample.size
    means = _resamples(n) @ sample / n
    tail = NormalDist().cdf(-sqrt(n / (n - 1)) * _student_t(n - 1))
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


@cache
def _resamples(n: int) -> NDArray[np.uint8]:
    """How often each of `n` values is drawn in each resample: shape (_RESAMPLES, n).

    An agents' table asks for hundreds of intervals. Drawn once, each takes a product of matrices.
    """
    drawn = np.random.default_rng(_SEED).integers(n, size=(_RESAMPLES, n))
    places = drawn + n * np.arange(_RESAMPLES)[:, np.newaxis]
    return np.bincount(places.ravel(), minlength=_RESAMPLES * n).reshape(_RESAMPLES, n).astype(np.uint8)


def _student_t(freedom: float) -> float:
    """The 97.5 % quantile of Student's t, by Cornish and Fisher's expansion; within 0.02 from 4 degrees of freedom."""
    z = _Z
    terms: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))
