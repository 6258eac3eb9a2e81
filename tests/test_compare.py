from random import Random
from statistics import fmean, variance

import pytest

from analytics.compare import MANY_CALLS, Change, Interval, Sums, interval, mean_change, share_change, side


def test_the_interval_of_a_mean() -> None:
    found = interval([10, 12, 14, 16, 18, 20, 22, 24, 26, 28])
    assert (found.value, found.n) == (19.0, 10)
    # Student's t for these ten numbers: 19 ± 2.262 * 6.055 / sqrt(10) = 14.67 … 23.33
    assert found.low == pytest.approx(14.67, abs=0.3)
    assert found.high == pytest.approx(23.33, abs=0.3)
    assert found == interval([10, 12, 14, 16, 18, 20, 22, 24, 26, 28])


def test_the_interval_of_five_values_is_as_wide_as_student_says() -> None:
    found = interval([1.0, 2.0, 3.0, 4.0, 5.0])
    # 3 ± 2.776 * 1.581 / sqrt(5) = 1.04 … 4.96; the plain percentiles of a bootstrap are 1.8 … 4.2
    assert found.low == pytest.approx(1.04, abs=0.25)
    assert found.high == pytest.approx(4.96, abs=0.25)


def test_an_outlier_stretches_the_interval_to_its_side() -> None:
    found = interval([1.0] * 9 + [11.0])
    assert found.value == 2.0
    assert found.low is not None
    assert found.high is not None
    assert found.high - 2.0 > 1.5 * (2.0 - found.low)


def test_equal_values_have_no_width() -> None:
    assert interval([2.0] * 8) == Interval(2.0, 2.0, 2.0, 8)
    assert interval([2.0] * 800) == Interval(2.0, 2.0, 2.0, 800)


def test_few_values_have_no_interval_and_none_no_value() -> None:
    assert interval([1.0, 2.0, None, 3.0, 6.0]) == Interval(3.0, None, None, 4)
    assert interval([1.0, 2.0, None, 3.0, 6.0, 3.0]).low is not None
    assert interval([None]) == Interval(None, None, None, 0)


def test_the_interval_of_many_values_is_normal() -> None:
    found = interval([float(i % 10) for i in range(3000)])
    assert (found.value, found.n) == (4.5, 3000)
    # 4.5 ± 1.95996 * 2.872760 / sqrt(3000), the deviation with n - 1
    assert found.low == pytest.approx(4.397202, abs=1e-6)
    assert found.high == pytest.approx(4.602798, abs=1e-6)


def test_one_more_call_does_not_make_the_interval_jump() -> None:
    values = [float(i % 10) for i in range(MANY_CALLS - 1)]
    resampled, normal = interval(values), interval([*values, 9.0])
    assert resampled.low == pytest.approx(normal.low, abs=0.08)
    assert resampled.high == pytest.approx(normal.high, abs=0.08)


def test_a_change_of_means_has_welchs_interval() -> None:
    change = mean_change(Sums.of([10, 12, 14, 16, 18, 20, 22, 24, 26, 28]), Sums.of([8, 9, 10, None, 11, 12]))
    # variances 36.667 / 10 and 2.5 / 5, together 4.1667; 4.1667² / (3.6667² / 9 + 0.5² / 4) = 11.16 degrees of freedom;
    # 9 ± 2.1973 * 2.0412, as scipy.stats.ttest_ind(equal_var=False) has it
    assert (change.value, change.low, change.high) == pytest.approx((9.0, 4.515, 13.485), abs=0.01)
    assert change.clear


def test_a_change_that_may_be_none_is_not_clear() -> None:
    assert not mean_change(Sums.of([1, 2, 3, 4, 9]), Sums.of([1, 2, 3, 4, 5])).clear
    assert mean_change(Sums.of([1, 2, 3, 4]), Sums.of([11, 12, 13, 14, 15])) == Change(None, None, None)
    same = mean_change(Sums.of([3.0] * 5), Sums.of([2.0] * 5))
    assert (same, same.clear) == (Change(1.0, 1.0, 1.0), False)


def test_on_which_side_of_a_value_an_interval_is() -> None:
    assert side((2.0, 3.0), 1.9) == "above"
    assert side((2.0, 3.0), 3.1) == "below"
    assert side((2.0, 3.0), 3.0) == "same"
    for bounds, value in ((None, 1.0), ((2.0, 3.0), None), ((2.0, 2.0), 1.0)):
        assert side(bounds, value) is None


def test_a_change_of_shares_has_newcombes_interval() -> None:
    """56 of 70 against 48 of 80, his example (a), method 10: 0.0524 to 0.3339."""
    change = share_change(56, 70, 48, 80)
    assert (change.value, change.low, change.high) == pytest.approx((20.0, 5.24, 33.39), abs=0.01)
    assert change.clear


def test_a_change_between_few_calls_is_not_told() -> None:
    assert share_change(4, 4, 1, 100) == Change(None, None, None)
    assert share_change(0, 0, 0, 0).clear is False


def test_a_small_change_is_not_clear() -> None:
    change = share_change(0, 20, 1, 20)
    assert change.value == pytest.approx(-5)
    assert not change.clear


@pytest.mark.parametrize("seed", range(40))
def test_sums_in_parts_have_the_mean_and_variance_of_the_values(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    middle, width = random.uniform(-1e4, 1e4), 10 ** random.uniform(-2, 4)
    sample = [round(random.gauss(middle, width), 4) for _ in range(random.randrange(2, 300))]
    cut = random.randrange(len(sample))
    sums = Sums.of(sample[:cut]) + Sums.of([None, *sample[cut:]])
    assert (sums.n, sums.mean) == (len(sample), pytest.approx(fmean(sample), abs=1e-6))
    assert sums.variance == pytest.approx(variance(sample), rel=1e-4, abs=1e-3)


@pytest.mark.parametrize("value", [0.1, 1 / 3, -7.7, 150.123, 1e4 / 7])
@pytest.mark.parametrize("times", [1, 5, 99, 3000])
def test_equal_values_have_no_variance(value: float, times: int) -> None:
    assert Sums.of([value] * times).variance == 0
    assert sum((Sums.of([value]) for _ in range(times)), Sums()).variance == 0
