import pytest

from analytics.metrics.conversation import converse
from analytics.metrics.figures import Unknown
from analytics.metrics.talk import figures, talk_seconds
from transcription.speech.types import Word

from .timeline import call


def word(start: float, end: float) -> Word:
    return Word("word", start, end, None, "attention")


def test_pauses_up_to_half_a_second_count_as_talk():
    assert talk_seconds([word(0.0, 1.0), word(1.5, 2.0)]) == 2.0
    assert talk_seconds([word(0.0, 1.0), word(1.6, 2.0)]) == 1.4


def test_overlapping_and_equal_words_count_once():
    assert talk_seconds([word(0.0, 1.0), word(0.5, 1.2), word(0.5, 1.2)]) == 1.2
    assert talk_seconds([word(1.0, 1.0), word(1.0, 1.0)]) == 0.0
    assert talk_seconds([]) == 0.0


def test_shares_of_two_parties():
    found = figures(converse(call("A 0.0-6.0 thank you for calling", "C 7.0-9.0 hi there", duration=10)))
    assert found["words_agent"] == 4
    assert found["words_customer"] == 2
    assert found["talk_s_agent"] == 6.0
    assert found["talk_s_customer"] == 2.0
    assert found["agent_talk_share"] == 0.75
    assert found["agent_talk_pct_of_call"] == pytest.approx(60.0)


def test_one_party_has_no_share():
    found = figures(converse(call("A 0.0-6.0 please leave a message", duration=10, outcome="one_sided")))
    assert found["talk_s_agent"] == 6.0
    assert found["agent_talk_pct_of_call"] == pytest.approx(60.0)
    assert found["talk_s_customer"] == Unknown("only the agent is heard")
    assert found["agent_talk_share"] == Unknown("only one party is heard")


def test_a_party_that_is_heard_but_not_understood():
    found = figures(converse(call("A 0.0-6.0 hello", "C 7.0-9.0")))
    assert found["talk_s_customer"] == Unknown("no words of the customer recognised")
    assert found["agent_talk_share"] == Unknown("no words of the customer recognised")


def test_unknown_roles():
    found = figures(converse(call("A 0.0-6.0 hello", "C 7.0-9.0 hi", roles=False)))
    assert set(found.values()) == {Unknown("roles not known")}


def test_words_without_length_have_no_share():
    found = figures(converse(call("A 1.0-1.0 hello", "C 2.0-2.0 hi", duration=0)))
    assert found["talk_s_agent"] == 0.0
    assert found["agent_talk_share"] == Unknown("words have no length")
    assert found["agent_talk_pct_of_call"] == Unknown("the call has no length")
