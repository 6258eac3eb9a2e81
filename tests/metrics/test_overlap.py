from analytics.metrics.conversation import converse
from analytics.metrics.facts import Event
from analytics.metrics.figures import Unknown
from analytics.metrics.overlap import events, figures

from .timeline import call


def measured(*lines: str, **facts):
    conversation = converse(call(*lines, **facts))
    found = events(conversation)
    return found, figures(conversation, found)["overlap_s"]


def test_overlap_belongs_to_who_came_in_second():
    found, seconds = measured("A 0.0-4.0 thank you for calling", "C 3.0-6.0 hi I have", "A 5.5-7.0 sorry go ahead")
    assert found == [Event("overlap", "customer", 3.0, 4.0), Event("overlap", "agent", 5.5, 6.0)]
    assert seconds == 1.5


def test_a_quick_change_of_turns_with_padded_activity_is_no_overlap():
    assert measured("A 0.0-4.0 thank you for calling", "C 4.1-6.0 hi I have", padding=0.3) == ([], 0.0)


def test_overlap_in_which_the_words_of_one_were_lost():
    found, seconds = measured(
        "A 0.0-4.0 thank you for calling", "C 4.0-6.0 I have", activity=["A 0.0-4.0", "C 3.0-6.0"]
    )
    assert found == [Event("overlap", "customer", 3.3, 4.0)]
    assert seconds == 0.7


def test_what_is_shorter_than_word_times_are_exact_is_no_overlap():
    assert measured("A 0.0-4.0 thank you", "C 3.95-6.0 hi") == ([], 0.0)


def test_unknown_without_overlap_in_the_audio_or_without_a_second_party():
    assert measured("A 0.0-4.0 hello", "C 3.0-6.0 hi", overlap_known=False) == (
        [],
        Unknown("overlaps cannot be told in this audio"),
    )
    assert measured("A 0.0-4.0 hello") == ([], Unknown("only one party is heard"))


def test_overlap_needs_no_roles():
    found, seconds = measured("A 0.0-4.0 thank you", "C 3.0-6.0 hi I have", roles=False)
    assert found == [Event("overlap", "Speaker 2", 3.0, 4.0)]
    assert seconds == 1.0
