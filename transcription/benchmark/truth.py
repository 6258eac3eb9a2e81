"""What was really said in a recording: `NAME.json` and `NAME.rttm` beside `NAME.wav`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcription.speech.types import SpeakerTurn


class TruthError(ValueError):
    """A file beside the audio is not a truth that can be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class TrueWord:
    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class TrueTurn:
    """`words` is empty when only the turn's own times are known. `sentiment` None: not labelled."""

    speaker: str
    start: float
    end: float
    text: str
    sentiment: str | None = None
    words: tuple[TrueWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """`turns` is empty when the words are not known, `activity` when nothing is."""

    turns: tuple[TrueTurn, ...] = ()
    activity: tuple[SpeakerTurn, ...] = ()
    language: str = "en"

    @property
    def speakers(self) -> tuple[str, ...]:
        return tuple(sorted({turn.speaker for turn in self.turns}))


def read_truth(audio: Path) -> Truth:
    """The truth beside a recording; speaker activity is the RTTM's if there is one, else the turns'.

    JSON: `{"turns": [{"role", "start", "end", "text", "sentiment"?, "words"?: [{"word", "start", "end"}]}],
    "language"?}`. RTTM: the lines of type SPEAKER, whatever file they name. Raises TruthError.
    """
    turns, language = _spoken(audio.with_suffix(".json"))
    activity = _active(audio.with_suffix(".rttm"))
    return Truth(turns, activity or tuple(SpeakerTurn(turn.speaker, turn.start, turn.end) for turn in turns), language)


def _spoken(path: Path) -> tuple[tuple[TrueTurn, ...], str]:
    if not path.is_file():
        return (), "en"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        turns = sorted((_turn(item) for item in document["turns"]), key=lambda turn: turn.start)
        return tuple(turns), str(document.get("language", "en"))
    except KeyError as error:
        raise TruthError(f"{path} is no truth: {error} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise TruthError(f"{path} is no truth: {error}") from error


def _turn(item: Mapping[str, Any]) -> TrueTurn:
    words = tuple(TrueWord(word["word"], float(word["start"]), float(word["end"])) for word in item.get("words", ()))
    span = float(item["start"]), float(item["end"])
    return TrueTurn(str(item["role"]), *span, str(item["text"]), item.get("sentiment"), words)


def _active(path: Path) -> tuple[SpeakerTurn, ...]:
    if not path.is_file():
        return ()
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("SPEAKER ")]
    try:
        return tuple(SpeakerTurn(fields[7], float(fields[3]), float(fields[3]) + float(fields[4])) for fields in lines)
    except (ValueError, IndexError) as error:
        raise TruthError(f"{path} is no RTTM: {error}") from error
