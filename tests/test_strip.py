"""The picture of a call."""

from types import SimpleNamespace
from typing import Any

from analytics import strip


def recording(**overrides: Any) -> SimpleNamespace:
    """Ten seconds: the customer speaks first on the right channel, the agent answers on the left."""
    values = {
        "duration": 10.0,
        "speakers": [
            {"label": "Speaker 1", "role": "customer", "role_confidence": 0.9, "evidence": []},
            {"label": "Speaker 2", "role": "agent", "role_confidence": 0.9, "evidence": []},
        ],
        "activity": [["Speaker 1", 0.0, 4.0], ["Speaker 2", 3.0, 9.0]],
        "peaks": [[0.0, 0.1, 0.9, 0.8, 0.7], [0.6, 0.5, 0.0, 0.0, 0.0]],
    } | overrides
    return SimpleNamespace(**values)


def test_agent_is_the_first_lane_and_gets_the_channel_that_fits() -> None:
    agent, customer = strip.lanes(recording())
    assert (agent["role"], customer["role"]) == ("agent", "customer")
    assert agent["levels"] == [0.0, 0.1, 0.9, 0.8, 0.7]
    assert customer["levels"] == [0.6, 0.5, 0.0, 0.0, 0.0]
    assert customer["talk"] == [(0.0, 4.0)]


def test_channels_the_other_way_round_are_found_too() -> None:
    crossed = recording(peaks=[[0.6, 0.5, 0.0, 0.0, 0.0], [0.0, 0.1, 0.9, 0.8, 0.7]])
    assert strip.lanes(crossed)[0]["levels"] == [0.0, 0.1, 0.9, 0.8, 0.7]


def test_mono_shows_one_waveform_in_both_lanes() -> None:
    agent, customer = strip.lanes(recording(peaks=[[0.5] * 5]))
    assert agent["levels"] == customer["levels"] == [0.5] * 5


def test_nobody_speaks() -> None:
    assert strip.lanes(recording(speakers=[], activity=[])) == []
    assert strip.scene(recording(speakers=[], activity=[]), [], {}, {})["overlaps"] == []


def test_overlaps_of_several_stretches() -> None:
    assert strip.overlaps([(0, 4), (6, 9)], [(3, 7), (8, 8.5)]) == [(3, 4), (6, 7), (8, 8.5)]
    assert strip.overlaps([(0, 1)], [(1, 2)]) == []


def test_columns_are_zero_where_the_party_is_silent() -> None:
    agent, customer = strip.lanes(recording())
    assert strip.columns(agent, 10.0, 5) == [0.0, 0.1, 0.9, 0.8, 0.7]
    assert strip.columns(customer, 10.0, 5) == [0.6, 0.5, 0.0, 0.0, 0.0]
    assert strip.columns(customer, 0.0, 3) == [0.0, 0.0, 0.0]


def test_scene_orders_marks_by_time_and_leaves_neutral_turns_out() -> None:
    silence = SimpleNamespace(by="agent", start_s=4.0, end_s=6.123, detail="after customer")
    angry = SimpleNamespace(role="customer", start=0.0, end=4.0, sentiment_label="negative")
    plain = SimpleNamespace(role="agent", start=3.0, end=9.0, sentiment_label="neutral")
    scene = strip.scene(recording(), [angry, plain], {"silence": [silence], "backchannel": [silence]}, {})
    assert [(mark["type"], mark["start"], mark["end"]) for mark in scene["marks"]] == [
        ("sentiment", 0.0, 4.0),
        ("silence", 4.0, 6.12),
    ]
    assert scene["overlaps"] == [(3.0, 4.0)]
