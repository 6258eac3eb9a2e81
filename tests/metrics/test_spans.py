from analytics.metrics.spans import gaps, intersect, length, merge, subtract, total


def test_merge_joins_what_overlaps_or_touches():
    assert merge([(3, 4), (0, 1), (0.5, 2), (2, 2.5)]) == [(0, 2.5), (3, 4)]


def test_merge_bridges_gaps_up_to_the_limit_in_spite_of_float_noise():
    assert merge([(0.0, 2.3), (2.8, 3.0)], bridge=0.5) == [(0.0, 3.0)]
    assert merge([(0.0, 2.3), (2.81, 3.0)], bridge=0.5) == [(0.0, 2.3), (2.81, 3.0)]


def test_a_span_that_ends_before_it_starts_is_empty():
    assert merge([(2.0, 1.0)]) == [(2.0, 2.0)]


def test_length_and_total_have_no_float_noise():
    assert length((2.3, 3.3)) == 1.0
    assert total([(0.1, 0.3), (0.5, 0.6)]) == 0.3


def test_gaps_leave_out_the_outside():
    assert gaps([(1, 2), (3, 4), (6, 7)]) == [(2, 3), (4, 6)]
    assert gaps([]) == []


def test_intersect():
    assert intersect([(0, 2), (3, 6)], [(1, 4), (5, 9)]) == [(1, 2), (3, 4), (5, 6)]
    assert intersect([(0, 1)], [(1, 2)]) == []
    assert intersect([], [(1, 2)]) == []


def test_subtract():
    assert subtract([(0, 10)], [(2, 3), (5, 6)]) == [(0, 2), (3, 5), (6, 10)]
    assert subtract([(0, 1), (4, 6)], [(0.5, 5)]) == [(0, 0.5), (5, 6)]
    assert subtract([(1, 2)], [(0, 3)]) == []
    assert subtract([(1, 2), (3, 4)], []) == [(1, 2), (3, 4)]
