"""When a party is heard: activity that is coarser than words, corrected by the words.

A voice-activity detector pads what it finds, by up to about 0.3 s on each side; word times are exact to about 0.05 s.
Taken as it is, the padding would make overlaps at every quick change of turns and eat short silences. Taken from words
alone, speech that the recogniser missed (two people at once, a mumble) would be gone. So each piece of a party's
activity that holds none of its words is judged by what it touches:

- before the first or after the last word of a stretch: up to PADDING_S is taken off its outer edge. Speech that the
  recogniser missed there is longer than that and stays, less the padding;
- between two words of a stretch: under PAUSE_S it is a pause that padding has filled, and goes; longer, it stays;
- a stretch without any word is speech that could not be written down, and stays as it is.

Words are always heard, also where the detector found nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from .spans import Span, length, merge, subtract

PADDING_S = 0.3
PAUSE_S = 1.0


def voiced(words: Iterable[Span], activity: Iterable[Span]) -> list[Span]:
    """When one party is heard, from the spans of its words and of its activity. Merged spans."""
    spoken = merge(words)
    starts, ends = {start for start, _ in spoken}, {end for _, end in spoken}
    wordless = subtract(merge(activity), spoken)
    kept = [_trimmed(piece, after_word=piece[0] in ends, before_word=piece[1] in starts) for piece in wordless]
    return merge([*spoken, *(piece for piece in kept if length(piece) > 0)])


def _trimmed(piece: Span, *, after_word: bool, before_word: bool) -> Span:
    start, end = piece
    if after_word and before_word:
        return piece if length(piece) >= PAUSE_S else (start, start)
    if before_word:
        return (min(start + PADDING_S, end), end)
    if after_word:
        return (start, max(end - PADDING_S, start))
    return piece
