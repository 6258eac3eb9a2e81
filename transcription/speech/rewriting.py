"""A transcript set right by a person: other words, or words of the other speaker. Pure functions on types.py's values.

A correction exchanges one Passage for another, so undoing it is the same exchange the other way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TypeVar

from .types import SpeakerTurn, Transcript, Turn, Word

Item = TypeVar("Item")

LETTER_S = 0.03
"""Letters said faster than this need more room than a gap has. Speech has about 15 letters a second."""


class Outdated(Exception):
    """What should be corrected is not in the transcript any more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The turns that a correction touches, and the activity that goes with them."""

    turns: tuple[Turn, ...]
    activity: tuple[SpeakerTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    before: Passage
    after: Passage


def reworded(turn: Turn, text: str) -> Exchange:
    """The turn with the words of `text` instead. Raises ValueError if that has none."""
    if not text.split():
        raise ValueError("a turn has at least one word")
    return Exchange(Passage((turn,)), Passage((_turn(turn.speaker, reword(turn.words, text)),)))


def reword(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """`text` as timed words. Words that stay (also with other punctuation or capitals) keep their times.

    New ones share, by letters, the time of those they replace, or the gap that they are put in; where the gap is too
    short for them, that of their neighbour, too. Their times are "interpolated", and nobody knows a probability.
    """
    new = text.split()
    matcher = SequenceMatcher(None, [_plain(word.text) for word in words], [_plain(word) for word in new], False)
    timed: list[Word | None] = [None] * len(new)
    changes = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            timed[j1:j2] = [replace(word, text=spelled) for word, spelled in zip(words[i1:i2], new[j1:j2], strict=True)]
        elif j2 > j1:
            changes.append((i1, i2, j1, j2))
    for i1, i2, j1, j2 in changes:
        first, last, start, end = _room(words, new, (i1, i2, j1, j2))
        timed[first:last] = _shared(new[first:last], start, end)
    return tuple(word for word in timed if word)


def given(transcript: Transcript, index: int, first: int, last: int, speaker: str) -> Exchange:
    """The words `first` to `last` (both included) of turn `index` as said by `speaker`; what is around them stays.

    Sentiment stays with a turn that is given whole; of its parts nobody knows it. What is heard of the old speaker
    while the words are said goes with them, up to half way to the old speaker's next words.
    """
    turn = transcript.turns[index]
    words = turn.words[first : last + 1]
    if not words or speaker == turn.speaker:
        raise ValueError("nothing to give")
    if len(words) == len(turn.words):
        turns: tuple[Turn, ...] = (replace(turn, speaker=speaker, role=None),)
    else:
        parts = ((turn.speaker, turn.words[:first]), (speaker, words), (turn.speaker, turn.words[last + 1 :]))
        turns = tuple(_turn(who, said) for who, said in parts if said)
    start, end = _reach(transcript, turn, words)
    touched = tuple(
        active
        for active in transcript.activity
        if active.speaker == turn.speaker and active.start < words[-1].end and words[0].start < active.end
    )
    moved = tuple(part for active in touched for part in _cut(active, start, end, speaker))
    return Exchange(Passage((turn,), touched), Passage(turns, moved))


def exchanged(transcript: Transcript, before: Passage, after: Passage) -> Transcript:
    """The transcript with `after` in place of `before`; speakers have the roles they have now.

    Raises Outdated if `before` is not in it as it was.
    """
    roles = {speaker.label: speaker.role for speaker in transcript.speakers}
    turns, activity = list(transcript.turns), list(transcript.activity)
    for turn in before.turns:
        _remove(turns, next((each for each in turns if (each.speaker, each.words) == (turn.speaker, turn.words)), None))
    for active in before.activity:
        _remove(activity, next((each for each in activity if each == active), None))
    turns += [replace(turn, role=roles.get(turn.speaker)) for turn in after.turns]
    return replace(
        transcript,
        turns=tuple(sorted(turns, key=lambda turn: (turn.start, turn.end))),
        activity=tuple(sorted((*activity, *after.activity), key=lambda active: (active.start, active.end))),
    )


def _remove(items: list[Item], item: Item | None) -> None:
    if item is None:
        raise Outdated
    items.remove(item)


def _turn(speaker: str, words: Sequence[Word]) -> Turn:
    return Turn(speaker, words[0].start, max(word.end for word in words), tuple(words))


def _plain(text: str) -> str:
    return re.sub(r"[^\w']", "", text).casefold() or text


def _room(
    words: Sequence[Word], new: Sequence[str], change: tuple[int, int, int, int]
) -> tuple[int, int, float, float]:
    """Which of the new words share which time."""
    i1, i2, j1, j2 = change
    if i2 > i1:
        return j1, j2, words[i1].start, max(word.end for word in words[i1:i2])
    start, end = words[i1 - 1].end if i1 else words[0].start, words[i1].start if i1 < len(words) else words[-1].end
    if end - start >= LETTER_S * sum(map(len, new[j1:j2])):
        return j1, j2, start, end
    if i1:
        return j1 - 1, j2, words[i1 - 1].start, max(end, words[i1 - 1].end)
    return j1, j2 + 1, words[0].start, words[0].end


def _shared(texts: Sequence[str], start: float, end: float) -> list[Word]:
    ends = [letters / sum(map(len, texts)) for letters in accumulate(map(len, texts))]
    edges = [round(start + share * (end - start), 3) for share in (0.0, *ends)]
    return [Word(text, edges[i], edges[i + 1], None, "interpolated") for i, text in enumerate(texts)]


def _reach(transcript: Transcript, turn: Turn, words: Sequence[Word]) -> tuple[float, float]:
    """How far what is heard of the speaker belongs to these words: half way to the speaker's words around them."""
    others = [word for each in transcript.turns if each.speaker == turn.speaker for word in each.words]
    start, end = words[0].start, max(word.end for word in words)
    before = [word.end for word in others if word.start < start and word not in words]
    after = [word.start for word in others if word.start >= words[-1].start and word not in words]
    return (
        (max(before) + start) / 2 if before else float("-inf"),
        (end + min(after)) / 2 if after else float("inf"),
    )


def _cut(active: SpeakerTurn, start: float, end: float, speaker: str) -> Iterator[SpeakerTurn]:
    """`active` with what lies between start and end given to `speaker`."""
    pieces = (
        (active.speaker, active.start, min(active.end, start)),
        (speaker, max(active.start, start), min(active.end, end)),
        (active.speaker, max(active.start, end), active.end),
    )
    return (SpeakerTurn(who, a, b) for who, a, b in pieces if b > a)
