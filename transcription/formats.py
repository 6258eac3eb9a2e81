"""A transcript as text: the formats of the Whisper command line, with speakers."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import PurePath
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from .speech.types import Quarantined, Transcript, Turn, Word

CUE_SECONDS = 6.0
CUE_CHARACTERS = 84
"""A subtitle holds at most two lines of 42 characters (the usual broadcast limit) and stays readable for its time."""


def as_dict(transcript: Transcript, file: str) -> dict[str, Any]:
    """The JSON document, with times in seconds. `speaker` is the label of an entry in `speakers`."""
    return {
        "file": file,
        "duration": round(transcript.duration, 3),
        "language": transcript.language,
        "layout": transcript.layout,
        "outcome": transcript.outcome,
        "filler_capture_mode": transcript.filler_capture_mode,
        "engines": dict(transcript.engines),
        "notes": list(transcript.notes),
        "speakers": [
            {"label": s.label, "role": s.role, "role_confidence": s.role_confidence, "evidence": list(s.evidence)}
            for s in transcript.speakers
        ],
        "turns": [_turn(turn) for turn in transcript.turns],
        "confidence": None if transcript.confidence is None else round(transcript.confidence, 3),
        "quarantined": [_quarantined(held) for held in transcript.quarantined],
    }


def to_json(transcript: Transcript, file: str) -> str:
    return json.dumps(as_dict(transcript, file), ensure_ascii=False, indent=1) + "\n"


def to_txt(transcript: Transcript, _file: str) -> str:
    return "".join(f"{name(turn)}: {turn.text}\n" for turn in transcript.turns)


def to_srt(transcript: Transcript, _file: str) -> str:
    return "".join(
        f"{number}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{speaker}: {text}\n\n"
        for number, (speaker, start, end, text) in enumerate(_cues(transcript), 1)
    )


def to_vtt(transcript: Transcript, _file: str) -> str:
    cues = "".join(
        f"{_clock(start, '.')} --> {_clock(end, '.')}\n<v {speaker}>{_escaped(text)}\n\n"
        for speaker, start, end, text in _cues(transcript)
    )
    return f"WEBVTT\n\n{cues}"


def to_tsv(transcript: Transcript, _file: str) -> str:
    """Times in milliseconds, as Whisper writes them; the speaker is a column of its own."""
    rows = (
        f"{round(start * 1000)}\t{round(end * 1000)}\t{speaker}\t{text}"
        for speaker, start, end, text in _cues(transcript)
    )
    return "\n".join(["start\tend\tspeaker\ttext", *rows]) + "\n"


WRITERS: dict[str, Callable[[Transcript, str], str]] = {
    "json": to_json,
    "txt": to_txt,
    "srt": to_srt,
    "vtt": to_vtt,
    "tsv": to_tsv,
}


def to_zip(transcript: Transcript, file: str) -> bytes:
    """Every format of WRITERS, as files named like the recording."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as members:
        for extension, write in WRITERS.items():
            members.writestr(f"{PurePath(file).stem}.{extension}", write(transcript, file))
    return archive.getvalue()


def name(turn: Turn) -> str:
    """Agent or Customer once the role is known, Speaker 1 or Speaker 2 before."""
    return turn.role.capitalize() if turn.role else turn.speaker


def _turn(turn: Turn) -> dict[str, Any]:
    sentiment = turn.sentiment and {"label": turn.sentiment.label, "score": round(turn.sentiment.score, 3)}
    return {
        "speaker": turn.speaker,
        "role": turn.role,
        "start": round(turn.start, 3),
        "end": round(turn.end, 3),
        "text": turn.text,
        "sentiment": sentiment,
        "words": [_word(word) for word in turn.words],
    }


def _quarantined(held: Quarantined) -> dict[str, Any]:
    return {"start": round(held.start, 3), "end": round(held.end, 3), "text": held.text, "reason": held.reason}


def _word(word: Word) -> dict[str, Any]:
    return {
        "word": word.text,
        "start": round(word.start, 3),
        "end": round(word.end, 3),
        "probability": None if word.probability is None else round(word.probability, 3),
        "time_source": word.time_source,
    }


def _cues(transcript: Transcript) -> Iterator[tuple[str, float, float, str]]:
    """(speaker, start, end, text): turns cut into pieces short enough to read as a subtitle."""
    for turn in transcript.turns:
        cue: list[Word] = []
        for word in turn.words:
            if cue and _full(cue, word):
                yield name(turn), cue[0].start, cue[-1].end, _text(cue)
                cue = []
            cue.append(word)
        if cue:
            yield name(turn), cue[0].start, cue[-1].end, _text(cue)


def _full(cue: list[Word], word: Word) -> bool:
    sentence_over = cue[-1].text.endswith((".", "?", "!")) and len(_text(cue)) > CUE_CHARACTERS / 2
    too_long = len(_text([*cue, word])) > CUE_CHARACTERS or word.end - cue[0].start > CUE_SECONDS
    return sentence_over or too_long


def _text(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


def _clock(seconds: float, decimal: str) -> str:
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{decimal}{rest % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
