import pytest

from analytics.compare import Interval, interval, verdict, wilson


def test_the_interval_of_a_mean():
    found = interval([10, 12, 14, 16, 18, 20, 22, 24, 26, 28])
    assert (found.value, found.n) == (19.0, 10)
    # Student's t for these ten numbers: 19 ± 2.262 * 6.055 / sqrt(10) = 14.67 … 23.33
    assert found.low == pytest.approx(14.67, abs=0.6)
    assert found.high == pytest.approx(23.33, abs=0.6)
    assert found == interval([10, 12, 14, 16, 18, 20, 22, 24, 26, 28])


def test_the_interval_of_a_median_ignores_an_outlier():
    found = interval([1, 2, 2, 3, 3, 3, 4, 4, 5, 900], "median")
    assert found.value == 3.0
    assert found.high is not None
    assert found.high <= 5


def test_equal_values_have_no_width():
    assert interval([2.0] * 8) == Interval(2.0, 2.0, 2.0, 8)


def test_few_values_have_no_interval_and_none_no_value():
    assert interval([1.0, None, 3.0]) == Interval(2.0, None, None, 2)
    assert interval([None]) == Interval(None, None, None, 0)


def test_many_values_are_resampled_in_parts():
    found = interval([float(i % 10) for i in range(3000)])
    assert found.value == pytest.approx(4.5)
    # 4.5 ± 1.96 * 2.872 / sqrt(3000)
    assert found.low == pytest.approx(4.397, abs=0.02)
    assert found.high == pytest.approx(4.603, abs=0.02)


def test_wilson():
    # Newcombe (1998), table I: 81 of 263 and 15 of 148
    assert wilson(81, 263).low == pytest.approx(0.2553, abs=1e-4)
    assert wilson(81, 263).high == pytest.approx(0.3662, abs=1e-4)
    assert wilson(15, 148).low == pytest.approx(0.0624, abs=1e-4)
    assert wilson(15, 148).high == pytest.approx(0.1605, abs=1e-4)


def test_wilson_at_the_edges():
    assert wilson(0, 20).low == 0.0
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=1e-4)
    assert wilson(20, 20).high == 1.0
    assert wilson(1, 2) == Interval(0.5, None, None, 2)
    assert wilson(0, 0) == Interval(None, None, None, 0)
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


def test_verdicts():
    team = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
    assert verdict([30, 31, 33, 29, 28, 32], team) == "higher"
    assert verdict([1, 2, 3, 2, 1, 2], team) == "lower"
    assert verdict([14, 15, 16, 11, 19, 18], team) == "no real difference"
    assert verdict([30, 31, 33, 29], team) == "too few calls"
    assert verdict([30, 31, 33, 29, None], team) == "too few calls"
    assert verdict([30, 31, 33, 29, 28], team[:4]) == "too few calls"
