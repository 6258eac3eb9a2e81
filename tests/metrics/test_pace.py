import pytest

from analytics.metrics import floor
from analytics.metrics.backchannel import find
from analytics.metrics.conversation import converse
from analytics.metrics.figures import Unknown
from analytics.metrics.pace import longest_monologue, monologues, words_per_minute

from .timeline import call


def party(*lines: str):
    return converse(call(*lines)).party("agent")


def monologue(*lines: str, role="agent", **facts):
    conversation = converse(call(*lines, **facts))
    return longest_monologue(conversation.party(role), floor.chains(floor.claims(conversation, find(conversation))))


def test_words_per_minute_of_own_talk_without_fillers():
    agent = party("A 0.0-30.0 " + "word " * 70)
    assert words_per_minute(agent, 0) == pytest.approx(140)
    assert words_per_minute(agent, 10) == pytest.approx(120)


def test_too_little_to_tell_a_pace():
    assert words_per_minute(party("A 0.0-30.0 " + "word " * 29), 0) == Unknown("under 30 words")
    assert words_per_minute(party("A 0.0-30.0 " + "word " * 31), 2) == Unknown("under 30 words")
    assert words_per_minute(party("A 0.0-19.0 " + "word " * 40), 0) == Unknown("under 20 s of talk")
    assert words_per_minute(party("A 0.0-20.0 " + "word " * 30), 0) == pytest.approx(90)


def test_a_monologue_goes_on_over_pauses_and_backchannels():
    seconds = monologue(
        "A 1.0-4.0 first you open the box",
        "C 4.2-4.6 okay",
        "A 6.9-9.0 then you press it",
        "C 10.0-11.0 and what then",
        "A 11.5-13.0 then you wait",
    )
    assert seconds == 8.0


def test_three_seconds_end_a_monologue():
    lines = ("A 0.0-4.0 first you open the box", "C 20.0-21.0 yes that works")
    assert monologue(*lines, "A 7.0-9.0 then press it") == 4.0
    assert monologue(*lines, "A 6.9-9.0 then press it") == 9.0


def test_a_party_that_only_acknowledges_has_no_monologue():
    said = ("A 0.0-10.0 first you open the box", "C 4.0-4.5 okay")
    assert monologue(*said, role="customer") == Unknown("nothing said besides acknowledgements")


def test_monologues_of_a_one_sided_call_are_unknown():
    found = monologues(converse(call("A 0.0-9.0 please leave a message", outcome="one_sided")), [])
    assert found["longest_monologue_s_agent"] == Unknown("only one party is heard")
    assert found["longest_monologue_s_customer"] == Unknown("only the agent is heard")
