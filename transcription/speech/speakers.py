"""Who said which word: joins words to speaker turns, and words of one speaker to turns.

Pure functions on the values of types.py. A mixed call goes `clean` → `assign` → `to_turns` → `relabel`; a call with one
party per channel goes `channel_turns` and `channel_activity`, which already carry the final labels.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from .types import Segment, SpeakerTurn, SpeakerTurns, Turn, Word

Spoken = tuple[Word, str]
"""A word and the label of its speaker."""

LONG_PAUSE = 2.0
"""A speaker who stops this long begins a new turn: a reader expects a new line, and dead air (3 s) is not far."""

YIELD_PAUSE = 0.5
"""In a pause this long a turn ends if the other party speaks in it; shorter gaps are bridged, as talk time does."""

PHRASE_PAUSE = 0.3
"""Words nearer than this, up to the end of a sentence, are one phrase."""

STRAY_WORDS = 2
"""At most so many words of a phrase are given back to the party who says the rest of it."""

GHOST_SHARE = 0.02


def label(number: int) -> str:
    """The label of the number-th speaker, from 0. On stereo calls the number is the channel."""
    return f"Speaker {number + 1}"


def assign(segments: Iterable[Segment], exclusive: Sequence[SpeakerTurn]) -> list[Spoken]:
    """The speaker of every word, in time order; nothing when there are no words or no speaker turns.

    A word belongs to the speaker who holds most of its span, or to the nearest turn. Word times and turn edges are
    each wrong by some 0.1 s, so a stray word or two at the edge of a phrase goes to the party who says the rest of it.
    """
    words = sorted((word for segment in segments for word in segment.words), key=lambda word: word.start)
    if not words or not exclusive:
        return []
    floor = sorted(exclusive, key=_when)
    starts = [turn.start for turn in floor]
    spoken = [(word, _holder(word, floor, starts)) for word in words]
    return [item for phrase in _phrases(spoken) for item in _settled(phrase)]


def to_turns(spoken: Iterable[Spoken]) -> tuple[Turn, ...]:
    """Consecutive words of one speaker make a turn, which also ends at a LONG_PAUSE."""
    turns: list[list[Spoken]] = []
    for word, speaker in spoken:
        if turns and turns[-1][-1][1] == speaker and word.start - turns[-1][-1][0].end < LONG_PAUSE:
            turns[-1].append((word, speaker))
        else:
            turns.append([(word, speaker)])
    return tuple(_turn([word for word, _ in turn], turn[0][1]) for turn in turns)


def channel_turns(segments: Iterable[Segment]) -> tuple[Turn, ...]:
    """Turns of parties recognised apart, in time order; overlapping turns stay whole. Channel 0 is "Speaker 1".

    A turn ends at a LONG_PAUSE, or at a YIELD_PAUSE in which the other party begins to speak.
    Every segment must have its `channel` set.
    """
    channels: dict[int, list[Word]] = {}
    for segment in segments:
        if segment.channel is None:
            raise ValueError("channel_turns needs segments of known channels")
        channels.setdefault(segment.channel, []).extend(segment.words)
    turns = []
    for channel, words in channels.items():
        others = sorted(word.start for other, said in channels.items() if other != channel for word in said)
        parts = _split_at_pauses(sorted(words, key=lambda word: word.start), others)
        turns += [_turn(part, label(channel)) for part in parts]
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end)))


def channel_activity(speech: Sequence[Sequence[tuple[float, float]]]) -> tuple[SpeakerTurn, ...]:
    """Detected speech per channel, as (start, end), to turns in time order with the labels of `channel_turns`."""
    turns = [SpeakerTurn(label(channel), *region) for channel, regions in enumerate(speech) for region in regions]
    return tuple(sorted(turns, key=_when))


def relabel(turns: Sequence[Turn], activity: Sequence[SpeakerTurn]) -> tuple[tuple[Turn, ...], tuple[SpeakerTurn, ...]]:
    """The same turns and activity with speakers called "Speaker 1", "Speaker 2" … in order of their first words.

    Speakers who are active without words come last.
    """
    heard = dict.fromkeys([*(turn.speaker for turn in turns), *(turn.speaker for turn in activity)])
    labels = {old: label(number) for number, old in enumerate(heard)}
    return (
        tuple(replace(turn, speaker=labels[turn.speaker]) for turn in turns),
        tuple(replace(turn, speaker=labels[turn.speaker]) for turn in activity),
    )


def clean(diarized: SpeakerTurns) -> SpeakerTurns:
    """Without ghosts: speakers with less than 2 % of all speech become the speaker of the turn nearest in time."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for turn in diarized.turns:
        seconds[turn.speaker] += turn.end - turn.start
    kept = {speaker for speaker, time in seconds.items() if time >= GHOST_SHARE * sum(seconds.values())}
    return SpeakerTurns(_absorbed(diarized.turns, kept), _absorbed(diarized.exclusive, kept))


