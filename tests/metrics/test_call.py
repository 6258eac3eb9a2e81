from dataclasses import fields

import pytest

from analytics.metrics import METRICS_VERSION, Measurement, Settings, measure
from transcription.speech.filler_list import list_name

from .timeline import TERMS, call

NUMBERS = [
    field.name
    for field in fields(Measurement)
    if field.name not in {"filler_capture_mode", "reasons", "events", "filler_uses", "filler_list", "metrics_version"}
]


def unknown(measurement: Measurement) -> set[str]:
    return {name for name in NUMBERS if getattr(measurement, name) is None}


def test_a_call_from_start_to_end():
    found = measure(
        call(
            "A 0.0-3.0 Thank you for calling, how can I help? [0.2]",
            "C 4.5-8.5 Um, my last bill is, you know, wrong. [-0.6]",
            "A 8.0-12.0 I am sorry, I will look at it for you. [0.0]",
            "C 10.0-10.4 Okay. [0.0]",
            "C 17.0-18.0 Thanks. [0.9]",
            duration=20,
        ),
        TERMS,
    )
    assert found.words_agent == 18
    assert found.words_customer == 10
    assert (found.talk_s_agent, found.talk_s_customer) == (7.0, 5.4)
    assert found.agent_talk_share == pytest.approx(7 / 12.4)
    assert (found.silence_count, found.silence_s, found.longest_silence_s) == (2, 6.5, 5.0)
    assert (found.dead_air_count, found.hold_count) == (1, 0)
    assert found.overlap_s == 0.9
    assert (found.interruptions_by_agent, found.interruptions_by_customer) == (1, 0)
    assert (found.backchannels_agent, found.backchannels_customer) == (0, 1)
    assert found.longest_monologue_s_agent == 4.0
    assert found.overlapping_starts == 1
    assert found.switches_per_min == pytest.approx(9.0)
    assert (found.questions_agent, found.questions_customer) == (1, 0)
    assert (found.fillers_agent, found.fillers_customer) == (0, 2)
    assert found.sentiment_customer == pytest.approx(5 * (8 * -0.6 + 0.9) / 10)
    assert (found.worst_turn_at_s, found.worst_turn_score) == (4.5, -0.6)
    assert found.coverage == 1.0
    assert found.filler_capture_mode == "prompted"
    assert found.metrics_version == METRICS_VERSION == 1
    assert found.filler_list == list_name("en", TERMS)
    assert [(event.type, event.by, event.start_s) for event in found.events] == [
        ("silence", "customer", 3.0),
        ("filler", "customer", 4.5),
        ("filler", "customer", 7.0),
        ("overlap", "agent", 8.0),
        ("interruption", "agent", 8.0),
        ("overlap", "customer", 10.0),
        ("backchannel", "customer", 10.0),
        ("silence", "customer", 12.0),
    ]
    assert [use.term for use in found.filler_uses] == ["um", "you know"]


def test_every_unknown_number_has_a_reason_and_no_known_one_has():
    found = measure(call("A 0.0-3.0 Thank you for calling.", "C 4.0-5.0 Hi."), TERMS)
    assert unknown(found) == set(found.reasons)
    assert found.reasons["wpm_agent"] == "under 30 words"
    assert found.reasons["sentiment_agent"] == "agent sentiment is switched off"


def test_no_speech():
    found = measure(call(outcome="no_speech", activity=["C 1.0-2.0"]), TERMS, Settings(agent_sentiment=True))
    assert unknown(found) == set(NUMBERS)
    assert set(found.reasons.values()) == {"no speech"}
    assert (found.events, found.filler_uses) == ((), ())


def test_a_one_sided_call_has_numbers_of_its_party():
    found = measure(call("C 0.0-3.0 Um, call me back please. [0.0]", outcome="one_sided"), TERMS)
    assert (found.words_customer, found.fillers_customer, found.sentiment_customer) == (5, 1, 0.0)
    assert found.agent_talk_share is None
    assert found.words_agent is None
    assert found.reasons["words_agent"] == "only the customer is heard"
    assert found.reasons["silence_s"] == "only one party is heard"
    assert found.reasons["switches_per_min"] == "only one party is heard"


def test_unknown_roles_leave_what_needs_none():
    found = measure(call("A 0.0-3.0 Hello there, um.", "C 5.0-6.0 Hi.", roles=False), TERMS)
    assert (found.silence_count, found.overlap_s, found.coverage) == (1, 0.0, 1.0)
    assert found.reasons["agent_talk_share"] == "roles not known"
    assert found.reasons["fillers_agent"] == "roles not known"
    assert [use.term for use in found.filler_uses] == ["um"]


@pytest.mark.parametrize("duration", [0.0, 10.0])
def test_an_empty_call(duration):
    found = measure(call(duration=duration), TERMS)
    assert unknown(found) == set(NUMBERS)
    assert found.reasons["words_agent"] == "no words recognised"


def test_two_agents_are_one_party():
    first = call("A 0.0-3.0 I pass you on.", "C 4.0-6.0 Thank you.")
    assert measure(first, TERMS).words_agent == 4
    swapped = call("A 0.0-3.0 I pass you on.", "C 4.0-6.0 Thank you.", roles=False)
    assert measure(swapped, TERMS).words_agent is None


def test_dead_air_must_be_two_to_ten_seconds():
    assert Settings(dead_air_s=10).dead_air_s == 10
    with pytest.raises(ValueError, match="2 to 10 seconds"):
        Settings(dead_air_s=1.9)
