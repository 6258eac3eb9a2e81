"""Where a speaker is heard alone, and how alike voices are."""

import numpy as np
import pytest

from tests.fakes import FakeVoices
from transcription.speech.roles import Priors, decide_roles
from transcription.speech.types import Audio, SpeakerTurn
from transcription.speech.voices import ENOUGH_S, alone, centre, likenesses, unit, voices_of

from .test_roles import TWO, make_turns

ANNA = "sounds like Anna Meyer in 4 confirmed calls"

ACTIVITY = [
    SpeakerTurn("A", 0.0, 6.0),
    SpeakerTurn("B", 2.0, 3.0),
    SpeakerTurn("A", 10.0, 10.5),
    SpeakerTurn("B", 12.0, 15.5),
]


def test_stretches_of_one_speaker_leave_out_the_other_and_coughs() -> None:
    assert alone(ACTIVITY, "A") == [SpeakerTurn("A", 0.0, 2.0), SpeakerTurn("A", 3.0, 6.0)]


def test_little_speech_tells_no_voice() -> None:
    assert alone(ACTIVITY, "B") == []


def test_the_longest_stretches_are_enough() -> None:
    turns = [SpeakerTurn("A", 100.0 * n, 100.0 * n + 10 + n) for n in range(9)]
    kept = alone(turns, "A")
    assert [turn.start for turn in kept] == [600.0, 700.0, 800.0]
    assert sum(turn.end - turn.start for turn in kept) >= ENOUGH_S


def test_on_stereo_calls_each_voice_comes_from_its_channel() -> None:
    heard: list[tuple[float, set[str]]] = []

    class Listener(FakeVoices):
        def embed(self, audio: Audio, activity: object) -> dict[str, tuple[float, ...]]:
            heard.append((float(audio.samples[0, 0]), {turn.speaker for turn in activity}))  # type: ignore[attr-defined]
            return super().embed(audio, activity)  # type: ignore[arg-type]

    audio = Audio(np.repeat(np.array([[0.25], [0.75]], dtype=np.float32), 16_000, axis=1))
    activity = [SpeakerTurn("Speaker 1", 0.0, 5.0), SpeakerTurn("Speaker 2", 6.0, 11.0)]
    voices_of(Listener(), audio, "stereo", activity, ["Speaker 1", "Speaker 2"])
    assert heard == [(0.25, {"Speaker 1"}), (0.75, {"Speaker 2"})]
    heard.clear()
    voices_of(Listener(), audio, "mono", activity, ["Speaker 2"])
    assert heard == [(0.5, {"Speaker 2"})]


def test_centre_and_likeness() -> None:
    middle = centre([(1.0, 0.0), (0.0, 1.0)])
    assert middle == pytest.approx((0.7071, 0.7071), abs=1e-4)
    assert likenesses({"A": (1.0, 0.0), "B": unit([-1.0, -1.0])}, middle) == pytest.approx(
        {"A": 0.7071, "B": -1.0}, abs=1e-4
    )


@pytest.mark.parametrize(
    ("likeness", "role", "confidence", "evidence"),
    [
        (
            {"Speaker 1": 0.4, "Speaker 2": 0.8},
            "customer",
            0.98,
            f"the other party {ANNA}",
        ),
        ({"Speaker 1": 0.8, "Speaker 2": 0.4}, "agent", 0.98, ANNA),
        (
            {"Speaker 1": 0.6, "Speaker 2": 0.7},
            "customer",
            0.54,
            f"the other party {ANNA}",
        ),
        ({"Speaker 1": 0.6, "Speaker 2": 0.66}, "agent", 0.57, "spoke first"),
        ({"Speaker 2": 0.9}, "agent", 0.57, "spoke first"),
    ],
    ids=["the other", "the first", "alike", "too alike", "one voice unknown"],
)
def test_the_voice_of_the_agent_is_evidence(
    likeness: dict[str, float], role: str, confidence: float, evidence: str
) -> None:
    turns = make_turns("A: blue skies\nC: green fields", TWO)
    priors = Priors(likeness=likeness, voice_calls=4)
    first, _ = decide_roles(turns, layout="mono", agent_name="Anna Meyer", priors=priors)
    assert (first.role, first.role_confidence, first.evidence[0]) == (role, confidence, evidence)