def _when(turn: SpeakerTurn) -> tuple[float, float]:
    return (turn.start, turn.end)


def _turn(words: Sequence[Word], speaker: str) -> Turn:
    return Turn(speaker, words[0].start, max(word.end for word in words), tuple(words))


def _overlap(one: Word | SpeakerTurn, other: SpeakerTurn) -> float:
    """Seconds in common; when there are none, minus the seconds between the two."""
    return min(one.end, other.end) - max(one.start, other.start)


def _holder(word: Word, floor: Sequence[SpeakerTurn], starts: Sequence[float]) -> str:
    """`floor`: turns in order, without overlaps; `starts`: when each starts."""
    first = max(0, bisect_left(starts, word.start) - 1)
    near = floor[first : bisect_left(starts, word.end) + 1]
    held: defaultdict[str, float] = defaultdict(float)
    for turn in near:
        held[turn.speaker] += max(0.0, _overlap(word, turn))
    if any(held.values()):
        return max(held, key=held.__getitem__)
    return max(near, key=lambda turn: _overlap(word, turn)).speaker


def _phrases(spoken: Sequence[Spoken]) -> list[list[Spoken]]:
    phrases = [[spoken[0]]]
    for (before, _), item in pairwise(spoken):
        if item[0].start - before.end >= PHRASE_PAUSE or before.text.endswith((".", "?", "!")):
            phrases.append([item])
        else:
            phrases[-1].append(item)
    return phrases


def _settled(phrase: list[Spoken]) -> list[Spoken]:
    """The phrase, with stray words given to the party who says most of it."""
    (speaker, count), *others = Counter(speaker for _, speaker in phrase).most_common()
    strays = sum(other for _, other in others)
    if 0 < strays <= STRAY_WORDS and 2 * strays < count:
        return [(word, speaker) for word, _ in phrase]
    return phrase


def _split_at_pauses(words: Sequence[Word], others: Sequence[float]) -> list[list[Word]]:
    """`others`: sorted times at which another party begins a word."""
    parts: list[list[Word]] = [[word] for word in words[:1]]
    for before, word in pairwise(words):
        gap = word.start - before.end
        interrupted = bisect_left(others, before.end) < bisect_left(others, word.start)
        if gap >= LONG_PAUSE or (gap >= YIELD_PAUSE and interrupted):
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts


def _absorbed(turns: Sequence[SpeakerTurn], kept: set[str]) -> tuple[SpeakerTurn, ...]:
    """Ghosts' turns given to the nearest kept speaker; turns of one speaker that now touch are joined."""
    real = [turn for turn in turns if turn.speaker in kept]
    if not real:
        return ()
    renamed = [turn if turn.speaker in kept else replace(turn, speaker=_nearest(turn, real)) for turn in turns]
    joined: dict[str, list[SpeakerTurn]] = {}
    for turn in sorted(renamed, key=_when):
        own = joined.setdefault(turn.speaker, [])
        if own and turn.start <= own[-1].end:
            own[-1] = replace(own[-1], end=max(own[-1].end, turn.end))
        else:
            own.append(turn)
    return tuple(sorted((turn for own in joined.values() for turn in own), key=_when))


def _nearest(ghost: SpeakerTurn, real: Sequence[SpeakerTurn]) -> str:
    return max(real, key=lambda turn: _overlap(ghost, turn)).speaker
