"""Systems run on recordings, one at a time, against the clock."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from transcription.speech import pipeline
from transcription.speech.audio import decode
from transcription.speech.clock import StageClock
from transcription.speech.ports import Progress
from transcription.speech.types import SAMPLE_RATE, Audio, SpeakerTurn, Transcript

from .rates import Rates, pooled
from .scoring import scores
from .truth import Truth

WARM_UP_SECONDS = 10.0


class System(Protocol):
    """Anything that makes transcripts."""

    name: str

    def transcribe(self, audio: Audio, progress: Progress) -> Transcript:
        """Raises SpeechError."""


class Likeness(Protocol):
    """Says how alike two people sound."""

    def closest(self, audio: Audio, activity: Sequence[SpeakerTurn]) -> float | None:
        """How far apart the two most alike are; None of fewer than two people."""


class Verbatim:
    """The pipeline with loaded engines and nothing known about a call but, maybe, its language."""

    def __init__(self, engines: pipeline.Engines, language: str | None) -> None:
        parts = (engines.recognizer, engines.aligner, engines.diarizer, engines.sentiment)
        self.name = f"Verbatim: {'; '.join(part.name for part in parts)}"
        self._engines = engines
        self._request = pipeline.Request(language=language)

    def transcribe(self, audio: Audio, progress: Progress) -> Transcript:
        return pipeline.run(audio, self._engines, self._request, progress)


@dataclass(frozen=True, slots=True)
class Case:
    """A recording and what is known of it. `name` is the folder's and the file's."""

    path: Path
    truth: Truth

    @property
    def folder(self) -> str:
        return self.path.absolute().parent.name

    @property
    def name(self) -> str:
        return f"{self.folder}/{self.path.name}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One recording, or several together. `wall_s` is from the file to the finished transcript."""

    name: str
    audio_s: float
    wall_s: float
    stages_s: dict[str, float]
    peak_memory_mb: float
    """The most that the process has held so far, loaded engines included; all systems run in one process."""
    rates: Rates
    voices_apart: float | None = None
    """How far apart the voices of a mixed recording sound; None where they are not mixed, or not known."""

    @property
    def rtf(self) -> float:
        """Real-time factor: seconds of work per second of audio."""
        return self.wall_s / self.audio_s


def warm_up(system: System, case: Case) -> None:
    """The start of a recording, unmeasured: libraries prepare themselves in their first call."""
    start = decode(case.path).samples[:, : round(WARM_UP_SECONDS * SAMPLE_RATE)]
    system.transcribe(Audio(start), _unheard)


def measure(systems: Sequence[System], case: Case, likeness: Likeness) -> list[Measurement]:
    """One measurement per system, in turn. Decoding is done once and counts for each. Raises SpeechError."""
    started = time.monotonic()
    audio = decode(case.path)
    decoding = time.monotonic() - started
    apart = likeness.closest(audio, case.truth.activity) if audio.channels == 1 else None
    return [replace(_measured(system, case, audio, decoding), voices_apart=apart) for system in systems]


def together(name: str, measurements: Iterable[Measurement]) -> Measurement:
    """Sums; figures are those of all files as if they were one."""
    many = list(measurements)
    stages = dict.fromkeys(stage for one in many for stage in one.stages_s)
    return Measurement(
        name=name,
        audio_s=sum(one.audio_s for one in many),
        wall_s=sum(one.wall_s for one in many),
        stages_s={stage: sum(one.stages_s.get(stage, 0.0) for one in many) for stage in stages},
        peak_memory_mb=max(one.peak_memory_mb for one in many),
        rates=pooled(one.rates for one in many),
    )


def _measured(system: System, case: Case, audio: Audio, decoding: float) -> Measurement:
    clock = StageClock(_unheard)
    started = time.monotonic()
    transcript = system.transcribe(audio, clock)
    wall = decoding + time.monotonic() - started
    return Measurement(
        name=case.name,
        audio_s=audio.duration,
        wall_s=wall,
        stages_s={"decoding": round(decoding, 3)} | clock.seconds(),
        peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        rates=scores(case.truth, transcript),
    )


def _unheard(_stage: str, _share: float) -> None:
    pass
