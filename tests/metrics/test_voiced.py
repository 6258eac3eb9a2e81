from analytics.metrics.voiced import voiced


def test_padding_around_words_is_taken_off():
    assert voiced([(1.0, 2.0)], [(0.7, 2.3)]) == [(1.0, 2.0)]


def test_speech_without_words_beside_words_stays_less_the_padding():
    assert voiced([(1.0, 2.0)], [(0.75, 4.0)]) == [(1.0, 3.7)]
    assert voiced([(3.0, 4.0)], [(1.0, 4.0)]) == [(1.3, 4.0)]


def test_a_pause_that_padding_has_filled_is_a_pause():
    assert voiced([(1.0, 2.0), (2.9, 4.0)], [(0.7, 4.3)]) == [(1.0, 2.0), (2.9, 4.0)]


def test_a_second_or_more_of_sound_between_words_is_speech():
    assert voiced([(1.0, 2.0), (3.0, 4.0)], [(0.7, 4.3)]) == [(1.0, 4.0)]


def test_a_stretch_without_words_stays():
    assert voiced([(1.0, 2.0)], [(1.0, 2.0), (5.0, 5.4)]) == [(1.0, 2.0), (5.0, 5.4)]


def test_words_without_activity_are_heard():
    assert voiced([(1.0, 2.0), (1.5, 2.5)], []) == [(1.0, 2.5)]


def test_nothing():
    assert voiced([], []) == []


def test_a_word_without_length_anchors_the_activity_around_it():
    assert voiced([(1.0, 1.0)], [(0.8, 1.2)]) == [(1.0, 1.0)]
