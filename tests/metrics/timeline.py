"""Calls written out as timelines: one line is one turn.

    call("A 0.0-2.0 Thank you for calling.", "C 2.5-4.0 Hi (0.3) um okay [-0.8]")

A is the agent, C the customer. The words share the time of their line evenly; "(0.3)" is a pause of 0.3 s between
words, "~word" has interpolated times, "[-0.8]" is the sentiment of the turn. A line without words is sound that nobody
could write down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transcription.speech.types import Outcome, Role, Sentiment, Speaker, SpeakerTurn, Transcript, Turn, Word
from transcription.speech.vocabulary import FillerTerm

ROLES: dict[str, Role] = {"A": "agent", "C": "customer"}
LABELS = {"A": "Speaker 1", "C": "Speaker 2"}


TERMS = [
    FillerTerm("um", 1, ("umm", "uhm")),
    FillerTerm("uh", 1, ("uhh",)),
    FillerTerm("hmm", 1, ("hm",)),
    FillerTerm("you know", 2, ("y'know",)),
    FillerTerm("i mean", 2),
    FillerTerm("kind of", 2, ("kinda",)),
    FillerTerm("like", 3),
    FillerTerm("so", 3),
    FillerTerm("well", 3),
    FillerTerm("actually", 3),
]


def call(
    *lines: str,
    duration: float = 60.0,
    outcome: Outcome = "two_sided",
    padding: float = 0.0,
    roles: bool = True,
    overlap_known: bool = True,
    activity: Sequence[str] | None = None,
    language: str = "en",
) -> Transcript:
    """A transcript. Activity is the lines' spans widened by `padding`, or given apart as "A 0.0-2.0"."""
    turns = [_turn(line, roles=roles) for line in lines]
    return Transcript(
        duration=duration,
        language=language,
        layout="stereo",
        outcome=outcome,
        filler_capture_mode="prompted",
        speakers=tuple(Speaker(LABELS[key], role=ROLES[key] if roles else None) for key in LABELS),
        turns=tuple(turn for turn in turns if turn.words),
        activity=tuple(_active(line, padding) for line in (lines if activity is None else activity)),
        overlap_known=overlap_known,
    )


def _span(line: str) -> tuple[str, float, float, list[str]]:
    key, span, *tokens = line.split()
    start, end = span.split("-")
    return key, float(start), float(end), tokens


def _active(line: str, padding: float) -> SpeakerTurn:
    key, start, end, _ = _span(line)
    return SpeakerTurn(LABELS[key], max(0.0, start - padding), end + padding)


def _turn(line: str, *, roles: bool) -> Turn:
    key, start, end, tokens = _span(line)
    sentiment = None
    if tokens and (scored := re.fullmatch(r"\[(.+)\]", tokens[-1])):
        sentiment = Sentiment("neutral", float(scored[1]))
        tokens = tokens[:-1]
    return Turn(LABELS[key], start, end, _words(start, end, tokens), ROLES[key] if roles else None, sentiment)


def _words(start: float, end: float, tokens: list[str]) -> tuple[Word, ...]:
    pauses = {i: float(token[1:-1]) for i, token in enumerate(tokens) if re.fullmatch(r"\([\d.]+\)", token)}
    each = (end - start - sum(pauses.values())) / max(1, len(tokens) - len(pauses))
    words: list[Word] = []
    time = start
    for i, token in enumerate(tokens):
        if i in pauses:
            time += pauses[i]
            continue
        source = "interpolated" if token.startswith("~") else "alignment_head"
        words.append(Word(token.lstrip("~"), round(time, 6), round(time + each, 6), 0.9, source))
        time += each
    return tuple(words)
