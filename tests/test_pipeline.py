"""The stages of a call put together, with engines that never look at the sound."""

from typing import Any

import numpy as np
import pytest

from tests.fakes import FakeAligner, FakeDiarizer, FakeRecognizer, FakeSentiment
from transcription.speech.pipeline import Engines, Request, run
from transcription.speech.ports import PromptFor
from transcription.speech.types import SAMPLE_RATE, Audio, Quarantined, Recognition, Segment, Transcript


def noise(channels: int, seconds: float = 4.0) -> Audio:
    shape = (channels, int(seconds * SAMPLE_RATE))
    return Audio(np.random.default_rng(0).normal(0, 0.1, shape).astype(np.float32))


class Parties(FakeRecognizer):
    """Hears one text after the other, a party each, and remembers what it was asked for."""

    def __init__(self, *texts: str, language: str = "en") -> None:
        super().__init__()
        self.texts = list(texts)
        self.language = language
        self.asked: list[tuple[str | None, str | None]] = []

    def recognize(self, audio: Audio, language: str | None, prompt: PromptFor | None) -> tuple[Recognition, ...]:
        texts = [self.texts.pop(0) for _ in range(audio.channels)]
        spoken = language or (self.language if any(texts) else "und")
        lead = (prompt(spoken) or None) if prompt else None
        self.asked.append((language, lead))
        span = (0.0, audio.duration)
        return tuple(
            Recognition(
                spoken, (Segment(*span, text),) if text else (), (span,) if text else (), prompted=lead is not None
            )
            for text in texts
        )


def transcribed(audio: Audio, recognizer: FakeRecognizer, **known: Any) -> Transcript:
    engines = Engines(recognizer, FakeAligner(), FakeDiarizer(), FakeSentiment())
    return run(audio, engines, Request(**known), lambda _stage, _share: None)


def test_stages_come_in_order_and_name_their_engines() -> None:
    stages: list[str] = []
    engines = Engines(FakeRecognizer(), FakeAligner(), FakeDiarizer(), FakeSentiment())
    transcript = run(noise(1), engines, Request(), lambda stage, _share: stages.append(stage))
    assert stages == ["recognizing", "aligning", "diarizing", "scoring"]
    assert transcript.engines == {
        "recognizer": "fake recognizer",
        "aligner": "fake aligner",
        "diarizer": "fake diarizer",
        "sentiment": "fake sentiment",
    }


def test_a_mixed_call_is_told_apart_by_the_diarizer() -> None:
    transcript = transcribed(noise(1), FakeRecognizer("thank you for calling um how can I help"))
    assert [(turn.speaker, turn.text) for turn in transcript.turns] == [
        ("Speaker 1", "thank you for calling um"),
        ("Speaker 2", "how can I help"),
    ]
    assert transcript.outcome == "two_sided"
    assert all(turn.sentiment for turn in transcript.turns)


def test_each_channel_is_a_party_and_both_speak_one_language() -> None:
    parties = Parties("hello I lost my card", "thank you for calling how can I help", language="de")
    transcript = transcribed(noise(2), parties, channel_map="agent_right")
    assert (transcript.layout, transcript.engines["diarizer"]) == ("stereo", "channels")
    assert [(turn.role, turn.text) for turn in transcript.turns] == [
        ("customer", "hello I lost my card"),
        ("agent", "thank you for calling how can I help"),
    ]
    assert [language for language, _ in parties.asked] == [None], "asked once for both"
    assert transcript.language == "de"
    assert [(span.speaker, span.end) for span in transcript.activity] == [("Speaker 1", 4.0), ("Speaker 2", 4.0)]


def test_bleed_is_removed_and_told() -> None:
    party = noise(1, 4.0).samples[0]
    softly = np.stack([0.1 * party + 1e-4, party]).astype(np.float32)
    softly[0, :SAMPLE_RATE] = noise(1).samples[0, -SAMPLE_RATE:]
    notes = transcribed(Audio(softly), Parties("I am here", "so am I")).notes
    assert notes == ("The left channel softly carries the party of the right one, too; that was removed",)


def test_what_is_held_back_and_how_sure_the_words_are_is_told_of_the_call() -> None:
    class Doubtful(FakeRecognizer):
        def recognize(self, *_: Any) -> tuple[Recognition, ...]:
            sure = Segment(0.0, 2.0, "thank you for calling", confidence=0.9)
            unsure = Segment(1.0, 3.0, "hello", confidence=0.4)
            held = (Quarantined(3.5, 4.0, "Bye", "Probably no speech"), Quarantined(0.5, 1.0, "you", "Loop"))
            note = ("Asking for fillers was given up",)
            heard = [
                Recognition("en", (segment,), ((0.0, 3.0),), prompted=False, quarantined=(text,), notes=note)
                for segment, text in zip((sure, unsure), held, strict=True)
            ]
            return tuple(heard)

    transcript = transcribed(noise(2), Doubtful())
    assert [text.text for text in transcript.quarantined] == ["you", "Bye"]
    assert transcript.confidence == pytest.approx((4 * 0.9 + 0.4) / 5)
    assert transcript.notes == ("Asking for fillers was given up",)
    assert transcribed(noise(2), Parties("I am here", "")).confidence is None


def test_the_source_may_say_that_two_channels_are_one_mixed_call() -> None:
    parties = Parties("thank you for calling um how can I help")
    transcript = transcribed(noise(2), parties, channel_map="mono")
    assert transcript.layout == "mono"
    assert "The source says both channels are one mixed call" in transcript.notes
    assert len(parties.asked) == 1


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        ("I am here", "so am I", "two_sided"),
        ("please leave a message after the tone", "hello", "one_sided"),
        ("I am here", "", "one_sided"),
        ("", "", "no_speech"),
    ],
)
def test_a_party_to_a_conversation_says_three_words(left: str, right: str, outcome: str) -> None:
    assert transcribed(noise(2), Parties(left, right)).outcome == outcome


def test_nobody_speaks_no_language() -> None:
    assert transcribed(noise(2), Parties("", "")).language == "und"
    assert transcribed(noise(2), Parties("", ""), language="fr").language == "fr"


def test_the_prompt_asks_for_fillers_and_the_company() -> None:
    asked = Parties("I am here")
    transcribed(noise(1), asked, company_words=("Northwind",), language="en")
    assert asked.asked == [("en", "Um, uh, like, you know, I mean, hmm, er, ah, well, so. Northwind.")]


@pytest.mark.parametrize(
    ("known", "mode"),
    [
        ({}, "prompted"),
        ({"prompt_fillers": False}, "unprompted"),
        ({"language": "fi"}, "unprompted"),  # a language without a prompt of its own
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_whether_fillers_were_asked_for_is_told(channels: int, known: dict[str, Any], mode: str) -> None:
    assert transcribed(noise(channels), Parties("I am here", ""), **known).filler_capture_mode == mode
