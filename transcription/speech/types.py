"""The values that flow through the speech pipeline. All frozen; times are seconds from the start of the audio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000

PARTIES = 2
"""A call has an agent and a customer; more voices on a line are rare, and guessing their number loses more."""

Role = Literal["agent", "customer"]
Layout = Literal["mono", "stereo", "dual_mono"]
"""`stereo`: one party per channel. `dual_mono`: two channels with the same sound, treated as mono."""

Outcome = Literal["two_sided", "one_sided", "no_speech"]
"""All three are valid final states of a call; only `two_sided` calls enter agent averages."""

TimeSource = Literal["attention", "alignment_head", "wav2vec2", "interpolated"]
CaptureMode = Literal["prompted", "unprompted"]
SentimentLabel = Literal["negative", "neutral", "positive"]
Voice = tuple[float, ...]
"""A speaker's voice: a vector of length 1, near in angle when the voice is the same."""

ChannelMap = Literal["auto", "agent_left", "agent_right", "mono"]


@dataclass(frozen=True, slots=True)
class Audio:
    """Decoded sound: float32 in [-1, 1], shape (channels, samples), always at SAMPLE_RATE."""

    samples: NDArray[np.float32]

    @property
    def channels(self) -> int:
        return int(self.samples.shape[0])

    @property
    def duration(self) -> float:
        return float(self.samples.shape[1] / SAMPLE_RATE)

    def mono(self) -> Audio:
        """The mean of all channels, shape (1, samples)."""
        return self if self.channels == 1 else Audio(self.samples.mean(axis=0, keepdims=True))

    def channel(self, index: int) -> Audio:
        """One channel alone, shape (1, samples)."""
        return Audio(self.samples[index : index + 1])


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: float
    end: float
    probability: float | None
    time_source: TimeSource


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of recognised speech. `channel` is set when the parties were recognised apart."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()
    channel: int | None = None
    confidence: float | None = None
    """The recogniser's own, (0, 1]: the geometric mean of its tokens' probabilities."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Text that a recogniser wrote but that nobody seems to have said, kept to be judged by a person; never counted."""

    start: float
    end: float
    text: str
    reason: str
    """In plain words, e.g. "Probably no speech"."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a Recognizer heard, before anybody knows who said it. An Aligner returns it with word times."""

    language: str
    segments: tuple[Segment, ...]
    speech: tuple[tuple[float, float], ...]
    """Detected speech, (start, end), merged and in order; without what was quarantined as no speech."""
    prompted: bool
    quarantined: tuple[Quarantined, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know about this text, in plain words."""


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """One speaker is active from start to end; turns of different speakers may overlap."""

    speaker: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SpeakerTurns:
    """Who is active when. `exclusive` has no overlaps (the clearer party keeps the floor): join words to it."""

    turns: tuple[SpeakerTurn, ...]
    exclusive: tuple[SpeakerTurn, ...]


@dataclass(frozen=True, slots=True)
class SpeakerRange:
    """How many people a mixed call holds, both ends included. Raises ValueError unless 1 <= fewest <= most."""

    fewest: int
    most: int

    def __post_init__(self) -> None:
        if not 1 <= self.fewest <= self.most:
            raise ValueError(f"{self.fewest} to {self.most} speakers")


TWO_PARTIES = SpeakerRange(PARTIES, PARTIES)


@dataclass(frozen=True, slots=True)
class Sentiment:
    """`score` is p(positive) - p(negative), in [-1, 1]."""

    label: SentimentLabel
    score: float


@dataclass(frozen=True, slots=True)
class Turn:
    """Consecutive words of one speaker."""

    speaker: str
    start: float
    end: float
    words: tuple[Word, ...]
    role: Role | None = None
    sentiment: Sentiment | None = None

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Speaker:
    """`evidence`: short readable reasons for the role, the strongest first, e.g. "said 'thank you for calling'"."""

    label: str
    role: Role | None = None
    role_confidence: float | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """The finished account of one call: who said what and when."""

    duration: float
    language: str
    layout: Layout
    outcome: Outcome
    filler_capture_mode: CaptureMode
    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]
    activity: tuple[SpeakerTurn, ...]
    """When each speaker is audibly active, overlaps kept, words or not; labels as in `speakers`."""
    overlap_known: bool
    """False when activity cannot show overlaps (mono audio whose diarizer finds none by construction)."""
    engines: Mapping[str, str] = field(default_factory=dict)
    """Stage -> name and version of the model that did it."""
    notes: tuple[str, ...] = ()
    """What a reader must know about this audio, in plain words, e.g. "Both channels carry the same sound"."""
    quarantined: tuple[Quarantined, ...] = ()
    """In time order; no turn holds any of it."""
    confidence: float | None = None
    """The mean of the segments' confidences, each as often as it has words; None when no engine tells."""
