from analytics.metrics.conversation import converse
from analytics.metrics.facts import Event
from analytics.metrics.figures import Unknown
from analytics.metrics.silence import events, figures

from .timeline import call


def measured(*lines: str, dead_air_s: float = 3.0, **facts):
    conversation = converse(call(*lines, **facts))
    found = events(conversation)
    return found, figures(conversation, found, dead_air_s)


def test_gaps_of_a_second_know_who_spoke_before_and_who_broke_them():
    found, numbers = measured(
        "A 5.0-7.0 let me look", "C 8.0-9.0 sure", "A 9.9-11.0 there it is", "A 15.0-16.0 right", duration=20
    )
    assert found == [
        Event("silence", "customer", 7.0, 8.0, "after agent"),
        Event("silence", "agent", 11.0, 15.0, "after agent"),
    ]
    assert numbers["silence_count"] == 2
    assert numbers["silence_s"] == 5.0
    assert numbers["silence_share"] == 0.25
    assert numbers["longest_silence_s"] == 4.0
    assert (numbers["dead_air_count"], numbers["dead_air_s"]) == (1, 4.0)


def test_a_hold_is_a_silence_but_no_dead_air():
    _, numbers = measured("A 0.0-1.0 hold on", "A 21.0-22.0 back", "C 25.0-26.0 hi", duration=100)
    assert (numbers["silence_count"], numbers["silence_s"]) == (2, 23.0)
    assert (numbers["dead_air_count"], numbers["dead_air_s"]) == (1, 3.0)
    assert (numbers["hold_count"], numbers["hold_s"]) == (1, 20.0)


def test_dead_air_begins_where_the_site_says():
    _, numbers = measured("A 0.0-1.0 hello", "C 4.0-5.0 hi", dead_air_s=4.0)
    assert numbers["dead_air_count"] == 0


def test_padding_of_the_detector_does_not_eat_silence():
    found, _ = measured("A 0.0-2.0 let me look", "C 3.2-4.0 sure", padding=0.3)
    assert found == [Event("silence", "customer", 2.0, 3.2, "after agent")]


def test_sound_without_words_is_no_silence():
    found, _ = measured("A 0.0-2.0 let me look", "C 2.5-4.0", "A 4.5-5.0 yes")
    assert found == []


def test_speaking_over_the_end_of_a_gap():
    found, numbers = measured("A 0.0-10.0 a long story", "C 4.0-5.0 yes it is", "C 10.5-11.0 ok")
    assert found == []
    assert (numbers["silence_count"], numbers["longest_silence_s"]) == (0, 0.0)


def test_one_sided_calls_have_no_known_silence():
    found, numbers = measured("A 0.0-1.0 hello", "A 9.0-10.0 bye", outcome="one_sided")
    assert found == []
    assert set(numbers.values()) == {Unknown("only one party is heard")}
