"""A transcript without its personal words, and the words that were taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from transcription.speech.types import Transcript, Turn, Word

from .finding import find
from .numerals import is_number
from .tokens import Kind, Span, tokens_of

MASK = "•••"
"""What stands for a personal word, with the punctuation behind it; it says nothing of the word's length."""

_BEHIND = re.compile(r"[.,!?;:]*$")

Taken = tuple[Kind, int, list[str]]
"""A span's kind, its first word, and the words as they were said."""


def spans_by_turn(turns: Sequence[Turn]) -> list[list[Span]]:
    """What is personal in each turn."""
    found: list[list[Span]] = [[] for _ in turns]
    for span in find(turns):
        found[span.turn].append(span)
    return found


def masked(turn: Turn, spans: Iterable[Span]) -> Turn:
    """The turn with a mask in place of each word of the spans; times stay."""
    return _masked(turn, {place for span in spans for place in range(span.first, span.last + 1)})


def mask(text: str) -> str:
    """The mask of one word."""
    behind = _BEHIND.search(text)
    return MASK + (behind.group() if behind else "")


def taken(turn: Turn, spans: Iterable[Span]) -> list[Taken]:
    """What `masked` takes out of the turn."""
    return [(s.kind, s.first, [word.text for word in turn.words[s.first : s.last + 1]]) for s in spans]


def unmasked(words: Sequence[Word], out: Iterable[Taken]) -> tuple[Word, ...]:
    """The words with those that were taken `out` in their places."""
    said = list(words)
    for _, first, texts in out:
        for place, text in enumerate(texts, first):
            said[place] = replace(said[place], text=text)
    return tuple(said)


def restored(text: str, said: Turn, shown: Turn) -> str:
    """A `text` by somebody who was shown `shown` of what was `said`, with the hidden words in their places.

    Raises ValueError unless the text has as many masks as were shown.
    """
    pairs = zip(said.words, shown.words, strict=True)
    missing = [word.text for word, seen in pairs if seen.text.startswith(MASK) and word.text != seen.text]
    words = text.split()
    masks = [place for place, word in enumerate(words) if word.startswith(MASK)]
    if len(masks) != len(missing):
        raise ValueError("words that are hidden from you have to stay")
    for place, word in zip(masks, missing, strict=True):
        words[place] = word
    return " ".join(words)


def hidden(transcript: Transcript) -> Transcript:
    """The transcript without what is personal in its turns."""
    pairs = zip(transcript.turns, spans_by_turn(transcript.turns), strict=True)
    return replace(transcript, turns=tuple(masked(turn, spans) for turn, spans in pairs))


def cautious(turn: Turn) -> Turn:
    """A turn that is seen without the rest of its call: whatever is a digit or has one or an @ is hidden, too."""
    found = {place for span in find([turn]) for place in range(span.first, span.last + 1)}
    alone = {t.word for t in tokens_of([turn]) if is_number(t) or re.search(r"[\d@]", t.raw)}
    return _masked(turn, found | alone)


def cautious_text(text: str) -> str:
    """As `cautious`, of a text."""
    words = tuple(Word(word, 0.0, 0.0, None, "interpolated") for word in text.split())
    return cautious(Turn("", 0.0, 0.0, words)).text


def _masked(turn: Turn, places: set[int]) -> Turn:
    words = (replace(w, text=mask(w.text)) if place in places else w for place, w in enumerate(turn.words))
    return replace(turn, words=tuple(words))
