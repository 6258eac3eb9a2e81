"""Which words of a call were searched for."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from django.contrib.postgres.search import SearchHeadline

from transcription.fulltext import SPOKEN
from transcription.models import Recording, Turn

from .search import CLOSE, OPEN, Said, any_of, turns_saying


def word_hits(recording: Recording, said: Iterable[Said]) -> dict[int, list[int]]:
    """Index of each turn that passes any of `said` -> positions of the words looked for in it."""
    said = list(said)
    if not said:
        return {}
    marked = SearchHeadline("text", any_of(said), config=SPOKEN, start_sel=OPEN, stop_sel=CLOSE, highlight_all=True)
    turns = turns_saying(said).filter(recording=recording).annotate(marked=marked).order_by("index")
    return {turn.index: _matching(turn, turn.marked) for turn in turns}


def _matching(turn: Turn, marked: str) -> list[int]:
    """Positions of the words that have a mark in them."""
    letters, inside = [], False
    for letter in marked:
        if letter in (OPEN, CLOSE):
            inside = letter == OPEN
        else:
            letters.append(inside)
    return [place for place, (start, end) in enumerate(_spans(turn)) if any(letters[start:end])]


def _spans(turn: Turn) -> Iterator[tuple[int, int]]:
    """First and last letter + 1 of each word in the text, in which one blank parts them."""
    lengths: Iterable[int] = [len(word[0]) for word in turn.words]
    ends = accumulate(length + 1 for length in lengths)
    return ((end - 1 - length, end - 1) for end, length in zip(ends, lengths, strict=True))
