import pytest

from analytics.metrics.conversation import converse
from analytics.metrics.coverage import figures
from analytics.metrics.figures import Unknown

from .timeline import call


def coverage(*lines: str, **facts):
    return figures(converse(call(*lines, **facts)))["coverage"]


def test_all_speech_has_words_in_spite_of_padding_and_short_pauses():
    assert coverage("A 0.0-4.0 thank you (0.4) for calling", "C 5.0-6.0 hi", padding=0.3) == 1.0


def test_speech_without_words():
    assert coverage("A 0.0-3.0 thank you", "C 4.0-5.0") == 0.75


def test_words_with_guessed_times_do_not_count():
    assert coverage("A 0.0-4.0 thank you ~for calling") == pytest.approx(0.75)


def test_a_guessed_word_is_not_bridged_by_its_neighbours():
    assert coverage("A 0.0-2.0 thank you ~for calling us") == pytest.approx(0.8)


def test_time_that_another_party_covers_is_covered():
    assert coverage("A 0.0-4.0 thank you for calling", "C 1.0-2.0") == 1.0


def test_unknown():
    assert coverage() == Unknown("no speech detected")
    assert coverage(outcome="no_speech") == Unknown("no speech")
