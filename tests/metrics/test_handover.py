import pytest

from analytics.metrics import floor
from analytics.metrics.backchannel import find
from analytics.metrics.conversation import converse
from analytics.metrics.figures import Unknown
from analytics.metrics.handover import figures

from .timeline import call


def measured(*lines: str, **facts):
    conversation = converse(call(*lines, **facts))
    return figures(conversation, floor.holders(floor.claims(conversation, find(conversation))))


def test_latency_of_the_agent_only():
    found = measured(
        "A 0.0-1.0 how can I help",
        "C 5.0-6.0 my bill is wrong",
        "A 6.5-8.0 let me look",
        "C 8.5-9.0 thank you",
        "A 10.5-12.0 it is paid twice",
        "C 12.5-13.0 I know that",
        "A 14.0-15.0 I will refund it",
    )
    assert found["response_latency_median_s"] == 1.0
    assert found["response_latency_p90_s"] == pytest.approx(1.4)  # of 0.5, 1.0 and 1.5
    assert found["overlapping_starts"] == 0
    assert found["switches_per_min"] == 6.0


def test_ten_seconds_are_no_response_and_overlaps_are_counted_apart():
    found = measured(
        "C 0.0-1.0 my bill is wrong",
        "A 11.0-12.0 sorry about the wait",
        "C 13.0-15.0 I have been waiting for long",
        "A 14.5-17.0 I am so sorry about that",
    )
    assert found["response_latency_median_s"] == Unknown("the agent never responds to the customer after a gap")
    assert found["overlapping_starts"] == 1
    assert found["switches_per_min"] == 3.0


def test_what_is_said_inside_the_others_talk_does_not_get_the_floor():
    found = measured("A 0.0-10.0 so what we do now", "C 4.0-6.0 but I did that", "A 11.0-12.0 is to wait")
    assert found["switches_per_min"] == 0.0
    assert found["overlapping_starts"] == 0


def test_backchannels_do_not_get_the_floor():
    found = measured("A 0.0-3.0 first open the box", "C 3.2-3.6 okay", "A 4.0-6.0 then press it")
    assert found["switches_per_min"] == 0.0


def test_two_who_speak_for_the_same_time_share_the_floor():
    found = measured("A 0.0-2.0 hello can you hear", "C 3.0-4.0 good bye now", "A 3.0-4.0 good bye now")
    assert found["switches_per_min"] == 0.0  # the agent, listed first, keeps it


def test_unknown():
    assert set(measured("A 0.0-3.0 hello there").values()) == {Unknown("only one party is heard")}
    nameless = measured("A 0.0-3.0 hello there", "C 4.0-5.0 hi", roles=False)
    assert nameless["response_latency_median_s"] == Unknown("roles not known")
    assert nameless["switches_per_min"] == 1.0
    deaf = measured("C 0.0-3.0 hello there", "A 4.0-5.0 hi", overlap_known=False)
    assert deaf["response_latency_median_s"] == 1.0
    assert deaf["overlapping_starts"] == Unknown("overlaps cannot be told in this audio")
    timeless = measured("C 0.0-3.0 hello there", "A 4.0-5.0 hi", duration=0)
    assert timeless["switches_per_min"] == Unknown("the call has no length")
